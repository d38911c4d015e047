/*
 * signing_off - what digest and access have in common: a page is made of a
 * report, shown, or stated to be signed, or what came back signed is recorded.
 */
#ifndef APP_SIGNING_OFF_H
#define APP_SIGNING_OFF_H

#include "app/cmd.h"
#include "app/report.h"
#include "app/signoff.h"

struct signing_off;
typedef int signing_off_fn(struct signing_off *a, struct err *err);

struct signing_off {
	const char *command;
	bool access; /* of who may do what; else of the log */
	/* Writes the page, `text`, of `r`, whose period is set. */
	signing_off_fn *make;
	/* Reads the period, makes the page and shows it; an exit status. */
	signing_off_fn *show;
	/* The words of the command. */
	const char *from, *to, *until, *html, *staff, *remarks;
	const char *statement, *signature; /* --signed: what came back */
	bool to_sign, given;
	struct setup own;
	struct setup *s; /* that one */
	struct report r;
	struct buf text;
	struct signoff what;
};

/* The command, its words read; an exit status. */
int signing_off_run(struct signing_off *a, int count, char **argv,
    const char *config);
/* make(), and what a statement of it says. */
int signing_off_make(struct signing_off *a, struct err *err) must_check;
/* The statement, on standard output. */
int signing_off_state(struct signing_off *a);

#endif
