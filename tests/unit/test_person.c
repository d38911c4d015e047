#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdbool.h>
#include <string.h>

#include "base/text.h"
#include "core/person.h"
#include "reads.h"

#define LINE_A                                                                 \
	"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHj2m4241ZGJzAQiI/"               \
	"Vp/SF8+Sq8GX/QSwFHmhDZL86M"
#define LINE_B                                                                 \
	"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKGeLwl5jOFwzYzsogHpqfHYzPcoW+"   \
	"oe8CBDRzuXIYeT"
#define PRINT_A "SHA256:6bsVZaPpNORHqA9w0guC0Du72ZRzdViuduQTmWDxD0o"
#define FINGERPRINT "0123456789abcdef0123456789ABCDEF01234567"
#define UPPER "0123456789ABCDEF0123456789ABCDEF01234567"

static const char GOOD[] =
    "version: 1\n"
    "people:\n"
    "  alice:\n"
    "    name: Alice Example\n"
    "    emails: [alice@example.com, alice@example.org]\n"
    "    logins: {hub: [alice, \"id:1234\"], http: alice}\n"
    "    keys:\n"
    "      - \"" LINE_A " alice at home\"\n"
    "      - {key: \"openpgp:" FINGERPRINT "\", until: 2026-12-31}\n"
    "    groups: [engineers, release]\n"
    "    expires: 2027-01-01\n"
    "  bob:\n"
    "    emails: bob@example.com\n"
    "    logins: {hub: bob}\n"
    "    keys: [\"" LINE_B "\"]\n"
    "  mallory:\n"
    "    emails: [ALICE@example.com, \"alic\\u0435@example.com\"]\n"
    "machines:\n"
    "  deploy-bot:\n"
    "    emails: [bot@example.com]\n"
    "    logins: {hub: \"deploy-bot[bot]\"}\n"
    "    groups: [deployers]\n"
    "    owner: alice\n";

static const char *const sources[] = {"hub", "http", NULL};

struct fixture {
	struct pool pool;
	struct people people;
};

static int
set_up(void **state)
{
	static struct fixture f;
	const struct tree *t;
	struct err err = {0};

	f = (struct fixture){0};
	*state = &f;
	if (tree_parse_yaml(&t, &f.pool, GOOD, strlen(GOOD), "people.yaml",
	        &err) < 0 ||
	    people_read(&f.people, &f.pool, t, sources, &err) < 0) {
		fprintf(stderr, "%s\n", err.text);
		return -1;
	}
	return 0;
}

static int
tear_down(void **state)
{
	struct fixture *f = *state;

	pool_free(&f->pool);
	return 0;
}

static const char *
id_of(const struct person *p)
{
	return p == NULL ? "nobody" : p->id;
}

static void
everybody_is_read_with_what_was_written(void **state)
{
	struct fixture *f = *state;
	const struct person *alice = people_by_id(&f->people, "alice");
	const struct person *bot = people_by_id(&f->people, "deploy-bot");

	assert_int_equal(f->people.count, 4);
	assert_string_equal(alice->name, "Alice Example");
	assert_int_equal(alice->email_count, 2);
	assert_int_equal(alice->login_count, 3);
	assert_string_equal(alice->logins[1].source, "hub");
	assert_string_equal(alice->logins[1].name, "id:1234");
	assert_int_equal(alice->key_count, 2);
	assert_string_equal(alice->keys[0].line, LINE_A);
	assert_int_equal(alice->keys[0].until, 0);
	assert_string_equal(alice->keys[1].id, "openpgp:" UPPER);
	assert_int_equal(alice->keys[1].until, 1798675200000);
	assert_int_equal(alice->expires, 1798761600000);
	assert_false(alice->machine);
	assert_null(alice->owner);
	assert_true(bot->machine);
	assert_string_equal(bot->owner, "alice");
	assert_string_equal(f->people.list[3].id, "deploy-bot");
}

static void
a_key_is_known_by_the_fingerprint_ssh_shows(void **state)
{
	struct fixture *f = *state;
	const struct person_key *key = NULL;

	assert_string_equal(id_of(people_by_key(&f->people, PRINT_A, &key)),
	    "alice");
	assert_string_equal(key->line, LINE_A);
	assert_string_equal(id_of(people_by_key(&f->people, "openpgp:" UPPER,
	                        &key)),
	    "alice");
	assert_int_equal(key->until, 1798675200000);
	assert_null(people_by_key(&f->people, "openpgp:" FINGERPRINT, &key));
	assert_null(key);
	assert_null(people_by_key(&f->people, "SHA256:", NULL));
}

static void
counting_is_exact_to_the_byte(void **state)
{
	struct fixture *f = *state;
	const struct people *p = &f->people;

	assert_string_equal(id_of(people_by_email(p, "alice@example.com")),
	    "alice");
	assert_string_equal(id_of(people_by_email(p, "ALICE@example.com")),
	    "mallory");
	assert_null(people_by_email(p, "Alice@example.com"));
	assert_null(people_by_email(p, "alice@example.com "));
	assert_null(people_by_email(p, ""));
	assert_null(people_by_email(p, NULL));
	assert_string_equal(id_of(people_by_login(p, "hub", "bob")), "bob");
	assert_null(people_by_login(p, "http", "bob"));
	assert_null(people_by_login(p, "hub", "Bob"));
	assert_null(people_by_login(p, NULL, "bob"));
	assert_null(people_by_login(p, "hub", NULL));
	assert_null(people_by_id(p, "Alice"));
}

static void
suspecting_is_generous_and_names_everybody_once(void **state)
{
	struct fixture *f = *state;
	static const char *const looks[] = {"alice@example.com",
	    "Alice@Example.COM", "alic\xd0\xb5@example.com"};

	for (size_t i = 0; i < 3; i++) {
		assert_string_equal(id_of(people_suspect(&f->people, &f->pool,
		                        looks[i], 0)),
		    "alice");
		assert_string_equal(id_of(people_suspect(&f->people, &f->pool,
		                        looks[i], 1)),
		    "mallory");
		assert_null(people_suspect(&f->people, &f->pool, looks[i], 2));
	}
	assert_null(people_suspect(&f->people, &f->pool, "eve@example.com", 0));
	assert_null(people_suspect(&f->people, &f->pool, "", 0));
	assert_null(people_suspect(&f->people, &f->pool, NULL, 0));
}

static void
a_login_is_suspected_of_whatever_source(void **state)
{
	struct fixture *f = *state;
	static const char *const looks[] = {"alice", "ALICE", " alice",
	    "ID:1234", "\xd0\xb0lice"};

	for (size_t i = 0; i < 5; i++) {
		assert_string_equal(id_of(people_suspect_login(&f->people,
		                        &f->pool, looks[i], 0)),
		    "alice");
		assert_null(
		    people_suspect_login(&f->people, &f->pool, looks[i], 1));
	}
	/* An id is a name as well, and a machine may be meant. */
	assert_string_equal(id_of(people_suspect_login(&f->people, &f->pool,
	                        "Mallory", 0)),
	    "mallory");
	assert_string_equal(id_of(people_suspect_login(&f->people, &f->pool,
	                        "Deploy-Bot[bot]", 0)),
	    "deploy-bot");
	assert_null(people_suspect_login(&f->people, &f->pool, "eve", 0));
	assert_null(people_suspect_login(&f->people, &f->pool, "", 0));
	assert_null(people_suspect_login(&f->people, &f->pool, NULL, 0));
}

static void
behind_a_machine_is_its_owner(void **state)
{
	struct fixture *f = *state;

	assert_string_equal(people_behind(&f->people, "deploy-bot"), "alice");
	assert_string_equal(people_behind(&f->people, "alice"), "alice");
	assert_string_equal(people_behind(&f->people, "eve"), "eve");
	assert_null(people_behind(&f->people, NULL));
}

static void
nobody_is_found_among_nobody(void **state)
{
	struct people none = {0};
	struct pool pool = {0};

	(void)state;
	assert_null(people_by_id(&none, "alice"));
	assert_null(people_by_login(&none, "hub", "alice"));
	assert_null(people_by_key(&none, PRINT_A, NULL));
	assert_null(people_by_email(&none, "alice@example.com"));
	assert_null(people_suspect(&none, &pool, "alice@example.com", 0));
	assert_null(people_suspect_login(&none, &pool, "alice", 0));
	assert_string_equal(people_behind(&none, "bot"), "bot");
	pool_free(&pool);
}

static void
no_groups_asked_means_any_person_but_not_nobody(void **state)
{
	struct fixture *f = *state;
	const struct person *alice = people_by_id(&f->people, "alice");
	static const char *const groups[] = {"dba", "release"};

	assert_true(person_in(alice, "release"));
	assert_false(person_in(alice, "dba"));
	assert_false(person_in(alice, "Release"));
	assert_false(person_in(alice, NULL));
	assert_false(person_in(NULL, "release"));
	assert_true(person_in_any(alice, groups, 2));
	assert_false(person_in_any(alice, groups, 1));
	assert_true(person_in_any(alice, NULL, 0));
	assert_false(person_in_any(NULL, NULL, 0));
}

static void
the_end_is_the_first_instant_without_rights(void **state)
{
	struct fixture *f = *state;
	const struct person *alice = people_by_id(&f->people, "alice");
	const struct person *bob = people_by_id(&f->people, "bob");

	assert_true(person_in_force(alice, alice->expires - 1));
	assert_false(person_in_force(alice, alice->expires));
	assert_true(person_in_force(bob, alice->expires));
	assert_true(person_key_in_force(&alice->keys[0], alice->expires));
	assert_true(
	    person_key_in_force(&alice->keys[1], alice->keys[1].until - 1));
	assert_false(
	    person_key_in_force(&alice->keys[1], alice->keys[1].until));
}

static void
an_unknown_moment_is_in_nobodys_time(void **state)
{
	struct fixture *f = *state;
	const struct person *bob = people_by_id(&f->people, "bob");

	assert_false(person_in_force(bob, 0));
	assert_false(person_in_force(NULL, 1));
	assert_false(person_key_in_force(&bob->keys[0], 0));
	assert_false(person_key_in_force(NULL, 1));
}

static int
read_any(struct pool *pool, const struct tree *t, struct err *err)
{
	struct people people = {0};
	int ret = people_read(&people, pool, t, sources, err);

	/* What was refused leaves nothing behind. */
	assert_true(ret == 0 || people.count == 0);
	return ret;
}

static void
without_sources_any_login_is_taken(void **state)
{
	static const char text[] =
	    "version: 1\npeople: {a: {logins: {elsewhere: a}}}\n";
	struct people people = {0};
	struct pool pool = {0};
	struct err err = {0};
	const struct tree *t;

	(void)state;
	assert_int_equal(tree_parse_yaml(&t, &pool, text, strlen(text), "p",
	                     &err),
	    0);
	assert_int_equal(people_read(&people, &pool, t, NULL, &err), 0);
	assert_string_equal(id_of(people_by_login(&people, "elsewhere", "a")),
	    "a");
	pool_free(&pool);
}

#define V "version: 1\n"
#define A V "people:\n  a: "

static const struct refused bad[] = {
    {"", "people.yaml:1:1: this must be a mapping"},
    {"[]\n", "people.yaml:1:1: this must be a mapping"},
    {"people: {}\n",
        "people.yaml:1:1: 'version' is missing: the first line is 'version: 1'"},
    {"version: 2\npeople: {}\n", "people.yaml:1:1: 'version' must be 1"},
    {"version: \"1\"\npeople: {}\n", "people.yaml:1:1: 'version' must be 1"},
    {V, "people.yaml:1:1: 'people' is missing"},
    {V "people: {}\nrobots: {}\n",
        "people.yaml:3:1: no such key 'robots' (known here: version, people, machines)"},
    {V "people: []\n", "people.yaml:2:1: 'people' must be a mapping"},
    {V "people:\n", "people.yaml:2:1: 'people' has no value"},
    {V "people: {}\nmachines:\n", "people.yaml:3:1: 'machines' has no value"},
    {V "people: {}\nmachines: []\n",
        "people.yaml:3:1: 'machines' must be a mapping"},
    {V "people:\n  Alice: {}\n",
        "people.yaml:3:3: 'Alice' is no id: 1 to 64 of a-z, 0-9, '-', '_' and '.'"},
    {V "people:\n  \"a b\": {}\n",
        "people.yaml:3:3: 'a b' is no id: 1 to 64 of a-z, 0-9, '-', '_' and '.'"},
    {V "people:\n  \"\": {}\n",
        "people.yaml:3:3: '' is no id: 1 to 64 of a-z, 0-9, '-', '_' and '.'"},
    {V "people:\n  a1234567890123456789012345678901234567890123456789012345"
       "678901234: {}\n",
        "people.yaml:3:3: 'a12345678901234567890123456789012345678901234567890123456789...' is no id: 1 to 64 of a-z, 0-9, '-', '_' and '.'"},
    {A "alice\n", "people.yaml:3:3: 'a' must be a mapping"},
    {A "\n", "people.yaml:3:3: 'a' must be a mapping"},
    {A "{mail: a@b}\n",
        "people.yaml:3:7: no such key 'mail' (known here: name, emails, logins, keys, groups, expires)"},
    {A "{owner: b}\n",
        "people.yaml:3:7: no such key 'owner' (known here: name, emails, logins, keys, groups, expires)"},
    {A "{name: \"\"}\n", "people.yaml:3:7: 'name' is empty"},
    {A "{name: [a]}\n", "people.yaml:3:7: 'name' must be a text, not a list"},
    {A "{emails: }\n", "people.yaml:3:7: 'emails' has no value"},
    {A "{emails: [\"\"]}\n",
        "people.yaml:3:16: this must be a text that is not empty, not '' in quotes"},
    {A "{emails: [a@b, \"a b@c\"]}\n",
        "people.yaml:3:21: 'a b@c' is no e-mail address: no blanks, '<' or '>'"},
    {A "{emails: \"<a@b\"}\n",
        "people.yaml:3:7: '<a@b' is no e-mail address: no blanks, '<' or '>'"},
    {A "{emails: \"a@b>\"}\n",
        "people.yaml:3:7: 'a@b>' is no e-mail address: no blanks, '<' or '>'"},
    {A "{emails: \"a\\e@b\"}\n",
        "people.yaml:3:7: 'a\\u{001B}@b' is no e-mail address: no blanks, '<' or '>'"},
    {A "{emails: \"a\\x7f@b\"}\n",
        "people.yaml:3:7: 'a\\u{007F}@b' is no e-mail address: no blanks, '<' or '>'"},
    {A "{emails: [\"*@b\"]}\n",
        "people.yaml:3:16: '*@b' is no single person's address: write out each"},
    {A "{logins: {hub: \"*\"}}\n",
        "people.yaml:3:16: '*' is no single person's login"},
    {A "{logins: alice}\n", "people.yaml:3:7: 'logins' must be a mapping"},
    {A "{logins: {git: alice}}\n",
        "people.yaml:3:16: no source and no door of foureyes.yaml is called 'git'"},
    {A "{logins: {hub: }}\n",
        "people.yaml:3:16: 'hub' is empty: name one, or leave the key out"},
    {A "{logins: {hub: []}}\n",
        "people.yaml:3:16: 'hub' is empty: name one, or leave the key out"},
    {A "{logins: {hub: {a: b}}}\n",
        "people.yaml:3:16: 'hub' must be a text or a list of texts, not a mapping"},
    {A "{keys: x}\n", "people.yaml:3:7: 'keys' must be a list"},
    {A "{keys: [[x]]}\n",
        "people.yaml:3:14: a key must be a text, or a mapping of 'key' and 'until'"},
    {A "{keys: [x]}\n",
        "people.yaml:3:14: 'x' is not a type of key taken here"},
    {A "{keys: [ssh-ed25519 AAAA]}\n",
        "people.yaml:3:14: not an SSH public key"},
    {A "{keys: [{until: 2026-01-01}]}\n", "people.yaml:3:14: 'key' is missing"},
    {A "{keys: [{key: x}]}\n",
        "people.yaml:3:15: 'x' is not a type of key taken here"},
    {A "{keys: [{key: [x]}]}\n",
        "people.yaml:3:15: 'key' must be a text, not a list"},
    {A "{keys: [{key: \"" LINE_A "\", until: soon}]}\n",
        "people.yaml:3:104: 'until' must be a day such as 2026-12-31, or an instant with its offset such as 2026-12-31T18:00:00Z, not 'soon'"},
    {A "{keys: [{key: \"" LINE_A "\", till: 2026-01-01}]}\n",
        "people.yaml:3:104: no such key 'till' (known here: key, until)"},
    {A "{keys: [\"openpgp:0123\"]}\n",
        "people.yaml:3:14: 'openpgp:0123' must be 'openpgp:' and the whole fingerprint, 40 or 64 hex digits"},
    {A "{keys: [\"openpgp:0123456789abcdef0123456789ABCDEF0123456g\"]}\n",
        "people.yaml:3:14: 'openpgp:0123456789abcdef0123456789ABCDEF0123456g' must be 'openpgp:' and the whole fingerprint, 40 or 64 hex digits"},
    {A "{groups: [\"a b\"]}\n",
        "people.yaml:3:16: 'a b' is no name: 1 to 64 of A-Z, a-z, 0-9, '-', '_' and '.'"},
    {A "{groups: {a: b}}\n",
        "people.yaml:3:7: 'groups' must be a text or a list of texts, not a mapping"},
    {A "{expires: never}\n",
        "people.yaml:3:7: 'expires' must be a day such as 2026-12-31, or an instant with its offset such as 2026-12-31T18:00:00Z, not 'never'"},
    {A "{expires: 2026-02-30}\n",
        "people.yaml:3:7: 'expires' must be a day such as 2026-12-31, or an instant with its offset such as 2026-12-31T18:00:00Z, not '2026-02-30'"},
    {A "{expires: 1970-01-01T00:00:00+01:00}\n",
        "people.yaml:3:7: 'expires' must be a day such as 2026-12-31, or an instant with its offset such as 2026-12-31T18:00:00Z, not '1970-01-01T00:00:00+01:00'"},
    {A "{expires: 1970-01-01}\n",
        "people.yaml:3:7: 'expires' must be a day such as 2026-12-31, or an instant with its offset such as 2026-12-31T18:00:00Z, not '1970-01-01'"},
    {A "{emails: [a@b, a@b]}\n",
        "people.yaml:3:21: the e-mail address 'a@b' stands twice: 'a' has it in line 3"},
    {A "{emails: a@b}\n  b: {emails: [c@d, a@b]}\n",
        "people.yaml:4:21: the e-mail address 'a@b' stands twice: 'a' has it in line 3"},
    {A "{emails: a@b}\nmachines:\n  m: {emails: a@b}\n",
        "people.yaml:5:7: the e-mail address 'a@b' stands twice: 'a' has it in line 3"},
    {A "{logins: {hub: x, http: x}}\n  b:\n    logins: {hub: x}\n",
        "people.yaml:5:14: the login 'x' stands twice: 'a' has it in line 3"},
    {A "{keys: [\"" LINE_A "\"]}\n  b:\n    keys:\n    - \"" LINE_A " b\"\n",
        "people.yaml:6:7: the key 'SHA256:6bsVZaPpNORHqA9w0guC0Du72ZRzdViuduQTmWDxD0o' stands twice: 'a' has it in line 3"},
    {A "{keys: [\"openpgp:" UPPER "\", \"openpgp:" FINGERPRINT "\"]}\n",
        "people.yaml:3:66: the key 'openpgp:0123456789ABCDEF0123456789ABCDEF01234567' stands twice: 'a' has it in line 3"},
    {A "{}\nmachines:\n  a: {}\n",
        "people.yaml:5:3: the id 'a' stands twice: 'a' has it in line 3"},
    {A "{}\nmachines:\n  m: {owner: b}\n",
        "people.yaml:5:7: the owner of 'm', 'b', is no person"},
    {A "{}\nmachines:\n  m: {owner: n}\n  n: {}\n",
        "people.yaml:5:7: the owner of 'm', 'n', is no person"},
    {A "{}\nmachines:\n  m: {owner: }\n",
        "people.yaml:5:7: 'owner' has no value"},
    {A "{}\n  a: {}\n",
        "people.yaml:4:3: 'a' stands here twice, first in line 3"},
};

static void
what_is_unsound_is_refused_with_its_place(void **state)
{
	(void)state;
	reads_refuse(bad, sizeof(bad) / sizeof(bad[0]), "people.yaml",
	    read_any);
}

static void
what_is_at_a_limit_is_taken_and_what_is_over_it_is_not(void **state)
{
	static const struct {
		const char *before, *piece, *after;
		unsigned most;
		const char *error;
	} rows[] = {
	    {A "{emails: ", "x", "}\n", PERSON_EMAIL_MAX,
	        "people.yaml:3:7: an e-mail address of more than 320 bytes"},
	    {A "{name: ", "x", "}\n", 4096,
	        "people.yaml:3:7: 'name' has more than 4096 bytes"},
	    {A "{logins: {hub: ", "x", "}}\n", 4096,
	        "people.yaml:3:16: 'hub' has a text of more than 4096 bytes"},
	    {V "people:\n", "  p#: {}\n", "", PEOPLE_MAX,
	        "people.yaml:2:1: more than 100000 people and machines"},
	    {V "people: {}\nmachines:\n", "  p#: {}\n", "", PEOPLE_MAX,
	        "people.yaml:2:1: more than 100000 people and machines"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct pool pool = {0};

		reads_limit(&pool,
		    reads_repeat(&pool, rows[i].before, rows[i].piece,
		        rows[i].most, rows[i].after),
		    "people.yaml", read_any, NULL);
		reads_limit(&pool,
		    reads_repeat(&pool, rows[i].before, rows[i].piece,
		        rows[i].most + 1, rows[i].after),
		    "people.yaml", read_any, rows[i].error);
		pool_free(&pool);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(everybody_is_read_with_what_was_written),
	    cmocka_unit_test(a_key_is_known_by_the_fingerprint_ssh_shows),
	    cmocka_unit_test(counting_is_exact_to_the_byte),
	    cmocka_unit_test(suspecting_is_generous_and_names_everybody_once),
	    cmocka_unit_test(a_login_is_suspected_of_whatever_source),
	    cmocka_unit_test(behind_a_machine_is_its_owner),
	    cmocka_unit_test(nobody_is_found_among_nobody),
	    cmocka_unit_test(no_groups_asked_means_any_person_but_not_nobody),
	    cmocka_unit_test(the_end_is_the_first_instant_without_rights),
	    cmocka_unit_test(an_unknown_moment_is_in_nobodys_time),
	    cmocka_unit_test(without_sources_any_login_is_taken),
	    cmocka_unit_test(what_is_unsound_is_refused_with_its_place),
	    cmocka_unit_test(
	        what_is_at_a_limit_is_taken_and_what_is_over_it_is_not),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
