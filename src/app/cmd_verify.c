/*
 * verify: three questions, answered apart.
 *
 * unaltered	each line names the line before it, and what is signed is signed
 * uncut	a checkpoint's count and root are those of these lines
 * complete	every movement of a gated ref has its record
 */
#include "app/cmd.h"

#include <stdio.h>
#include <string.h>

#include "app/files.h"
#include "app/node.h"
#include "app/options.h"
#include "app/proving.h"
#include "app/say.h"
#include "app/verifying.h"
#include "base/json.h"

#define PEM_MAX 4096

static int
read_key(struct verifying *v, const char *path, struct err *err)
{
	struct buf pem = {0};
	int ret = file_read(&pem, path, PEM_MAX, NULL, err);

	if (ret == 0 &&
	    seal_public_parse(&v->key, buf_text(&pem), pem.len, err) < 0)
		ret = err_within(err, "%s", path);
	v->key_given = ret == 0;
	buf_free(&pem);
	return ret;
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
	if (v->before.at.there)
		json_key_number(&j, "verified_before",
		    (int64_t)v->before.at.checkpoint.size);
	json_key_number(&j, "torn_bytes", (int64_t)v->end.torn);
	for (size_t i = 0; i < 3; i++) {
		json_key_open(&j, keys[i], '{');
		json_key_text(&j, "answer", words[list[i]->is]);
		json_key_text(&j, "text", list[i]->why);
		json_close(&j);
	}
	json_key_number(&j, "clock_went_back", (int64_t)v->went_back);
	json_key_number(&j, "signatures", (int64_t)v->kept.good);
	json_key_number(&j, "unsigned_statements",
	    (int64_t)v->kept.unsigned_ones);
	if (v->has_own && v->own.unfit == NULL) {
		json_key_number(&j, "checkpoint",
		    (int64_t)v->own.checkpoint.size);
		json_key_bool(&j, "own_word", v->note_path == NULL);
	}
	json_close(&j);
	say_json(&out);
	buf_free(&out);
}

static int
judge_all(struct verifying *v, struct setup *s, bool chain, bool as_json)
{
	struct err err = {0};
	int ret;

	v->kept.asked = !chain;
	ret = verify_walk(v, &err);
	if (ret < 0 && err.kind != ERR_TAMPERED)
		return complain(STATUS_UNKNOWN, "%s", err.text);
	if (v->interrupted)
		return complain(STATUS_UNKNOWN,
		    "verify: interrupted; the first %llu records follow one "
		    "another, and no more is known",
		    (unsigned long long)v->records);
	verify_unaltered(v, ret < 0 ? &err : NULL);
	verify_uncut(v);
	v->complete.why = s == NULL ? "a ledger alone cannot tell"
	    : chain                 ? "not looked at"
	                            : "not looked at, as the ledger is altered";
	if (s != NULL && !chain && v->unaltered.is == TRI_YES)
		verify_complete(v, s);
	if (v->memory_path != NULL && v->unaltered.is == TRI_YES &&
	    v->uncut.is == TRI_YES && verify_memory_write(v, &err) < 0)
		return complain(STATUS_UNKNOWN, "%s", err.text);
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
		v->settings = &s->config.settings;
		v->dir = v->settings->ledger;
		if (v->dir == NULL)
			return err_set(err, ERR_CONFIG,
			    "no ledger is kept here");
		if (node_catch_up(v->settings, err) < 0)
			return -1;
	}
	if (v->memory_path != NULL && verify_memory_read(v, err) < 0)
		return -1;
	return verify_sealed_read(v, err);
}

/* A proof is looked at alone. */
static int
check_proof(struct verifying *v, const char *path, const char *key)
{
	struct proved proved = {0};
	struct err err = {0};

	if ((key != NULL && read_key(v, key, &err) < 0) ||
	    proof_check_file(&proved, &v->pool, path,
	        key != NULL ? &v->key : NULL, v->note_path, &err) < 0)
		return complain(err.kind == ERR_TAMPERED ? STATUS_NO
		                                         : STATUS_UNKNOWN,
		    "%s", err.text);
	say("proved: %s %llu of the %llu records of %s%s",
	    proved.line != NULL ? "record" : "a ledger that only grew from",
	    (unsigned long long)proved.seq,
	    (unsigned long long)proved.checkpoint.size,
	    proved.checkpoint.origin,
	    proved.is_signed
	        ? ""
	        : "; nobody vouches for that: --key FILE names the sealing key");
	if (proved.line != NULL)
		(void)printf("%.*s\n", (int)proved.len, proved.line);
	return proved.is_signed ? STATUS_YES : STATUS_NO;
}

int
cmd_verify(int argc, char **argv, const char *config)
{
	struct verifying v = {0};
	struct setup s = {0};
	struct err err = {0};
	const char *key = NULL, *proof = NULL;
	bool chain = false, as_json = false;
	const struct option options[] = {
	    {.name = "--chain", .given = &chain},
	    {.name = "--checkpoint", .value = &v.note_path},
	    {.name = "--memory", .value = &v.memory_path},
	    {.name = "--key", .value = &key},
	    {.name = "--proof", .value = &proof},
	    {.name = "--json", .given = &as_json},
	    {0},
	};
	int count = options_read(argc, argv, options, 0, 1);
	int status;

	if (count < 0)
		return STATUS_USAGE;
	if (v.memory_path != NULL && chain)
		return complain(STATUS_USAGE,
		    "verify: --memory FILE is of all that verify looks at, and "
		    "goes without --chain");
	if (proof != NULL &&
	    (count > 0 || chain || as_json || v.memory_path != NULL))
		return complain(STATUS_USAGE,
		    "verify: --proof FILE stands alone, but for --key and "
		    "--checkpoint");
	v.dir = count == 1 ? argv[1] : NULL;
	if (proof != NULL)
		status = check_proof(&v, proof, key);
	else if (prepare(&v, &s, config, key, &err) < 0)
		status = complain(STATUS_UNKNOWN, "%s", err.text);
	else
		status = judge_all(&v, count == 1 ? NULL : &s, chain, as_json);
	setup_free(&s);
	verify_kept_free(&v.kept);
	pool_free(&v.pool);
	return status;
}
