/* Which segments there are, and what they are called. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "edge/ledger_files.h"

#define SEQ_DIGITS 20
#define SUFFIX ".jsonl"
/* How a line begins that says its number. */
#define LINE_BEGIN "{\"v\":1,\"seq\":"

void
ledger_name(char out[LEDGER_NAME_SIZE], uint64_t segment)
{
	snprintf(out, LEDGER_NAME_SIZE, "%0*" PRIu64 SUFFIX, SEQ_DIGITS,
	    segment);
}

/* The number in a segment's name, 0 when it is no segment. */
static uint64_t
segment_of(const char *name)
{
	char again[LEDGER_NAME_SIZE];
	uint64_t n = 0;

	if (strlen(name) != SEQ_DIGITS + sizeof(SUFFIX) - 1)
		return 0;
	for (size_t i = 0; i < SEQ_DIGITS; i++) {
		if (name[i] < '0' || name[i] > '9')
			return 0;
		n = n * 10 + (uint64_t)(name[i] - '0');
	}
	ledger_name(again, n);
	return n > CHAIN_SEQ_MAX || strcmp(again, name) != 0 ? 0 : n;
}

/* The number of the first line in a file, 0 where it is none of a ledger. */
static uint64_t
first_line_of(const struct ledger *l, const char *name)
{
	char text[sizeof(LINE_BEGIN) + SEQ_DIGITS + 1] = {0};
	const size_t head = sizeof(LINE_BEGIN) - 1;
	uint64_t n = 0;
	int fd = openat(l->dir, name,
	    O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
	ssize_t got;

	if (fd < 0)
		return 0;
	got = pread(fd, text, sizeof(text) - 1, 0);
	close(fd);
	if (got <= (ssize_t)head || memcmp(text, LINE_BEGIN, head) != 0)
		return 0;
	for (const char *c = text + head; *c >= '0' && *c <= '9'; c++)
		n = n > CHAIN_SEQ_MAX / 16 ? 0 : n * 10 + (uint64_t)(*c - '0');
	return n;
}

static int
compare(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

/* Perhaps a segment that was renamed: looked at when all names are known. */
static void
note_other(struct ledger *l, const char *name)
{
	struct ledger_renamed *r;

	if (!strstr(name, SUFFIX) || strlen(name) >= sizeof(r->name) ||
	    l->renamed_count == LEDGER_RENAMED_MAX)
		return;
	if (!l->renamed)
		l->renamed = malloc(LEDGER_RENAMED_MAX * sizeof(*r));
	if (!l->renamed)
		err_fatal("out of memory");
	r = &l->renamed[l->renamed_count++];
	r->segment = 0;
	memcpy(r->name, name, strlen(name) + 1);
}

static bool
is_listed(const struct ledger *l, uint64_t segment)
{
	for (size_t i = 0; i < l->segment_count; i++)
		if (l->segment[i] == segment)
			return true;
	return false;
}

static bool
is_empty(const struct ledger *l, uint64_t segment)
{
	char name[LEDGER_NAME_SIZE], c;
	int fd;
	bool empty;

	ledger_name(name, segment);
	fd = openat(l->dir, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	empty = fd >= 0 && pread(fd, &c, 1, 0) == 0;
	if (fd >= 0)
		close(fd);
	return empty;
}

/* Copies of segments that are there under their own name are nothing to us. */
static void
keep_renamed(struct ledger *l)
{
	size_t count = l->renamed_count;

	l->renamed_count = 0;
	for (size_t i = 0; i < count; i++) {
		struct ledger_renamed r = l->renamed[i];
		bool listed;

		r.segment = first_line_of(l, r.name);
		listed = is_listed(l, r.segment);
		if (r.segment == 0 || ledger_was_renamed(l, r.segment) ||
		    (listed && !is_empty(l, r.segment)) ||
		    (!listed && l->segment_count == LEDGER_SEGMENTS_MAX))
			continue;
		l->renamed[l->renamed_count++] = r;
		if (!listed)
			l->segment[l->segment_count++] = r.segment;
	}
}

static int
list_names(struct ledger *l, DIR *dir, struct err *err)
{
	struct dirent *entry;
	uint64_t n;

	l->segment_count = l->renamed_count = 0;
	for (errno = 0; (entry = readdir(dir)) != NULL; errno = 0) {
		n = segment_of(entry->d_name);
		if (n == 0) {
			note_other(l, entry->d_name);
			continue;
		}
		if (l->segment_count == LEDGER_SEGMENTS_MAX)
			return err_set(err, ERR_INPUT,
			    "'%s' has more than %d segments", l->path,
			    LEDGER_SEGMENTS_MAX);
		l->segment[l->segment_count++] = n;
	}
	if (errno != 0)
		return err_errno(err, "'%s'", l->path);
	keep_renamed(l);
	qsort(l->segment, l->segment_count, sizeof(l->segment[0]), compare);
	return 0;
}

/*
 * It stays open from one look to the next.  A child opens its own, for the two
 * would move one place in it.
 */
static DIR *
open_names(struct ledger *l)
{
	int fd;

	if (l->names && l->names_pid == getpid()) {
		rewinddir(l->names);
		return l->names;
	}
	if (l->names)
		closedir(l->names);
	fd = openat(l->dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	l->names = fd < 0 ? NULL : fdopendir(fd);
	l->names_pid = getpid();
	if (!l->names && fd >= 0)
		close(fd);
	return l->names;
}

int
ledger_list_any(struct ledger *l, struct err *err)
{
	if (!open_names(l))
		return err_errno(err, "'%s'", l->path);
	return list_names(l, l->names, err);
}

int
ledger_list(struct ledger *l, struct err *err)
{
	if (ledger_list_any(l, err) < 0)
		return -1;
	if (l->segment_count == 0)
		return err_set(err, ERR_TAMPERED,
		    "'%s' holds no ledger: there is no file named "
		    "<20 digits>.jsonl; 'foureyes init' makes a new one",
		    l->path);
	return 0;
}

const char *
ledger_name_now(const struct ledger *l, const char *name)
{
	uint64_t segment = l->renamed_count == 0 ? 0 : segment_of(name);

	for (size_t i = 0; i < l->renamed_count && segment != 0; i++)
		if (l->renamed[i].segment == segment)
			return l->renamed[i].name;
	return name;
}

bool
ledger_was_renamed(const struct ledger *l, uint64_t segment)
{
	for (size_t i = 0; i < l->renamed_count; i++)
		if (l->renamed[i].segment == segment)
			return true;
	return false;
}

uint64_t
ledger_next_segment(const struct ledger *l, uint64_t segment)
{
	for (size_t i = 0; i < l->segment_count; i++)
		if (l->segment[i] > segment)
			return l->segment[i];
	return 0;
}

uint64_t
ledger_segment_before(const struct ledger *l, uint64_t segment)
{
	for (size_t i = l->segment_count; i > 0; i--)
		if (l->segment[i - 1] < segment)
			return l->segment[i - 1];
	return 0;
}
