/* apply: a new version of one of the three files, checked and put in place. */
#include "app/cmd.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "app/config_landed.h"
#include "app/files.h"
#include "app/in_words.h"
#include "app/options.h"
#include "app/say.h"
#include "app/setup.h"
#include "app/watch.h"
#include "base/text.h"
#include "core/topics.h"

static int
check(struct setup *s, const char *name, const struct buf *text,
    struct err *err)
{
	if (config_check(&s->config, &s->pool, name, text->data, text->len,
	        err) < 0)
		return -1;
	if (strcmp(name, CONFIG_POLICY) != 0)
		return 0;
	return policy_patterns(&s->pool, text->data, text->len, err);
}

static const char *const file_names[] = {CONFIG_POLICY, CONFIG_PEOPLE,
    CONFIG_SETTINGS};

/* The new file and the other two as they are, in a directory of their own. */
static int
lay_out(struct pool *pool, const char *to, const char *dir, const char *name,
    const struct buf *text, const char **missing, struct err *err)
{
	for (size_t i = 0; i < 3; i++) {
		const char *path =
		    pool_printf(pool, "%s/%s", to, file_names[i]);
		const char *from =
		    pool_printf(pool, "%s/%s", dir, file_names[i]);
		bool is_new = strcmp(file_names[i], name) == 0, there = true;
		struct buf other = {0};
		int ret = 0;

		if (!is_new)
			ret = file_read(&other, from, CONFIG_SIZE_MAX, &there,
			    err);
		if (ret == 0 && is_new)
			ret = file_write(path, text->data, text->len, 0600,
			    true, err);
		else if (ret == 0 && there)
			ret = file_write(path, buf_text(&other), other.len,
			    0600, true, err);
		buf_free(&other);
		if (!there)
			*missing = from;
		if (ret < 0)
			return -1;
	}
	return 0;
}

/*
 * What is in force is not sound by itself; the new file may be what cures it,
 * so the three are read together as they would be.
 */
static int
check_anew(struct setup *s, const char *dir, const char *name,
    const struct buf *text, struct err *err)
{
	char to[] = P_tmpdir "/foureyes-XXXXXX";
	const char *missing = NULL;
	int ret;

	if (mkdtemp(to) == NULL)
		return err_errno(err, "'%s'", to);
	ret = lay_out(&s->pool, to, dir, name, text, &missing, err);
	if (ret == 0)
		ret = config_read(&s->config, &s->pool, to, err);
	if (ret < 0 && err->kind == ERR_SYSTEM && missing != NULL)
		err_set(err, ERR_SYSTEM, "there is no '%s'", missing);
	if (ret == 0)
		ret = check(s, name, text, err);
	for (size_t i = 0; i < 3; i++)
		(void)unlink(pool_printf(&s->pool, "%s/%s", to, file_names[i]));
	(void)rmdir(to);
	return ret;
}

static int
check_with_others(struct setup *s, const char *dir, const char *name,
    const struct buf *text, struct err *err)
{
	struct err ignored = {0};

	if (setup_read(s, dir, &ignored) == 0)
		return check(s, name, text, err);
	return check_anew(s, dir, name, text, err);
}

static void
warn(struct setup *s)
{
	const char *const *lines;
	size_t count = policy_warnings(&s->config.policy, &s->pool, &lines);

	for (size_t i = 0; i < count; i++)
		say("warning: policy: %s", lines[i]);
}

static const char *
type_of(const char *name)
{
	if (strcmp(name, CONFIG_POLICY) == 0)
		return "policy";
	return strcmp(name, CONFIG_PEOPLE) == 0 ? "people" : "settings";
}

/* What the watch compares with is this one from now on. */
static int
accept(struct setup *s, const char *name, struct err *err)
{
	const struct config *c = &s->config;

	if (strcmp(name, CONFIG_POLICY) == 0)
		return watch_applied(s, "config.policy", c->policy.digest, err);
	if (strcmp(name, CONFIG_PEOPLE) == 0)
		return watch_applied(s, "config.people", c->people.digest, err);
	return watch_applied(s, "config.settings", c->settings.digest, err);
}

/* What was put in place is read again, as the next push will read it. */
static int
record(struct setup *s, const char *dir, const char *name)
{
	struct err err = {0};
	struct record last;
	int ret = setup_read(s, dir, &err);

	if (ret == 0)
		setup_compile(s);
	if (ret < 0 || setup_log(s, LEDGER_APPEND, &err) < 0 ||
	    changelog_newest(s->log, &s->pool,
	        topic_text(&s->pool, type_of(name)), &last, &err) < 0 ||
	    accept(s, name, &err) < 0)
		return complain(STATUS_UNKNOWN,
		    "'%s' is in force, but is not recorded yet (the next push "
		    "does that): %s",
		    name, err.text);
	say("%s is in force, as record %llu", name,
	    (unsigned long long)last.seq);
	if (strcmp(name, CONFIG_POLICY) == 0)
		warn(s);
	return STATUS_YES;
}

static int
apply(const char *dir, const char *path, const char *name, struct buf *text)
{
	struct setup s = {0};
	struct err err = {0};
	int status;

	if (config_is_file(name, 0, &err) < 0 ||
	    file_read(text, path, CONFIG_SIZE_MAX, NULL, &err) < 0)
		return complain_err(&err);
	if (check_with_others(&s, dir, name, text, &err) < 0) {
		(void)complain(STATUS_NO, "%s", err.text);
		status = complain(STATUS_NO,
		    "'%s' is not sound; what was in force still is", path);
	} else if (config_put(dir, name, text->data, text->len, &err) < 0) {
		status = complain_err(&err);
	} else {
		setup_free(&s);
		status = record(&s, dir, name);
	}
	setup_free(&s);
	return status;
}

/*
 * What landed is found as the hook user, who may read log and repository; put
 * in place by whoever runs this.  So the first is a process of its own.
 */
static int
tell_landed(const char *dir, int fd)
{
	struct config_landed landed[2] = {{0}};
	struct setup s = {0};
	struct err err = {0};
	FILE *out = fdopen(fd, "w");
	int status = STATUS_YES;

	if (out == NULL || setup_read(&s, dir, &err) < 0 ||
	    setup_log(&s, LEDGER_READ, &err) < 0 ||
	    config_landed_find(&s, landed, &err) < 0)
		status = complain_err(&err);
	for (size_t i = 0; out != NULL && i < 2 && status == STATUS_YES; i++)
		if (fprintf(out, "%s %d %zu\n", landed[i].commit,
		        landed[i].in_force, landed[i].len) < 0 ||
		    fwrite(landed[i].text, 1, landed[i].len, out) !=
		        landed[i].len)
			status = STATUS_UNKNOWN;
	if (out != NULL && fclose(out) != 0)
		status = STATUS_UNKNOWN;
	setup_free(&s);
	return status;
}

static int
put_landed(const char *dir, const char *name, const char *commit,
    struct buf *text)
{
	struct setup s = {0};
	struct err err = {0};
	int status = STATUS_YES;

	if (check_with_others(&s, dir, name, text, &err) < 0)
		status = complain(STATUS_NO, "%s of %.12s: %s", name, commit,
		    err.text);
	else if (config_put(dir, name, text->data, text->len, &err) < 0)
		status = complain_err(&err);
	setup_free(&s);
	if (status == STATUS_YES)
		say("%s is in force as it landed, in %.12s", name, commit);
	return status;
}

static int
take_landed(const char *dir, FILE *in, const char *name)
{
	char line[128], commit[REPO_OID_SIZE];
	struct buf text = {0};
	int in_force, status = STATUS_UNKNOWN;
	size_t len;

	if (fgets(line, sizeof(line), in) == NULL ||
	    sscanf(line, "%40[0-9a-f] %d %zu", commit, &in_force, &len) != 3 ||
	    len > CONFIG_SIZE_MAX)
		return STATUS_UNKNOWN;
	while (text.len < len) {
		char part[4096];
		size_t want = len - text.len;
		size_t n = fread(part, 1,
		    want < sizeof(part) ? want : sizeof(part), in);

		if (n == 0)
			goto out;
		buf_add(&text, part, n);
	}
	if (!in_force)
		status = put_landed(dir, name, commit, &text);
	else
		say("%s is in force as it landed, in %.12s", name, commit);
	if (in_force)
		status = STATUS_YES;
out:
	buf_free(&text);
	return status;
}

/* Both are put in place before either is recorded. */
static int
apply_landed(const char *dir)
{
	int pipes[2], status, ended;
	FILE *in;
	pid_t pid;

	if (pipe(pipes) < 0 || (pid = fork()) < 0)
		return complain(STATUS_UNKNOWN, "no process could be made");
	if (pid == 0) {
		(void)close(pipes[0]);
		_exit(tell_landed(dir, pipes[1]));
	}
	(void)close(pipes[1]);
	in = fdopen(pipes[0], "r");
	status =
	    in == NULL ? STATUS_UNKNOWN : take_landed(dir, in, CONFIG_POLICY);
	if (status == STATUS_YES)
		status = take_landed(dir, in, CONFIG_PEOPLE);
	if (in != NULL)
		(void)fclose(in);
	if (waitpid(pid, &ended, 0) == pid && WIFEXITED(ended) &&
	    WEXITSTATUS(ended) != 0)
		return WEXITSTATUS(ended);
	if (status == STATUS_YES)
		status = record(&(struct setup){0}, dir, CONFIG_POLICY);
	if (status == STATUS_YES)
		status = record(&(struct setup){0}, dir, CONFIG_PEOPLE);
	return status;
}

int
cmd_apply(int argc, char **argv, const char *config)
{
	const char *name = NULL, *slash;
	struct buf text = {0};
	bool landed = false;
	const struct option options[] = {{.name = "--as", .value = &name},
	    {.name = "--landed", .given = &landed}, {0}};
	int count = options_read(argc, argv, options, 0, 1), status;

	if (count < 0)
		return STATUS_USAGE;
	if (landed != (count == 0) || (landed && name != NULL))
		return complain(STATUS_USAGE,
		    "apply: name one file, or --landed");
	if (landed)
		return apply_landed(setup_directory(config));
	slash = strrchr(argv[1], '/');
	if (name == NULL)
		name = slash != NULL ? slash + 1 : argv[1];
	status = apply(setup_directory(config), argv[1], name, &text);
	buf_free(&text);
	return status;
}
