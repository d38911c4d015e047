/*
 * verify: three questions, answered apart.
 *
 * unaltered	each line names the line before it
 * uncut	a checkpoint's count and root are those of these lines
 * complete	every gated ref is where the ledger has it
 */
#include "app/cmd.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "app/checkpoints.h"
#include "app/files.h"
#include "app/options.h"
#include "app/retain.h"
#include "app/say.h"
#include "app/verifying.h"
#include "base/json.h"
#include "base/text.h"
#include "core/note.h"

#define PROGRESS_EACH 65536
#define PEM_MAX 4096

static int
read_checkpoint(struct verifying *v, struct err *err)
{
	struct note note;
	bool there = true;

	if (file_read(&v->note, v->note_path, NOTE_SIZE_MAX,
	        v->note_given ? NULL : &there, err) < 0)
		return -1;
	if (!there)
		return 0;
	if (note_parse(&note, &v->pool, v->note.data, v->note.len, err) < 0 ||
	    checkpoint_parse(&v->checkpoint, note.text, note.len, err) < 0)
		return err_within(err, "%s", v->note_path);
	v->has_checkpoint = true;
	return 0;
}

static int
read_key(struct verifying *v, const char *path, struct err *err)
{
	struct buf pem = {0};
	int ret = file_read(&pem, path, PEM_MAX, NULL, err);

	if (ret == 0 &&
	    seal_public_parse(&v->key, buf_text(&pem), pem.len, err) < 0)
		ret = err_within(err, "%s", path);
	v->has_key = v->key_given = ret == 0;
	buf_free(&pem);
	return ret;
}

/* The origin it opened with, and the last sealing key it names. */
static void
learn(struct verifying *v, const char *line, size_t len)
{
	struct pool pool = {0};
	struct err ignored = {0};
	const struct tree *r;
	const char *pem;

	if (tree_parse_json(&r, &pool, line, len, "ledger", &ignored) < 0)
		goto out;
	if (text_same(tree_text(r, "type"), "opened") && v->origin == NULL &&
	    tree_text(r, "origin") != NULL)
		v->origin = pool_text(&v->pool, tree_text(r, "origin"));
	pem = tree_text(r, "public");
	if (text_same(tree_text(r, "type"), "key") && !v->key_given &&
	    text_same(tree_text(r, "purpose"), "seal") && pem != NULL &&
	    seal_public_parse(&v->key, pem, strlen(pem), &ignored) == 0)
		v->has_key = true;
out:
	pool_free(&pool);
}

static void
keep_pruned(struct verifying *v, uint64_t seq, int64_t time, const char *line,
    size_t len)
{
	struct err ignored = {0};

	v->pruned = (struct record){.seq = seq, .time = time, .type = "pruned"};
	if (tree_parse_json(&v->pruned.tree, &v->pool, line, len, "ledger",
	        &ignored) < 0)
		v->pruned.tree = NULL;
}

static int
see(const struct chain_mark *mark, const char *line, size_t len, void *ctx,
    struct err *err)
{
	struct verifying *v = ctx;
	unsigned char leaf[DIGEST_SIZE];
	struct chain_head head;

	(void)err;
	merkle_leaf(leaf, line, len);
	merkle_add(&v->tree, leaf);
	v->records = mark->seq;
	if (v->has_checkpoint && v->tree.count == v->checkpoint.size)
		merkle_root(v->root, &v->tree);
	if (chain_read(&head, line, len) &&
	    (strncmp(line + head.body, "\"type\":\"opened\"", 15) == 0 ||
	        strncmp(line + head.body, "\"type\":\"key\"", 12) == 0))
		learn(v, line, len);
	if (head.seq != 0 &&
	    text_starts(line + head.body, "\"type\":\"pruned\""))
		keep_pruned(v, mark->seq, head.time, line, len);
	if (v->progress && mark->seq % PROGRESS_EACH == 0)
		(void)fprintf(stderr, "\r%llu records",
		    (unsigned long long)mark->seq);
	return 0;
}

static int
walk(struct verifying *v, struct err *err)
{
	struct ledger *ledger = NULL;
	struct setup alone = {0};
	int ret = -1;

	if (ledger_open(&ledger, v->dir, LEDGER_READ, err) == 0 &&
	    ledger_pruned(ledger, &v->begin, err) == 0) {
		v->tree = v->begin.tree;
		v->records = v->begin.last;
		if (v->has_checkpoint && v->tree.count == v->checkpoint.size)
			merkle_root(v->root, &v->tree);
		ret = ledger_walk(ledger, NULL, see, v, &v->end, err);
	}
	if (ret == 0)
		ret = retain_check(&alone, &v->begin, &v->pruned, err);
	pool_free(&alone.pool);
	ledger_close(ledger);
	if (v->progress && v->records >= PROGRESS_EACH)
		(void)fputs("\r                      \r", stderr);
	return ret;
}

static const char *
told_pruned(struct verifying *v)
{
	if (v->begin.last == 0)
		return "";
	return pool_printf(&v->pool,
	    "; the first %llu of them were taken away, as record %llu tells, "
	    "with two signatures",
	    (unsigned long long)v->begin.last,
	    (unsigned long long)v->pruned.seq);
}

static void
judge_unaltered(struct verifying *v, const struct err *err)
{
	if (err != NULL && err->kind == ERR_TAMPERED) {
		v->unaltered =
		    (struct answer){TRI_NO, pool_text(&v->pool, err->text)};
		return;
	}
	v->unaltered = (struct answer){TRI_YES,
	    pool_printf(&v->pool, "%llu records of %s%s%s",
	        (unsigned long long)v->records, v->dir, told_pruned(v),
	        v->end.torn == 0
	            ? ""
	            : pool_printf(&v->pool,
	                  "; behind them, %llu bytes of a line that was never "
	                  "ended",
	                  (unsigned long long)v->end.torn))};
}

static struct answer
uncut_by_checkpoint(struct verifying *v)
{
	const char *whose = v->note_given ? "by the checkpoint given"
	                                  : "by this machine's own word";
	unsigned long long size = v->checkpoint.size, here = v->records;
	unsigned char empty[DIGEST_SIZE];
	struct merkle nothing = {0};

	merkle_root(empty, &nothing);
	if (!digest_same(size == 0 ? empty : v->root, v->checkpoint.root,
	        DIGEST_SIZE))
		return (struct answer){TRI_NO,
		    pool_printf(&v->pool,
		        "the first %llu records are not those that were "
		        "sealed",
		        size)};
	return (struct answer){TRI_YES,
	    pool_printf(&v->pool,
	        "%s, signed with %s: %llu records; %llu lie after it", whose,
	        v->key_given ? "the key given"
	                     : "the key that the ledger names",
	        size, here - size)};
}

static void
judge_uncut(struct verifying *v)
{
	struct checkpoint sealed;
	struct err err = {0};

	if (v->unaltered.is != TRI_YES)
		v->uncut.why = "not looked at, as the ledger is altered";
	else if (!v->has_checkpoint)
		v->uncut.why = "not provable: there is no checkpoint beside it";
	else if (v->checkpoint.size < v->begin.last)
		v->uncut.why = "not provable: the checkpoint is older than "
		               "what was taken away; take a newer one";
	else if (v->checkpoint.size > v->records)
		v->uncut = (struct answer){TRI_NO,
		    pool_printf(&v->pool,
		        "the checkpoint has %llu records, here are %llu: the "
		        "end was cut off",
		        (unsigned long long)v->checkpoint.size,
		        (unsigned long long)v->records)};
	else if (!v->has_key)
		v->uncut.why = "not provable: no sealing key is known; --key "
		               "FILE names one";
	else if (seal_check(&sealed, &v->key,
	             v->origin != NULL ? v->origin : v->checkpoint.origin,
	             v->note.data, v->note.len, &err) < 0)
		v->uncut = (struct answer){TRI_NO,
		    pool_printf(&v->pool, "%s: %s", v->note_path, err.text)};
	else
		v->uncut = uncut_by_checkpoint(v);
}

static void
answer_one(const char *question, const struct answer *a)
{
	static const char *const words[] = {"", "no: ", "yes: "};

	say("%s: %s%s", question, words[a->is], a->why);
}

static void
answer_json(const struct verifying *v)
{
	static const char *const words[] = {"unknown", "no", "yes"};
	const struct answer *const list[] = {&v->unaltered, &v->uncut,
	    &v->complete};
	static const char *const keys[] = {"unaltered", "uncut", "complete"};
	struct buf out = {0};
	struct json j = {.out = &out};

	json_open(&j, '{');
	json_key_text(&j, "ledger", v->dir);
	json_key_number(&j, "records", (int64_t)v->records);
	json_key_number(&j, "torn_bytes", (int64_t)v->end.torn);
	for (size_t i = 0; i < 3; i++) {
		json_key_open(&j, keys[i], '{');
		json_key_text(&j, "answer", words[list[i]->is]);
		json_key_text(&j, "text", list[i]->why);
		json_close(&j);
	}
	if (v->has_checkpoint) {
		json_key_number(&j, "checkpoint", (int64_t)v->checkpoint.size);
		json_key_bool(&j, "own_word", !v->note_given);
	}
	json_close(&j);
	say_json(&out);
	buf_free(&out);
}

static int
judge_all(struct verifying *v, struct setup *s, bool chain, bool as_json)
{
	struct err err = {0};
	int ret = walk(v, &err);

	if (ret < 0 && err.kind != ERR_TAMPERED)
		return complain(STATUS_UNKNOWN, "%s", err.text);
	judge_unaltered(v, ret < 0 ? &err : NULL);
	judge_uncut(v);
	v->complete.why = s == NULL ? "a ledger alone cannot tell"
	    : chain                 ? "not looked at"
	                            : "not looked at, as the ledger is altered";
	if (s != NULL && !chain && v->unaltered.is == TRI_YES)
		verify_complete(v, s);
	if (as_json) {
		answer_json(v);
	} else {
		answer_one("unaltered", &v->unaltered);
		answer_one("uncut", &v->uncut);
		answer_one("complete", &v->complete);
	}
	if (v->unaltered.is == TRI_NO || v->uncut.is == TRI_NO ||
	    v->complete.is == TRI_NO || (v->uncut.is == TRI_UNKNOWN && !chain))
		return STATUS_NO;
	return v->stuck ? STATUS_UNKNOWN : STATUS_YES;
}

static int
prepare(struct verifying *v, struct setup *s, const char *config,
    const char *key, struct err *err)
{
	if (key != NULL && read_key(v, key, err) < 0)
		return -1;
	if (v->dir == NULL) {
		if (setup_read(s, setup_directory(config), err) < 0 ||
		    setup_become(s, err) < 0)
			return -1;
		v->dir = s->config.settings.ledger;
		if (v->dir == NULL)
			return err_set(err, ERR_CONFIG,
			    "no ledger is kept here");
	}
	v->note_given = v->note_path != NULL;
	if (!v->note_given)
		v->note_path =
		    pool_printf(&v->pool, "%s/" CHECKPOINT_FILE, v->dir);
	v->progress = isatty(STDERR_FILENO) == 1;
	return read_checkpoint(v, err);
}

int
cmd_verify(int argc, char **argv, const char *config)
{
	struct verifying v = {0};
	struct setup s = {0};
	struct err err = {0};
	const char *key = NULL;
	bool chain = false, as_json = false;
	const struct option options[] = {
	    {.name = "--chain", .given = &chain},
	    {.name = "--checkpoint", .value = &v.note_path},
	    {.name = "--key", .value = &key},
	    {.name = "--json", .given = &as_json},
	    {0},
	};
	int count = options_read(argc, argv, options, 0, 1);
	int status;

	if (count < 0)
		return STATUS_USAGE;
	v.dir = count == 1 ? argv[1] : NULL;
	if (prepare(&v, &s, config, key, &err) < 0)
		status = complain(STATUS_UNKNOWN, "%s", err.text);
	else
		status = judge_all(&v, count == 1 ? NULL : &s, chain, as_json);
	setup_free(&s);
	buf_free(&v.note);
	pool_free(&v.pool);
	return status;
}
