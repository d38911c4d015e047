/*
 * text - instants, hex, base64, UTF-8, globs: small rules about characters.
 *
 * An instant is milliseconds since 1970-01-01T00:00:00Z in an int64_t; 0 means
 * "not known".  Durations are milliseconds too.  Nothing here reads a clock or
 * a locale.
 */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/pool.h"

/*
 * "2026-11-25T00:00:00.000Z", as ledgers write it (RFC 3339, UTC).  What is not
 * in the years 1970 to 9999 is written as "".
 */
#define TEXT_INSTANT_SIZE 25
void text_instant(char out[TEXT_INSTANT_SIZE], int64_t instant);
/*
 * RFC 3339 with an offset ("Z" or "+01:00"), seconds' fraction optional (what
 * is finer than a millisecond is dropped); or a plain day "2026-11-25", which
 * is its first instant in UTC.  Years 1970 to 9999.  Returns false for anything
 * else: impossible dates, leap seconds, and the very first instant of 1970,
 * which would read as "not known".
 */
bool text_parse_instant(const char *text, int64_t *instant);
/* "30m", "90d", "4h", "15s": a whole number and one unit, at most 3650 days. */
#define TEXT_DURATION_MAX ((int64_t)3650 * 24 * 60 * 60 * 1000)
bool text_parse_duration(const char *text, int64_t *duration);
/* "1h 30m", "2d", "45s", for people to read: two units, the rest dropped. */
void text_duration(char out[32], int64_t duration);

/* Lower-case hex.  `out` has room for 2 * len + 1. */
void text_hex(char *out, const unsigned char *data, size_t len);
/* Exactly 2 * len lower-case hex digits, then the end. */
bool text_parse_hex(unsigned char *out, size_t len, const char *hex);
/* 40 or 64 lower-case hex digits and nothing else. */
bool text_is_oid(const char *text);
/* An object id of nothing but zeros, either length. */
bool text_is_zero_oid(const char *text);

/* Standard base64 with padding (RFC 4648 section 4). */
void text_base64(struct buf *out, const void *data, size_t len);
/*
 * The same back; white space is passed over when `wrapped`.  Refuses anything
 * else that is not canonical.  Appends to `out`, which a refusal leaves alone.
 */
bool text_parse_base64(struct buf *out, const char *text, size_t len,
    bool wrapped);

/*
 * The character that `data` begins with: how many bytes it takes (1 to 4), or 0
 * where valid UTF-8 (RFC 3629) does not begin or `len` is 0.
 */
size_t text_char(const char *data, size_t len, uint32_t *character);
bool text_is_utf8(const char *data, size_t len);
/*
 * Make any bytes valid UTF-8, reversibly: a byte that is not part of valid
 * UTF-8 becomes the private character U+10FF00 + byte, and so does each byte of
 * a character U+10FF00 to U+10FFFF that was already there.  text_unarmor() of
 * what text_armor() made is what it was made from.
 */
void text_armor(struct buf *out, const char *data, size_t len);
void text_unarmor(struct buf *out, const char *data, size_t len);
/*
 * Safe for a terminal and for one line of it: control characters (C0, DEL,
 * C1), line and paragraph separators, bidirectional and invisible format
 * characters become \u{XXXX}; bytes that are not UTF-8 become \xXX.  With
 * `lines`, LF stays as it is.
 */
void text_safe(struct buf *out, const char *data, size_t len, bool lines);
/*
 * The same from the pool, for one line, cut after `most` characters as they are
 * shown, never within an escape, with "..." behind.
 */
const char *text_safe_copy(struct pool *pool, const char *data, size_t len,
    size_t most);

/*
 * Globs, anchored at both ends: `*` is any run without "/", `**` any run at all
 * (alone it matches everything), every other byte stands for itself.  A run may
 * be empty.  Time is bounded by |pattern| x |name|.
 */
bool text_glob(const char *pattern, const char *name);
/* The same, and an ASCII letter stands for both its cases. */
bool text_glob_case_blind(const char *pattern, const char *name);
bool text_is_glob(const char *pattern);

bool text_starts(const char *text, const char *prefix);
bool text_starts_case_blind(const char *text, const char *prefix);
bool text_ends(const char *text, const char *suffix);
/* ASCII case only. */
bool text_same_case_blind(const char *a, const char *b);
/* Equal; NULL equals nothing, not even NULL. */
bool text_same(const char *a, const char *b);
/* Where `needle` first stands in `data`, or NULL.  Bytes, not characters. */
const char *text_find(const char *data, size_t len, const char *needle);

#endif
