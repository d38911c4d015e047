#include <string.h>

#include "base/text.h"
#include "core/confuse.h"
#include "core/person.h"
#include "core/person_table.h"
#include "core/shape.h"
#include "core/sshkey.h"

static const char OPENPGP[] = "openpgp:";

static const struct shape_row people_rows[] = {
    {.key = "version"},
    {.key = "people", .flags = SHAPE_NEEDED},
    {.key = "machines"},
    {0},
};

static const struct shape_row person_rows[] = {
    {SHAPE_ROW("name", TEXT, person, name)},
    {.key = "emails"},
    {.key = "logins"},
    {.key = "keys"},
    {.key = "groups"},
    {SHAPE_ROW("expires", INSTANT, person, expires)},
    {0},
};

static const struct shape_row machine_rows[] = {
    {SHAPE_ROW("name", TEXT, person, name)},
    {.key = "emails"},
    {.key = "logins"},
    {.key = "keys"},
    {.key = "groups"},
    {SHAPE_ROW("expires", INSTANT, person, expires)},
    {SHAPE_ROW("owner", TEXT, person, owner)},
    {0},
};

static const struct shape_row key_rows[] = {
    {.key = "key", .flags = SHAPE_NEEDED},
    {SHAPE_ROW("until", INSTANT, person_key, until)},
    {0},
};

struct reading {
	struct pool *pool;
	const char *const *sources;
	struct people_table *table;
	struct err *err;
};

static void
enter(struct reading *r, enum person_column column, struct person_entry entry)
{
	person_table_enter(r->table, r->pool, column, entry);
}

static bool
is_id(const char *id)
{
	for (const char *c = id; *c != '\0'; c++)
		if (*c >= 'A' && *c <= 'Z')
			return false;
	return shape_is_word(id);
}

/* Neither blanks nor angle brackets can stand in a commit's address. */
static int
check_email(struct reading *r, const struct tree *t, const char *email)
{
	size_t len = strlen(email);

	for (size_t i = 0; i < len; i++)
		if ((unsigned char)email[i] <= ' ' || email[i] == 0x7f ||
		    email[i] == '<' || email[i] == '>')
			return tree_error(t, r->err,
			    "%s is no e-mail address: no blanks, '<' or '>'",
			    shape_quote(r->pool, email));
	if (strchr(email, '*') != NULL)
		return tree_error(t, r->err,
		    "%s is no single person's address: write out each",
		    shape_quote(r->pool, email));
	if (len > PERSON_EMAIL_MAX)
		return tree_error(t, r->err,
		    "an e-mail address of more than %d bytes",
		    PERSON_EMAIL_MAX);
	return 0;
}

static void
enter_skeleton(struct reading *r, enum person_column column,
    const struct person *p, const char *text, const struct tree *t)
{
	const char *skeleton = confuse_skeleton(r->pool, text);

	if (skeleton != NULL && skeleton[0] != '\0')
		enter(r, column,
		    (struct person_entry){.text = skeleton,
		        .source = "",
		        .person = p,
		        .at = t});
}

static int
read_emails(struct reading *r, struct person *p, const struct tree *map)
{
	const struct tree *t = shape_at(map, "emails", 0);

	if (tree_want_texts(map, "emails", r->pool, &p->emails, &p->email_count,
	        r->err) < 0)
		return -1;
	for (size_t i = 0; i < p->email_count; i++, t = t->next) {
		const char *email = p->emails[i];

		if (check_email(r, t, email) < 0)
			return -1;
		enter(r, PERSON_EMAILS,
		    (struct person_entry){.text = email,
		        .source = "",
		        .person = p,
		        .nth = i,
		        .at = t});
		enter_skeleton(r, PERSON_SKELETONS, p, email, t);
	}
	return 0;
}

static int
check_source(struct reading *r, const struct tree *t)
{
	const char *const *s = r->sources;

	if (s == NULL)
		return 0;
	for (; *s != NULL; s++)
		if (strcmp(*s, t->key) == 0)
			return 0;
	return tree_error(t, r->err,
	    "no source and no door of foureyes.yaml is called %s",
	    shape_quote(r->pool, t->key));
}

static int
read_logins(struct reading *r, struct person *p, const struct tree *map)
{
	struct login *list = NULL;

	if (map == NULL)
		return 0;
	if (shape_is_map(map, r->err) < 0)
		return -1;
	for (const struct tree *s = map->child; s != NULL; s = s->next) {
		const struct tree *t = shape_at(map, s->key, 0);
		const struct shape_row row = {.key = s->key,
		    .kind = SHAPE_TEXTS,
		    .flags = SHAPE_FILLED};
		struct texts names = {0};

		if (check_source(r, s) < 0 ||
		    shape_texts(&names, r->pool, map, &row, r->err) < 0)
			return -1;
		for (size_t i = 0; i < names.count; i++, t = t->next) {
			struct login *l = pool_grow(r->pool, &list,
			    &p->login_count, sizeof(*l));

			*l = (struct login){s->key, names.list[i]};
			if (strchr(l->name, '*') != NULL)
				return tree_error(t, r->err,
				    "%s is no single person's login",
				    shape_quote(r->pool, l->name));
			enter(r, PERSON_LOGINS,
			    (struct person_entry){.text = l->name,
			        .source = l->source,
			        .person = p,
			        .nth = p->login_count - 1,
			        .at = t});
			enter_skeleton(r, PERSON_CALLED, p, l->name, t);
		}
	}
	p->logins = list;
	return 0;
}

/* The fingerprint in upper case, or NULL: 40 or 64 hex digits. */
static const char *
fingerprint(struct pool *pool, const char *hex)
{
	size_t len = strlen(hex);
	char *out;

	if (len != 40 && len != 64)
		return NULL;
	out = pool_textn(pool, hex, len);
	for (char *c = out; *c != '\0'; c++) {
		if (*c >= 'a' && *c <= 'f')
			*c = (char)(*c - 'a' + 'A');
		if (!(*c >= '0' && *c <= '9') && !(*c >= 'A' && *c <= 'F'))
			return NULL;
	}
	return out;
}

/* The first two words of a line: its comment left out. */
static const char *
without_comment(struct pool *pool, const char *line)
{
	const char *end = line;

	for (int word = 0; word < 2; word++) {
		while (*end == ' ' || *end == '\t')
			end++;
		while (*end != '\0' && *end != ' ' && *end != '\t')
			end++;
	}
	return pool_textn(pool, line, (size_t)(end - line));
}

static int
read_key_text(struct reading *r, struct person_key *key, const struct tree *t,
    const char *text)
{
	struct sshkey ssh = {0};

	if (text_starts(text, OPENPGP)) {
		const char *print =
		    fingerprint(r->pool, text + strlen(OPENPGP));

		if (print == NULL)
			return tree_error(t, r->err,
			    "%s must be '%s' and the whole fingerprint, 40 or "
			    "64 hex digits",
			    shape_quote(r->pool, text), OPENPGP);
		key->id = pool_printf(r->pool, "%s%s", OPENPGP, print);
		key->line = key->id;
		return 0;
	}
	if (sshkey_parse_line(&ssh, r->pool, text, r->err) < 0) {
		r->err->kind = ERR_CONFIG;
		return err_within(r->err, "%s:%u:%u", t->file, t->line,
		    t->column);
	}
	key->id = pool_text(r->pool, ssh.print);
	key->line = without_comment(r->pool, text);
	return 0;
}

/* A text, or {key: TEXT, until: INSTANT}. */
static int
read_key(struct reading *r, struct person_key *key, const struct tree *t)
{
	const char *text = NULL;

	if (t->kind == TREE_TEXT)
		return read_key_text(r, key, t, t->text);
	if (t->kind != TREE_MAP)
		return tree_error(t, r->err,
		    "a key must be a text, or a mapping of 'key' and 'until'");
	if (shape_read(key, r->pool, t, key_rows, r->err) < 0 ||
	    tree_need_text(t, "key", &text, r->err) < 0)
		return -1;
	return read_key_text(r, key, tree_get(t, "key"), text);
}

static int
read_keys(struct reading *r, struct person *p, const struct tree *t)
{
	struct person_key *list = NULL;
	size_t n = 0;

	if (t == NULL)
		return 0;
	if (shape_is_list(t, r->err) < 0)
		return -1;
	list = pool_array(r->pool, t->len, sizeof(*list));
	for (const struct tree *k = t->child; k != NULL; k = k->next, n++) {
		if (read_key(r, &list[n], k) < 0)
			return -1;
		enter(r, PERSON_KEYS,
		    (struct person_entry){.text = list[n].id,
		        .source = "",
		        .person = p,
		        .nth = n,
		        .at = k});
	}
	p->keys = list;
	p->key_count = n;
	return 0;
}

static int
read_groups(struct reading *r, struct person *p, const struct tree *map)
{
	static const struct shape_row row = {.key = "groups",
	    .kind = SHAPE_WORDS};
	struct texts groups = {0};

	if (shape_texts(&groups, r->pool, map, &row, r->err) < 0)
		return -1;
	p->groups = groups.list;
	p->group_count = groups.count;
	return 0;
}

static int
read_one(struct reading *r, struct person *p, const struct tree *map)
{
	p->id = map->key;
	if (!is_id(p->id))
		return tree_error(map, r->err,
		    "%s is no id: 1 to %d of a-z, 0-9, '-', '_' and '.'",
		    shape_quote(r->pool, p->id), PERSON_ID_MAX);
	if (shape_read(p, r->pool, map, p->machine ? machine_rows : person_rows,
	        r->err) < 0)
		return -1;
	enter(r, PERSON_IDS,
	    (struct person_entry){.text = p->id,
	        .source = "",
	        .person = p,
	        .at = map});
	enter_skeleton(r, PERSON_CALLED, p, p->id, map);
	if (read_emails(r, p, map) < 0 ||
	    read_logins(r, p, tree_get(map, "logins")) < 0 ||
	    read_keys(r, p, tree_get(map, "keys")) < 0)
		return -1;
	return read_groups(r, p, map);
}

static int
read_all(struct reading *r, struct person *list, size_t *count,
    const struct tree *map, bool machines)
{
	if (map == NULL)
		return 0;
	for (const struct tree *t = map->child; t != NULL; t = t->next) {
		struct person *p = &list[(*count)++];

		p->machine = machines;
		if (read_one(r, p, t) < 0)
			return -1;
	}
	return 0;
}

static int
check_owners(struct reading *r, const struct people *people,
    const struct tree *machines)
{
	const struct tree *t = machines == NULL ? NULL : machines->child;

	for (; t != NULL; t = t->next) {
		const char *owner = people_by_id(people, t->key)->owner;
		const struct person *p = people_by_id(people, owner);

		if (owner != NULL && (p == NULL || p->machine))
			return tree_error(tree_get(t, "owner"), r->err,
			    "the owner of '%s', %s, is no person", t->key,
			    shape_quote(r->pool, owner));
	}
	return 0;
}

int
people_read(struct people *people, struct pool *pool,
    const struct tree *document, const char *const *sources, struct err *err)
{
	struct people_table *table = pool_alloc(pool, sizeof(*table));
	struct reading r = {pool, sources, table, err};
	const struct tree *persons = tree_get(document, "people");
	const struct tree *machines = tree_get(document, "machines");
	struct people new = {.table = table};
	struct person *list;

	if (shape_version(document, err) < 0 ||
	    shape_keys(document, people_rows, err) < 0 ||
	    shape_is_map(persons, err) < 0 ||
	    (machines != NULL && shape_is_map(machines, err) < 0))
		return -1;
	new.count = persons->len + (machines == NULL ? 0 : machines->len);
	if (new.count > PEOPLE_MAX)
		return tree_error(persons, err,
		    "more than %d people and machines", PEOPLE_MAX);
	list = pool_array(pool, new.count, sizeof(*list));
	new.list = list;
	new.count = 0;
	if (read_all(&r, list, &new.count, persons, false) < 0 ||
	    read_all(&r, list, &new.count, machines, true) < 0 ||
	    person_table_sort(table, pool, err) < 0 ||
	    check_owners(&r, &new, machines) < 0)
		return -1;
	*people = new;
	return 0;
}
