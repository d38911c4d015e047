/*
 * secret_file - a secret from a file of its own.
 *
 * A regular file, no link, that others may not read and nobody but its owner
 * may write; of a few KiB; one newline at its end is none of the secret's.  No
 * error holds any of it.  Whoever read it wipes it (explicit_bzero).
 */
#ifndef APP_SECRET_FILE_H
#define APP_SECRET_FILE_H

#include <stddef.h>

#include "base/err.h"

#define SECRET_FILE_MAX 4096 /* bytes */

/* `out` is ended by a NUL that `*len` does not count. */
int secret_file_read(char out[SECRET_FILE_MAX + 1], size_t *len,
    const char *path, struct err *err) must_check;

#endif
