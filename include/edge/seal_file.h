/*
 * seal_file - key files, for src/edge/seal*.c alone.
 *
 * Read: no symbolic link, a regular file, of who asks or root, closed to group
 * and others, at most SEAL_FILE_MAX bytes.  Written: anew, 0400, on disk with
 * its name.  `what` names the key in errors ("the sealing key").
 */
#ifndef EDGE_SEAL_FILE_H
#define EDGE_SEAL_FILE_H

#include <stddef.h>

#include "base/buf.h"
#include "edge/seal.h"

/* `text` is ended by NUL and must be wiped by who asked. */
int seal_file_read(char text[SEAL_FILE_MAX + 1], size_t *len, const char *what,
    const char *path, struct err *err) must_check;
int seal_file_write(const char *path, const char *what, const struct buf *pem,
    struct err *err) must_check;
void seal_wipe(struct buf *buf);
/* libcrypto reads no file of settings that the environment names. */
void seal_set_up(void);

#endif
