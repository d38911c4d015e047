/* The checkpoints that go into the pack, the key, and range.txt. */
#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "app/checkpoints.h"
#include "app/files.h"
#include "base/text.h"
#include "core/note.h"
#include "app/report_inside.h"

/* The size in a kept one's name; false: it is none. */
static bool
read_name(const char *name, uint64_t *size)
{
	if (!checkpoints_is_kept(name))
		return false;
	errno = 0;
	*size = strtoull(name, NULL, 10);
	return errno == 0;
}

/* The largest kept size that is at most `most`; 0 where there is none. */
static int
find_kept(struct making *m, uint64_t most, uint64_t *found, struct err *err)
{
	const char *path = pool_printf(&m->report.pool, "%s/" CHECKPOINTS_DIR,
	    m->report.s->config.settings.ledger);
	DIR *dir = opendir(path);
	const struct dirent *e;
	uint64_t size;

	*found = 0;
	if (dir == NULL)
		return errno == ENOENT ? 0 : err_errno(err, "'%s'", path);
	while ((e = readdir(dir)) != NULL)
		if (read_name(e->d_name, &size) && size <= most &&
		    size > *found)
			*found = size;
	(void)closedir(dir);
	return 0;
}

/* The one beside the ledger, where none was kept. */
static int
read_newest(struct making *m, struct buf *out, uint64_t most, struct err *err)
{
	const char *path = pool_printf(&m->report.pool, "%s/" CHECKPOINT_FILE,
	    m->report.s->config.settings.ledger);
	struct pool pool = {0};
	struct checkpoint c;
	struct note note;
	bool there = true;
	int ret = file_read_plain(out, path, NOTE_SIZE_MAX, &there, err);

	if (ret == 0 && there &&
	    (note_parse(&note, &pool, out->data, out->len, err) < 0 ||
	        checkpoint_parse(&c, note.text, note.len, err) < 0))
		ret = -1;
	if (ret == 0 && there && c.size > most)
		buf_clear(out);
	pool_free(&pool);
	return ret;
}

static int
take(struct making *m, struct buf *out, uint64_t most, struct err *err)
{
	uint64_t size;

	if (find_kept(m, most, &size, err) < 0)
		return -1;
	if (size == 0)
		return read_newest(m, out, most, err);
	return file_read_plain(out,
	    checkpoints_kept(&m->report.pool,
	        m->report.s->config.settings.ledger, size),
	    NOTE_SIZE_MAX, NULL, err);
}

void
sealed_look(struct making *m)
{
	struct checkpoint read = {0}, *c = &read;
	struct err err = {0};

	if (m->checkpoint.len == 0) {
		m->uncut = "there is no checkpoint of these records";
		return;
	}
	if (key_chain_check(&m->report.keys, c, m->checkpoint.data,
	        m->checkpoint.len, &err) < 0) {
		m->is_uncut = TRI_NO;
		m->uncut = pool_text(&m->report.pool, err.text);
		return;
	}
	m->report.range.size = c->size;
	m->is_uncut = TRI_YES;
	if (c->size >= m->report.range.first)
		return;
	/* It says nothing of these records: checkpoint-start has it. */
	m->is_uncut = TRI_UNKNOWN;
	m->uncut = pool_printf(&m->report.pool,
	    "the newest checkpoint counts %" PRIu64 " records, and those told "
	    "of begin with %" PRIu64 ": foureyes seal makes a newer one",
	    c->size, m->report.range.first);
	m->report.range.size = 0;
	buf_clear(&m->checkpoint);
}

int
sealed_choose(struct making *m, struct err *err)
{
	uint64_t first = m->report.range.first;

	if (take(m, &m->checkpoint, m->report.until, err) < 0 ||
	    (first > 1 && take(m, &m->checkpoint_start, first - 1, err) < 0))
		return -1;
	sealed_look(m);
	return 0;
}

static void
compare_root(struct making *m)
{
	struct report *r = &m->report;
	struct pool pool = {0};
	struct checkpoint c;
	struct note note;
	struct err err = {0};

	if (m->is_uncut != TRI_YES)
		return;
	if (note_parse(&note, &pool, m->checkpoint.data, m->checkpoint.len,
	        &err) < 0 ||
	    checkpoint_parse(&c, note.text, note.len, &err) < 0 ||
	    !r->range.has_root ||
	    !digest_same(c.root, r->range.root, DIGEST_SIZE)) {
		m->is_uncut = TRI_NO;
		m->uncut = "the root over the records is not the sealed one";
	} else {
		m->uncut = pool_printf(&r->pool,
		    "the checkpoint in this pack counts %" PRIu64 " records; "
		    "%" PRIu64 " came after it",
		    c.size, r->until - c.size);
	}
	pool_free(&pool);
}

static void
write_before(struct buf *out, const struct merkle *m)
{
	char hex[DIGEST_HEX_SIZE];
	uint64_t at = 0;

	for (unsigned level = MERKLE_LEVELS; level-- > 0;) {
		if ((m->count >> level & 1) == 0)
			continue;
		text_hex(hex, m->node[level], DIGEST_SIZE);
		buf_printf(out, "before %" PRIu64 " %" PRIu64 " %s\n", at,
		    UINT64_C(1) << level, hex);
		at += UINT64_C(1) << level;
	}
}

static void
write_range(struct making *m)
{
	const struct report_range *g = &m->report.range;

	buf_printf(&m->range,
	    "first %" PRIu64 "\nlast %" PRIu64 "\nsize %" PRIu64 "\n", g->first,
	    g->last, g->size);
	write_before(&m->range, &g->before);
	buf_put(&m->range, buf_text(&g->after));
}

const struct key_link *
sealed_key(const struct making *m)
{
	const struct report *r = &m->report;

	return key_chain_at(&r->keys,
	    r->range.size != 0 ? r->range.size : r->until);
}

static const char *
seal_pem(const struct making *m)
{
	const struct key_link *key = sealed_key(m);

	return key == NULL ? "" : key->pem;
}

void
sealed_range(struct making *m)
{
	compare_root(m);
	write_range(m);
}

int
sealed_write(struct making *m, struct err *err)
{
	const char *pem = seal_pem(m);

	sealed_range(m);
	if (pack_text(&m->pack, "checkpoint", buf_text(&m->checkpoint),
	        m->checkpoint.len, err) < 0 ||
	    pack_text(&m->pack, "checkpoint-start",
	        buf_text(&m->checkpoint_start), m->checkpoint_start.len,
	        err) < 0 ||
	    pack_text(&m->pack, "range.txt", m->range.data, m->range.len, err) <
	        0 ||
	    pack_text(&m->pack, "seal.pub", pem, strlen(pem), err) < 0)
		return -1;
	return pack_text(&m->pack, "report.pub", buf_text(&m->report_pem),
	    m->report_pem.len, err);
}
