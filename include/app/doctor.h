/*
 * doctor - is enforcement really on, here, now: all that is looked at.
 *
 * Each look leaves notes for a reader, and says how the checks of
 * core/checkup.h stand (app/notes.h); foureyes doctor prints them, the watch
 * (app/watch.h) writes down which changed.  The setup was read; its log is
 * opened for reading where it is not open yet.
 */
#ifndef APP_DOCTOR_H
#define APP_DOCTOR_H

#include "app/notes.h"
#include "app/visit.h"
#include "app/watch.h"

/* The installation and the repositories named, or all there are. */
void doctor_look(struct notes *n, struct setup *s, char **words, int count);
/* `word` is its name or path; the log may not be open. */
void doctor_repository(struct notes *n, struct setup *s, const char *word);
/* Git itself; policy and people; ledger, seal, clock. */
void doctor_git(struct notes *n);
void doctor_rules(struct notes *n, struct setup *s);
void doctor_log(struct notes *n, struct setup *s);
/* A ledger that several machines share. */
void doctor_shared(struct notes *n, struct setup *s);
/*
 * Reviews that emergencies owe, each a check of its own: when the next one
 * falls due, or 0.
 */
int64_t doctor_reviews(struct notes *n, struct setup *s);
/* Those who tell: foureyesd and its sources. */
void doctor_sources(struct notes *n, struct setup *s);
/* Those who are told: `alerts`. */
void doctor_alerts(struct notes *n, struct setup *s);
/* What forges protect, as foureyesd found it last. */
void doctor_forges(struct notes *n, const struct standings *standings);
/*
 * Checks whose `value` is set: is it the one that was taken for right?  None
 * was taken yet: it is, from the watch's first look on.
 */
void doctor_values(struct notes *n, const struct standings *standings);

#endif
