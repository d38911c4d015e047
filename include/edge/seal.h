/*
 * seal - the sealing key, and who vouches for a checkpoint.
 *
 * A sealing key is an Ed25519 key in a file of its own (PKCS#8 PEM, mode
 * 0400, owned by whoever seals).  It signs checkpoints, which are core/note.h
 * and core/checkpoint.h: a signed note (C2SP signed-note) whose text is a
 * C2SP tlog-checkpoint.  The key's name in a note is the checkpoint's origin.
 * Checking needs the public half only.
 *
 *	if (seal_open(&seal, path, err) < 0)
 *		return -1;
 *	ret = seal_sign(seal, &checkpoint, &note, err);
 *	seal_close(seal);
 *
 * The private half stays inside this module, is wiped when closed, and is in
 * no error text.
 */
#ifndef EDGE_SEAL_H
#define EDGE_SEAL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/digest.h"
#include "base/err.h"
#include "core/checkpoint.h"

#define SEAL_FILE_MAX 4096 /* bytes of a key file */
#define SEAL_PUBLIC_SIZE 32
#define SEAL_FINGERPRINT_SIZE DIGEST_HEX_SIZE

struct seal;

/* The public half: the raw Ed25519 point. */
struct seal_public {
	unsigned char bytes[SEAL_PUBLIC_SIZE];
};

/* Make a new key in a new file; a file that is there already is an error. */
int seal_make(const char *path, struct err *err) must_check;
/*
 * Refused: a symbolic link, not a regular file, another owner than who asks
 * (or root), any permission bit for group or others, any other kind of key.
 */
int seal_open(struct seal **out, const char *path, struct err *err) must_check;
void seal_close(struct seal *seal);

void seal_public(struct seal_public *out, const struct seal *seal);
/* A public key in PEM ("BEGIN PUBLIC KEY"), exactly one and nothing else. */
int seal_public_parse(struct seal_public *out, const char *pem, size_t len,
    struct err *err) must_check;
void seal_public_pem(struct buf *out, const struct seal_public *key);
/* What `openssl pkey -pubin -outform DER | sha256sum` prints. */
void seal_fingerprint(char out[SEAL_FINGERPRINT_SIZE],
    const struct seal_public *key);

/* Appends the signed note of `c` to `note`. */
int seal_sign(const struct seal *seal, const struct checkpoint *c,
    struct buf *note, struct err *err) must_check;
/* Appends one more signature line to the note of `c`, by another key. */
int seal_sign_also(const struct seal *seal, const struct checkpoint *c,
    struct buf *note, struct err *err) must_check;
/*
 * Read the note and check it with `key`, known under the name `origin`, which
 * the checkpoint must have too.  Signatures by other keys are passed over;
 * ERR_TAMPERED when `key`'s own does not hold or is not there, ERR_INPUT when
 * this is no signed checkpoint at all.
 */
int seal_check(struct checkpoint *out, const struct seal_public *key,
    const char *origin, const char *note, size_t len,
    struct err *err) must_check;

/*
 * Plain Ed25519 over given bytes, for records that are signed with the same
 * key.  seal_holds() is false for anything but the one good signature.
 */
#define SEAL_SIGNATURE_SIZE 64
int seal_bytes(unsigned char out[SEAL_SIGNATURE_SIZE], const struct seal *seal,
    const void *data, size_t len, struct err *err) must_check;
bool seal_holds(const unsigned char signature[SEAL_SIGNATURE_SIZE],
    const struct seal_public *key, const void *data, size_t len);

#endif
