/*
 * log: the records of the ledger, newest last, read from the ledger alone; the
 * newest of them from its end.
 */
#include "app/cmd.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/node.h"
#include "app/options.h"
#include "app/say.h"
#include "app/setup.h"
#include "app/summary.h"
#include "base/text.h"
#include "edge/ledger_back.h"

#define NEWEST_MAX 100000

struct logging {
	const char *repository, *ref, *type;
	bool json;
	size_t newest; /* 0: all */
	/* The last ones so far, in a ring. */
	char **ring;
	size_t count;
	bool backwards; /* the newest stands first in it */
};

static bool
fits(const char *wanted, const char *value)
{
	return wanted == NULL || text_same(wanted, value);
}

static bool
wanted(const struct logging *l, const struct tree *r)
{
	return fits(l->type, tree_text(r, "type")) &&
	    fits(l->repository, tree_text(r, "repository")) &&
	    fits(l->ref, tree_text(r, "ref"));
}

/* Most lines can be passed over without being parsed. */
static bool
may_be_wanted(const struct logging *l, const char *line, size_t len)
{
	const char *const words[] = {l->repository, l->ref, l->type};

	for (size_t i = 0; i < 3; i++)
		if (words[i] != NULL && text_find(line, len, words[i]) == NULL)
			return false;
	return true;
}

static void
show(const struct logging *l, const char *line, size_t len)
{
	struct pool pool = {0};
	struct err ignored = {0};
	struct chain_head head;
	struct record r = {0};

	if (l->json) {
		(void)printf("%.*s\n", (int)len, line);
		return;
	}
	if (chain_read(&head, line, len) &&
	    tree_parse_json(&r.tree, &pool, line, len, "ledger", &ignored) ==
	        0) {
		r.seq = head.seq;
		r.time = head.time;
		summary_say(&pool, &r);
	}
	pool_free(&pool);
}

static void
keep(struct logging *l, const char *line, size_t len)
{
	char **slot = &l->ring[l->count++ % l->newest];

	free(*slot);
	*slot = malloc(len + 1);
	if (*slot == NULL)
		err_fatal("out of memory");
	memcpy(*slot, line, len);
	(*slot)[len] = '\0';
}

static int
see(const struct chain_mark *mark, const char *line, size_t len, void *ctx,
    struct err *err)
{
	struct logging *l = ctx;
	struct pool pool = {0};
	const struct tree *record;
	int ret = 0;

	if (!may_be_wanted(l, line, len))
		return 0;
	if (tree_parse_json(&record, &pool, line, len, "ledger", err) < 0)
		ret = err_within(err, "record %llu",
		    (unsigned long long)mark->seq);
	else if (wanted(l, record) && l->newest == 0)
		show(l, line, len);
	else if (wanted(l, record))
		keep(l, line, len);
	pool_free(&pool);
	return ret;
}

static int
see_back(const struct chain_mark *mark, const char *line, size_t len, void *ctx,
    struct err *err)
{
	struct logging *l = ctx;

	if (see(mark, line, len, ctx, err) < 0)
		return -1;
	return l->count == l->newest ? 1 : 0;
}

static void
forget(struct logging *l)
{
	for (size_t i = 0; i < l->newest; i++) {
		free(l->ring[i]);
		l->ring[i] = NULL;
	}
	l->count = 0;
}

/* The last ones from the end; where that is not sound, all are walked over. */
static int
read_newest(struct logging *l, struct ledger *ledger, struct err *err)
{
	struct err ignored = {0};

	l->ring = calloc(l->newest, sizeof(*l->ring));
	if (l->ring == NULL)
		err_fatal("out of memory");
	if (ledger_back(ledger, see_back, l, NULL, &ignored) == 0) {
		l->backwards = true;
		return 0;
	}
	forget(l);
	return ledger_walk(ledger, NULL, see, l, NULL, err);
}

static void
show_kept(const struct logging *l)
{
	size_t from = l->count > l->newest ? l->count - l->newest : 0;

	for (size_t i = from; i < l->count; i++) {
		size_t at = l->backwards ? l->count - 1 - i : i % l->newest;
		const char *line = l->ring[at];

		if (line != NULL)
			show(l, line, strlen(line));
	}
}

static int
walk(struct logging *l, const struct setup *s, struct err *err)
{
	const char *dir = s->config.settings.ledger;
	struct ledger *ledger = NULL;
	int ret = -1;

	if (dir == NULL)
		return err_set(err, ERR_CONFIG, "no ledger is kept here");
	if (node_ledger_now(&ledger, &s->config.settings, LEDGER_READ, err) ==
	    0)
		ret = l->newest > 0
		    ? read_newest(l, ledger, err)
		    : ledger_walk(ledger, NULL, see, l, NULL, err);
	if (l->ring != NULL) {
		show_kept(l);
		forget(l);
		free(l->ring);
	}
	ledger_close(ledger);
	return ret;
}

static int
read_number(const char *text, size_t *out)
{
	char *end;
	unsigned long n;

	errno = 0;
	n = strtoul(text, &end, 10);
	if (text[0] < '0' || text[0] > '9' || *end != '\0' || errno != 0 ||
	    n == 0 || n > NEWEST_MAX)
		return complain(-1, "log: --newest takes a number, 1 to %d",
		    NEWEST_MAX);
	*out = n;
	return 0;
}

int
cmd_log(int argc, char **argv, const char *config)
{
	struct logging l = {0};
	const char *newest = NULL;
	const struct option options[] = {
	    {.name = "--repository", .value = &l.repository},
	    {.name = "--ref", .value = &l.ref},
	    {.name = "--type", .value = &l.type},
	    {.name = "--newest", .value = &newest},
	    {.name = "--json", .given = &l.json},
	    {0},
	};
	struct setup s = {0};
	struct err err = {0};
	int status = STATUS_YES;

	if (options_read(argc, argv, options, 0, 0) < 0 ||
	    (newest != NULL && read_number(newest, &l.newest) < 0))
		return STATUS_USAGE;
	if (setup_read(&s, setup_directory(config), &err) < 0 ||
	    setup_become(&s, &err) < 0 || walk(&l, &s, &err) < 0)
		status = complain(STATUS_UNKNOWN, "%s", err.text);
	setup_free(&s);
	return status;
}
