/* audit: how an existing history would have fared, before any hook is there. */
#include "app/cmd.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "app/audit.h"
#include "app/audit_setup.h"
#include "app/options.h"
#include "app/say.h"
#include "app/setup.h"
#include "base/text.h"

static const char CHANGES[] = "changes.csv";

static volatile sig_atomic_t interrupted;

static void
interrupt(int signal_number)
{
	(void)signal_number;
	interrupted = 1;
}

static bool
is_interrupted(void)
{
	return interrupted != 0;
}

/* The second one ends the process. */
static void
catch_interrupts(void)
{
	struct sigaction action = {.sa_handler = interrupt,
	    .sa_flags = (int)SA_RESETHAND};

	(void)sigemptyset(&action.sa_mask);
	(void)sigaction(SIGINT, &action, NULL);
	(void)sigaction(SIGTERM, &action, NULL);
}

/* On a terminal, five times a second. */
static void
show_progress(uint64_t changes, uint64_t total)
{
	static struct timespec last;
	struct timespec now;

	if (changes % 16 != 0 || clock_gettime(CLOCK_MONOTONIC, &now) < 0)
		return;
	if ((now.tv_sec - last.tv_sec) * 1000 +
	        (now.tv_nsec - last.tv_nsec) / 1000000 <
	    200)
		return;
	last = now;
	(void)fprintf(stderr, "\rfoureyes audit: %llu of %llu changes ",
	    (unsigned long long)changes, (unsigned long long)total);
}

static void
end_progress(const struct audit *a)
{
	if (a->progress != NULL)
		(void)fputs("\r\033[K", stderr);
}

struct output {
	const char *dir;
	int fd;
	struct csv csv;
};

/* Nothing that is there is ever mixed with ours or written over. */
static int
make_directory(struct output *o, struct err *err)
{
	o->fd = -1;
	if (o->dir == NULL)
		return 0;
	if (mkdir(o->dir, 0755) < 0 && errno != EEXIST)
		return err_errno(err, "'%s'", o->dir);
	o->fd = open(o->dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (o->fd < 0)
		return err_errno(err, "'%s'", o->dir);
	return csv_create(&o->csv, o->fd, CHANGES, audit_columns, err);
}

static int
put_file(const struct output *o, const char *name, const struct buf *text,
    struct err *err)
{
	int fd = openat(o->fd, name,
	    O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0644);
	size_t at = 0;
	int ret = 0;

	if (fd < 0)
		return err_errno(err, "'%s/%s'", o->dir, name);
	while (ret == 0 && at < text->len) {
		ssize_t n = write(fd, text->data + at, text->len - at);

		if (n < 0 && errno != EINTR)
			ret = err_errno(err, "'%s/%s'", o->dir, name);
		at += n > 0 ? (size_t)n : 0;
	}
	if (close(fd) < 0 && ret == 0)
		ret = err_errno(err, "'%s/%s'", o->dir, name);
	return ret;
}

/* Each line of its own made safe: names in it come from commits. */
static void
make_safe(struct buf *text)
{
	struct buf safe = {0};

	text_safe(&safe, buf_text(text), text->len, true);
	buf_free(text);
	*text = safe;
}

static int
tell(struct audit *a, struct output *o, bool as_json, struct err *err)
{
	struct buf people = {0}, text = {0}, json = {0};
	struct audit_groups groups = {0};
	int ret = 0;

	audit_people(a, &people, &groups);
	audit_text(a, &groups, &text);
	make_safe(&text);
	audit_json(a, &groups, &json);
	if (o->fd >= 0) {
		buf_char(&json, '\n');
		if (csv_close(&o->csv, err) < 0 ||
		    put_file(o, "people.yaml", &people, err) < 0 ||
		    put_file(o, "summary.txt", &text, err) < 0 ||
		    put_file(o, "summary.json", &json, err) < 0)
			ret = err_within(err, "'%s' is not complete", o->dir);
		json.len--;
	}
	if (as_json)
		say_json(&json);
	else
		(void)fputs(buf_text(&text), stdout);
	buf_free(&people);
	buf_free(&text);
	buf_free(&json);
	return ret;
}

static int
assess(struct audit *a, struct output *o, const char *ref, bool as_json,
    struct err *err)
{
	struct err ignored = {0};
	int ret = -1;

	if (audit_open(a, ref, err) < 0 || make_directory(o, err) < 0)
		return -1;
	a->csv = o->fd >= 0 ? &o->csv : NULL;
	a->stop = is_interrupted;
	a->progress = isatty(STDERR_FILENO) ? show_progress : NULL;
	catch_interrupts();
	if (audit_tags(a, err) == 0) {
		audit_walk(a);
		ret = audit_staging(a, err);
	}
	end_progress(a);
	if (ret == 0)
		return tell(a, o, as_json, err);
	if (a->csv != NULL && csv_close(&o->csv, &ignored) < 0)
		return -1;
	return ret;
}

static int
read_since(struct audit *a, const char *since, struct err *err)
{
	char now[TEXT_INSTANT_SIZE];

	if (since == NULL)
		return 0;
	if (!text_parse_instant(since, &a->since))
		return err_set(err, ERR_INPUT,
		    "--since '%s' is no day (2026-11-25) nor an instant with "
		    "its offset",
		    since);
	text_instant(now, a->now);
	if (a->since > a->now)
		return err_set(err, ERR_INPUT,
		    "--since '%s' lies in the future: it is %s", since, now);
	return 0;
}

int
cmd_audit(int argc, char **argv, const char *config)
{
	struct audit a = {0};
	struct output o = {.fd = -1};
	struct err err = {0};
	const char *since = NULL, *ref = NULL, *policy = NULL, *people = NULL;
	bool as_json = false;
	const struct option options[] = {{.name = "--since", .value = &since},
	    {.name = "--policy", .value = &policy},
	    {.name = "--people", .value = &people},
	    {.name = "--ref", .value = &ref},
	    {.name = "--repository", .value = &a.repository},
	    {.name = "--out", .value = &o.dir},
	    {.name = "--json", .given = &as_json}, {0}};
	int status = STATUS_YES;

	if (options_read(argc, argv, options, 1, 1) < 0)
		return STATUS_USAGE;
	a.now = clock_now();
	if (read_since(&a, since, &err) < 0 ||
	    audit_setup(&a, argv[1], setup_directory(config), policy, people,
	        &err) < 0 ||
	    assess(&a, &o, ref, as_json, &err) < 0)
		status = complain_err(&err);
	else if (!audit_is_whole(&a))
		status = complain(STATUS_UNKNOWN,
		    "the assessment is not complete; it says where it ends");
	if (o.fd >= 0)
		(void)close(o.fd);
	audit_close(&a);
	return status;
}
