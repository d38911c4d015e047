/* Any text: plans found in it and judged, against a template and without. */
#include <assert.h>
#include <string.h>

#include "core/plain.h"
#include "core/plan.h"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

static const char *const templates[] = {
    "Describe how this is undone. Who does it?\nSteps:\n<!-- hidden -->\n"};
static const char *const placeholders[] = {"describe how to undo"};
static const struct plan_rules rules = {.min_words = 5,
    .placeholders = placeholders,
    .placeholder_count = 1,
    .templates = templates,
    .template_count = 1};

int
LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	struct pool pool = {0};
	struct plan plan;
	const char *text = pool_textn(&pool, (const char *)data, size);
	const char *words = plain_words(&pool, text, strlen(text));
	const char *best;
	enum plan_state state;

	/* Bare words are bare words of themselves. */
	assert(strcmp(plain_words(&pool, words, strlen(words)), words) == 0);
	plan_find(&plan, &pool, (const char *)data, size);
	assert(plan.count <= PLAN_COUNT_MAX);
	state = plan_judge_all(&plan, &rules, &pool, &best);
	assert((state == PLAN_ABSENT) == (plan.count == 0));
	if (plan_judge(text, &rules, &pool, NULL) == PLAN_REAL)
		assert(!plan_is_placeholder(text, NULL, 0, &pool));
	pool_free(&pool);
	return 0;
}
