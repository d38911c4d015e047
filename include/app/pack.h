/*
 * pack - the directory of files that an auditor is handed.
 *
 * DIR must not be there.  Everything is written to `DIR.part` beside it; at the
 * end each file is read back and hashed, `manifest.sha256` and its signature
 * are written, and the directory gets its name.  So a pack that is there is
 * whole: a disk that fills, or an interruption, leaves none.
 *
 *	if (pack_begin(&pack, path, err) < 0)
 *		return -1;
 *	ret = pack_text(&pack, "VERIFY.txt", text, len, err);
 *	if (ret == 0)
 *		ret = pack_finish(&pack, key, err);
 *	pack_end(&pack);
 *
 * Streams are stdio's: what could not be written is told by pack_shut().
 */
#ifndef APP_PACK_H
#define APP_PACK_H

#include <stdbool.h>
#include <stdio.h>

#include "base/digest.h"
#include "base/err.h"
#include "base/pool.h"
#include "edge/seal_report.h"

#define PACK_MANIFEST "manifest.sha256"
#define PACK_SIGNATURE PACK_MANIFEST ".sig"

struct pack {
	struct pool pool;
	int above; /* the directory that DIR stands in; -1: not begun */
	int dir;   /* DIR.part */
	const char *name, *part;
	const char **files; /* their names, as manifest.sha256 has them */
	size_t count;
	const char **dirs;
	size_t dir_count;
	char digest[DIGEST_HEX_SIZE]; /* of the manifest, once finished */
	bool finished;
};

/* ERR_INPUT: DIR is there, or DIR.part is left of one that was stopped. */
int pack_begin(struct pack *p, const char *dir, struct err *err) must_check;
/* A directory in it; no deeper. */
int pack_directory(struct pack *p, const char *name,
    struct err *err) must_check;

/* A new file, 0644, as a stream; must be given to pack_shut(). */
int pack_open(struct pack *p, const char *name, FILE **out,
    struct err *err) must_check;
/* Everything of it is on disk, or an error says why not.  Closes the stream. */
int pack_shut(struct pack *p, const char *name, FILE *file,
    struct err *err) must_check;
/* A whole file. */
int pack_text(struct pack *p, const char *name, const char *text, size_t len,
    struct err *err) must_check;
/* A file that somebody else wrote there goes into the manifest too. */
void pack_add(struct pack *p, const char *name);
/* A stream to write to and read back, that is no part of it. */
int pack_scratch(struct pack *p, FILE **out, struct err *err) must_check;
/* One of its files again, for reading. */
int pack_again(struct pack *p, const char *name, FILE **out,
    struct err *err) must_check;
/* SHA-256 of one of its files, as it is on disk. */
int pack_digest(struct pack *p, const char *name, char out[DIGEST_HEX_SIZE],
    struct err *err) must_check;

/* All that is in it becomes ours. */
int pack_own(struct pack *p, struct err *err) must_check;
/* Hash, sign (`key` NULL: not signed, an empty signature), put in place. */
int pack_finish(struct pack *p, const struct seal_report *key,
    struct err *err) must_check;
/* Where it was not finished, what was written is taken away again. */
void pack_end(struct pack *p);

#endif
