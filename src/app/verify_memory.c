/*
 * --memory: only what is new since the last time.  What was found then is kept
 * by who verifies, away from the ledger; so nothing beside the ledger says from
 * where on one has to look.
 */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/files.h"
#include "app/verifying.h"
#include "base/json.h"

static int
check_own(const char *path, struct err *err)
{
	struct stat st;

	if (lstat(path, &st) < 0)
		return err_errno(err, "'%s'", path);
	if (!S_ISREG(st.st_mode) || st.st_uid != geteuid() ||
	    (st.st_mode & (S_IWGRP | S_IWOTH)) != 0)
		return err_set(err, ERR_CONFIG,
		    "'%s' must be a file of who verifies, written to by nobody "
		    "else, or what it says was verified is worth nothing",
		    path);
	return 0;
}

static bool
take(struct verified *out, const struct tree *t)
{
	const struct tree *people = tree_get(t, "people");

	out->gone = (uint64_t)tree_number(t, "gone");
	out->people.seq = (uint64_t)tree_number(people, "record");
	return seal_state_take(&out->at, t) && out->at.last.seq > 0 &&
	    out->gone <= out->at.last.seq &&
	    (out->people.seq == 0 || seal_mark_take(&out->people, people));
}

int
verify_memory_read(struct verifying *v, struct err *err)
{
	struct verified before = {0};
	struct pool pool = {0};
	struct buf text = {0};
	const struct tree *t = NULL;
	bool there = true;
	int ret =
	    file_read_plain(&text, v->memory_path, SEAL_STATE_MAX, &there, err);

	if (ret == 0 && there)
		ret = check_own(v->memory_path, err);
	if (ret == 0 && there)
		ret = tree_parse_json(&t, &pool, buf_text(&text), text.len,
		    v->memory_path, err);
	if (ret == 0 && there && !take(&before, t))
		ret = err_set(err, ERR_CONFIG,
		    "'%s' does not add up: remove it, and all is verified anew",
		    v->memory_path);
	if (ret == 0 && there) {
		before.at.there = true;
		v->before = v->after = before;
	}
	buf_free(&text);
	pool_free(&pool);
	return ret;
}

/* Whose keys they were, for the first lines that are looked at. */
static int
begin_people(struct verifying *v, struct ledger *ledger, struct err *err)
{
	const struct chain_mark *mark = &v->before.people;
	const char *line;
	size_t len;

	if (mark->seq == 0)
		return 0;
	if (ledger_line(ledger, mark, &v->pool, &line, &len, err) < 0)
		return -1;
	buf_add(&v->kept.text, line, len);
	v->kept.text_seq = mark->seq;
	return 0;
}

int
verify_memory_begin(struct verifying *v, struct ledger *ledger, struct err *err)
{
	const struct seal_state *at = &v->before.at;
	struct key_chain *c = &v->keys;
	struct key_link *link;
	bool holds;

	if (v->before.gone != v->begin.last)
		return err_set(err, ERR_CONFIG,
		    "records were taken away since '%s' was written: remove "
		    "it, and all that is there is verified anew",
		    v->memory_path);
	if (ledger_holds(ledger, &at->last, &holds, err) < 0)
		return -1;
	if (!holds)
		return err_set(err, ERR_TAMPERED,
		    "record %llu is not the one that '%s' says was verified, "
		    "or not where it was",
		    (unsigned long long)at->last.seq, v->memory_path);
	c->origin = at->checkpoint.origin;
	c->gone = v->begin.last;
	link = pool_grow(c->pool, &c->seals, &c->seal_count, sizeof(*link));
	link->seq = at->key_seq;
	link->public = at->key;
	seal_fingerprint(link->fingerprint, &link->public);
	return begin_people(v, ledger, err);
}

void
verify_memory_see(struct verifying *v, const struct chain_mark *mark)
{
	if (!v->has_own || mark->seq > v->own.checkpoint.size)
		return;
	if (mark->seq == v->own.checkpoint.size)
		v->after.at.last = *mark;
	if (mark->seq == v->kept.text_seq)
		v->after.people = *mark;
}

int
verify_memory_write(struct verifying *v, struct err *err)
{
	struct verified *next = &v->after;
	const struct key_link *key =
	    key_chain_at(&v->keys, v->own.checkpoint.size);
	struct buf text = {0};
	struct json j = {.out = &text};
	int ret;

	if (key == NULL || next->at.last.seq != v->own.checkpoint.size ||
	    (v->before.at.there &&
	        v->own.checkpoint.size == v->before.at.checkpoint.size))
		return 0;
	next->at.checkpoint = v->own.checkpoint;
	next->at.key = key->public;
	next->at.key_seq = key->seq;
	json_open(&j, '{');
	seal_state_put(&j, &next->at);
	json_key_number(&j, "gone", (int64_t)v->begin.last);
	json_key_open(&j, "people", '{');
	json_key_number(&j, "record", (int64_t)next->people.seq);
	if (next->people.seq != 0)
		seal_mark_put(&j, &next->people);
	json_close(&j);
	json_close(&j);
	buf_char(&text, '\n');
	ret = file_write(v->memory_path, text.data, text.len, 0600, false, err);
	buf_free(&text);
	return ret;
}
