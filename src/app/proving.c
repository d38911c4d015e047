#include "app/proving.h"

#include <string.h>

#include "app/files.h"
#include "core/chain.h"
#include "core/note.h"

/* The checkpoint of a note; whether it is signed is asked for with a key. */
static int
read_note(struct checkpoint *out, const char *data, size_t len,
    const struct seal_public *key, struct err *err)
{
	struct pool pool = {0};
	struct note note = {0};
	int ret = note_parse(&note, &pool, data, len, err);

	if (ret == 0)
		ret = checkpoint_parse(out, note.text, note.len, err);
	if (ret == 0 && key != NULL)
		ret = seal_check(out, key, out->origin, data, len, err);
	pool_free(&pool);
	return ret;
}

static int
check_record(const struct proof *p, const struct checkpoint *c, struct err *err)
{
	unsigned char leaf[DIGEST_SIZE];
	struct chain_head head = {0};

	merkle_leaf(leaf, p->line, p->len);
	if (!merkle_included(&p->path, leaf, p->number, c->size, c->root))
		return err_set(err, ERR_TAMPERED,
		    "the record is not number %llu of the %llu that were "
		    "sealed",
		    (unsigned long long)p->number + 1,
		    (unsigned long long)c->size);
	if (!chain_read(&head, p->line, p->len) || head.seq != p->number + 1)
		return err_set(err, ERR_TAMPERED,
		    "record %llu calls itself %llu",
		    (unsigned long long)p->number + 1,
		    (unsigned long long)head.seq);
	return 0;
}

static int
check_growth(const struct proof *p, const struct checkpoint *c,
    const struct seal_public *key, const struct buf *old, struct err *err)
{
	struct checkpoint before = {0};

	if (old == NULL)
		return err_set(err, ERR_INPUT,
		    "this proves that a ledger of %llu records only grew: "
		    "--checkpoint FILE names that ledger's checkpoint",
		    (unsigned long long)p->number);
	if (read_note(&before, old->data, old->len, key, err) < 0)
		return err_within(err, "the old checkpoint");
	if (before.size != p->number || strcmp(before.origin, c->origin) != 0)
		return err_set(err, ERR_INPUT,
		    "the old checkpoint is of %llu records of '%s', the proof "
		    "of %llu of '%s'",
		    (unsigned long long)before.size, before.origin,
		    (unsigned long long)p->number, c->origin);
	if (!merkle_consistent(&p->path, before.size, before.root, c->size,
	        c->root))
		return err_set(err, ERR_TAMPERED,
		    "the first %llu records of these %llu are not the ones "
		    "that were sealed then",
		    (unsigned long long)before.size,
		    (unsigned long long)c->size);
	return 0;
}

int
proof_check(struct proved *out, struct pool *pool, const char *data, size_t len,
    const struct seal_public *key, const struct buf *old, struct err *err)
{
	struct proved new = {.is_signed = key != NULL};
	struct proof p;

	if (proof_parse(&p, pool, data, len, err) < 0 ||
	    read_note(&new.checkpoint, p.note, p.note_len, key, err) < 0)
		return -1;
	if ((p.line != NULL
	            ? check_record(&p, &new.checkpoint, err)
	            : check_growth(&p, &new.checkpoint, key, old, err)) < 0)
		return -1;
	new.line = p.line;
	new.len = p.len;
	new.seq = p.line != NULL ? p.number + 1 : p.number;
	*out = new;
	return 0;
}

int
proof_check_file(struct proved *out, struct pool *pool, const char *path,
    const struct seal_public *key, const char *old, struct err *err)
{
	struct buf data = {0}, before = {0};
	int ret = -1;

	if (file_read(&data, path, PROOF_SIZE_MAX, NULL, err) == 0 &&
	    (old == NULL ||
	        file_read(&before, old, NOTE_SIZE_MAX, NULL, err) == 0)) {
		ret = proof_check(out, pool, buf_text(&data), data.len, key,
		    old == NULL ? NULL : &before, err);
		if (ret < 0)
			err_within(err, "%s", path);
	}
	buf_free(&data);
	buf_free(&before);
	return ret;
}

struct making {
	struct merkle_prover prover;
	struct merkle tree;
	uint64_t seq;
	struct buf line;
};

static int
see(const struct chain_mark *mark, const char *line, size_t len, void *ctx,
    struct err *err)
{
	struct making *m = ctx;
	unsigned char leaf[DIGEST_SIZE];

	(void)err;
	merkle_leaf(leaf, line, len);
	merkle_add(&m->tree, leaf);
	merkle_prover_add(&m->prover, leaf);
	if (mark->seq == m->seq)
		buf_add(&m->line, line, len);
	return merkle_prover_done(&m->prover) ? 1 : 0;
}

static int
begin(struct making *m, const struct checkpoint *c, uint64_t seq, bool grown,
    struct err *err)
{
	m->seq = grown ? 0 : seq;
	if (grown ? merkle_prove_consistency(&m->prover, seq, c->size)
	          : seq > 0 &&
	            merkle_prove_inclusion(&m->prover, seq - 1, c->size))
		return 0;
	return err_set(err, ERR_INPUT,
	    "the checkpoint has %llu records: %llu is not one of them%s",
	    (unsigned long long)c->size, (unsigned long long)seq,
	    seq > c->size ? "; foureyes seal makes a newer one" : "");
}

/* What was taken away stands for itself by its subtrees (core/pruned.h). */
static int
begin_pruned(struct making *m, struct ledger *ledger, uint64_t seq, bool grown,
    struct err *err)
{
	struct pruned p;

	if (ledger_pruned(ledger, &p, err) < 0)
		return -1;
	m->tree = p.tree;
	if (p.last == 0 ||
	    ((grown || seq > p.last) &&
	        merkle_prover_begin(&m->prover, &p.tree)))
		return 0;
	return err_set(err, ERR_INPUT,
	    "record %llu cannot be proved any more: those up to %llu were "
	    "taken away",
	    (unsigned long long)seq, (unsigned long long)p.last);
}

int
proof_make(struct buf *out, struct ledger *ledger, const struct buf *note,
    uint64_t seq, bool grown, struct err *err)
{
	unsigned char root[DIGEST_SIZE];
	struct making m = {0};
	struct checkpoint c = {0};
	int ret = -1;

	if (read_note(&c, note->data, note->len, NULL, err) < 0 ||
	    begin(&m, &c, seq, grown, err) < 0 ||
	    begin_pruned(&m, ledger, seq, grown, err) < 0 ||
	    ledger_walk(ledger, NULL, see, &m, NULL, err) < 0)
		goto out;
	merkle_root(root, &m.tree);
	if (!merkle_prover_done(&m.prover) ||
	    memcmp(root, c.root, DIGEST_SIZE) != 0) {
		err_set(err, ERR_TAMPERED,
		    "the ledger's first %llu records are not those that were "
		    "sealed, so nothing of it can be proved: foureyes verify",
		    (unsigned long long)c.size);
		goto out;
	}
	proof_write(out,
	    &(struct proof){.line = grown ? NULL : buf_text(&m.line),
	        .len = m.line.len,
	        .number = grown ? seq : seq - 1,
	        .path = m.prover.proof,
	        .note = note->data,
	        .note_len = note->len});
	ret = 0;
out:
	buf_free(&m.line);
	return ret;
}
