/*
 * index_set - the files of an index as one set, for src/edge/index.c alone.
 *
 * SQLite keeps a database in WAL mode in three files: NAME, NAME-wal, NAME-shm.
 * If one of them is deleted while others are in use, or between two uses, what
 * is left can be readable and wrong: processes that met each other through the
 * deleted file no longer do, and the database alone may be half copied.  So the
 * three are a set: with one missing, or an empty database or log, the set is
 * not whole and never read.  A set that was opened is known by its inodes.  An
 * unlinked file does not come back, so whoever finds the same inodes under the
 * names after reading knows that nobody had other ones meanwhile.
 */
#ifndef EDGE_INDEX_SET_H
#define EDGE_INDEX_SET_H

#include <sys/types.h>

#include "edge/index.h"

#define INDEX_SET_FILES 3

struct index_set {
	char name[INDEX_SET_FILES][INDEX_PATH_MAX + 8];
	dev_t dev[INDEX_SET_FILES];
	ino_t ino[INDEX_SET_FILES]; /* 0: not known */
	int pin[INDEX_SET_FILES];   /* so that no number is used again; -1 */
};

int index_set_name(struct index_set *set, const char *path,
    struct err *err) must_check;
/* Note and hold the inodes of a set that is whole; false when it is not. */
bool index_set_pin(struct index_set *set);
/* Let go; the numbers stay known, and hold while SQLite has the files open. */
void index_set_unpin(struct index_set *set);
/* Are they still the files under these names? */
bool index_set_same(const struct index_set *set);

int64_t index_set_log_size(const struct index_set *set);

/* Making and removing is done under this lock. */
int index_set_lock(const struct index_set *set, int *fd,
    struct err *err) must_check;
/* A new, empty file, 0660 whatever the umask. */
int index_set_file(const char *name, struct err *err) must_check;
/*
 * Take the files away.  What is no index of ours (by the first bytes of
 * `magic` in its header) is not deleted but named NAME.alien.
 */
int index_set_remove(const struct index_set *set, const unsigned char magic[3],
    struct err *err) must_check;

#endif
