/* people.yaml: whoever is read is found again by everything that is theirs. */
#include <stdint.h>
#include <stdlib.h>

#include "base/tree.h"
#include "core/person.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Among those suspected by this address, once. */
static void
expect_suspected(const struct people *people, struct pool *pool,
    const struct person *p, const char *email)
{
	const struct person *other;
	size_t times = 0;

	for (size_t n = 0; (other = people_suspect(people, pool, email, n));
	     n++)
		times += other == p;
	if (times != 1)
		abort();
}

static void
expect_found(const struct people *people, struct pool *pool,
    const struct person *p)
{
	const struct person_key *key;

	if (people_by_id(people, p->id) != p)
		abort();
	for (size_t i = 0; i < p->email_count; i++) {
		if (people_by_email(people, p->emails[i]) != p)
			abort();
		expect_suspected(people, pool, p, p->emails[i]);
	}
	for (size_t i = 0; i < p->login_count; i++)
		if (people_by_login(people, p->logins[i].source,
		        p->logins[i].name) != p)
			abort();
	for (size_t i = 0; i < p->key_count; i++)
		if (people_by_key(people, p->keys[i].id, &key) != p ||
		    key != &p->keys[i])
			abort();
	for (size_t i = 0; i < p->group_count; i++)
		if (!person_in(p, p->groups[i]))
			abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct people people = {0};
	struct pool pool = {0};
	struct err err = {0};
	const struct tree *document;

	if (tree_parse_yaml(&document, &pool, (const char *)data, size,
	        "people.yaml", &err) == 0 &&
	    people_read(&people, &pool, document, NULL, &err) == 0) {
		for (size_t i = 0; i < people.count; i++)
			expect_found(&people, &pool, &people.list[i]);
	} else if (err.text[0] == '\0' || people.count != 0) {
		abort();
	}
	pool_free(&pool);
	return 0;
}
