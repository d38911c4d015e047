/*
 * person - who is who.
 *
 * people.yaml read into structs: persons and machines with their e-mails,
 * logins, keys and groups.  Everybody has an id that is unique over both.
 * "Nobody we know" is NULL.
 *
 * Two questions, asked on purpose in two ways.  Who is this, so that it may
 * count?  Byte-exact: people_by_login(), people_by_key(), people_by_email().
 * Who might this be, so that it bars?  Generous: people_suspect() and
 * people_suspect_login() compare skeletons (core/confuse.h), so that case,
 * width and look-alike letters hide nobody.
 *
 * Read with people_read(); all memory is the pool's.  Refused whole, with the
 * place: unknown or double keys, an e-mail, key or login that stands twice, an
 * id that is no word (a-z, 0-9, "-", "_", "."), a login under a source that
 * `sources` does not name, an address or login with a "*" in it, a key that
 * does not parse, a machine whose owner is no person.
 */
#ifndef CORE_PERSON_H
#define CORE_PERSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/digest.h"
#include "base/err.h"
#include "base/pool.h"
#include "base/tree.h"

#define PEOPLE_MAX 100000
#define PERSON_ID_MAX 64
#define PERSON_EMAIL_MAX 320

struct login {
	const char *source; /* a source's name, or the server's */
	const char *name;
};

struct person_key {
	const char *id;   /* "SHA256:..." or "openpgp:<FINGERPRINT>" */
	const char *line; /* as written, without the comment */
	int64_t until;    /* first instant without rights; 0: none */
};

struct person {
	const char *id;
	const char *name;
	bool machine;
	const char *owner; /* of a machine: a person's id, or NULL */
	const char *const *emails;
	size_t email_count;
	const struct login *logins;
	size_t login_count;
	const struct person_key *keys;
	size_t key_count;
	const char *const *groups;
	size_t group_count;
	int64_t expires; /* first instant without rights; 0: never */
};

struct people_table; /* sorted for searching; the module's own */

struct people {
	const struct person
	    *list; /* persons first, then machines, as written */
	size_t count;
	const struct people_table *table;
	char digest[DIGEST_HEX_SIZE]; /* of the file's bytes; set by who read it
	                               */
};

/*
 * `sources` are the names that `logins` may use; NULL ends the list; a NULL
 * list takes any (the pure replay of old records knows no settings).
 */
int people_read(struct people *people, struct pool *pool,
    const struct tree *document, const char *const *sources,
    struct err *err) must_check;

const struct person *people_by_id(const struct people *people, const char *id);
const struct person *people_by_login(const struct people *people,
    const char *source, const char *name);
/* `*key` (may be NULL) becomes the key's entry. */
const struct person *people_by_key(const struct people *people,
    const char *key_id, const struct person_key **key);
const struct person *people_by_email(const struct people *people,
    const char *email);
/*
 * The `nth` (from 0) person one of whose addresses has the same skeleton as
 * `email`; NULL when there are no more.  Somebody found exactly is among them.
 */
const struct person *people_suspect(const struct people *people,
    struct pool *pool, const char *email, size_t nth);
/* The same of a login: of whatever source, or the id itself. */
const struct person *people_suspect_login(const struct people *people,
    struct pool *pool, const char *login, size_t nth);

/*
 * Who answers for what somebody does: a machine's owner, else they themselves.
 * An id that nobody has answers for itself.
 */
const char *people_behind(const struct people *people, const char *id);

/* In the group, by name; NULL person is in none. */
bool person_in(const struct person *person, const char *group);
/* In one of them; no groups at all (count 0) means: any person. */
bool person_in_any(const struct person *person, const char *const *groups,
    size_t count);
/* Neither expired at `at`; an unknown person is not in force. */
bool person_in_force(const struct person *person, int64_t at);
bool person_key_in_force(const struct person_key *key, int64_t at);

#endif
