/*
 * webhook - is a delivery really from the source it says it is from.
 *
 * Each kind of source has one scheme, over the raw bytes of the body:
 *
 *	github		X-Hub-Signature-256: sha256=<hex HMAC-SHA256>
 *	gitlab		webhook-signature (Standard Webhooks) where it is there,
 *			else X-Gitlab-Token, compared
 *	gitea		X-Gitea-Signature: <hex>
 *	forgejo		X-Forgejo-Signature: <hex>
 *	bitbucket	X-Hub-Signature: sha256=<hex>
 *	bitbucket-dc	X-Hub-Signature: sha256=<hex>
 *	generic		webhook-id, webhook-timestamp, webhook-signature
 *			(Standard Webhooks; at most WEBHOOK_SKEW away)
 *
 * Hex is taken in either case.  Whatever other header of these is there must be
 * right too, by one of the source's secrets, and none may stand there twice:
 * a sender and a relay that disagree are not believed.  SHA-1
 * (`X-Hub-Signature: sha1=`) proves nothing; where it is there and wrong it
 * refuses like the others.  A source without a secret takes nothing.
 *
 * Secrets are the bytes as they stand; for Standard Webhooks one that begins
 * "whsec_" is base64 behind it.  Several may stand for one source while one is
 * being changed.  Nothing that depends on a secret is in a reason.  Pure but
 * for libcrypto behind base/digest.h.
 */
#ifndef CORE_WEBHOOK_H
#define CORE_WEBHOOK_H

#include "core/payload.h"

#define WEBHOOK_SKEW 300000   /* ms */
#define WEBHOOK_HEADER 2048   /* bytes of a header that is looked at */
#define WEBHOOK_ID_MAX 255    /* bytes of a delivery's id */
#define WEBHOOK_LISTED 16     /* signatures in one webhook-signature */
#define WEBHOOK_SECRETS 8     /* of one source */
#define WEBHOOK_SECRET_MIN 16 /* bytes; a shorter one is refused at start */
#define WEBHOOK_SECRET_MAX 1024

struct webhook_secret {
	const char *bytes;
	size_t len;
};

/* The value of a header by its name, in any case; NULL: it is not there. */
typedef const char *webhook_header_fn(const void *ctx, const char *name);

struct webhook {
	enum source_kind kind;
	const struct webhook_secret *secrets;
	size_t secret_count;
	webhook_header_fn *header; /* "" for a header that stands there twice */
	const void *ctx;
	const char *body;
	size_t len;
	int64_t now;
};

struct webhook_known {
	const char *why;   /* NULL: it is authentic; else why not */
	size_t secret;     /* by which */
	const char *id;    /* of the delivery; NULL: it has none */
	const char *event; /* the header that names the event, or NULL */
	/*
	 * The id alone says whether it was seen before.  Where this is false,
	 * the signature does not cover the id: equal bytes under another one
	 * are a copy too.
	 */
	bool by_id;
};

void webhook_check(struct webhook_known *out, const struct webhook *w);
/*
 * May it be a secret of that kind?  NULL: yes; else why not, without a word of
 * it.
 */
const char *webhook_secret_unfit(enum source_kind kind,
    const struct webhook_secret *secret);

#endif
