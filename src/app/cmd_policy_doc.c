/* policy-doc: the Change Management Policy that is in force, as Markdown. */
#include "app/cmd.h"

#include <stdio.h>

#include "app/options.h"
#include "app/policy_doc.h"
#include "app/setup.h"
#include "base/text.h"

static int
write_it(struct setup *s, const char *as_of, struct err *err)
{
	struct buf out = {0};
	int64_t at = s->now;

	if (as_of != NULL && !text_parse_instant(as_of, &at))
		return err_set(err, ERR_INPUT,
		    "--as-of '%s' is no day (2026-11-25) nor an instant with "
		    "its offset",
		    as_of);
	if (s->config.policy_text.bytes == NULL)
		return err_set(err, ERR_INPUT,
		    "'%s' holds no policy: foureyesd judges (gate: %s), and "
		    "its directory has it",
		    s->config.dir, s->config.settings.gate);
	policy_doc(&out, &s->pool, &s->config, at);
	(void)fputs(buf_text(&out), stdout);
	buf_free(&out);
	return 0;
}

int
cmd_policy_doc(int argc, char **argv, const char *config)
{
	struct setup s = {0};
	struct err err = {0};
	const char *as_of = NULL;
	const struct option options[] = {{.name = "--as-of", .value = &as_of},
	    {0}};
	int status = STATUS_YES;

	if (options_read(argc, argv, options, 0, 0) < 0)
		return STATUS_USAGE;
	if (setup_read(&s, setup_directory(config), &err) < 0 ||
	    write_it(&s, as_of, &err) < 0)
		status = complain_err(&err);
	setup_free(&s);
	return status;
}
