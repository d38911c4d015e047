/* Lines that are gone: what an append finds out without reading the ledger. */
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "edge/ledger_put.h"

#define CHECKPOINT_NAME "checkpoint"

/* Behind the pruned ones, where there are such, nothing is missing. */
static int
look_at_first(struct ledger *l, struct err *err)
{
	struct pruned p;

	if (l->segment[0] == 1)
		return 0;
	if (ledger_pruned(l, &p, err) < 0)
		return -1;
	for (size_t i = 0; i < l->segment_count; i++)
		if (l->segment[i] == p.last + 1)
			return 0;
	return err_set(err, ERR_TAMPERED,
	    "'%s': records %" PRIu64 " to %" PRIu64
	    " are missing, and nothing is appended until their segments are "
	    "put back: see 'foureyes verify --chain'",
	    l->path, p.last + 1, l->segment[0] - 1);
}

/* The count on the second line of a checkpoint; 0 where it is none. */
static uint64_t
counted(const char *text, size_t len)
{
	const char *c = memchr(text, '\n', len), *end = text + len;
	uint64_t n = 0;

	if (!c)
		return 0;
	for (c++; c < end && *c >= '0' && *c <= '9'; c++) {
		if (n > CHAIN_SEQ_MAX / 16)
			return 0;
		n = n * 10 + (uint64_t)(*c - '0');
	}
	return c < end && *c == '\n' ? n : 0;
}

/* What the checkpoint beside the segments counts; read where it changed. */
static uint64_t
sealed(struct ledger *l)
{
	struct err ignored = {0};
	char text[1024];
	struct stat st;
	size_t len;
	int fd;

	if (fstatat(l->dir, CHECKPOINT_NAME, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return 0;
	if (st.st_ino == l->sealed_ino &&
	    st.st_mtim.tv_sec == l->sealed_time.tv_sec &&
	    st.st_mtim.tv_nsec == l->sealed_time.tv_nsec)
		return l->sealed;
	if (ledger_open_file(l, CHECKPOINT_NAME, O_RDONLY, &fd, &ignored) < 0)
		return 0;
	l->sealed = 0;
	if (ledger_pread(l, 0, fd, text, sizeof(text), 0, &len, &ignored) == 0)
		l->sealed = counted(text, len);
	close(fd);
	l->sealed_ino = st.st_ino;
	l->sealed_time = st.st_mtim;
	return l->sealed;
}

void
ledger_find_lost(struct ledger *l, const struct ledger_tail *t,
    struct ledger_lost *out)
{
	uint64_t count = sealed(l);

	*out = (struct ledger_lost){0};
	if (count > t->last.seq)
		*out = (struct ledger_lost){t->last.seq + 1, count};
}

/* Only `init` begins a ledger, and this one had begun. */
static int
look_at_beginning(const struct ledger *l, const struct ledger_tail *t,
    const struct ledger_claims *c, struct err *err)
{
	if (t->last.seq > 0 || c->synced.seq == 0)
		return 0;
	return err_set(err, ERR_TAMPERED,
	    "'%s' was emptied: records 1 to %" PRIu64
	    " are lost, and nothing is appended until they are put back",
	    l->path, c->synced.seq);
}

int
ledger_look_for_loss(struct ledger *l, const struct ledger_tail *t,
    const struct ledger_claims *c, struct err *err)
{
	struct ledger_lost lost;

	if (look_at_first(l, err) < 0 || look_at_beginning(l, t, c, err) < 0)
		return -1;
	ledger_find_lost(l, t, &lost);
	if (lost.to == 0)
		return 0;
	return err_set(err, ERR_TAMPERED,
	    "'%s' ends with record %" PRIu64
	    ", and its checkpoint counts %" PRIu64 ": from record %" PRIu64
	    " on it is lost, and nothing is appended; put it back, or an "
	    "administrator goes on without by 'foureyes recover'",
	    l->path, t->last.seq, lost.to, lost.from);
}
