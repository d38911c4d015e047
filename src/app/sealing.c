#include "app/sealing.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "app/checkpoints.h"
#include "app/files.h"
#include "app/key_chain.h"
#include "app/node.h"
#include "app/sealing_inside.h"
#include "base/text.h"
#include "core/note.h"

/* How often lines may vanish behind us, or a key be introduced, in one go. */
#define TRIES_MAX 5

static int
see(const struct chain_mark *mark, const char *line, size_t len, void *ctx,
    struct err *err)
{
	struct sealing *g = ctx;
	unsigned char leaf[DIGEST_SIZE], root[DIGEST_SIZE];
	struct seal_state *next = &g->next;

	merkle_leaf(leaf, line, len);
	merkle_add(&next->tree, leaf);
	key_chain_see(&g->chain, mark->seq, line, len);
	next->last = *mark;
	if (!g->has_beside || next->tree.count != g->beside.size)
		return 0;
	merkle_root(root, &next->tree);
	if (memcmp(root, g->beside.root, DIGEST_SIZE) == 0)
		return 0;
	return err_set(err, ERR_TAMPERED,
	    "the first %llu records of the ledger are not those of the "
	    "checkpoint beside it: foureyes verify tells more",
	    (unsigned long long)g->beside.size);
}

/* Before the first walk: what is known of the ledger without looking. */
static void
remember(struct sealing *g)
{
	struct key_chain *c = &g->chain;
	struct key_link *link;

	*c = (struct key_chain){.pool = &g->setup->pool};
	g->next = g->state;
	if (!g->state.there)
		return;
	c->origin = g->state.checkpoint.origin;
	link = pool_grow(c->pool, &c->seals, &c->seal_count, sizeof(*link));
	link->seq = g->state.key_seq;
	link->public = g->state.key;
	seal_fingerprint(link->fingerprint, &link->public);
}

/*
 * All lines from the last one sealed on, and they are there to stay: nobody
 * holds the lock, and the last one is where it was.
 */
static int
walk(struct sealing *g, bool *settled, struct err *err)
{
	const struct chain_mark *after = g->state.there ? &g->state.last : NULL;
	struct pruned gone;

	if (ledger_pruned(g->ledger, &gone, err) < 0)
		return -1;
	remember(g);
	if (!g->state.there) {
		g->next.tree = gone.tree;
		g->chain.gone = gone.last;
	}
	if (ledger_walk(g->ledger, after, see, g, NULL, err) < 0 ||
	    ledger_append(g->ledger, NULL, 0, g->setup->now, NULL, err) < 0)
		return -1;
	return ledger_holds(g->ledger, &g->next.last, settled, err);
}

static bool
is_same(const struct seal_public *a, const struct seal_public *b)
{
	return memcmp(a->bytes, b->bytes, SEAL_PUBLIC_SIZE) == 0;
}

/* The key that is on its way out, where it is there. */
static bool
open_old(struct sealing *g, struct seal_public *public)
{
	const char *path = pool_printf(&g->setup->pool, "%s" SEAL_OLD_KEY,
	    g->setup->config.settings.seal_key);
	struct err ignored = {0};

	if (g->old == NULL && seal_open(&g->old, path, &ignored) < 0)
		return false;
	seal_public(public, g->old);
	return true;
}

static int
introduce(struct sealing *g, struct err *err)
{
	char fingerprint[SEAL_FINGERPRINT_SIZE];
	const struct by by = setup_by(g->setup);
	struct buf body = {0}, pem = {0};
	int ret;

	seal_fingerprint(fingerprint, &g->public);
	seal_public_pem(&pem, &g->public);
	ret = key_chain_introduce(&body, g->old, g->chain.origin, KEY_SEAL,
	    fingerprint, buf_text(&pem), &by, err);
	if (ret == 0)
		ret = ledger_append(g->ledger,
		    &(struct ledger_body){body.data, body.len}, 1,
		    g->setup->now, NULL, err);
	buf_free(&body);
	buf_free(&pem);
	return ret;
}

/* `*known`: the ledger names our key; else it was just introduced. */
static int
look_at_key(struct sealing *g, bool *known, struct err *err)
{
	const struct key_link *now = key_chain_at(&g->chain, UINT64_MAX);
	struct seal_public old;

	*known = true;
	if (now == NULL || g->chain.origin == NULL)
		return err_set(err, ERR_TAMPERED,
		    "the ledger names no sealing key");
	if (strcmp(g->chain.origin, g->setup->config.settings.origin) != 0)
		return err_set(err, ERR_CONFIG,
		    "the ledger is '%s', and foureyes.yaml calls it '%s': a "
		    "ledger keeps its name",
		    g->chain.origin, g->setup->config.settings.origin);
	if (is_same(&now->public, &g->public)) {
		g->next.key = now->public;
		g->next.key_seq = now->seq;
		if (g->state.there && now->seq > g->state.last.seq)
			g->out->rotated = now->seq;
		return 0;
	}
	*known = false;
	if (open_old(g, &old) && is_same(&old, &now->public))
		return introduce(g, err);
	return err_set(err, ERR_CONFIG,
	    "record %llu of the ledger names the sealing key %.16s..., and "
	    "'%s' is another: foureyes rekey changes keys",
	    (unsigned long long)now->seq, now->fingerprint,
	    g->setup->config.settings.seal_key);
}

static int
extend(struct sealing *g, struct err *err)
{
	for (int i = 0; i < TRIES_MAX; i++) {
		bool settled, known = false;

		if (walk(g, &settled, err) < 0)
			return -1;
		if (settled && look_at_key(g, &known, err) < 0)
			return -1;
		if (known)
			return 0;
	}
	return err_set(err, ERR_UNREACHABLE,
	    "lines of the ledger were taken back while they were looked at: "
	    "try again");
}

/* Both keys sign the first checkpoint that the new one makes. */
static int
sign(struct sealing *g, struct buf *note, struct err *err)
{
	const struct key_chain *c = &g->chain;
	struct seal_public old;

	if (seal_sign(g->key, &g->next.checkpoint, note, err) < 0)
		return -1;
	if (g->out->rotated == 0 || c->seal_count < 2 || !open_old(g, &old) ||
	    !is_same(&old, &c->seals[c->seal_count - 2].public))
		return 0;
	return seal_sign_also(g->old, &g->next.checkpoint, note, err);
}

/* The one beside the ledger, where it is the last one that we made. */
static bool
is_ours(const struct sealing *g, const struct seal_state *s)
{
	return g->has_beside && g->beside.size == s->checkpoint.size &&
	    memcmp(g->beside.root, s->checkpoint.root, DIGEST_SIZE) == 0;
}

static int
put(struct sealing *g, struct err *err)
{
	struct seal_state *next = &g->next;
	struct checkpoint *c = &next->checkpoint;
	struct buf note = {0};
	int ret;

	next->there = true;
	next->time = g->setup->now;
	ret = checkpoint_name(c, g->setup->config.settings.origin, err);
	c->size = next->tree.count;
	merkle_root(c->root, &next->tree);
	/* When idle, what lies there may have two signatures: keep both. */
	if (ret == 0 && is_ours(g, next))
		buf_add(&note, g->note.data, g->note.len);
	else if (ret == 0)
		ret = sign(g, &note, err);
	if (ret == 0)
		ret = seal_state_write(g->dir, next, err);
	if (ret == 0)
		ret = checkpoints_put(g->setup->config.settings.ledger, c,
		    &note, &g->setup->pool, &g->out->unkept, err);
	if (ret == 0)
		ret = node_keep(&g->setup->config.settings, &note, err);
	buf_free(&note);
	return ret;
}

/* Nobody but who held our key made it; whatever else lies there is nothing. */
static void
read_beside(struct sealing *g)
{
	const struct settings *s = &g->setup->config.settings;
	struct seal_public old;
	struct err ignored = {0};
	const char *path =
	    pool_printf(&g->setup->pool, "%s/" CHECKPOINT_FILE, s->ledger);

	g->has_beside = file_read_plain(&g->note, path, NOTE_SIZE_MAX, NULL,
	                    &ignored) == 0 &&
	    (seal_check(&g->beside, &g->public, s->origin, g->note.data,
	         g->note.len, &ignored) == 0 ||
	        (open_old(g, &old) &&
	            seal_check(&g->beside, &old, s->origin, g->note.data,
	                g->note.len, &ignored) == 0));
}

static int
look_at_memory(struct sealing *g, struct err *err)
{
	bool holds;

	if (!g->state.there && !g->has_beside)
		return err_set(err, ERR_TAMPERED,
		    "there is no memory in '%s' of what was sealed, and no "
		    "checkpoint signed with this key beside the ledger: put "
		    "one back from where it is held, as '%s/" CHECKPOINT_FILE
		    "'",
		    g->dir, g->setup->config.settings.ledger);
	if (!g->state.there)
		return 0;
	if (ledger_holds(g->ledger, &g->state.last, &holds, err) < 0)
		return -1;
	return holds ? 0 : sealing_blame(g, err);
}

/*
 * A memory says more than what lies about, unless that is newer and signed with
 * our key: then the memory was put back from a copy, and both bind.
 */
static void
compare_with_beside(struct sealing *g)
{
	struct sealed *out = g->out;
	bool newer = g->state.there && g->has_beside &&
	    g->beside.size > g->state.checkpoint.size;

	out->begun = !g->state.there;
	out->before = g->state.there && !newer ? g->state.checkpoint.size
	                                       : g->beside.size;
	out->put_back = g->state.there && !newer && !is_ours(g, &g->state);
	if (out->put_back)
		g->has_beside = false;
}

static int
seal_opened(struct sealing *g, struct err *err)
{
	const struct settings *s = &g->setup->config.settings;

	seal_public(&g->public, g->key);
	read_beside(g);
	if (node_ledger_now(&g->ledger, s, LEDGER_APPEND, err) < 0)
		return -1;
	if (g->accept != 0 ? sealing_give_up(g, err) < 0
	                   : look_at_memory(g, err) < 0)
		return -1;
	if (g->accept == 0)
		compare_with_beside(g);
	if (extend(g, err) < 0)
		return -1;
	if (g->next.tree.count < g->out->before)
		return sealing_blame(g, err);
	if (put(g, err) < 0)
		return -1;
	g->out->checkpoint = g->next.checkpoint;
	if (g->chain.stray_count > 0)
		g->out->stray = g->chain.strays[0].seq;
	return 0;
}

int
seal_accept(struct sealed *out, struct setup *s, uint64_t recovered,
    struct err *err)
{
	const struct settings *settings = &s->config.settings;
	struct sealing g = {.setup = s, .out = out, .accept = recovered};
	int lock, ret = -1;

	*out = (struct sealed){0};
	if (settings->ledger == NULL || settings->ledger[0] != '/')
		return err_set(err, ERR_CONFIG, "no ledger is kept here");
	if (settings->seal_key == NULL)
		return err_set(err, ERR_CONFIG,
		    "foureyes.yaml names no seal_key");
	g.dir = seal_state_path(&s->pool, settings);
	if (seal_state_lock(&lock, g.dir, err) < 0)
		return -1;
	if (seal_open(&g.key, settings->seal_key, err) == 0 &&
	    seal_state_read(&g.state, g.dir, err) == 0)
		ret = seal_opened(&g, err);
	ledger_close(g.ledger);
	seal_close(g.old);
	seal_close(g.key);
	buf_free(&g.note);
	if (lock >= 0)
		(void)close(lock);
	return ret;
}

int
seal_next(struct sealed *out, struct setup *s, struct err *err)
{
	return seal_accept(out, s, 0, err);
}
