#include "edge/index_bulk.h"

#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "edge/index_db.h"

/* Topics are set aside by their highest bits, so that each part is small. */
#define PARTS 64
#define CHUNK 1024 /* entries that are written together */

struct entry {
	int64_t topic;
	int64_t seq;
};

/* Entries of one part, where they lie in the file. */
struct chunk {
	unsigned part;
	unsigned count;
};

struct index_bulk {
	struct index *index;
	char name[INDEX_PATH_MAX + 32];
	sqlite3 *db;
	sqlite3_stmt *add, *topic;
	int fd; /* of what is set aside: chunks of CHUNK entries */
	struct entry waiting[PARTS][CHUNK];
	unsigned waiting_count[PARTS];
	struct chunk *chunks;
	size_t chunk_count, chunk_room;
	uint64_t last;
};

static int
fail(struct index_bulk *b, int rc, struct err *err)
{
	return err_set(err, ERR_SYSTEM, "index '%s': %s", b->name,
	    sqlite3_errstr(rc));
}

static int
prepare(struct index_bulk *b, struct err *err)
{
	int rc = sqlite3_open_v2(b->name, &b->db,
	    SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL);

	if (rc == SQLITE_OK)
		rc =
		    sqlite3_exec(b->db, index_sql_bulk_begin, NULL, NULL, NULL);
	if (rc == SQLITE_OK)
		rc = sqlite3_prepare_v2(b->db, index_sql[SQL_ADD], -1, &b->add,
		    NULL);
	if (rc == SQLITE_OK)
		rc = sqlite3_prepare_v2(b->db, index_sql[SQL_TOPIC], -1,
		    &b->topic, NULL);
	return rc == SQLITE_OK ? 0 : fail(b, rc, err);
}

/* A file without a name: gone with whoever dies. */
static int
open_aside(struct index_bulk *b, struct err *err)
{
	char name[sizeof(b->name) + 8];

	(void)snprintf(name, sizeof(name), "%s-aside", b->name);
	if (index_set_file(name, err) < 0)
		return -1;
	b->fd = open(name, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
	(void)unlink(name);
	return b->fd < 0 ? err_errno(err, "'%s'", name) : 0;
}

int
index_bulk_begin(struct index_bulk **out, struct index *x, struct err *err)
{
	struct index_bulk *b = calloc(1, sizeof(*b));

	if (b == NULL)
		err_fatal("out of memory");
	b->index = x;
	b->fd = -1;
	(void)snprintf(b->name, sizeof(b->name), "%s-bulk%d", x->set.name[0],
	    (int)getpid());
	if (index_set_file(b->name, err) < 0 || prepare(b, err) < 0 ||
	    open_aside(b, err) < 0) {
		index_bulk_drop(b);
		return -1;
	}
	*out = b;
	return 0;
}

static int
set_aside(struct index_bulk *b, unsigned part, struct err *err)
{
	const char *data = (const char *)b->waiting[part];
	size_t done = 0;

	if (b->chunk_count == b->chunk_room) {
		b->chunk_room = b->chunk_room == 0 ? 1024 : b->chunk_room * 2;
		b->chunks =
		    realloc(b->chunks, b->chunk_room * sizeof(*b->chunks));
		if (b->chunks == NULL)
			err_fatal("out of memory");
	}
	b->chunks[b->chunk_count++] =
	    (struct chunk){part, b->waiting_count[part]};
	b->waiting_count[part] = 0;
	while (done < sizeof(b->waiting[part])) {
		ssize_t n =
		    write(b->fd, data + done, sizeof(b->waiting[part]) - done);

		if (n < 0 && errno != EINTR)
			return err_errno(err, "index '%s'", b->name);
		done += n > 0 ? (size_t)n : 0;
	}
	return 0;
}

static unsigned
part_of(int64_t topic)
{
	/* In the order of the numbers, the negative ones first. */
	return (unsigned)(((uint64_t)topic ^ (UINT64_C(1) << 63)) >> 58);
}

static int
step(struct index_bulk *b, sqlite3_stmt *s, struct err *err)
{
	int rc = sqlite3_step(s);

	(void)sqlite3_reset(s);
	return rc == SQLITE_DONE ? 0 : fail(b, rc, err);
}

int
index_bulk_add(struct index_bulk *b, const struct chain_mark *mark,
    const int64_t *topics, size_t count, struct err *err)
{
	sqlite3_bind_int64(b->add, 1, (int64_t)mark->seq);
	sqlite3_bind_int64(b->add, 2, (int64_t)mark->segment);
	sqlite3_bind_int64(b->add, 3, (int64_t)mark->offset);
	sqlite3_bind_int64(b->add, 4, (int64_t)mark->length);
	sqlite3_bind_blob(b->add, 5, mark->digest, DIGEST_SIZE, SQLITE_STATIC);
	if (step(b, b->add, err) < 0)
		return -1;
	b->last = mark->seq;
	for (size_t i = 0; i < count; i++) {
		unsigned part = part_of(topics[i]);

		b->waiting[part][b->waiting_count[part]++] =
		    (struct entry){topics[i], (int64_t)mark->seq};
		if (b->waiting_count[part] == CHUNK &&
		    set_aside(b, part, err) < 0)
			return -1;
	}
	return 0;
}

static int
by_topic(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;

	if (x->topic != y->topic)
		return x->topic < y->topic ? -1 : 1;
	return x->seq < y->seq ? -1 : x->seq > y->seq;
}

/* All entries of one part, from the file and those that still wait. */
static int
gather(struct index_bulk *b, unsigned part, struct entry **list, size_t *room,
    size_t *count, struct err *err)
{
	size_t n = b->waiting_count[part];

	for (size_t i = 0; i < b->chunk_count; i++)
		n += b->chunks[i].part == part ? b->chunks[i].count : 0;
	if (n > *room) {
		free(*list);
		*list = malloc(n * sizeof(**list));
		*room = n;
		if (*list == NULL)
			err_fatal("out of memory");
	}
	*count = b->waiting_count[part];
	memcpy(*list, b->waiting[part], *count * sizeof(**list));
	for (size_t i = 0; i < b->chunk_count; i++) {
		size_t len = b->chunks[i].count * sizeof(**list);

		if (b->chunks[i].part != part)
			continue;
		if (pread(b->fd, *list + *count, len,
		        (off_t)(i * sizeof(b->waiting[0]))) != (ssize_t)len)
			return err_errno(err, "index '%s'", b->name);
		*count += b->chunks[i].count;
	}
	return 0;
}

static int
write_entries(struct index_bulk *b, struct err *err)
{
	size_t room = CHUNK, count = 0;
	struct entry *list = malloc(room * sizeof(*list));
	int ret = 0;

	if (list == NULL)
		err_fatal("out of memory");
	for (unsigned part = 0; part < PARTS && ret == 0; part++) {
		ret = gather(b, part, &list, &room, &count, err);
		if (ret == 0 && count > 0)
			qsort(list, count, sizeof(*list), by_topic);
		for (size_t i = 0; i < count && ret == 0; i++) {
			sqlite3_bind_int64(b->topic, 1, list[i].topic);
			sqlite3_bind_int64(b->topic, 2, list[i].seq);
			ret = step(b, b->topic, err);
		}
	}
	free(list);
	return ret;
}

static void
close_all(struct index_bulk *b)
{
	sqlite3_finalize(b->add);
	sqlite3_finalize(b->topic);
	sqlite3_close(b->db);
	b->add = b->topic = NULL;
	b->db = NULL;
}

int
index_bulk_end(struct index_bulk *b, struct err *err)
{
	int ret = write_entries(b, err), rc;

	if (ret == 0) {
		rc = sqlite3_exec(b->db, index_sql_bulk_end, NULL, NULL, NULL);
		ret = rc == SQLITE_OK ? 0 : fail(b, rc, err);
	}
	close_all(b);
	if (ret == 0)
		ret = index_put(b->index, b->name, b->last, err);
	index_bulk_drop(b);
	return ret;
}

void
index_bulk_drop(struct index_bulk *b)
{
	static const char *const ends[] = {"", "-wal", "-shm"};
	char name[sizeof(b->name) + 8];

	if (b == NULL)
		return;
	close_all(b);
	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		(void)snprintf(name, sizeof(name), "%s%s", b->name, ends[i]);
		(void)unlink(name);
	}
	if (b->fd >= 0)
		(void)close(b->fd);
	free(b->chunks);
	free(b);
}
