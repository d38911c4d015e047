/*
 * What observations keep: the signed tag whole.  Its signature must still hold,
 * by the key that the record names, which was that person's in the people
 * record of that moment.  Whether it counted is the decisions' matter.
 */
#include <string.h>

#include "app/verifying.h"
#include "base/text.h"
#include "core/signed.h"
#include "edge/signature.h"

/* The text that a people record brought in; read when it is asked for. */
static const struct people *
people_now(struct verifying *v)
{
	struct kept_signatures *k = &v->kept;
	struct pool pool = {0};
	const struct tree *record, *document;
	struct err ignored = {0};
	const char *text;

	if (k->text_seq == k->people_seq)
		return &k->people;
	pool_free(&k->pool);
	k->pool = (struct pool){0};
	k->people = (struct people){0};
	k->people_seq = k->text_seq;
	if (tree_parse_json(&record, &pool, buf_text(&k->text), k->text.len,
	        "ledger", &ignored) == 0 &&
	    (text = tree_text(record, "text")) != NULL &&
	    tree_parse_yaml(&document, &k->pool, text, strlen(text),
	        "people.yaml", &ignored) == 0 &&
	    people_read(&k->people, &k->pool, document, NULL, &ignored) < 0)
		k->people = (struct people){0};
	pool_free(&pool);
	return &k->people;
}

static const char *
check(struct verifying *v, const struct tree *r, const struct buf *tag)
{
	const char *key = tree_text(r, "key"), *person = tree_text(r, "person");
	const struct signature_rules rules = {.now = tree_instant(r, "time"),
	    .keyring =
	        v->settings != NULL ? v->settings->openpgp_keyring : NULL};
	struct signature s;
	struct signed_parts parts;
	const struct person *who;
	struct err err = {0};

	if (signed_split(&parts, tag->data, tag->len, &err) < 0)
		return pool_text(&v->pool, err.text);
	if (parts.armor == NULL)
		return "the tag that is kept is not signed, and a key is named";
	if (rules.keyring == NULL && text_starts(key, "openpgp:")) {
		v->kept.unlooked++;
		return NULL;
	}
	if (signature_check(&s, parts.payload, parts.payload_len, parts.armor,
	        parts.armor_len, &rules, &err) < 0)
		return pool_text(&v->pool, err.text);
	if (!s.intact || !text_same(s.key, key))
		return pool_printf(&v->pool,
		    "the signature of the tag that is kept does not hold by "
		    "the key %s",
		    key);
	who = people_by_key(people_now(v), key, NULL);
	if (who == NULL || !text_same(who->id, person))
		return pool_printf(&v->pool,
		    "the key %s was not %s's in record %llu", key,
		    person == NULL ? "anybody" : person,
		    (unsigned long long)v->kept.people_seq);
	v->kept.good++;
	return NULL;
}

static void
look(struct verifying *v, uint64_t seq, const char *line, size_t len)
{
	struct pool pool = {0};
	struct err ignored = {0};
	const struct tree *r;
	const char *tag, *why = NULL;
	struct buf raw = {0};

	if (tree_parse_json(&r, &pool, line, len, "ledger", &ignored) < 0)
		why = "it cannot be read";
	else if (tree_text(r, "key") != NULL && tree_text(r, "refused") == NULL)
		why = (tag = tree_text(r, "tag")) != NULL &&
		        text_parse_base64(&raw, tag, strlen(tag), false)
		    ? check(v, r, &raw)
		    : "it names a key, and keeps no signed tag";
	if (why != NULL) {
		v->kept.bad = seq;
		v->kept.why = pool_text(&v->pool, why);
	}
	buf_free(&raw);
	pool_free(&pool);
}

void
verify_kept(struct verifying *v, uint64_t seq, const char *line, size_t len,
    size_t body)
{
	if (!v->kept.asked || v->kept.bad != 0)
		return;
	if (text_starts(line + body, "\"type\":\"people\"")) {
		buf_clear(&v->kept.text);
		buf_add(&v->kept.text, line, len);
		v->kept.text_seq = seq;
	} else if (text_starts(line + body, "\"type\":\"observation\"") &&
	    text_find(line, len, "\"key\":\"") != NULL) {
		look(v, seq, line, len);
	}
}

void
verify_kept_free(struct kept_signatures *k)
{
	buf_free(&k->text);
	pool_free(&k->pool);
}
