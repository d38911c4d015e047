#include "app/signoff.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "app/signing.h"
#include "base/json.h"
#include "base/text.h"
#include "core/topics.h"

void
signoff_statement(struct buf *out, const struct signoff *s)
{
	char from[TEXT_INSTANT_SIZE], to[TEXT_INSTANT_SIZE];

	text_instant(from, s->from);
	text_instant(to, s->to);
	buf_printf(out,
	    "foureyes %s 1\norigin %s\nfrom %s\nto %s\nrecord %" PRIu64
	    "\ndigest %s\nremarks %s\n",
	    s->access ? "access" : "signoff", s->origin, from, to, s->record,
	    s->digest, s->remarks);
}

/* The rest of the line that begins with `word`, from the pool; NULL: none. */
static const char *
value(struct pool *pool, const char **at, const char *word)
{
	size_t len = strlen(word), rest;
	const char *out;

	if (*at == NULL || strncmp(*at, word, len) != 0 || (*at)[len] != ' ')
		return NULL;
	*at += len + 1;
	rest = strcspn(*at, "\n");
	out = pool_textn(pool, *at, rest);
	*at = (*at)[rest] == '\n' ? *at + rest + 1 : NULL;
	return out;
}

/* Written again it must be the same text: then nothing else stood there. */
int
signoff_read(struct signoff *out, struct pool *pool, const char *text,
    size_t len, struct err *err)
{
	const char *at = pool_textn(pool, text, len), *from, *to, *seq, *digest;
	const char *of;
	struct buf again = {0};
	bool same;

	*out = (struct signoff){0};
	if ((of = value(pool, &at, "foureyes")) == NULL ||
	    (out->origin = value(pool, &at, "origin")) == NULL ||
	    (from = value(pool, &at, "from")) == NULL ||
	    (to = value(pool, &at, "to")) == NULL ||
	    (seq = value(pool, &at, "record")) == NULL ||
	    (digest = value(pool, &at, "digest")) == NULL ||
	    (out->remarks = value(pool, &at, "remarks")) == NULL ||
	    !text_parse_instant(from, &out->from) ||
	    !text_parse_instant(to, &out->to) ||
	    strlen(digest) != DIGEST_HEX_SIZE - 1)
		return err_set(err, ERR_INPUT,
		    "this is no statement of foureyes digest --statement");
	out->access = strcmp(of, "access 1") == 0;
	memcpy(out->digest, digest, DIGEST_HEX_SIZE);
	out->record = strtoull(seq, NULL, 10);
	signoff_statement(&again, out);
	same = again.len == len && memcmp(again.data, text, len) == 0;
	buf_free(&again);
	return same ? 0
	            : err_set(err, ERR_INPUT,
	                  "this is not the statement that foureyes digest "
	                  "--statement wrote");
}

static void
write_record(struct buf *body, const struct signoff *what, const char *person,
    const char *key, const struct buf *statement, const struct buf *armor,
    const struct by *by)
{
	struct json j = {.out = body};

	json_open(&j, '{');
	json_key_text(&j, "type", "signoff");
	if (what->access)
		json_key_text(&j, "of", "access");
	json_key_instant(&j, "from", what->from);
	json_key_instant(&j, "to", what->to);
	json_key_number(&j, "record", (int64_t)what->record);
	json_key_text(&j, "digest", what->digest);
	json_key_text(&j, "remarks", what->remarks);
	json_key_text(&j, "person", person);
	json_key_text(&j, "key", key);
	json_key(&j, "statement");
	json_textn(&j, statement->data, statement->len);
	json_key(&j, "signature");
	json_textn(&j, armor->data, armor->len);
	record_key_by(&j, by);
	json_close(&j);
}

/* One statement is one sign-off. */
static int
check_new(struct setup *s, const struct signoff *what,
    const struct buf *statement, struct err *err)
{
	struct record *list;
	size_t count;

	if (changelog_find(s->log, &s->pool,
	        topic_text(&s->pool,
	            what->access ? "signoff-access" : "signoff"),
	        true, 0, SIGNOFF_LOOKED_AT, &list, &count, err) < 0)
		return -1;
	for (size_t i = 0; i < count; i++)
		if (text_same(tree_text(list[i].tree, "statement"),
		        buf_text(statement)))
			return err_set(err, ERR_INPUT,
			    "that statement is signed for already, as record "
			    "%" PRIu64,
			    list[i].seq);
	return 0;
}

int
signoff_record(struct setup *s, const struct buf *statement,
    const struct buf *armor, const struct signoff *now, uint64_t *seq,
    const char **person, struct err *err)
{
	struct signoff what;
	struct signature signature;
	const struct person *who;
	struct buf body = {0};
	struct ledger_body line;
	struct by by = setup_by(s);
	int ret;

	if (signoff_read(&what, &s->pool, buf_text(statement), statement->len,
	        err) < 0)
		return -1;
	if (what.access != now->access ||
	    !text_same(what.origin, now->origin) ||
	    strcmp(what.digest, now->digest) != 0)
		return err_set(err, ERR_INPUT,
		    "what was signed is not what this ledger's digest of that "
		    "time says: make and read it again");
	if (signing_check(&signature, s, SIGNOFF_SPACE, statement, armor, err) <
	    0)
		return -1;
	if (!signature.good)
		return err_set(err, ERR_INPUT,
		    "the signature is not acceptable: %s", signature.reason);
	who = what.access
	    ? signing_person(s, &signature,
	          &s->config.policy.access_review.groups,
	          "the groups that access_review.groups of policy.yaml names",
	          err)
	    : signing_person(s, &signature, &s->config.policy.review.groups,
	          "the groups that review.groups of policy.yaml names", err);
	if (who == NULL)
		return -1;
	if (check_new(s, &what, statement, err) < 0)
		return -1;
	write_record(&body, &what, who->id, signature.key, statement, armor,
	    &by);
	*person = who->id;
	/* A body begins behind the brace that the line's head has. */
	line = (struct ledger_body){body.data + 1, body.len - 1};
	ret = changelog_append(s->log, &line, 1, s->now, seq, err);
	buf_free(&body);
	return ret;
}

int
signoff_state(struct setup *s, bool access, struct signoff_state *out,
    struct err *err)
{
	const struct policy_review *review =
	    access ? &s->config.policy.access_review : &s->config.policy.review;
	struct record newest, first;

	*out = (struct signoff_state){.asked = review->asked};
	if (!review->asked)
		return 0;
	if (changelog_newest(s->log, &s->pool,
	        topic_text(&s->pool, access ? "signoff-access" : "signoff"),
	        &newest, err) < 0 ||
	    changelog_oldest(s->log, &s->pool, topic_text(&s->pool, "policy"),
	        &first, err) < 0)
		return -1;
	if (newest.seq != 0) {
		out->record = newest.seq;
		out->to = tree_instant(newest.tree, "to");
		/* Nobody has read what was still to come. */
		if (out->to > newest.time)
			out->to = newest.time;
	}
	/* Without any, since the log began: nobody has read it. */
	out->due = (out->to != 0            ? out->to
	                   : first.seq != 0 ? first.time
	                                    : s->now) +
	    review->every + review->within;
	out->overdue = s->now >= out->due;
	return 0;
}
