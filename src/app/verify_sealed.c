/*
 * uncut: does a signed checkpoint have the root of these very lines?  The one
 * that was given, or the newest beside the ledger, decides; every other one
 * that is kept there must be of the same lines too, or the ledger was forked.
 */
#include <stdlib.h>
#include <string.h>

#include "app/checkpoints.h"
#include "app/files.h"
#include "app/stamps.h"
#include "app/verifying.h"
#include "base/text.h"
#include "core/note.h"

static void
take_apart(struct verifying *v, struct kept_seal *s, const struct buf *bytes)
{
	struct err err = {0};
	struct note note;

	s->note = pool_textn(&v->pool, buf_text(bytes), bytes->len);
	s->note_len = bytes->len;
	if (note_parse(&note, &v->pool, s->note, s->note_len, &err) < 0 ||
	    checkpoint_parse(&s->checkpoint, note.text, note.len, &err) < 0)
		s->unfit = pool_text(&v->pool, err.text);
}

static int
read_own(struct verifying *v, struct err *err)
{
	struct kept_seal *s = &v->own;
	struct buf bytes = {0};
	bool there = true;
	int ret;

	s->path = v->note_path != NULL
	    ? v->note_path
	    : pool_printf(&v->pool, "%s/" CHECKPOINT_FILE, v->dir);
	ret = v->note_path != NULL
	    ? file_read(&bytes, s->path, NOTE_SIZE_MAX, NULL, err)
	    : file_read_plain(&bytes, s->path, NOTE_SIZE_MAX, &there, err);
	if (ret == 0 && there) {
		take_apart(v, s, &bytes);
		v->has_own = true;
	}
	buf_free(&bytes);
	return ret;
}

static int
by_size(const void *a, const void *b)
{
	const struct kept_seal *x = a, *y = b;

	return x->checkpoint.size < y->checkpoint.size ? -1
	    : x->checkpoint.size > y->checkpoint.size
	    ? 1
	    : strcmp(x->path, y->path);
}

static int
read_kept(struct verifying *v, const char *path, struct err *err)
{
	struct buf bytes = {0};
	struct kept_seal *s;
	int ret = file_read_plain(&bytes, path, NOTE_SIZE_MAX, NULL, err);

	if (ret == 0) {
		s = pool_grow(&v->pool, &v->sealed, &v->sealed_count,
		    sizeof(*s));
		s->path = path;
		take_apart(v, s, &bytes);
	}
	buf_free(&bytes);
	return ret;
}

static int
read_all_kept(struct verifying *v, struct err *err)
{
	const char *const *names;
	size_t count;
	int ret = checkpoints_files(&v->pool, v->dir, checkpoints_is_kept,
	    VERIFY_CHECKPOINTS_MAX, "checkpoints", &names, &count, err);

	/* Those of records that were verified before were good then. */
	for (size_t i = 0; ret == 0 && i < count; i++)
		if (!v->before.at.there ||
		    strtoull(names[i], NULL, 10) >=
		        v->before.at.checkpoint.size)
			ret = read_kept(v,
			    pool_printf(&v->pool, "%s/" CHECKPOINTS_DIR "/%s",
			        v->dir, names[i]),
			    err);
	if (v->sealed_count > 0)
		qsort(v->sealed, v->sealed_count, sizeof(*v->sealed), by_size);
	return ret;
}

/* A stamp counts only with its note, which is looked at like any other. */
static int
add_bound(void *ctx, const struct stamped *s, struct err *err)
{
	struct verifying *v = ctx;
	struct bound *b;

	(void)err;
	if (s->time == 0)
		return 0;
	b = pool_grow(&v->pool, &v->bounds, &v->bound_count, sizeof(*b));
	b->size = s->size;
	b->time = s->time;
	b->name = pool_text(&v->pool, s->name);
	return 0;
}

static int
by_number(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

static int
by_bound(const void *a, const void *b)
{
	const struct bound *x = a, *y = b;

	return x->size != y->size ? by_number(&x->size, &y->size)
	    : x->time < y->time   ? -1
	                          : x->time > y->time;
}

/* At which sizes the tree's root is asked for. */
static void
list_stops(struct verifying *v)
{
	size_t n = 0;

	v->stops = pool_array(&v->pool, v->sealed_count + 1, sizeof(*v->stops));
	if (v->has_own && v->own.unfit == NULL)
		v->stops[n++] = v->own.checkpoint.size;
	for (size_t i = 0; i < v->sealed_count; i++)
		if (v->sealed[i].unfit == NULL)
			v->stops[n++] = v->sealed[i].checkpoint.size;
	qsort(v->stops, n, sizeof(*v->stops), by_number);
	v->stop_count = n;
}

int
verify_sealed_read(struct verifying *v, struct err *err)
{
	if (read_own(v, err) < 0 || read_all_kept(v, err) < 0)
		return -1;
	list_stops(v);
	if (v->settings != NULL &&
	    stamps_all(v->dir, &v->settings->held, add_bound, v, err) < 0)
		return -1;
	if (v->bound_count > 0)
		qsort(v->bounds, v->bound_count, sizeof(*v->bounds), by_bound);
	return 0;
}

static void
pass(struct verifying *v, struct kept_seal *s)
{
	if (s->unfit == NULL && s->checkpoint.size == v->tree.count) {
		merkle_root(s->root, &v->tree);
		if (s == &v->own)
			v->after.at.tree = v->tree;
		s->passed = true;
	}
}

void
verify_sealed_at(void *ctx)
{
	struct verifying *v = ctx;

	if (v->has_own)
		pass(v, &v->own);
	for (; v->next < v->sealed_count &&
	     (v->sealed[v->next].unfit != NULL ||
	         v->sealed[v->next].checkpoint.size <= v->tree.count);
	     v->next++)
		pass(v, &v->sealed[v->next]);
}

/* What is wrong with a checkpoint, or NULL; `*why` where nobody can tell. */
static const char *
fault(struct verifying *v, const struct kept_seal *s, const char **why)
{
	unsigned long long size = s->checkpoint.size;
	struct checkpoint sealed;
	struct err err = {0};
	int ret;

	*why = NULL;
	if (s->unfit != NULL)
		return s->unfit;
	if (v->before.at.there &&
	    s->checkpoint.size < v->before.at.checkpoint.size)
		return pool_printf(&v->pool,
		    "the checkpoint has %llu records, and one of %llu was "
		    "verified before: an older one was put in its place",
		    size, (unsigned long long)v->before.at.checkpoint.size);
	if (s->checkpoint.size < v->begin.last) {
		*why = "not provable: the checkpoint is older than what was "
		       "taken away; take a newer one";
		return NULL;
	}
	if (s->checkpoint.size > v->records)
		return pool_printf(&v->pool,
		    "the checkpoint has %llu records, here are %llu: the end "
		    "was cut off",
		    size, (unsigned long long)v->records);
	if (!v->key_given && v->keys.seal_count == 0) {
		*why = "not provable: no sealing key is known; --key FILE "
		       "names one";
		return NULL;
	}
	ret = v->key_given
	    ? seal_check(&sealed, &v->key,
	          v->keys.origin != NULL ? v->keys.origin
	                                 : s->checkpoint.origin,
	          s->note, s->note_len, &err)
	    : key_chain_check(&v->keys, &sealed, s->note, s->note_len, &err);
	if (ret < 0)
		return pool_text(&v->pool, err.text);
	if (!s->passed ||
	    !digest_same(s->root, s->checkpoint.root, DIGEST_SIZE))
		return pool_printf(&v->pool,
		    "the first %llu records are not those that were sealed",
		    size);
	return NULL;
}

/* A kept one by a key that is not the one given says nothing against it. */
static const char *
forked(struct verifying *v)
{
	const char *why, *wrong;
	bool given = v->key_given;

	v->key_given = false;
	for (size_t i = 0; i < v->sealed_count; i++) {
		wrong = fault(v, &v->sealed[i], &why);
		if (wrong != NULL) {
			v->key_given = given;
			return pool_printf(&v->pool, "%s: %s",
			    v->sealed[i].path, wrong);
		}
	}
	v->key_given = given;
	return NULL;
}

/* What is proved of a ledger whose end was lost once, and goes on behind. */
static const char *
told_loss(struct verifying *v)
{
	const struct verify_loss *l = &v->lost;

	if (l->times == 0 || l->seq > v->own.checkpoint.size)
		return "";
	return pool_printf(&v->pool,
	    "; what stood as records %llu to %llu is lost, and from record "
	    "%llu on nothing is",
	    (unsigned long long)l->from, (unsigned long long)l->to,
	    (unsigned long long)l->seq);
}

void
verify_uncut(struct verifying *v)
{
	const struct kept_seal *s = &v->own;
	const char *why, *wrong;

	if (v->unaltered.is != TRI_YES) {
		v->uncut.why = "not looked at, as the ledger is altered";
		return;
	}
	if (!v->has_own) {
		v->uncut.why = "not provable: there is no checkpoint beside it";
		return;
	}
	wrong = fault(v, s, &why);
	if (wrong != NULL)
		wrong = pool_printf(&v->pool, "%s: %s", s->path, wrong);
	else if (why == NULL)
		wrong = forked(v);
	if (wrong != NULL || why != NULL) {
		v->uncut = (struct answer){wrong != NULL ? TRI_NO : TRI_UNKNOWN,
		    wrong != NULL ? wrong : why};
		return;
	}
	v->uncut = (struct answer){TRI_YES,
	    pool_printf(&v->pool,
	        "%s, signed with %s: %llu records; %llu lie after it%s%s",
	        v->note_path != NULL ? "by the checkpoint given"
	                             : "by this machine's own word",
	        v->key_given ? "the key given"
	                     : "the key that the ledger names",
	        (unsigned long long)s->checkpoint.size,
	        (unsigned long long)(v->records - s->checkpoint.size),
	        v->sealed_count < 2
	            ? ""
	            : pool_printf(&v->pool, "; %zu kept checkpoints agree",
	                  v->sealed_count),
	        told_loss(v))};
}
