/*
 * plan - is there a real rollback plan in a text?
 *
 * A plan is a trailer "Rollback-Plan:" (core/trailer.h) or a Markdown section
 * headed "Rollback plan", whatever its case: "# ..." to "###### ...", or a line
 * underlined with "==" or "--" or more.  A section ends at the next heading of
 * its level or a higher one, and trailers at the text's end are not part of it
 * (core/section.h has what is a heading).
 *
 * Whether it is real cannot be known by a program; that it is no plan can:
 * it is empty, a placeholder, the template's own words, or too few words.
 * Texts are compared as bare words (core/plain.h), and each word counts once,
 * however often it stands.
 */
#ifndef CORE_PLAN_H
#define CORE_PLAN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/pool.h"

/* What is looked at of one plan; the rest neither helps nor harms. */
#define PLAN_TEXT_MAX 65536
/* Plans of one text that are looked at. */
#define PLAN_COUNT_MAX 32

/* From worst to best; of several plans the best one counts. */
enum plan_state {
	PLAN_ABSENT = 0,
	PLAN_EMPTY,
	PLAN_PLACEHOLDER,
	PLAN_TEMPLATE,
	PLAN_TOO_SHORT,
	PLAN_REAL
};

struct plan_rules {
	unsigned min_words;              /* 0 asks for one */
	const char *const *placeholders; /* added to the built-in ones */
	size_t placeholder_count;
	const char *const *templates; /* whole templates or their sentences */
	size_t template_count;
};

struct plan {
	const char *const *texts; /* each plan found, as written; never NULL */
	size_t count;
	const char *to;  /* the first Rollback-To, or NULL */
	size_t to_count; /* above 1: they name different targets */
};

void plan_find(struct plan *out, struct pool *pool, const char *text,
    size_t len);

/* `text` NULL is PLAN_ABSENT.  `words` (may be NULL): the different words. */
enum plan_state plan_judge(const char *text, const struct plan_rules *rules,
    struct pool *pool, unsigned *words);
/* The best of what was found; `*best` (may be NULL) is its text or NULL. */
enum plan_state plan_judge_all(const struct plan *plan,
    const struct plan_rules *rules, struct pool *pool, const char **best);

/* Says nothing, as an incident, a reason or a plan: "n/a", "tbd", "...", "". */
bool plan_is_placeholder(const char *text, const char *const *extra,
    size_t extra_count, struct pool *pool);

/* "absent", "empty", "placeholder", "template", "too-short", "real". */
const char *plan_state_name(enum plan_state state);

#endif
