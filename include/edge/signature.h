/*
 * signature - does ONE signature hold over given bytes, and by which key.
 *
 * SSH signatures (SSHSIG) are checked in this process; OpenPGP signatures are
 * handed to gpgv with a keyring of our own.  What comes out names a key and
 * never a person: whose key it is, and whether it counted at that time, is
 * asked of the people file by the caller.
 *
 *	struct signature_rules rules = {.space = "git", .now = now};
 *	struct signature s;
 *
 *	if (signature_check(&s, payload, len, armor, armor_len, &rules, err) <
 *0) return -1; if (s.good) ... s.key ...
 *
 * A signature that does not hold, or is of a kind not taken, is an answer:
 * `good` is false, `code` and `reason` say why, in neutral words that are safe
 * to print.  -1 means "could not find out" (gpgv missing or too slow, a
 * keyring or a list of revoked keys configured and not usable), which callers
 * treat as a refusal.
 *
 * Taken: ssh-ed25519; ecdsa-sha2-nistp256/384/521; ssh-rsa keys of at least
 * `rsa_bits` signing with rsa-sha2-256 or rsa-sha2-512; sk-ssh-ed25519 and
 * sk-ecdsa-sha2-nistp256 with the user present.  No certificates.  OpenPGP:
 * one binary document signature (RSA, ECDSA or EdDSA, SHA-256 or better).
 * Armor holding two signatures is refused, whichever of them is good.
 *
 * Codes: absent, malformed, not-one, unknown-form, not-configured,
 * wrong-namespace, certificate, unknown-key, weak, presence, bad, expired,
 * revoked.
 */
#ifndef EDGE_SIGNATURE_H
#define EDGE_SIGNATURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

#define SIGNATURE_DATA_MAX (1u << 20) /* signed bytes */
#define SIGNATURE_ARMOR_MAX 65536u
#define SIGNATURE_KEYRING_MAX (16u << 20)
#define SIGNATURE_REVOKED_MAX (16u << 20)
#define SIGNATURE_STATUS_MAX 65536u /* what gpgv may write */
#define SIGNATURE_RSA_BITS 2048u
#define SIGNATURE_WAIT_MS 3000u
#define SIGNATURE_KEY_SIZE 80

enum signature_form {
	SIGNATURE_NONE = 0,
	SIGNATURE_SSH,
	SIGNATURE_OPENPGP
};

struct signature {
	enum signature_form form;
	bool good; /* made with `key` over these bytes, and acceptable */
	/*
	 * Made with `key` over these bytes, whatever else is wrong with it (a
	 * revoked or expired key, no touch).  For checking again what was good
	 * when it was recorded; it never admits anything new.
	 */
	bool intact;
	bool present;  /* sk- keys: somebody touched the token */
	bool verified; /* sk- keys: and gave a PIN or a finger */
	/*
	 * "SHA256:<base64, no padding>" as `ssh-keygen -l` shows it, or
	 * "openpgp:<upper-case hex of the primary key's fingerprint>".  Where
	 * the signature is not intact, only what it claims; "" if not known.
	 */
	char key[SIGNATURE_KEY_SIZE];
	char code[32]; /* "" when good */
	char reason[200];
};

struct signature_rules {
	const char *space; /* the namespace it must name; NULL: "git" */
	/*
	 * A file of OpenPGP public keys (binary or armored); NULL: OpenPGP is
	 * not configured.  Ours: nobody else may be able to write to it.
	 */
	const char *keyring;
	/*
	 * SSH keys that are revoked: a KRL, or a list of public key lines.
	 * NULL: none.  Anything in it that is not understood is an error.
	 */
	const char *revoked;
	const char *scratch; /* for gpgv's private directory; NULL: "/tmp" */
	unsigned rsa_bits;   /* 0: SIGNATURE_RSA_BITS */
	unsigned wait_ms;    /* for gpgv; 0: SIGNATURE_WAIT_MS */
	/*
	 * The instant the question is asked of.  An OpenPGP key or signature
	 * that expired only after it counts as not expired; with 0 (not known)
	 * whatever has expired by the machine's clock has.
	 */
	int64_t now;
};

/*
 * Could these rules answer at all?  -1 says what cannot be used of the keyring
 * and the list of revoked keys that they name.
 */
int signature_ready(const struct signature_rules *rules,
    struct err *err) must_check;

int signature_check(struct signature *out, const char *data, size_t len,
    const char *armor, size_t armor_len, const struct signature_rules *rules,
    struct err *err) must_check;

#endif
