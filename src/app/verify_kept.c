/*
 * What observations keep: the signed tag whole; and sign-offs: the statement
 * that was signed.  The signature must still hold, by the key that the record
 * names, which was that person's in the people record of that moment, and the
 * record must say what was signed.  Whether it counted is the decisions'
 * matter.
 *
 * Records wait until there are some, and are then looked at on all processors.
 */
#include <string.h>

#include "app/signoff.h"
#include "app/verifying.h"
#include "base/crew.h"
#include "base/text.h"
#include "core/signed.h"
#include "edge/signature.h"

#define JOBS_MAX 256
#define JOBS_BYTES ((size_t)1 << 20)

struct kept_job {
	struct pool pool;
	uint64_t seq;
	const char *line;
	size_t len;
	bool alone;    /* it runs gpgv: not beside others */
	bool unlooked; /* OpenPGP, and no keyring is known */
	bool unsigned_one;
	const char *why; /* what is wrong with it */
};

struct kept_jobs {
	struct kept_job list[JOBS_MAX];
	size_t count, bytes, share;
	const struct people *people;
	uint64_t people_seq;
	const char *keyring;
};

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

/* ---- the signature ---- */

/* What was signed, by which armor. */
struct kept_signed {
	const char *what;  /* what it is called */
	const char *space; /* NULL: Git's */
	struct signed_parts parts;
};

static const char *
check_held(const struct kept_jobs *jobs, struct kept_job *job,
    const struct tree *r, const struct kept_signed *it)
{
	const char *key = tree_text(r, "key"), *person = tree_text(r, "person");
	const struct signature_rules rules = {.space = it->space,
	    .now = tree_instant(r, "time"),
	    .keyring = jobs->keyring};
	const struct person *who;
	struct signature s;
	struct err err = {0};

	if (rules.keyring == NULL && text_starts(key, "openpgp:")) {
		job->unlooked = true;
		return NULL;
	}
	if (signature_check(&s, it->parts.payload, it->parts.payload_len,
	        it->parts.armor, it->parts.armor_len, &rules, &err) < 0)
		return pool_text(&job->pool, err.text);
	if (!s.intact || !text_same(s.key, key))
		return pool_printf(&job->pool,
		    "the signature of the %s that is kept does not hold by "
		    "the key %s",
		    it->what, key);
	who = people_by_key(jobs->people, key, NULL);
	if (who == NULL || !text_same(who->id, person))
		return pool_printf(&job->pool,
		    "the key %s was not %s's in record %llu", key,
		    person == NULL ? "anybody" : person,
		    (unsigned long long)jobs->people_seq);
	return NULL;
}

static const char *
check_tag(const struct kept_jobs *jobs, struct kept_job *job,
    const struct tree *r, const struct buf *tag)
{
	struct kept_signed it = {.what = "tag"};
	struct err err = {0};

	if (signed_split(&it.parts, tag->data, tag->len, &err) < 0)
		return pool_text(&job->pool, err.text);
	if (tree_text(r, "key") == NULL) {
		job->unsigned_one = true;
		return it.parts.armor == NULL
		    ? NULL
		    : "the tag that is kept is signed, and no key is named";
	}
	if (it.parts.armor == NULL)
		return "the tag that is kept is not signed, and a key is named";
	return check_held(jobs, job, r, &it);
}

static const char *
check(const struct kept_jobs *jobs, struct kept_job *job, const struct tree *r)
{
	const char *tag = tree_text(r, "tag"), *why, *odd;
	struct buf raw = {0};

	if (tag == NULL || !text_parse_base64(&raw, tag, strlen(tag), false)) {
		buf_free(&raw);
		return tree_text(r, "key") != NULL
		    ? "it names a key, and keeps no signed tag"
		    : "it keeps no tag";
	}
	why = check_tag(jobs, job, r, &raw);
	if (why == NULL) {
		odd = verify_kept_says(&job->pool, r, &raw);
		if (odd != NULL)
			why = pool_printf(&job->pool,
			    "it is not what the tag that is kept says: %s",
			    odd);
	}
	buf_free(&raw);
	return why;
}

/* ---- a sign-off ---- */

static bool
same_signoff(const struct signoff *said, const struct tree *r)
{
	return said->access == text_same(tree_text(r, "of"), "access") &&
	    said->from == tree_instant(r, "from") &&
	    said->to == tree_instant(r, "to") &&
	    said->record == (uint64_t)tree_number(r, "record") &&
	    text_same(said->digest, tree_text(r, "digest")) &&
	    text_same(said->remarks, tree_text(r, "remarks"));
}

static const char *
check_signoff(const struct kept_jobs *jobs, struct kept_job *job,
    const struct tree *r)
{
	struct kept_signed it = {.what = "sign-off",
	    .space = SIGNOFF_SPACE,
	    .parts = {.payload = tree_text(r, "statement"),
	        .armor = tree_text(r, "signature")}};
	struct signoff said;
	struct err err = {0};

	if (it.parts.payload == NULL || it.parts.armor == NULL ||
	    tree_text(r, "key") == NULL)
		return "a sign-off that keeps no signed statement";
	it.parts.payload_len = strlen(it.parts.payload);
	it.parts.armor_len = strlen(it.parts.armor);
	if (signoff_read(&said, &job->pool, it.parts.payload,
	        it.parts.payload_len, &err) < 0)
		return pool_text(&job->pool, err.text);
	if (!same_signoff(&said, r))
		return "it is not what the sign-off that is kept says";
	return check_held(jobs, job, r, &it);
}

static bool
is_statement(const struct tree *r)
{
	return tree_text(r, "refused") == NULL &&
	    (text_same(tree_text(r, "source"), "git") ||
	        tree_text(r, "key") != NULL || tree_text(r, "tag") != NULL);
}

static void
look(const struct kept_jobs *jobs, struct kept_job *job)
{
	struct err ignored = {0};
	const struct tree *r;

	if (tree_parse_json(&r, &job->pool, job->line, job->len, "ledger",
	        &ignored) < 0)
		job->why = "it cannot be read";
	else if (text_same(tree_text(r, "type"), "signoff"))
		job->why = check_signoff(jobs, job, r);
	else if (is_statement(r))
		job->why = check(jobs, job, r);
	else
		job->line = NULL;
}

/* ---- many of them ---- */

static void
look_at_share(void *ctx, size_t which)
{
	struct kept_jobs *jobs = ctx;

	for (size_t i = which; i < jobs->count; i += jobs->share)
		if (!jobs->list[i].alone)
			look(jobs, &jobs->list[i]);
}

static void
count(struct verifying *v, struct kept_job *job)
{
	struct kept_signatures *k = &v->kept;

	if (job->why != NULL && k->bad == 0) {
		k->bad = job->seq;
		k->why = pool_text(&v->pool, job->why);
	}
	if (job->line != NULL && job->why == NULL) {
		k->unlooked += job->unlooked;
		k->unsigned_ones += job->unsigned_one;
		k->good += !job->unlooked && !job->unsigned_one;
	}
	pool_free(&job->pool);
}

static void
flush(struct verifying *v)
{
	struct kept_jobs *jobs = v->kept.jobs;

	if (jobs == NULL || jobs->count == 0)
		return;
	jobs->people = people_now(v);
	jobs->people_seq = v->kept.people_seq;
	jobs->keyring =
	    v->settings != NULL ? v->settings->openpgp_keyring : NULL;
	jobs->share = crew_size();
	crew_run(jobs->share, look_at_share, jobs);
	for (size_t i = 0; i < jobs->count; i++) {
		if (jobs->list[i].alone)
			look(jobs, &jobs->list[i]);
		count(v, &jobs->list[i]);
	}
	jobs->count = jobs->bytes = 0;
}

static void
add(struct verifying *v, uint64_t seq, const char *line, size_t len)
{
	struct kept_jobs *jobs = v->kept.jobs;
	struct kept_job *job;

	if (jobs == NULL)
		jobs = v->kept.jobs = pool_alloc(&v->pool, sizeof(*jobs));
	job = &jobs->list[jobs->count++];
	*job = (struct kept_job){.seq = seq, .len = len};
	job->line = pool_textn(&job->pool, line, len);
	job->alone = text_find(line, len, "\"key\":\"openpgp:") != NULL;
	jobs->bytes += len;
	if (jobs->count == JOBS_MAX || jobs->bytes >= JOBS_BYTES)
		flush(v);
}

bool
verify_kept_wants(const char *line, size_t len, size_t body)
{
	static const char *const marks[] = {"\"source\":\"git\"", "\"key\":\"",
	    "\"tag\":\""};

	if (text_starts(line + body, "\"type\":\"people\""))
		return true;
	if (text_starts(line + body, "\"type\":\"signoff\""))
		return true;
	if (!text_starts(line + body, "\"type\":\"observation\""))
		return false;
	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
		if (text_find(line + body, len - body, marks[i]) != NULL)
			return true;
	return false;
}

void
verify_kept(struct verifying *v, uint64_t seq, const char *line, size_t len,
    size_t body)
{
	uint64_t copy;

	if (!v->kept.asked || v->kept.bad != 0)
		return;
	if (text_starts(line + body, "\"type\":\"people\"")) {
		/* A copy brings nothing in. */
		if (record_is_carried(line, len, &copy))
			return;
		flush(v);
		buf_clear(&v->kept.text);
		buf_add(&v->kept.text, line, len);
		v->kept.text_seq = seq;
	} else if (verify_kept_wants(line, len, body)) {
		add(v, seq, line, len);
	}
}

void
verify_kept_end(struct verifying *v)
{
	flush(v);
}

void
verify_kept_free(struct kept_signatures *k)
{
	buf_free(&k->text);
	pool_free(&k->pool);
}
