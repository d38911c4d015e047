/* show: one record in words, or all records that name a commit. */
#include "app/cmd.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/options.h"
#include "app/say.h"
#include "app/setup.h"
#include "app/summary.h"
#include "base/text.h"
#include "core/topics.h"
#include "edge/ledger_scan.h"

#define PAGE 200
#define PREFIX_MIN 7
#define OID 40

struct showing {
	struct setup *setup;
	bool json;
	size_t shown;
};

static int
show_seq(struct showing *w, const char *word, struct err *err)
{
	uint64_t seq = strtoull(word, NULL, 10);
	struct record r;

	if (strlen(word) > 18 || seq == 0)
		return 0;
	if (changelog_read(w->setup->log, &w->setup->pool, seq, &r, err) < 0)
		return -1;
	if (r.seq == 0)
		return 0;
	w->shown++;
	if (w->json)
		(void)printf("%s\n", r.line);
	else
		summary_show(&w->setup->pool, &r);
	return 0;
}

/* The index only says where to look: the line itself must name the commit. */
static int
show_topic(struct showing *w, const char *topic, const char *commit,
    struct err *err)
{
	uint64_t beyond = 0;
	size_t count = PAGE;

	while (count == PAGE) {
		struct pool pool = {0};
		struct record *list;
		int ret = changelog_find(w->setup->log, &pool, topic, false,
		    beyond, PAGE, &list, &count, err);

		for (size_t i = 0; ret == 0 && i < count; i++) {
			beyond = list[i].seq;
			if (text_find(list[i].line, list[i].len, commit) ==
			    NULL)
				continue;
			w->shown++;
			if (w->json)
				(void)printf("%s\n", list[i].line);
			else
				summary_say(&pool, &list[i]);
		}
		pool_free(&pool);
		if (ret < 0)
			return -1;
	}
	return 0;
}

static int
show_commit(struct showing *w, const char *commit, struct err *err)
{
	struct pool *pool = &w->setup->pool;

	if (show_topic(w, topic_received(pool, commit), commit, err) < 0)
		return -1;
	return show_topic(w, topic_commit(pool, commit), commit, err);
}

struct search {
	const char *prefix; /* a quote before it */
	size_t len;
	char found[OID + 1];
	bool several;
};

/* Whole ids in this line that begin so. */
static int
search_line(const struct chain_mark *mark, const char *line, size_t len,
    void *ctx, struct err *err)
{
	struct search *s = ctx;
	const char *end = line + len, *at = line;

	(void)mark;
	(void)err;
	while ((at = text_find(at, (size_t)(end - at), s->prefix)) != NULL) {
		at++;
		if (end - at <= OID || at[OID] != '"' ||
		    strspn(at, "0123456789abcdef") != OID)
			continue;
		s->several = s->several ||
		    (s->found[0] != '\0' && memcmp(s->found, at, OID) != 0);
		memcpy(s->found, at, OID);
	}
	return 0;
}

static bool
has_prefix(const struct chain_head *head, const char *line, size_t len,
    const void *ctx)
{
	const struct search *s = ctx;

	(void)head;
	return text_find(line, len, s->prefix) != NULL;
}

/* No index has parts of ids: all lines are looked at, on all processors. */
static int
show_prefix(struct showing *w, const char *word, struct err *err)
{
	struct search s = {
	    .prefix = pool_printf(&w->setup->pool, "\"%s", word)};
	struct ledger_scan scan = {.pick = has_prefix,
	    .see = search_line,
	    .ctx = &s};

	if (ledger_scan(changelog_ledger(w->setup->log), &scan, NULL, err) < 0)
		return -1;
	if (s.several)
		return err_set(err, ERR_INPUT,
		    "more than one commit begins with '%s'", word);
	return s.found[0] == '\0' ? 0 : show_commit(w, s.found, err);
}

static int
show_word(struct showing *w, const char *word, struct err *err)
{
	size_t len = strlen(word);

	if (text_is_oid(word))
		return show_commit(w, word, err);
	if (len > 0 && strspn(word, "0123456789") == len)
		return show_seq(w, word, err);
	if (len >= PREFIX_MIN && len < OID &&
	    strspn(word, "0123456789abcdef") == len)
		return show_prefix(w, word, err);
	return err_set(err, ERR_INPUT,
	    "'%s' is neither a record's number nor %d or more digits of a "
	    "commit's id",
	    word, PREFIX_MIN);
}

int
cmd_show(int argc, char **argv, const char *config)
{
	struct setup s = {0};
	struct showing w = {.setup = &s};
	struct err err = {0};
	const struct option options[] = {{.name = "--json", .given = &w.json},
	    {0}};
	int status = STATUS_YES;

	if (options_read(argc, argv, options, 1, 1) < 0)
		return STATUS_USAGE;
	if (setup_read(&s, setup_directory(config), &err) < 0 ||
	    setup_log(&s, LEDGER_READ, &err) < 0 ||
	    show_word(&w, argv[1], &err) < 0)
		status = complain_err(&err);
	else if (w.shown == 0)
		status = complain(STATUS_NO, "the ledger knows nothing of '%s'",
		    argv[1]);
	setup_free(&s);
	return status;
}
