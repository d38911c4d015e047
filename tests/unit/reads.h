/*
 * reads - configuration texts through their readers, for tests.
 *
 * A row is a document and the one error it must give.  REPORT=1 in the
 * environment prints what every row gives.
 */
#ifndef TEST_READS_H
#define TEST_READS_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/tree.h"

struct refused {
	const char *text;
	const char *error;
};

typedef int reads_fn(struct pool *pool, const struct tree *document,
    struct err *err);

static inline int
reads_text(struct pool *pool, const char *text, const char *file,
    reads_fn *read, struct err *err)
{
	const struct tree *document;

	if (tree_parse_yaml(&document, pool, text, strlen(text), file, err) < 0)
		return -1;
	return read(pool, document, err);
}

/* `count` times `piece` between two texts; each "#" becomes the number. */
static inline const char *
reads_repeat(struct pool *pool, const char *before, const char *piece,
    unsigned count, const char *after)
{
	struct buf buf = {0};
	const char *text;

	buf_put(&buf, before);
	for (unsigned i = 0; i < count; i++)
		for (const char *c = piece; *c != '\0'; c++) {
			if (*c == '#')
				buf_printf(&buf, "%u", i);
			else
				buf_char(&buf, *c);
		}
	buf_put(&buf, after);
	text = pool_text(pool, buf_text(&buf));
	buf_free(&buf);
	return text;
}

/* A NULL `error`: it must be taken. */
static inline void
reads_limit(struct pool *pool, const char *text, const char *file,
    reads_fn *read, const char *error)
{
	struct err err = {0};
	int ret = reads_text(pool, text, file, read, &err);

	assert_string_equal(err.text, error == NULL ? "" : error);
	assert_int_equal(ret, error == NULL ? 0 : -1);
}

static inline void
reads_refuse(const struct refused *rows, size_t count, const char *file,
    reads_fn *read)
{
	unsigned wrong = 0;

	for (size_t i = 0; i < count; i++) {
		struct pool pool = {0};
		struct err err = {0};
		int ret = reads_text(&pool, rows[i].text, file, read, &err);

		if (getenv("REPORT") != NULL)
			printf("%s\n--> %s\n", rows[i].text, err.text);
		if (ret == 0 || err.kind != ERR_CONFIG ||
		    strcmp(err.text, rows[i].error) != 0) {
			fprintf(stderr, "%s\nwanted %s\n   got %s\n",
			    rows[i].text, rows[i].error, err.text);
			wrong++;
		}
		pool_free(&pool);
	}
	assert_int_equal(wrong, 0);
}

#endif
