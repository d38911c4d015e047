/*
 * signature_parts - what the files of edge/signature.h share.  Not for others.
 */
#ifndef EDGE_SIGNATURE_PARTS_H
#define EDGE_SIGNATURE_PARTS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"
#include "edge/signature.h"

/* The signature is answered for: not good, because.  Returns 0. */
int signature_refuse(struct signature *out, const char *code,
    const char *format, ...) like_printf(3, 4);

/*
 * The whole of a file that decides: regular, not above `most` bytes, and with
 * no right to write for group or others.  `what` names it in errors.
 */
int signature_read(struct buf *out, const char *path, const char *what,
    size_t most, struct err *err) must_check;

int signature_ssh(struct signature *out, const char *data, size_t len,
    const char *armor, size_t armor_len, const struct signature_rules *rules,
    struct err *err) must_check;
int signature_openpgp(struct signature *out, const char *data, size_t len,
    const char *armor, size_t armor_len, const struct signature_rules *rules,
    struct err *err) must_check;

int signature_revoked_ready(const char *path, struct err *err) must_check;
int signature_keyring_ready(const char *path, struct err *err) must_check;

/* One question to gpgv. */
struct gpgv {
	const char *program; /* NULL: /usr/bin/gpgv */
	const char *scratch;
	unsigned wait_ms;
	const struct buf *keyring, *signature; /* binary */
	const char *data;
	size_t len;
	/* The answer. */
	struct buf status; /* its status lines; free it whatever happens */
	int exit;          /* its exit status */
};

int gpgv_ask(struct gpgv *g, struct err *err) must_check;
/* What gpgv's status lines (which are cut up) and exit status mean. */
int openpgp_answer(struct signature *out, struct buf *status, int exit,
    const struct signature_rules *rules);

#endif
