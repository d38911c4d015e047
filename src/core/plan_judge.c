#include "core/plan.h"

#include <string.h>

#include "core/plain.h"

/* What makes a plan no plan; see core/plan.h. */

/* Of a template's sentences, the least that is looked for inside a line. */
#define SENTENCE_WORDS 3

/* As plain_words() gives them.  Any row of these says nothing. */
static const char *const placeholders[] = {"above", "add later", "all good",
    "applicable", "as above", "as always", "as before", "as usual", "asdf",
    "aucun", "aucune", "below", "blank", "coming soon", "default", "ditto",
    "dont know", "dummy", "empty", "entfallt", "example", "fill in",
    "fill in later", "fill me in", "fill this in", "fixme", "foo", "geen",
    "idk", "insert here", "insert plan here", "kein", "keine", "keiner",
    "later", "lorem ipsum", "missing", "n a", "na", "needs plan", "nein",
    "nessuno", "nicht notig", "nicht notwendig", "nil", "ningun", "ninguna",
    "ninguno", "no", "no plan", "no plan needed", "no rollback",
    "no rollback needed", "no rollback necessary", "no rollback plan",
    "no rollback plan needed", "no rollback plan required",
    "no rollback required", "no text", "none", "none needed", "none necessary",
    "none required", "nope", "not a", "not applicable", "not available",
    "not defined", "not known", "not necessary", "not needed", "not relevant",
    "not required", "not yet", "nothing", "nothing needed", "nothing to do",
    "nothing to roll back", "nothing to rollback", "null", "obvious", "ok",
    "okay", "pending", "placeholder", "please fill in", "qwerty", "roll back",
    "roll back plan", "rollback", "rollback plan", "same", "same as above",
    "same as always", "same as before", "same as last time", "same as usual",
    "see above", "see below", "see description", "see ticket", "simple",
    "standard", "tba", "tbc", "tbd", "test", "to be added", "to be announced",
    "to be completed", "to be confirmed", "to be decided", "to be defined",
    "to be determined", "to be done", "to be filled", "to be filled in",
    "to be provided", "to be specified", "to be written", "to come", "to do",
    "todo", "trivial", "undefined", "unknown", "unnecessary", "usual", "void",
    "who knows", "will add later", "wip", "write me", "yes", "your plan here",
    "нет", "не нужно", "не требуется", "无", "暂 无", "没 有", "待 定",
    "不 需 要", "不 适 用", "な し", "未 定", "不 要", "없음"};

struct words {
	const char **list;
	size_t count;
};

static const char *
words_of(struct pool *pool, const char *text)
{
	return plain_words(pool, text, strlen(text));
}

/* Do `words` begin with `phrase`, and how many bytes does it take there? */
static size_t
phrase_size(const char *words, const char *phrase)
{
	size_t len;

	if (*phrase == '\0' || *phrase != *words)
		return 0;
	len = strlen(phrase);
	if (strncmp(words, phrase, len) != 0)
		return 0;
	if (words[len] != ' ' && words[len] != '\0')
		return 0;
	return len;
}

/* "xxx", "a", "000": one letter, or nothing but zeros. */
static size_t
stutter_size(const char *words)
{
	size_t n = 0;

	if ((*words < 'a' || *words > 'z') && *words != '0')
		return 0;
	while (words[n] == *words)
		n++;
	return words[n] == ' ' || words[n] == '\0' ? n : 0;
}

static size_t
longest(const char *words, const char *const *list, size_t count)
{
	size_t best = 0;

	for (size_t i = 0; i < count; i++) {
		size_t size = phrase_size(words, list[i]);

		best = size > best ? size : best;
	}
	return best;
}

static bool
says_nothing(const char *words, const struct words *extra)
{
	while (*words != '\0') {
		size_t size = longest(words, placeholders,
		    sizeof(placeholders) / sizeof(placeholders[0]));
		size_t other = longest(words, extra->list, extra->count);
		size_t stutter = stutter_size(words);

		size = other > size ? other : size;
		size = stutter > size ? stutter : size;
		if (size == 0)
			return false;
		words += size;
		words += *words == ' ';
	}
	return true;
}

static void
add_phrase(struct pool *pool, struct words *w, const char *text, size_t len)
{
	const char *words = plain_words(pool, text, len);
	const char **slot;

	if (*words == '\0')
		return;
	slot = pool_grow(pool, &w->list, &w->count, sizeof(*w->list));
	*slot = words;
}

static struct words
fold_all(struct pool *pool, const char *const *texts, size_t count)
{
	struct words w = {0};

	for (size_t i = 0; i < count; i++)
		add_phrase(pool, &w, texts[i], strlen(texts[i]));
	return w;
}

static bool
ends_sentence(const char *at)
{
	if (*at == '\n')
		return at[1] == '\n' || at[1] == '\0';
	return (*at == '.' || *at == '!' || *at == '?' || *at == ':') &&
	    (at[1] == ' ' || at[1] == '\n' || at[1] == '\0');
}

static void
add_lines(struct pool *pool, struct words *w, const char *text)
{
	const char *lf;

	for (; (lf = strchr(text, '\n')) != NULL; text = lf + 1)
		add_phrase(pool, w, text, (size_t)(lf - text));
	add_phrase(pool, w, text, strlen(text));
}

static void
add_sentences(struct pool *pool, struct words *w, const char *text)
{
	const char *from = text;

	for (; *text != '\0'; text++) {
		if (!ends_sentence(text))
			continue;
		add_phrase(pool, w, from, (size_t)(text - from));
		from = text + 1;
	}
	add_phrase(pool, w, from, strlen(from));
}

/* What a template hides in a comment may stand in the open in a plan. */
static const char *
comments_opened(struct pool *pool, const char *text)
{
	char *out = pool_text(pool, text), *at = out;

	while ((at = strchr(at, '-')) != NULL) {
		if (at - out >= 2 && strncmp(at - 2, "<!--", 4) == 0)
			memcpy(at - 2, "\n\n\n\n", 4);
		else if (strncmp(at, "-->", 3) == 0)
			memcpy(at, "\n\n\n", 3);
		at++;
	}
	return out;
}

static struct words
phrases_of(struct pool *pool, const struct plan_rules *rules)
{
	struct words w = {0};

	for (size_t i = 0; i < rules->template_count; i++) {
		const char *text = rules->templates[i];
		const char *open = comments_opened(pool, text);

		add_phrase(pool, &w, text, strlen(text));
		add_lines(pool, &w, open);
		add_sentences(pool, &w, open);
	}
	return w;
}

static bool
is_one_of(const char *words, const struct words *w)
{
	for (size_t i = 0; i < w->count; i++)
		if (strcmp(words, w->list[i]) == 0)
			return true;
	return false;
}

static bool
is_long(const char *words)
{
	unsigned n = 1;

	for (; *words != '\0'; words++)
		n += *words == ' ';
	return n >= SENTENCE_WORDS;
}

/* The words of the lines that are no line of a template. */
static char *
own_lines(struct pool *pool, const char *text, const struct words *templates)
{
	char *out = pool_array(pool, strlen(text) + 1, 5);
	size_t n = 0, size;
	const char *lf;

	for (; *text != '\0'; text += lf ? size + 1 : size) {
		const char *words;

		lf = strchr(text, '\n');
		size = lf ? (size_t)(lf - text) : strlen(text);
		words = plain_words(pool, text, size);
		if (*words == '\0' || is_one_of(words, templates))
			continue;
		if (n > 0)
			out[n++] = ' ';
		memcpy(out + n, words, strlen(words));
		n += strlen(words);
	}
	out[n] = '\0';
	return out;
}

/* Takes a phrase out of `words`, wherever it stands. */
static void
drop_phrase(char *words, const char *phrase)
{
	const char *from = words;
	char *to = words;

	while (*from != '\0') {
		size_t size = phrase_size(from, phrase);
		bool keep = size == 0;

		while (keep && from[size] != ' ' && from[size] != '\0')
			size++;
		if (keep && to > words)
			*to++ = ' ';
		if (keep) {
			memmove(to, from, size);
			to += size;
		}
		from += size;
		from += *from == ' ';
	}
	*to = '\0';
}

static const char *
own_words(struct pool *pool, const char *text, const struct plan_rules *rules)
{
	struct words templates = phrases_of(pool, rules);
	char *words = own_lines(pool, text, &templates);

	for (size_t i = 0; i < templates.count; i++)
		if (is_long(templates.list[i]))
			drop_phrase(words, templates.list[i]);
	return words;
}

enum plan_state
plan_judge(const char *text, const struct plan_rules *rules, struct pool *pool,
    unsigned *words)
{
	struct words extra;
	const char *own;
	unsigned least = rules->min_words > 0 ? rules->min_words : 1, count;
	size_t len = text ? strlen(text) : 0;

	if (words)
		*words = 0;
	if (!text)
		return PLAN_ABSENT;
	len = len < PLAN_TEXT_MAX ? len : PLAN_TEXT_MAX;
	if (plain_is_blank(pool, text, len))
		return PLAN_EMPTY;
	text = plain_uncomment(pool, text, len);
	extra = fold_all(pool, rules->placeholders, rules->placeholder_count);
	if (says_nothing(words_of(pool, text), &extra))
		return PLAN_PLACEHOLDER;
	own = own_words(pool, text, rules);
	if (*own == '\0')
		return PLAN_TEMPLATE;
	if (says_nothing(own, &extra))
		return PLAN_PLACEHOLDER;
	count = plain_count(pool, own);
	if (words)
		*words = count;
	return count < least ? PLAN_TOO_SHORT : PLAN_REAL;
}

enum plan_state
plan_judge_all(const struct plan *plan, const struct plan_rules *rules,
    struct pool *pool, const char **best)
{
	enum plan_state state = PLAN_ABSENT;

	if (best)
		*best = NULL;
	for (size_t i = 0; i < plan->count; i++) {
		enum plan_state one =
		    plan_judge(plan->texts[i], rules, pool, NULL);

		if (one <= state)
			continue;
		state = one;
		if (best)
			*best = plan->texts[i];
	}
	return state;
}

bool
plan_is_placeholder(const char *text, const char *const *extra,
    size_t extra_count, struct pool *pool)
{
	struct words more = fold_all(pool, extra, extra_count);
	size_t len = text ? strlen(text) : 0;

	if (len > PLAN_TEXT_MAX)
		len = PLAN_TEXT_MAX;
	return len == 0 || says_nothing(plain_words(pool, text, len), &more);
}

const char *
plan_state_name(enum plan_state state)
{
	static const char *const names[] = {"absent", "empty", "placeholder",
	    "template", "too-short", "real"};

	return (size_t)state < sizeof(names) / sizeof(names[0]) ? names[state]
	                                                        : "";
}
