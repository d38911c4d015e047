/*
 * ledger_append DIR WAY WRITERS EACH - append records from several processes at
 * once, and print how many a second came to be on disk.
 *
 *	ledger	ledger_append(), one record at a time
 *	one	write and fdatasync, all of them to one file
 *	own	write and fdatasync, each to a file of its own
 *
 * DIR holds a ledger for the first (it is made where there is none), and is
 * written to for the others.  Each process is there, its files open, before the
 * clock starts.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "edge/ledger.h"

/* A record of the size that decisions of small changes have. */
#define BODY_BYTES 640
#define PATIENCE 60000 /* ms: a rate is measured, not who waits */
#define NOON 1795608000000

static int
write_plain(int fd, unsigned each)
{
	char line[BODY_BYTES + 1];

	memset(line, 'x', BODY_BYTES);
	line[BODY_BYTES] = '\n';
	for (unsigned i = 0; i < each; i++)
		if (write(fd, line, sizeof(line)) != (ssize_t)sizeof(line) ||
		    fdatasync(fd) < 0)
			return -1;
	return 0;
}

static int
write_ledger(struct ledger *l, unsigned writer, unsigned each)
{
	char text[BODY_BYTES];
	struct ledger_body body = {text, BODY_BYTES};
	struct err err = {0};

	ledger_patience(l, PATIENCE);
	for (unsigned i = 0; i < each; i++) {
		int n = snprintf(text, sizeof(text),
		    "\"type\":\"observation\",\"writer\":%u,\"n\":%u,\"fill\":\"",
		    writer, i);

		memset(text + n, 'x', sizeof(text) - (size_t)n);
		memcpy(text + BODY_BYTES - 2, "\"}", 2);
		if (ledger_append(l, &body, 1, NOON, NULL, &err) < 0) {
			(void)fprintf(stderr, "%s\n", err.text);
			return -1;
		}
	}
	return 0;
}

static int
work(const char *dir, const char *way, unsigned writer, unsigned each, int gate)
{
	bool to_ledger = strcmp(way, "ledger") == 0;
	struct ledger *l = NULL;
	struct err err = {0};
	char path[4096], c;
	int fd = -1;

	if (to_ledger) {
		if (ledger_open(&l, dir, LEDGER_APPEND, &err) < 0) {
			(void)fprintf(stderr, "%s\n", err.text);
			return -1;
		}
	} else {
		(void)snprintf(path, sizeof(path), "%s/bare.%u", dir,
		    strcmp(way, "own") == 0 ? writer : 0);
		fd =
		    open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
		if (fd < 0) {
			perror(path);
			return -1;
		}
	}
	if (read(gate, &c, 1) != 0)
		return -1;
	return to_ledger ? write_ledger(l, writer, each)
	                 : write_plain(fd, each);
}

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* Let all go at once; false where one of them failed. */
static bool
race(const char *dir, const char *way, unsigned writers, unsigned each,
    double *seconds)
{
	bool good = true;
	int gate[2], status;
	double begin;

	if (pipe(gate) < 0)
		return false;
	for (unsigned i = 0; i < writers; i++) {
		pid_t pid = fork();

		if (pid < 0)
			return false;
		if (pid == 0) {
			close(gate[1]);
			_exit(work(dir, way, i, each, gate[0]) < 0);
		}
	}
	close(gate[0]);
	(void)usleep(50000);
	begin = now();
	close(gate[1]);
	while (wait(&status) > 0)
		good = good && status == 0;
	*seconds = now() - begin;
	return good;
}

int
main(int argc, char **argv)
{
	unsigned writers = argc == 5 ? (unsigned)strtoul(argv[3], NULL, 10) : 0;
	unsigned each = argc == 5 ? (unsigned)strtoul(argv[4], NULL, 10) : 0;
	struct ledger *l = NULL;
	struct err err = {0};
	double seconds;

	if (writers == 0 || each == 0) {
		(void)fputs("ledger_append DIR ledger|one|own WRITERS EACH\n",
		    stderr);
		return 2;
	}
	if (strcmp(argv[2], "ledger") == 0 &&
	    ledger_open(&l, argv[1], LEDGER_READ, &err) < 0 &&
	    ledger_create(argv[1], &(struct err){0}) < 0) {
		(void)fprintf(stderr, "%s\n", err.text);
		return 1;
	}
	ledger_close(l);
	if (!race(argv[1], argv[2], writers, each, &seconds))
		return 1;
	printf("%.1f\n", (double)writers * each / seconds);
	return 0;
}
