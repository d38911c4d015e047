/*
 * json - writing JSON, in the one form that ledgers use.
 *
 * UTF-8, keys in the order written, no space outside strings.  Strings escape
 * what RFC 8259 asks (\" \\ \b \f \n \r \t, else \u00xx in lower case) and, so
 * that one record is one safe line, DEL, C1 controls, U+2028, U+2029 and
 * bidirectional controls as \uxxxx; bytes that are not UTF-8 are armored first
 * (text_armor()).  Reading is base/tree.h.
 *
 *	struct json j = {.out = &buf};
 *
 *	json_open(&j, '{');
 *	json_key_text(&j, "type", "landing");
 *	json_key_open(&j, "list", '[');
 *	json_text(&j, "a");
 *	json_close(&j);
 *	json_close(&j);
 *
 * Nesting deeper than JSON_DEPTH_MAX or closing what is not open is a mistake
 * of the caller and ends the process (assert).
 */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"

#define JSON_DEPTH_MAX 32

struct json {
	struct buf *out;
	unsigned depth;
	char close[JSON_DEPTH_MAX];
	bool more[JSON_DEPTH_MAX];
	bool after_key;
};

void json_open(struct json *j, char bracket);
void json_close(struct json *j);
void json_key(struct json *j, const char *key);
void json_text(struct json *j, const char *text); /* NULL writes null */
void json_textn(struct json *j, const char *text, size_t len);
void json_number(struct json *j, int64_t number);
void json_bool(struct json *j, bool value);
/* null; json_null() is jansson's. */
void json_nothing(struct json *j);
/* A value that is JSON already. */
void json_raw(struct json *j, const char *json, size_t len);
/* 0, and what text_instant() cannot write, writes null. */
void json_instant(struct json *j, int64_t instant);

void json_key_text(struct json *j, const char *key, const char *text);
void json_key_number(struct json *j, const char *key, int64_t number);
void json_key_bool(struct json *j, const char *key, bool value);
void json_key_instant(struct json *j, const char *key, int64_t instant);
void json_key_open(struct json *j, const char *key, char bracket);

#endif
