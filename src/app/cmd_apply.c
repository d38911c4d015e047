/* apply: a new version of one of the three files, checked and put in place. */
#include "app/cmd.h"

#include <string.h>

#include "app/files.h"
#include "app/in_words.h"
#include "app/options.h"
#include "app/say.h"
#include "app/setup.h"
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

/* What was put in place is read again, as the next push will read it. */
static int
record(struct setup *s, const char *dir, const char *name)
{
	struct err err = {0};
	struct record last;

	if (setup_read(s, dir, &err) < 0 ||
	    setup_log(s, LEDGER_APPEND, &err) < 0 ||
	    changelog_newest(s->log, &s->pool,
	        topic_text(&s->pool, type_of(name)), &last, &err) < 0)
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
	if (setup_read(&s, dir, &err) < 0) {
		status = complain(STATUS_UNKNOWN,
		    "what is in force cannot be read, and '%s' can only be "
		    "checked together with it; put that right by hand: %s",
		    name, err.text);
	} else if (check(&s, name, text, &err) < 0) {
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

int
cmd_apply(int argc, char **argv, const char *config)
{
	const char *name = NULL, *slash;
	struct buf text = {0};
	const struct option options[] = {{.name = "--as", .value = &name}, {0}};
	int status;

	if (options_read(argc, argv, options, 1, 1) < 0)
		return STATUS_USAGE;
	slash = strrchr(argv[1], '/');
	if (name == NULL)
		name = slash != NULL ? slash + 1 : argv[1];
	status = apply(setup_directory(config), argv[1], name, &text);
	buf_free(&text);
	return status;
}
