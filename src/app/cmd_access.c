/* access: who may do what, what changed, what nobody uses, and who signed. */
#include <stdio.h>

#include "app/access.h"
#include "app/files.h"
#include "app/options.h"
#include "app/say.h"
#include "app/signing_off.h"

#define STAFF_MAX (16u << 20)

/* From the last review on; before the first, since the log began. */
static int
read_period(struct signing_off *a, struct err *err)
{
	struct report_asked *p = &a->r.asked;
	struct signoff_state state;

	if (signoff_state(a->s, true, &state, err) < 0)
		return -1;
	p->to = a->s->now + 1;
	p->from = state.to;
	if (a->from != NULL &&
	    option_instant(&p->from, "--from", a->from, err) < 0)
		return -1;
	return option_number(&p->until, "--until-seq", a->until, err);
}

static int
make(struct signing_off *a, struct err *err)
{
	return access_make(&a->r, &a->text, err);
}

/* Beside the page: what is signed says nothing of who works here. */
static int
show_leavers(struct signing_off *a, int *status, struct err *err)
{
	struct buf staff = {0}, lines = {0};
	int ret = file_read(&staff, a->staff, STAFF_MAX, NULL, err);

	if (ret == 0) {
		size_t count = access_leavers(&a->s->config.people, &staff,
		    a->s->now, &lines);

		say("\nIn force and not in %s: %zu", a->staff, count);
		say_text("", buf_text(&lines));
		*status = count > 0 ? STATUS_NO : *status;
	}
	buf_free(&staff);
	buf_free(&lines);
	return ret;
}

static int
show(struct signing_off *a, struct err *err)
{
	struct signoff_state state;
	int status = STATUS_YES;

	if (read_period(a, err) < 0 || signing_off_make(a, err) < 0 ||
	    signoff_state(a->s, true, &state, err) < 0)
		return -1;
	if (a->to_sign)
		return signing_off_state(a);
	say_text("", buf_text(&a->text));
	if (state.asked && state.overdue) {
		say("\nThe review is OVERDUE: foureyes due says how");
		status = STATUS_NO;
	}
	if (a->staff != NULL && show_leavers(a, &status, err) < 0)
		return -1;
	return status;
}

int
cmd_access(int argc, char **argv, const char *config)
{
	struct signing_off a = {.command = "access",
	    .access = true,
	    .make = make,
	    .show = show};
	const struct option options[] = {
	    {.name = "--from", .value = &a.from},
	    {.name = "--until-seq", .value = &a.until},
	    {.name = "--staff", .value = &a.staff},
	    {.name = "--statement", .given = &a.to_sign},
	    {.name = "--remarks", .value = &a.remarks},
	    {.name = "--signed", .given = &a.given},
	    {0},
	};

	return signing_off_run(&a, options_read(argc, argv, options, 0, 2),
	    argv, config);
}
