/*
 * doctor - one repository, looked at closely.
 */
#ifndef APP_DOCTOR_H
#define APP_DOCTOR_H

#include "app/notes.h"
#include "app/visit.h"

/* `word` is its name or path; the log may not be open. */
void doctor_repository(struct notes *n, struct setup *s, const char *word);

#endif
