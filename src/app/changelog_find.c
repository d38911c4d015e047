/* The records under a topic, or by their numbers: where the index has them. */
#include "core/chain.h"
#include "edge/ledger.h"

#include "changelog_inside.h"

static int
read_line(struct changelog *log, struct pool *pool,
    const struct chain_mark *mark, struct record *out, struct err *err)
{
	struct chain_head head;

	if (ledger_line(log->ledger, mark, pool, &out->line, &out->len, err) <
	    0)
		return -1;
	if (!chain_read(&head, out->line, out->len))
		return err_set(err, ERR_TAMPERED, "record %llu has no head",
		    (unsigned long long)mark->seq);
	out->seq = mark->seq;
	out->time = head.time;
	return 0;
}

int
changelog_mark_read(struct changelog *log, struct pool *pool,
    const struct chain_mark *mark, struct record *out, struct err *err)
{
	if (read_line(log, pool, mark, out, err) < 0)
		return -1;
	if (tree_parse_json(&out->tree, pool, out->line, out->len, "ledger",
	        err) < 0)
		return err_within(err, "record %llu",
		    (unsigned long long)mark->seq);
	out->type = tree_text(out->tree, "type");
	return 0;
}

static int
read_mark(struct changelog *log, struct pool *pool,
    const struct chain_mark *mark, struct record *out, struct err *err)
{
	return changelog_mark_read(log, pool, mark, out, err) < 0
	    ? -1
	    : changelog_call(log, pool, out, err);
}

int
changelog_marks(struct changelog *log, const char *topic, bool newest_first,
    uint64_t beyond, struct chain_mark *marks, size_t room, size_t *count,
    struct err *err)
{
	if (index_find(log->index, topic, newest_first, beyond, marks, room,
	        count, err) == 0)
		return 0;
	if (!changelog_cured(log, err))
		return -1;
	return index_find(log->index, topic, newest_first, beyond, marks, room,
	    count, err);
}

int
changelog_find(struct changelog *log, struct pool *pool, const char *topic,
    bool newest_first, uint64_t beyond, size_t most, struct record **list,
    size_t *count, struct err *err)
{
	size_t room = most < FIND_MAX ? most : FIND_MAX;

	if (changelog_named(log, topic, newest_first, beyond, log->found, room,
	        count, err) < 0)
		return -1;
	*list = pool_array(pool, *count + 1, sizeof(**list));
	for (size_t i = 0; i < *count; i++)
		if (read_mark(log, pool, &log->found[i], &(*list)[i], err) < 0)
			return -1;
	return 0;
}

static int
find_end(struct changelog *log, struct pool *pool, const char *topic,
    bool newest, struct record *out, struct err *err)
{
	struct chain_mark mark;
	size_t count;

	*out = (struct record){0};
	if (changelog_named(log, topic, newest, 0, &mark, 1, &count, err) < 0)
		return -1;
	return count == 0 ? 0 : read_mark(log, pool, &mark, out, err);
}

int
changelog_newest(struct changelog *log, struct pool *pool, const char *topic,
    struct record *out, struct err *err)
{
	return find_end(log, pool, topic, true, out, err);
}

int
changelog_newest_start(struct changelog *log, struct pool *pool,
    const char *topic, struct record *out, struct err *err)
{
	struct chain_mark mark;
	size_t count;

	*out = (struct record){0};
	if (changelog_named(log, topic, true, 0, &mark, 1, &count, err) < 0)
		return -1;
	if (count == 0)
		return 0;
	out->seq = mark.seq;
	return ledger_line_start(log->ledger, &mark, pool, CHANGELOG_START,
	    &out->line, &out->len, err);
}

int
changelog_oldest(struct changelog *log, struct pool *pool, const char *topic,
    struct record *out, struct err *err)
{
	return find_end(log, pool, topic, false, out, err);
}

int
changelog_seqs(struct changelog *log, const char *topic, bool newest_first,
    uint64_t beyond, uint64_t *seqs, size_t room, size_t *count,
    struct err *err)
{
	struct chain_mark marks[64];

	if (room > sizeof(marks) / sizeof(marks[0]))
		room = sizeof(marks) / sizeof(marks[0]);
	if (changelog_named(log, topic, newest_first, beyond, marks, room,
	        count, err) < 0)
		return -1;
	for (size_t i = 0; i < *count; i++)
		seqs[i] = marks[i].seq;
	return 0;
}

int
changelog_mark(struct changelog *log, uint64_t seq, struct chain_mark *mark,
    struct err *err)
{
	*mark = (struct chain_mark){0};
	if (seq == 0)
		return 0;
	if (index_seq(log->index, seq, mark, err) < 0 &&
	    (!changelog_cured(log, err) ||
	        index_seq(log->index, seq, mark, err) < 0))
		return -1;
	return 0;
}

int
changelog_read(struct changelog *log, struct pool *pool, uint64_t seq,
    struct record *out, struct err *err)
{
	struct chain_mark mark;

	*out = (struct record){0};
	if (changelog_mark(log, seq, &mark, err) < 0)
		return -1;
	return mark.seq == 0 ? 0 : read_mark(log, pool, &mark, out, err);
}
