/* doctor_inside - what the parts of looking at a repository share. */
#ifndef DOCTOR_INSIDE_H
#define DOCTOR_INSIDE_H

#include "app/doctor.h"

struct looking {
	struct notes *notes;
	struct setup *setup;
	struct push *push;
	struct hook_user hook_user;
	size_t wrong_before;
	bool mirror; /* no hook of ours runs there */
};

/* "payments: what" */
const char *doctor_thing(const struct looking *l, const char *what);
/* That check of this repository. */
struct checked *doctor_check(const struct looking *l, const char *check);
/* What git answers in this repository; NULL: nothing. */
const char *doctor_ask(const struct looking *l, const char *word,
    const char *option, const char *key);

void doctor_hooks(struct looking *l);
/* `dir`: where Git has to look; `named`: only because it is told so. */
void doctor_config(struct looking *l, const char *dir, bool named);
void doctor_store(struct looking *l);
void doctor_refs(struct looking *l);

#endif
