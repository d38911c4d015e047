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
/* A cell may be seen while it is put. */
#define LOOKS 50
#define LOOK_AGAIN 20 /* microseconds */

/* A cell as it lies there. */
struct put_cell {
	struct ledger_cell cell;
	unsigned char sum[SUM_SIZE];
};

/* The file.  `turn` of `synced` comes first: it is what is waited for. */
struct layout {
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

void
ledger_claims_open(struct ledger *l, bool again)
{
	static const unsigned char none[sizeof(l->boot)];
	struct err ignored = {0};

	if (memcmp(l->boot, none, sizeof(none)) == 0)
		learn_boot(l);
	if (l->sync_fd >= 0 &&
	    (!again || ledger_is_there(l, LEDGER_SYNC_NAME, l->sync_fd)))
		return;
	ledger_claims_close(l);
	if (ledger_open_file(l, LEDGER_SYNC_NAME, O_RDWR, &l->sync_fd,
	        &ignored) == 0)
		return;
	l->sync_fd = make_file(l);
	/* Somebody else may just have made it. */
	if (l->sync_fd < 0 &&
	    ledger_open_file(l, LEDGER_SYNC_NAME, O_RDWR, &l->sync_fd,
	        &ignored) < 0)
		l->sync_fd = -1;
}

void
ledger_claims_close(struct ledger *l)
{
	if (l->page != NULL)
		munmap(l->page, sizeof(struct layout));
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
	struct layout bytes;

	for (int i = 0; i < LOOKS; i++) {
		memset(&bytes, 0, sizeof(bytes));
		memset(c, 0, sizeof(*c));
		if (l->sync_fd < 0 ||
		    pread(l->sync_fd, &bytes, sizeof(bytes), 0) <
		        (ssize_t)offsetof(struct layout, waited))
			return;
		c->waited = bytes.waited != 0;
		/* Both, whatever the first one is. */
		if (take(&c->synced, &bytes.synced) &
		    take(&c->written, &bytes.written))
			return;
		ledger_nap(LOOK_AGAIN);
	}
}

static int
put(struct ledger *l, struct ledger_cell *cell, size_t offset)
{
	struct put_cell bytes;
	ssize_t n;

	if (l->sync_fd < 0) {
		errno = EBADF;
		return -1;
	}
	cell->turn++;
	memcpy(cell->boot, l->boot, sizeof(cell->boot));
	memset(&bytes, 0, sizeof(bytes));
	bytes.cell = *cell;
	sum(bytes.sum, cell);
	n = pwrite(l->sync_fd, &bytes, sizeof(bytes), (off_t)offset);
	if (n >= 0 && n != (ssize_t)sizeof(bytes))
		errno = EIO;
	return n == (ssize_t)sizeof(bytes) ? 0 : -1;
}

int
ledger_claim_written(struct ledger *l, struct ledger_cell *cell)
{
	return put(l, cell, offsetof(struct layout, written));
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

static bool
have_page(struct ledger *l)
{
	void *page;

	if (l->page != NULL)
		return true;
	page = mmap(NULL, sizeof(struct layout), PROT_READ, MAP_SHARED,
	    l->sync_fd, 0);
	if (page == MAP_FAILED)
		return false;
	l->page = page;
	return true;
}

/*
 * The page is only ever handed to the kernel, which answers with an error where
 * the file was cut short; reading it here would end the process.
 */
void
ledger_claims_wait(struct ledger *l, uint32_t turn, int64_t microseconds)
{
	struct timespec t = {.tv_sec = (time_t)(microseconds / 1000000),
	    .tv_nsec = (long)(microseconds % 1000000 * 1000)};
	const uint32_t yes = 1;

	if (pwrite(l->sync_fd, &yes, sizeof(yes),
	        offsetof(struct layout, waited)) != (ssize_t)sizeof(yes) ||
	    !have_page(l) ||
	    (syscall(SYS_futex, l->page, FUTEX_WAIT, turn, &t, NULL, 0) < 0 &&
	        errno != EAGAIN && errno != ETIMEDOUT && errno != EINTR))
		ledger_nap(microseconds);
}

int
ledger_claim_doubt(struct ledger *l, struct ledger_claims *c)
{
	c->synced.doubt = 1;
	return put(l, &c->synced, offsetof(struct layout, synced));
}

static bool
is_waited_for(const struct ledger *l)
{
	uint32_t waited = 0;

	return pread(l->sync_fd, &waited, sizeof(waited),
	           offsetof(struct layout, waited)) == sizeof(waited) &&
	    waited != 0;
}

/*
 * The mark of those who wait is taken away before the turn changes, and looked
 * at again behind it: who puts it in between waits for this turn, or finds it
 * changed.  Who is missed all the same sleeps no longer than he said.
 */
int
ledger_claim_synced(struct ledger *l, struct ledger_cell *cell, bool waited)
{
	const uint32_t no = 0;
	int ret;

	if (waited)
		(void)!pwrite(l->sync_fd, &no, sizeof(no),
		    offsetof(struct layout, waited));
	ret = put(l, cell, offsetof(struct layout, synced));
	if ((waited || is_waited_for(l)) && have_page(l))
		(void)syscall(SYS_futex, l->page, FUTEX_WAKE, INT_MAX, NULL,
		    NULL, 0);
	return ret;
}
