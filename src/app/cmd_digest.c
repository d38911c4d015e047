/* digest: what the log says of a week, on one page, and who signed for it. */
#include <stdio.h>

#include "app/files.h"
#include "app/options.h"
#include "app/reading.h"
#include "app/say.h"
#include "app/signing_off.h"

#define DAY ((int64_t)24 * 60 * 60 * 1000)

static int
read_day(int64_t *out, const char *option, const char *word, int64_t otherwise,
    struct err *err)
{
	*out = otherwise;
	return word == NULL ? 0 : option_instant(out, option, word, err);
}

/* The week before today, where nothing is said. */
static int
read_period(struct signing_off *a, struct err *err)
{
	struct report_asked *p = &a->r.asked;
	int64_t today = a->s->now - a->s->now % DAY, every;
	const struct policy_review *review = &a->s->config.policy.review;

	every = review->asked ? review->every : 7 * DAY;
	if (read_day(&p->to, "--to", a->to, today, err) < 0 ||
	    read_day(&p->from, "--from", a->from, p->to - every, err) < 0)
		return -1;
	if (p->from >= p->to)
		return err_set(err, ERR_INPUT, "--from is not before --to");
	return option_number(&p->until, "--until-seq", a->until, err);
}

static int
make(struct signing_off *a, struct err *err)
{
	struct buf page = {0};
	int ret;

	if (reading_make(&a->r, &a->text, err) < 0)
		return -1;
	if (a->html == NULL)
		return 0;
	reading_html(&page, "foureyes: what the log says", &a->text);
	ret = file_write(a->html, page.data, page.len, 0644, true, err);
	buf_free(&page);
	return ret;
}

static int
show(struct signing_off *a, struct err *err)
{
	struct signoff_state state;

	if (read_period(a, err) < 0 || signing_off_make(a, err) < 0 ||
	    signoff_state(a->s, false, &state, err) < 0)
		return -1;
	if (a->to_sign)
		return signing_off_state(a);
	(void)fwrite(a->text.data, 1, a->text.len, stdout);
	if (state.asked && state.overdue)
		say("\nSign-off is OVERDUE: the log was last read up to record "
		    "%llu",
		    (unsigned long long)state.record);
	return a->r.altered != NULL ? STATUS_NO : STATUS_YES;
}

int
cmd_digest(int argc, char **argv, const char *config)
{
	struct signing_off a = {.command = "digest",
	    .make = make,
	    .show = show};
	const struct option options[] = {
	    {.name = "--from", .value = &a.from},
	    {.name = "--to", .value = &a.to},
	    {.name = "--until-seq", .value = &a.until},
	    {.name = "--html", .value = &a.html},
	    {.name = "--statement", .given = &a.to_sign},
	    {.name = "--remarks", .value = &a.remarks},
	    {.name = "--signed", .given = &a.given},
	    {0},
	};

	return signing_off_run(&a, options_read(argc, argv, options, 0, 2),
	    argv, config);
}
