#include "edge/ledger_claim.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/futex.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define MODE 0660
#define BOOT_FILE "/proc/sys/kernel/random/boot_id"
#define SUM_SIZE 8
#define PAGE_BYTES 4096
/* A cell may be seen while it is put. */
#define LOOKS 50
#define LOOK_AGAIN 20 /* microseconds */

/* A cell as it lies there. */
struct put_cell {
	struct ledger_cell cell;
	unsigned char sum[SUM_SIZE];
};

/* The page.  `turn` of `synced` comes first: it is what is waited for. */
struct ledger_page {
	struct put_cell synced, written;
	uint32_t waited;
};

static void
sum(unsigned char out[SUM_SIZE], const struct ledger_cell *cell)
{
	unsigned char digest[DIGEST_SIZE];

	digest_sha256(digest, cell, sizeof(*cell));
	memcpy(out, digest, SUM_SIZE);
}

/* Zeroed where it cannot be found out; then no claim ever fits. */
static void
learn_boot(struct ledger *l)
{
	char text[64];
	unsigned char digest[DIGEST_SIZE];
	int fd = open(BOOT_FILE, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read(fd, text, sizeof(text));

	if (n > 0) {
		digest_sha256(digest, text, (size_t)n);
		memcpy(l->boot, digest, sizeof(l->boot));
	}
	if (fd >= 0)
		close(fd);
}

static int
make_file(struct ledger *l)
{
	int fd = openat(l->dir, LEDGER_SYNC_NAME,
	    O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, MODE);

	if (fd >= 0 && fchmod(fd, MODE) < 0) {
		close(fd);
		return -1;
	}
	return fd;
}

static int
open_file(struct ledger *l)
{
	struct err ignored = {0};
	int fd = -1;

	if (ledger_open_file(l, LEDGER_SYNC_NAME, O_RDWR, &fd, &ignored) == 0)
		return fd;
	fd = make_file(l);
	/* Somebody else may just have made it. */
	if (fd < 0 &&
	    ledger_open_file(l, LEDGER_SYNC_NAME, O_RDWR, &fd, &ignored) < 0)
		return -1;
	return fd;
}

/* The bytes are there before they are mapped: nobody dies of a full disk. */
static bool
map(struct ledger *l)
{
	struct stat st;
	void *page;

	if (fstat(l->sync_fd, &st) < 0 ||
	    (st.st_size < PAGE_BYTES &&
	        posix_fallocate(l->sync_fd, 0, PAGE_BYTES) != 0))
		return false;
	page = mmap(NULL, PAGE_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED,
	    l->sync_fd, 0);
	if (page == MAP_FAILED)
		return false;
	l->page = page;
	return true;
}

void
ledger_claims_open(struct ledger *l, bool again)
{
	static const unsigned char none[sizeof(l->boot)];

	if (memcmp(l->boot, none, sizeof(none)) == 0)
		learn_boot(l);
	if (l->sync_fd >= 0 &&
	    (!again || ledger_is_there(l, LEDGER_SYNC_NAME, l->sync_fd)))
		return;
	ledger_claims_close(l);
	l->sync_fd = open_file(l);
	if (l->sync_fd >= 0 && !map(l))
		ledger_claims_close(l);
}

void
ledger_claims_close(struct ledger *l)
{
	if (l->page != NULL)
		munmap(l->page, PAGE_BYTES);
	l->page = NULL;
	if (l->sync_fd >= 0)
		close(l->sync_fd);
	l->sync_fd = -1;
}

static bool
take(struct ledger_cell *out, const struct put_cell *put)
{
	unsigned char right[SUM_SIZE];

	sum(right, &put->cell);
	if (memcmp(right, put->sum, SUM_SIZE) == 0) {
		*out = put->cell;
		return true;
	}
	memset(out, 0, sizeof(*out));
	return false;
}

void
ledger_claims_read(struct ledger *l, struct ledger_claims *c)
{
	struct ledger_page bytes;
	bool synced, written;

	for (int i = 0; i < LOOKS; i++) {
		memset(c, 0, sizeof(*c));
		if (l->page == NULL)
			return;
		__atomic_thread_fence(__ATOMIC_SEQ_CST);
		memcpy(&bytes, l->page, sizeof(bytes));
		c->waited = bytes.waited != 0;
		/* Both, whatever the first one is. */
		synced = take(&c->synced, &bytes.synced);
		written = take(&c->written, &bytes.written);
		if (synced && written)
			return;
		ledger_nap(LOOK_AGAIN);
	}
}

static void
put(struct ledger_cell *cell, const struct ledger *l, struct put_cell *there)
{
	struct put_cell bytes;

	cell->turn++;
	memcpy(cell->boot, l->boot, sizeof(cell->boot));
	memset(&bytes, 0, sizeof(bytes));
	bytes.cell = *cell;
	sum(bytes.sum, cell);
	memcpy(there, &bytes, sizeof(bytes));
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
}

void
ledger_claim_written(struct ledger *l, struct ledger_cell *cell)
{
	if (l->page != NULL)
		put(cell, l, &l->page->written);
}

void
ledger_claim_doubt(struct ledger *l, struct ledger_claims *c)
{
	c->synced.doubt = 1;
	put(&c->synced, l, &l->page->synced);
}

static bool
is_waited_for(const struct ledger *l)
{
	return __atomic_load_n(&l->page->waited, __ATOMIC_SEQ_CST) != 0;
}

/*
 * The mark of those who wait is taken away before the turn changes, and looked
 * at again behind it: who puts it in between waits for this turn, or finds it
 * changed.  Who is missed all the same sleeps no longer than he said.
 */
void
ledger_claim_synced(struct ledger *l, struct ledger_cell *cell, bool waited)
{
	if (waited)
		__atomic_store_n(&l->page->waited, 0, __ATOMIC_SEQ_CST);
	put(cell, l, &l->page->synced);
	if (waited || is_waited_for(l))
		(void)syscall(SYS_futex, l->page, FUTEX_WAKE, INT_MAX, NULL,
		    NULL, 0);
}

void
ledger_cell_of(struct ledger_cell *cell, const struct ledger_tail *t,
    uint64_t generation)
{
	*cell = (struct ledger_cell){.turn = cell->turn,
	    .dev = t->dev,
	    .ino = t->ino,
	    .segment = t->segment,
	    .end = t->end,
	    .seq = t->last.seq,
	    .generation = generation};
	memcpy(cell->digest, t->last.digest, DIGEST_SIZE);
}

static bool
is_for(const struct ledger *l, const struct ledger_cell *cell,
    const struct ledger_tail *t)
{
	static const unsigned char none[sizeof(cell->boot)];

	return cell->dev == t->dev && cell->ino == t->ino &&
	    cell->segment == t->segment &&
	    memcmp(cell->boot, l->boot, sizeof(cell->boot)) == 0 &&
	    memcmp(cell->boot, none, sizeof(none)) != 0;
}

bool
ledger_claims_meet(struct ledger *l, const struct ledger_claims *c,
    const struct ledger_tail *t)
{
	return is_for(l, &c->written, t) && is_for(l, &c->synced, t) &&
	    c->written.generation == c->synced.generation &&
	    c->synced.end <= c->written.end && t->torn_len == 0 &&
	    c->written.end == t->end && c->written.seq == t->last.seq &&
	    memcmp(c->written.digest, t->last.digest, DIGEST_SIZE) == 0;
}

void
ledger_claims_wait(struct ledger *l, uint32_t turn, int64_t microseconds)
{
	struct timespec t = {.tv_sec = (time_t)(microseconds / 1000000),
	    .tv_nsec = (long)(microseconds % 1000000 * 1000)};

	if (l->page == NULL) {
		ledger_nap(microseconds);
		return;
	}
	__atomic_store_n(&l->page->waited, 1, __ATOMIC_SEQ_CST);
	if (syscall(SYS_futex, l->page, FUTEX_WAIT, turn, &t, NULL, 0) < 0 &&
	    errno != EAGAIN && errno != ETIMEDOUT && errno != EINTR)
		ledger_nap(microseconds);
}
