/* Telling the forge, and writing down what it was told. */
#include "daemon_tell_inside.h"

#include <string.h>

#include "app/change_token.h"
#include "app/cmd.h"
#include "app/daemon_ask.h"
#include "base/text.h"
#include "core/topics.h"

#define TOLD_LOOKED_AT 50 /* of one commit */

/* The newest that was told of this commit under this context. */
static int
find_told(struct telling *t, const struct posted *one, struct record *out,
    struct err *err)
{
	struct record *list;
	size_t count;

	*out = (struct record){0};
	if (changelog_find(t->run->setup->log, t->pool,
	        topic_posted(t->pool, one->repository, one->commit), true, 0,
	        TOLD_LOOKED_AT, &list, &count, err) < 0)
		return -1;
	for (size_t i = 0; i < count && out->seq == 0; i++) {
		const struct tree *r = list[i].tree;

		if (text_same(tree_text(r, "kind"), "verdict-told") &&
		    text_same(tree_text(r, "repository"), one->repository) &&
		    text_same(tree_text(r, "commit"), one->commit) &&
		    text_same(tree_text(r, "source"), one->source) &&
		    text_same(tree_text(r, "context"), one->context))
			*out = list[i];
	}
	return 0;
}

static int
record_it(struct telling *t, const struct posted *one, struct err *err)
{
	struct buf body = {0};
	struct ledger_body line;
	int ret;

	record_posted(&body, one);
	line = (struct ledger_body){body.data, body.len};
	ret = changelog_append(t->run->setup->log, &line, 1, clock_now(), NULL,
	    err);
	buf_free(&body);
	return ret;
}

static int
post_one(struct telling *t, struct forge *f, const struct posted *one,
    const struct change_token_key *key, struct err *err)
{
	const struct forge_status status = {.repository = t->mirror.forge_name,
	    .commit = one->commit,
	    .context = one->context,
	    .state = one->state,
	    .description = one->description,
	    .target_url = change_address(t->pool,
	        &t->run->setup->config.settings.receiver, key, one->change)};

	if (forge_post_status(f, &status, err) < 0)
		return -1;
	return record_it(t, one, err);
}

static bool
is_as_told(const struct record *told, const struct posted *one)
{
	return told->seq != 0 &&
	    text_same(tree_text(told->tree, "state"), one->state) &&
	    text_same(tree_text(told->tree, "description"), one->description);
}

/* Those that are as they were told last go out of the list. */
static int
keep_news(struct telling *t, struct err *err)
{
	size_t kept = 0;

	for (size_t i = 0; i < t->posted.count; i++) {
		struct record told;

		if (find_told(t, &t->posted.list[i], &told, err) < 0)
			return -1;
		if (!is_as_told(&told, &t->posted.list[i]))
			t->posted.list[kept++] = t->posted.list[i];
	}
	t->posted.count = kept;
	return 0;
}

int
tell_post(struct telling *t, struct err *err)
{
	const struct receiver *r = &t->run->setup->config.settings.receiver;
	struct change_token_key key;
	struct forge *f = NULL;
	int ret = 0;

	if (keep_news(t, err) < 0)
		return -1;
	if (t->posted.count == 0)
		return 0;
	if (change_token_key(&key, r, err) < 0 ||
	    ask_open(&f, t->pool, t->mirror.source, err) < 0)
		return -1;
	for (size_t i = 0; i < t->posted.count; i++) {
		struct err why = {0};

		if (post_one(t, f, &t->posted.list[i], &key, &why) == 0)
			continue;
		if (ret == 0)
			*err = why;
		ret = -1;
	}
	forge_close(f);
	explicit_bzero(&key, sizeof(key));
	return ret;
}
