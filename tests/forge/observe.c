/*
 * observe - records what a forge is said to have told.
 *
 *	observe SOURCE [DELIVERY [ask]] <words
 *
 * Each line of standard input is one word (core/observed.h) as a JSON object,
 * with the struct's own names: {"kind":"review","decision":"approve",...}; of a
 * person "actor", "actor_id", "of", "of_id", "opener", "opener_id".  It goes
 *the way of a delivery from there on, without a receiver.  By $FOUREYES_CONFIG.
 */
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/observe.h"
#include "app/setup.h"
#include "base/text.h"

#define LINE_SIZE 65536
#define WORDS_MAX 100

static const char *const kinds[] = {"", "request", "review", "comment",
    "status", "deployment", "push", "protection", "renamed", "queued"};

static const struct {
	const char *key;
	size_t at;
} texts[] = {
#define TEXT(m)                                                                \
	{                                                                      \
#m, offsetof(struct observed, m)                               \
	}
#define USER(m)                                                                \
	{#m, offsetof(struct observed, m.login)},                              \
	{                                                                      \
#m "_id", offsetof(struct observed, m.id)                      \
	}
    TEXT(repository), TEXT(repository_id), TEXT(action), TEXT(request),
    TEXT(request_id), TEXT(head), TEXT(head_ref), TEXT(target), TEXT(base),
    TEXT(state), TEXT(title), TEXT(text), TEXT(merge_commit), TEXT(decision),
    TEXT(review), TEXT(commit), TEXT(short_commit), TEXT(context), TEXT(result),
    TEXT(environment), TEXT(deployment), TEXT(ref), TEXT(old), TEXT(new),
    TEXT(was), TEXT(what), USER(actor), USER(of), USER(opener)};

static void
die(const char *what)
{
	fprintf(stderr, "observe: %s\n", what);
	exit(3);
}

static struct observed
read_word(struct pool *pool, const char *line)
{
	struct observed w = {0};
	const struct tree *t;
	struct err err = {0};
	const char *text;

	if (tree_parse_json(&t, pool, line, strlen(line), "input", &err) < 0)
		die(err.text);
	for (size_t i = 1; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (text_same(tree_text(t, "kind"), kinds[i]))
			w.kind = (enum observed_kind)i;
	if (w.kind == OBSERVED_NONE)
		die("no such kind");
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		text = tree_text(t, texts[i].key);
		if (text != NULL)
			memcpy((char *)&w + texts[i].at, &text, sizeof(text));
	}
	w.at = tree_instant(t, "at");
	w.all = tree_true(t, "all");
	w.edited = tree_true(t, "edited");
	return w;
}

static void
append(struct setup *s, const struct observations *o)
{
	struct ledger_body *list = calloc(o->count + 1, sizeof(*list));
	struct err err = {0};
	uint64_t first;

	if (list == NULL)
		die("out of memory");
	for (size_t i = 0; i < o->count; i++)
		list[i] = (struct ledger_body){o->list[i].data, o->list[i].len};
	if (o->count > 0 &&
	    changelog_append(s->log, list, o->count, clock_now(), &first,
	        &err) < 0)
		die(err.text);
	free(list);
	printf("%zu\n", o->count);
}

int
main(int argc, char **argv)
{
	static struct observed words[WORDS_MAX];
	static char line[LINE_SIZE];
	struct payload payload = {.list = words};
	struct setup s = {0};
	struct observations o;
	struct observing from;
	struct err err = {0};

	if (argc < 2)
		die("which source?");
	if (setup_read(&s, setup_directory(NULL), &err) < 0 ||
	    setup_log(&s, LEDGER_APPEND, &err) < 0)
		die(err.text);
	while (payload.count < WORDS_MAX && fgets(line, LINE_SIZE, stdin))
		words[payload.count++] =
		    read_word(&s.pool, pool_text(&s.pool, line));
	from = (struct observing){.config = &s.config,
	    .source = receiver_source(&s.config.settings.receiver, argv[1]),
	    .delivery = argc > 2 ? argv[2] : NULL,
	    .asked = argc > 3,
	    .now = s.now};
	if (from.source == NULL)
		die("no such source");
	observe_bodies(&o, &s.pool, &from, &payload);
	append(&s, &o);
	observations_free(&o);
	setup_free(&s);
	return 0;
}
