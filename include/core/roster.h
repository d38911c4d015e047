/*
 * roster - lists of people that others keep, for `foureyes people import`.
 *
 *	ldif		RFC 2849: uid or sAMAccountName, cn or displayName,
 *mail, sshPublicKey; an entry without a login is passed over
 *	github		the JSON list of members that GitHub's interface gives:
 *			login, id, type
 *	gitlab		the same of GitLab's: username, id, name, bot
 *	signers		allowed_signers of ssh-keygen(1); certificate
 *authorities and patterns are passed over authorized	authorized_keys of
 *sshd(8): who is the comment's part before an "@", or what a `command=` gives
 *to its program as last word
 *	keydir		one public key of gitolite's keydir, by the file's name:
 *			alice.pub, alice@laptop.pub, alice@example.com.pub
 *
 * Pure.  What cannot be taken is passed over with a reason, never guessed at.
 */
#ifndef CORE_ROSTER_H
#define CORE_ROSTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/pool.h"

#define ROSTER_MAX 100000       /* entries */
#define ROSTER_SIZE (64u << 20) /* bytes of a file */
#define ROSTER_VALUES 32        /* addresses, or keys, of one entry */

enum roster_kind {
	ROSTER_LDIF = 0,
	ROSTER_GITHUB,
	ROSTER_GITLAB,
	ROSTER_SIGNERS,
	ROSTER_AUTHORIZED,
	ROSTER_KEYDIR
};

struct roster_key {
	const char *line; /* type and base64, without a comment */
	const char *print;
	int64_t until; /* first instant without rights; 0: none */
};

/* One of them; what is not told is NULL or none. */
struct roster_entry {
	const char *login;  /* there */
	const char *number; /* of the account, as text */
	const char *name;
	const char *emails[ROSTER_VALUES];
	size_t email_count;
	struct roster_key keys[ROSTER_VALUES];
	size_t key_count;
	bool machine;
	bool disabled; /* the directory says that the account is shut */
};

struct roster {
	struct roster_entry *list;
	size_t count;
	const char **passed_over; /* lines for people to read */
	size_t passed_count;
};

/*
 * Adds what `data` holds to `roster`; `file` is its name, of which keydir makes
 * the login.  ERR_INPUT: no such file, with the place.
 */
int roster_read(struct roster *roster, struct pool *pool, enum roster_kind kind,
    const char *file, const char *data, size_t len, struct err *err) must_check;

/* The parts. */
int roster_read_ldif(struct roster *roster, struct pool *pool, const char *file,
    const char *data, size_t len, struct err *err) must_check;
int roster_read_members(struct roster *roster, struct pool *pool, bool gitlab,
    const char *file, const char *data, size_t len, struct err *err) must_check;
/* A new entry; NULL with `err` where there are too many. */
struct roster_entry *roster_add(struct roster *roster, struct pool *pool,
    struct err *err);
void roster_pass(struct roster *roster, struct pool *pool, const char *format,
    ...) like_printf(3, 4);
/* "type base64 [comment]"; false: passed over, and why. */
bool roster_add_key(struct roster *roster, struct pool *pool,
    struct roster_entry *entry, const char *line, const char *where);
/* Bytes before the first of `stops`; blanks that it begins with. */
size_t roster_until(const char *text, const char *stops);
size_t roster_blanks(const char *text);
bool roster_add_email(struct roster_entry *entry, const char *email);

#endif
