/*
 * observed - what a forge or a tool told, in our words.
 *
 * A webhook's body (core/payload.h) and an answer of a forge's interface both
 * become such structs; core/record.h writes them as observations and app/gather
 * finds them again.  A forge's word is kept as it was said: names and ids are
 * texts, a commit that was abbreviated or left out is NULL, and nothing is
 * guessed.  Who somebody is, and what their word counts for, is decided when
 * it is recorded and judged, not here.
 *
 * Texts live in the pool of whoever reads.
 */
#ifndef CORE_OBSERVED_H
#define CORE_OBSERVED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define OBSERVED_MAX 1000   /* of one delivery */
#define OBSERVED_NAME 255   /* bytes of a name, login, context, environment */
#define OBSERVED_REF 1024   /* bytes of a ref's full name */
#define OBSERVED_TEXT 65536 /* bytes kept of a text; the rest is cut */

enum observed_kind {
	OBSERVED_NONE = 0,
	OBSERVED_REQUEST,    /* the state of a request, after `action` */
	OBSERVED_REVIEW,     /* somebody's yes, no, or taking it back */
	OBSERVED_COMMENT,    /* on a request: may declare an emergency */
	OBSERVED_STATUS,     /* a check or commit status */
	OBSERVED_DEPLOYMENT, /* one commit into one environment */
	OBSERVED_PUSH,       /* a ref moved */
	OBSERVED_PROTECTION, /* settings that protect refs were changed */
	OBSERVED_RENAMED,    /* the repository has another name now */
	OBSERVED_QUEUED      /* a merge queue asks about a commit */
};

/*
 * Somebody, by the forge.  All NULL: nobody is named (a deleted account, or a
 * name or id that holds a NUL).  `login` is a name that the forge gives to one
 * account only; Bitbucket Cloud has none, and there it is the account id, which
 * a nickname, that anybody may choose, is not taken for.
 */
struct forge_user {
	const char *login; /* NULL: the event has the id alone */
	const char *id;    /* the forge's number or UUID, as text */
	bool bot;
};

struct observed {
	enum observed_kind kind;
	const char *repository;    /* the forge's name: "acme/payments" */
	const char *repository_id; /* as text, or NULL */
	const char *action;        /* the forge's own word */
	struct forge_user actor;   /* who did it; of a REVIEW, whose it is */
	/*
	 * The event does not say all of it: on whose word or on what commit has
	 * to be asked of the forge.
	 */
	bool ask;
	int64_t at; /* when, by the forge's own clock; only ever shown */

	/* Which request: of REQUEST, REVIEW, COMMENT; else NULL. */
	const char *request;    /* its number in the repository, as text */
	const char *request_id; /* the forge's own id of it, or NULL */
	const char *head;       /* its head now; full id, or NULL */
	const char *short_head; /* abbreviated, where `head` is not known */
	const char *head_ref;   /* its branch here (not a fork's), or NULL */
	const char *target;     /* full name of the ref it is for, or NULL */
	const char *target_was; /* REQUEST: it was for that ref until now */
	const char *base;       /* what that ref held, or NULL */
	const char *state;      /* "open", "merged", "closed"; or NULL */
	const char *title;
	/*
	 * Of the request, review or comment, as it is now.  Where it holds what
	 * core/secret.h finds, it is left out, and a note stands for it.
	 */
	const char *text;
	bool edited;         /* COMMENT: that is not how it was first written */
	const char *comment; /* COMMENT: the forge's id of it, or NULL */
	const char *merge_commit;
	struct forge_user opener;
	bool draft;

	/*
	 * REVIEW: "approve", "object", "withdraw".  What takes back a `review`
	 * by its id does so for good, also where that one comes later.
	 */
	const char *decision;
	const char
	    *review; /* the forge's id of it (a COMMENT's too), or NULL */
	struct forge_user of; /* whose review, where another takes it back */
	bool all;             /* it takes back everybody's */

	/* REVIEW: what was looked at.  STATUS, DEPLOYMENT, QUEUED: what of. */
	const char *commit;
	const char *short_commit; /* abbreviated; must be asked for */

	const char *context; /* STATUS */
	const char *app;     /* STATUS: the app that told the forge, or NULL */
	/* STATUS: success, failure, pending.  DEPLOYMENT: success, failure. */
	const char *result;
	const char *environment;
	const char *deployment; /* the forge's id of it, or NULL */

	const char *ref, *old, *new; /* PUSH; zeros where there is none */
	const char *was;             /* RENAMED: the name before */
	/*
	 * PROTECTION: what was changed, for a reader.  STATUS, DEPLOYMENT: the
	 * forge's own word for the result.
	 */
	const char *what;
};

#endif
