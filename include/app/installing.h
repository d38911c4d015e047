/*
 * installing - our hooks put in, in each repository or in one directory for all
 * of them; and what of a server is left to be set by hand, which doctor then
 * looks at.
 */
#ifndef APP_INSTALLING_H
#define APP_INSTALLING_H

#include "app/hooks_dir.h"
#include "app/setup.h"

/* What the words of the command say. */
struct installing {
	enum server_kind kind;
	const struct hooks_places *places;
	const char *hooks_dir; /* for all repositories; or NULL */
	const char *program;   /* that hooks run; NULL: this one */
	const char *config;    /* that they name */
};

/* An exit status; what went wrong was said. */
int install_repository(struct setup *s, const char *word,
    const struct installing *asked);
int uninstall_repository(struct setup *s, const char *word,
    const struct installing *asked);

/* "pre-receive, post-receive" */
const char *installing_names(const struct hooks_places *places);
/* What is left to do for a directory that serves all repositories. */
void installing_by_hand(enum server_kind kind,
    const struct hooks_places *places, const char *dir);

#endif
