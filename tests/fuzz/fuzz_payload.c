/*
 * fuzz_payload - bodies of every kind of source.
 *
 * Input: a byte for the kind, the event's name, a line feed, the body.  Of what
 * comes out: every text ends, no name, id or commit is other than its header
 * promises, and nothing is observed that has no repository.
 */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "core/payload.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void
must(bool holds)
{
	if (!holds)
		abort();
}

static void
check_name(const char *name, size_t most)
{
	must(name == NULL || (name[0] != '\0' && strlen(name) <= most));
	must(name == NULL || text_is_utf8(name, strlen(name)));
}

static void
check_commit(const char *commit)
{
	must(commit == NULL || text_is_oid(commit));
}

static void
check_ref(const char *ref)
{
	check_name(ref, OBSERVED_REF);
	must(ref == NULL || text_starts(ref, "refs/"));
}

static void
check_user(const struct forge_user *user)
{
	check_name(user->login, OBSERVED_NAME);
	check_name(user->id, OBSERVED_NAME);
	must(user->login == NULL || user->id != NULL);
}

static void
check_review(const struct observed *o)
{
	must(o->decision != NULL);
	must(strcmp(o->decision, "approve") == 0 ||
	    strcmp(o->decision, "object") == 0 ||
	    strcmp(o->decision, "withdraw") == 0);
	must(!o->all || strcmp(o->decision, "withdraw") == 0);
	must(o->request != NULL);
}

static void
check_commits(const struct observed *o)
{
	check_commit(o->commit);
	check_commit(o->head);
	check_commit(o->base);
	check_commit(o->merge_commit);
	check_commit(o->old);
	check_commit(o->new);
	must(o->commit == NULL || o->short_commit == NULL);
	must(o->head == NULL || o->short_head == NULL);
	check_ref(o->ref);
	check_ref(o->target);
	check_ref(o->target_was);
	check_ref(o->head_ref);
}

static void
check(const struct observed *o, bool generic)
{
	check_name(o->repository, OBSERVED_NAME);
	must(o->repository != NULL && o->kind != OBSERVED_NONE);
	check_user(&o->opener);
	check_user(&o->of);
	check_user(&o->actor);
	check_commits(o);
	check_name(o->context, OBSERVED_NAME);
	check_name(o->environment, OBSERVED_NAME);
	must(o->text == NULL || strlen(o->text) <= OBSERVED_TEXT);
	if (o->kind == OBSERVED_REVIEW)
		check_review(o);
	if (o->kind == OBSERVED_STATUS)
		must(o->commit && o->context && o->result);
	if (o->kind == OBSERVED_DEPLOYMENT)
		must(o->environment && o->result);
	if (o->kind == OBSERVED_PUSH)
		must(o->ref && o->old && o->new);
	if (generic)
		must(o->actor.id == NULL);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct pool pool = {0};
	struct payload p = {0};
	struct err err = {0};
	enum source_kind kind;
	const uint8_t *end;
	char *event;

	if (len == 0)
		return 0;
	kind = (enum source_kind)(data[0] % (SOURCE_GENERIC + 1));
	end = memchr(data + 1, '\n', len - 1);
	if (end == NULL)
		return 0;
	event =
	    pool_textn(&pool, (const char *)data + 1, (size_t)(end - data - 1));
	if (payload_read(&p, &pool, kind, event, (const char *)end + 1,
	        len - (size_t)(end + 1 - data), &err) == 0) {
		must((p.count == 0) == (p.ignored != NULL));
		for (size_t i = 0; i < p.count; i++)
			check(&p.list[i], kind == SOURCE_GENERIC);
	} else {
		must(err.kind == ERR_INPUT && err.text[0] != '\0');
	}
	pool_free(&pool);
	return 0;
}
