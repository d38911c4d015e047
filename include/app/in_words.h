/*
 * in_words - a policy in plain words, and whether its patterns can be used.
 */
#ifndef APP_IN_WORDS_H
#define APP_IN_WORDS_H

#include "base/pool.h"
#include "core/policy.h"
#include "edge/config.h"

/* What one gate asks, a line each, from the pool. */
size_t gate_in_words(struct pool *pool, const struct gate *gate,
    const char *const **lines);
/* "1h 30m", as text_duration() has it. */
const char *duration_in_words(struct pool *pool, int64_t duration);
/* The way past; "none" where there is none. */
const char *emergency_in_words(struct pool *pool, const struct policy *policy);
/* "a, b or c"; `none` where the list is empty. */
const char *texts_in_words(struct pool *pool, const struct texts *texts,
    const char *none);

/*
 * Does every ticket pattern of these bytes of policy.yaml compile as a POSIX
 * extended regular expression?  The bytes are sound otherwise.
 */
int policy_patterns(struct pool *pool, const char *bytes, size_t len,
    struct err *err) must_check;

#endif
