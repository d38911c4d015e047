/*
 * repo_afar - a repository that lies elsewhere, read through whoever has it.
 *
 * Refs were told all at once; objects are asked for one by one, as they are
 * needed, and what comes is believed only when its bytes hash to its name.
 * Everything of edge/repo.h works on it as on one that lies here, but for what
 * writes and for reflogs, which are empty.
 */
#ifndef EDGE_REPO_AFAR_H
#define EDGE_REPO_AFAR_H

#include "base/map.h"
#include "edge/repo.h"

#define REPO_AFAR_KEPT_MAX ((size_t)256 * 1024 * 1024) /* bytes of content */

/* An object as its repository has it. */
struct repo_lent {
	unsigned char id[20];
	enum repo_kind kind; /* REPO_NONE: it is not there */
	bool fresh, settled; /* in the quarantine; elsewhere in there too */
	size_t len;
	const char *data; /* NULL: only told of */
};

/*
 * Get an object, with its content where `whole` is true, and hand it (and what
 * else came) to repo_afar_keep() before it returns.  What cannot be had at all
 * does not return: whoever waits for the answer is gone.
 */
typedef void repo_afar_ask(void *ctx, struct repo *r,
    const unsigned char id[20], bool whole);

struct repo_afar {
	const char *path; /* of the repository, where it is */
	bool quarantined, shallow, cut, grafted;
	const char *packed; /* all refs, as Git writes packed-refs */
	size_t packed_len;
	struct map symbolic; /* name -> the name it leads to */
	struct map written;  /* name -> int64_t *, see repo_ref_written() */
	repo_afar_ask *ask;
	void *ctx;
};

/* `afar` is borrowed until repo_close(). */
int repo_open_afar(struct repo **out, const struct repo_afar *afar,
    struct err *err) must_check;
/* What comes is copied.  Bytes that are not what their name says: -1. */
int repo_afar_keep(struct repo *r, const struct repo_lent *lent,
    struct err *err) must_check;

#endif
