/* look: ask again now, by hand. */
#include "app/cmd.h"
#include "app/daemon_look.h"
#include "app/options.h"
#include "app/say.h"
#include "base/json.h"
#include "base/text.h"

static void
write_list(struct json *j, const char *key, char **words, size_t count,
    bool commits)
{
	json_key_open(j, key, '[');
	for (size_t i = 0; i < count; i++)
		if (text_is_oid(words[i]) == commits)
			json_text(j, words[i]);
	json_close(j);
}

int
daemon_look(int argc, char **argv, const char *config)
{
	const struct option options[] = {{0}};
	int count = options_read(argc, argv, options, 2, LOOK_COMMITS_MAX);
	struct buf body = {0}, answer = {0};
	struct json j = {.out = &body};
	struct setup s = {0};
	struct err err = {0};
	int status = STATUS_YES;

	if (count < 0)
		return STATUS_USAGE;
	json_open(&j, '{');
	json_key_text(&j, "repository", argv[1]);
	write_list(&j, "commits", argv + 2, (size_t)count - 1, true);
	write_list(&j, "refs", argv + 2, (size_t)count - 1, false);
	json_key_number(&j, "deadline", LOOK_TIME_MAX);
	json_close(&j);
	if (setup_read(&s, setup_directory(config), &err) < 0 ||
	    setup_log(&s, LEDGER_APPEND, &err) < 0) {
		status = complain_err(&err);
	} else {
		(void)look_answer(&s, body.data, body.len, &answer);
		say("%s", buf_text(&answer));
		if (text_find(answer.data, answer.len, "\"failed\":[]") == NULL)
			status = STATUS_UNKNOWN;
	}
	buf_free(&body);
	buf_free(&answer);
	setup_free(&s);
	return status;
}
