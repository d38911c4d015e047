/*
 * program - which program decided: its version and the SHA-256 of its file;
 * and where others of ours lie.
 *
 * Every decision names it, so that each change proves what judged it.  Hashing
 * the file costs more than the decision; its digest is therefore kept in a
 * small file beside the index, and made anew when the program's device, inode,
 * size or times differ.
 */
#ifndef APP_PROGRAM_H
#define APP_PROGRAM_H

#include "base/digest.h"
#include "base/pool.h"

/*
 * 64 hex digits of the running program's own file; `cache` is the path of the
 * small file.  "" when the file cannot be read.
 */
const char *program_digest(struct pool *pool, const char *cache);
/* The same of any program by its path; nothing is kept. */
const char *program_file_digest(struct pool *pool, const char *path);
/*
 * The path of another program of ours, which lies beside this one; its bare
 * name where it cannot be found out where this one lies.
 */
const char *program_beside(struct pool *pool, const char *name);

#endif
