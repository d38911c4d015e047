/*
 * chain - how one line of the change log names the line before it.
 *
 * A line is the head
 *
 *	{"v":1,"seq":7,"time":"2026-11-25T00:00:00.000Z","prev":"<64 hex>",
 *
 * and directly behind it, with no space between, the body that somebody else
 * wrote: "type":"...", more keys, and the closing brace.  `seq` counts from 1;
 * `prev` is the SHA-256 of the line before without its newline, 64 zeros for
 * the first.  So nobody can alter, drop, insert or reorder a line without the
 * next line disagreeing.
 *
 * Pure: it computes on bytes it is given.  Reading is strict, because two ways
 * to write one thing are two digests of it: exact key order, no spaces, no
 * leading zeros, a real date in UTC with milliseconds.
 */
#ifndef CORE_CHAIN_H
#define CORE_CHAIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/digest.h"

#define CHAIN_VERSION 1
/* The largest `seq`: it fits an int64_t, as databases want it. */
#define CHAIN_SEQ_MAX INT64_MAX
/* The longest head there can be. */
#define CHAIN_HEAD_MAX 160

/*
 * One line: its number, its digest and where it lies.  Zeroed it stands for
 * what is before the first line, whose digest is 64 zeros.
 */
struct chain_mark {
	uint64_t seq;
	uint64_t segment; /* the file, by the seq of its first line */
	uint64_t offset;  /* of its first byte in that file */
	uint64_t length;  /* without the newline */
	unsigned char digest[DIGEST_SIZE];
};

/* What a head says. */
struct chain_head {
	uint64_t seq;
	int64_t time; /* an instant of base/text.h */
	unsigned char prev[DIGEST_SIZE];
	size_t body; /* where "type" begins in the line */
};

/* Zero lets nothing through. */
enum chain_verdict {
	CHAIN_TORN = 0, /* the line has no end: its writer died */
	CHAIN_ALTERED,  /* it, or the line before it, is not what it was */
	CHAIN_OUT_OF_SEQUENCE, /* a line was dropped, inserted or moved */
	CHAIN_FINE
};

/*
 * A body is fit when it begins with "type":"<lower-case letters>", ends with
 * a closing brace and holds no control byte, newlines included.
 */
bool chain_body_fit(const char *body, size_t len);

/*
 * Append the line that follows `last`, without a newline, to `out`.  `next`
 * becomes its mark: seq, length and digest; the place is the caller's to fill
 * in.  `next` may be `last`.
 */
void chain_write(struct buf *out, const struct chain_mark *last, int64_t time,
    const char *body, size_t len, struct chain_mark *next);

/* Read a line's head; false when the line is not one of ours. */
bool chain_read(struct chain_head *head, const char *line, size_t len);

/*
 * Does `line` (without its newline; `ended` says that there was one) follow
 * `last`?  `head` and `next` are filled in as far as they could be read: `next`
 * always has length and digest, and seq when the head could be read; a head
 * that could not be read has seq 0.  `next` may be `last`.
 */
enum chain_verdict chain_check(const struct chain_mark *last, const char *line,
    size_t len, bool ended, struct chain_head *head, struct chain_mark *next);

#endif
