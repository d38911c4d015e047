/*
 * parcel - what a hook and foureyesd say to each other, part by part.
 *
 * A parcel is a row of parts: one byte that says what it is, four bytes of
 * length (big endian), and so many bytes.  The first part names the format, so
 * that two that do not understand each other say so.  Of one that stands there
 * twice where once is meant the reader takes neither.
 *
 * An object is its part's kind, 20 bytes of id, one byte of kind (REPO_*), one
 * byte of flags, four bytes of its whole length, and its content or nothing.
 */
#ifndef CORE_PARCEL_H
#define CORE_PARCEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "core/wire.h"

#define PARCEL_FORMAT "foureyes gate 1"
#define PARCEL_MAX ((size_t)64 * 1024 * 1024) /* bytes of one parcel */
#define PARCEL_ID_SIZE 20

/* What a part is. */
enum parcel_kind {
	PARCEL_BEGIN = 'F',    /* PARCEL_FORMAT */
	PARCEL_HOOK = 'H',     /* its name */
	PARCEL_PATH = 'P',     /* of the repository, where the hook runs */
	PARCEL_INPUT = 'I',    /* what Git gave it: "old new ref" lines */
	PARCEL_OPTION = 'O',   /* one push option */
	PARCEL_VARIABLE = 'V', /* NAME=value, of the server's environment */
	PARCEL_SESSION = 'S',  /* what the file says that SSH_USER_AUTH names */
	PARCEL_DEADLINE = 'D', /* in so many milliseconds, in digits */
	PARCEL_PLACE = 'L',    /* flags of the repository: PARCEL_IS_* */
	PARCEL_REFS = 'R',     /* all refs, as a sorted packed-refs */
	PARCEL_SYMBOLIC = 'Y', /* "name target" lines */
	PARCEL_WRITTEN = 'W',  /* "milliseconds name" lines */
	PARCEL_OBJECT = 'B',   /* one object, as above */
	PARCEL_NEED = 'N',  /* back: one byte (1: its content too) and an id */
	PARCEL_TEXT = 'T',  /* back: what the pusher is told */
	PARCEL_STATUS = 'X' /* back: one byte, what the hook ends with */
};

/* Of PARCEL_PLACE. */
#define PARCEL_IS_QUARANTINED 1U
#define PARCEL_IS_SHALLOW 2U
#define PARCEL_IS_CUT 4U
#define PARCEL_IS_GRAFTED 8U

/* Of an object. */
#define PARCEL_IS_FRESH 1U   /* it lies in the push's quarantine */
#define PARCEL_IS_SETTLED 2U /* it lies elsewhere too */
#define PARCEL_IS_WHOLE 4U   /* its content follows */

struct parcel_part {
	char kind;
	const char *data; /* borrowed; no NUL behind it */
	size_t len;
};

struct parcel_object {
	unsigned char id[PARCEL_ID_SIZE];
	unsigned kind;  /* REPO_*; 0: it is not there */
	unsigned flags; /* PARCEL_IS_FRESH and so on */
	size_t len;
	const char *data; /* NULL unless whole */
};

void parcel_begin(struct buf *out); /* the first part */
void parcel_add(struct buf *out, enum parcel_kind kind, const void *data,
    size_t len);
void parcel_text(struct buf *out, enum parcel_kind kind, const char *text);
void parcel_add_object(struct buf *out, const struct parcel_object *o);

/* Does it begin as it must?  `*at` stands behind that then. */
int parcel_open(struct wire *at, const void *data, size_t len,
    struct err *err) must_check;
/* 1: the next part; 0: the end; -1: cut off. */
int parcel_next(struct wire *at, struct parcel_part *out,
    struct err *err) must_check;
int parcel_object(const struct parcel_part *part, struct parcel_object *out,
    struct err *err) must_check;

#endif
