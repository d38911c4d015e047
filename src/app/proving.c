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

void
proof_line(struct proof_making *m, uint64_t seq, const char *line, size_t len)
{
	unsigned char leaf[DIGEST_SIZE];

	merkle_leaf(leaf, line, len);
	merkle_add(&m->tree, leaf);
	merkle_prover_add(&m->prover, leaf);
	if (!m->grown && seq == m->seq)
		buf_add(&m->line, line, len);
}

bool
proof_node(struct proof_making *m, unsigned level,
    const unsigned char node[DIGEST_SIZE])
{
	if (!merkle_prover_add_full(&m->prover, level, node))
		return false;
	merkle_add_full(&m->tree, level, node);
	return true;
}

bool
proof_done(const struct proof_making *m)
{
	return merkle_prover_done(&m->prover);
}

static int
begin(struct proof_making *m, uint64_t size, struct err *err)
{
	if (m->grown ? merkle_prove_consistency(&m->prover, m->seq, size)
	             : m->seq > 0 &&
	            merkle_prove_inclusion(&m->prover, m->seq - 1, size))
		return 0;
	return err_set(err, ERR_INPUT,
	    "the checkpoint has %llu records: %llu is not one of them%s",
	    (unsigned long long)size, (unsigned long long)m->seq,
	    m->seq > size ? "; foureyes seal makes a newer one" : "");
}

/* What was taken away stands for itself by its subtrees (core/pruned.h). */
static int
begin_pruned(struct proof_making *m, struct ledger *ledger, struct err *err)
{
	struct pruned p;

	if (ledger_pruned(ledger, &p, err) < 0)
		return -1;
	m->tree = p.tree;
	if (p.last == 0 ||
	    ((m->grown || m->seq > p.last) &&
	        merkle_prover_begin(&m->prover, &p.tree)))
		return 0;
	return err_set(err, ERR_INPUT,
	    "record %llu cannot be proved any more: those up to %llu were "
	    "taken away",
	    (unsigned long long)m->seq, (unsigned long long)p.last);
}

int
proof_begin(struct proof_making *m, struct ledger *ledger,
    const struct buf *note, uint64_t seq, bool grown, struct err *err)
{
	*m = (struct proof_making){.note = note, .seq = seq, .grown = grown};
	if (read_note(&m->checkpoint, note->data, note->len, NULL, err) < 0 ||
	    begin(m, m->checkpoint.size, err) < 0)
		return -1;
	return begin_pruned(m, ledger, err);
}

int
proof_end(struct proof_making *m, struct buf *out, struct err *err)
{
	unsigned char root[DIGEST_SIZE];

	merkle_root(root, &m->tree);
	if (!proof_done(m) || (!m->grown && m->line.len == 0) ||
	    memcmp(root, m->checkpoint.root, DIGEST_SIZE) != 0)
		return err_set(err, ERR_TAMPERED,
		    "the ledger's first %llu records are not those that were "
		    "sealed, so nothing of it can be proved: foureyes verify",
		    (unsigned long long)m->checkpoint.size);
	proof_write(out,
	    &(struct proof){.line = m->grown ? NULL : buf_text(&m->line),
	        .len = m->line.len,
	        .number = m->grown ? m->seq : m->seq - 1,
	        .path = m->prover.proof,
	        .note = m->note->data,
	        .note_len = m->note->len});
	return 0;
}

void
proof_free(struct proof_making *m)
{
	buf_free(&m->line);
}

static int
see(const struct chain_mark *mark, const char *line, size_t len, void *ctx,
    struct err *err)
{
	struct proof_making *m = ctx;

	(void)err;
	proof_line(m, mark->seq, line, len);
	return proof_done(m) ? 1 : 0;
}

int
proof_make(struct buf *out, struct ledger *ledger, const struct buf *note,
    uint64_t seq, bool grown, struct err *err)
{
	struct proof_making m = {0};
	int ret = -1;

	if (proof_begin(&m, ledger, note, seq, grown, err) == 0 &&
	    ledger_walk(ledger, NULL, see, &m, NULL, err) == 0)
		ret = proof_end(&m, out, err);
	proof_free(&m);
	return ret;
}
