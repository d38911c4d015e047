/*
 * appender LEDGER WRITERS EACH BASE ANSWERED [SEGMENT] - append records from
 * several processes, and write down which ones were answered for.
 *
 * Record N of writer W is `{...,"writer":W,"n":N}`, W counted from BASE.  Lines
 * of ANSWERED: `yes W N`, it is on disk; `no W N`, the ledger is as it was;
 * `unknown W N`, the error said that this could not be had, or is not known.
 * SEGMENT is the size at which segments end.  Exit status 1 where one record
 * was not answered with yes.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "edge/ledger.h"

#define NOON 1795608000000
#define PATIENCE 20000

static bool
is_unknown(const struct err *err)
{
	return strstr(err->text, "could not be undone") != NULL ||
	    strstr(err->text, "could not be found out") != NULL ||
	    strstr(err->text, "nothing is appended behind it") != NULL;
}

static bool
append_one(struct ledger *l, unsigned writer, unsigned n, int answered)
{
	struct err err = {0};
	char text[128], line[1024];
	struct ledger_body body = {text, 0};
	const char *answer;
	int ret, len;

	body.len = (size_t)snprintf(text, sizeof(text),
	    "\"type\":\"observation\",\"writer\":%u,\"n\":%u}", writer, n);
	ret = ledger_append(l, &body, 1, NOON, NULL, &err);
	answer = ret == 0 ? "yes" : is_unknown(&err) ? "unknown" : "no";
	len = snprintf(line, sizeof(line), "%s %u %u %s\n", answer, writer, n,
	    ret == 0 ? "" : err.text);
	if (write(answered, line, (size_t)len) != len)
		_exit(3);
	return ret == 0;
}

static bool
work(const char *dir, unsigned writer, unsigned each, int answered,
    uint64_t segment)
{
	struct ledger *l = NULL;
	struct err err = {0};
	bool all = true;

	for (unsigned n = 0; n < each; n++) {
		if (!l && ledger_open(&l, dir, LEDGER_APPEND, &err) < 0) {
			(void)fprintf(stderr, "%s\n", err.text);
			all = false;
			continue;
		}
		ledger_patience(l, PATIENCE);
		if (segment > 0)
			ledger_segment_size(l, segment);
		if (append_one(l, writer, n, answered))
			continue;
		all = false;
		ledger_close(l);
		l = NULL;
	}
	ledger_close(l);
	return all;
}

int
main(int argc, char **argv)
{
	unsigned long number[4] = {0};
	bool all = true;
	int answered, status;

	if (argc < 6) {
		(void)fputs(
		    "appender LEDGER WRITERS EACH BASE ANSWERED [SEGMENT]\n",
		    stderr);
		return 2;
	}
	for (int i = 0; i < 3; i++)
		number[i] = strtoul(argv[2 + i], NULL, 10);
	number[3] = argc > 6 ? strtoul(argv[6], NULL, 10) : 0;
	answered =
	    open(argv[5], O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	if (answered < 0) {
		perror(argv[5]);
		return 2;
	}
	if (number[0] == 1)
		return !work(argv[1], (unsigned)number[2], (unsigned)number[1],
		    answered, number[3]);
	for (unsigned i = 0; i < number[0]; i++)
		if (fork() == 0)
			_exit(!work(argv[1], (unsigned)number[2] + i,
			    (unsigned)number[1], answered, number[3]));
	while (wait(&status) > 0)
		all = all && status == 0;
	return !all;
}
