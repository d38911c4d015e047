/*
 * files - small files, read whole and written whole.
 */
#ifndef APP_FILES_H
#define APP_FILES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"

/*
 * Appends the bytes of a file to `out`; more than `most` is an error.  `there`
 * (may be NULL) becomes false, and the file's absence is no error then.
 */
int file_read(struct buf *out, const char *path, size_t most, bool *there,
    struct err *err) must_check;
/*
 * The same where others may write beside it: regular files only, no link, and
 * never waited for (a FIFO would be).
 */
int file_read_plain(struct buf *out, const char *path, size_t most, bool *there,
    struct err *err) must_check;
/* The same of what is open; `path` is what errors call it. */
int file_read_on(struct buf *out, int fd, const char *path, size_t most,
    struct err *err) must_check;
/*
 * Written under a name beside it, synced, and put in place at once.  With
 * `anew` a file that is there is an error, else it is replaced.
 */
int file_write(const char *path, const char *text, size_t len, unsigned mode,
    bool anew, struct err *err) must_check;

#endif
