#include "app/renaming.h"

#include <inttypes.h>
#include <string.h>

#include "base/json.h"
#include "base/text.h"
#include "core/record.h"
#include "core/server_kind.h"
#include "core/topics.h"

#define ID_MAX 64

/* What told it: its number, or an administrator and why. */
struct teller {
	const char *id;
	const struct by *by;
	const char *reason;
};

static int
record(struct push *p, const char *was, const struct teller *told,
    uint64_t *seq, struct err *err)
{
	struct buf body = {0};
	struct json j = record_begin(&body, "renamed");
	struct ledger_body line;
	int ret;

	json_key_text(&j, "repository", p->repository);
	json_key_text(&j, "was", was);
	record_key_some(&j, "repository_id", told->id);
	record_key_long(&j, "reason", told->reason);
	if (told->by != NULL)
		record_key_by(&j, told->by);
	json_close(&j);
	line = (struct ledger_body){body.data, body.len};
	ret = changelog_append(p->setup->log, &line, 1, p->now, seq, err);
	buf_free(&body);
	return ret;
}

/* ---- by the server's number ---- */

/* "7", "project-7" */
static bool
is_number(const char *text)
{
	size_t len = strspn(text,
	    "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-");

	return len > 0 && len <= ID_MAX && text[len] == '\0';
}

const char *
renaming_id(const struct push *p)
{
	const char *kind, *variable, *value;

	/* Gitea gives a wiki the number of what it is of. */
	if (p->door == NULL || text_ends(p->repository, ".wiki"))
		return NULL;
	kind = server_kind_name(p->door->kind);
	variable = server_kind_id(p->door->kind);
	value = variable == NULL ? NULL : push_variable(p, variable);
	if (value == NULL || !is_number(value))
		return NULL;
	if (p->handed != NULL && p->handed->host != NULL)
		kind = pool_printf(p->pool, "%s@%s", kind, p->handed->host);
	return pool_printf(p->pool, "%s:%s", kind, value);
}

/*
 * Where a server was made anew, or another one hands over to the same gate, a
 * number that is known may be another repository's.
 */
static bool
is_still_there(const struct push *p, const char *name)
{
	const struct settings *s = &p->setup->config.settings;
	const char *path;
	struct err ignored = {0};

	return door_path(s, p->pool, name, &path, &ignored) == 0 &&
	    !settings_is_mirror(s, path);
}

int
renaming_see(struct push *p, struct err *err)
{
	const char *id = renaming_id(p), *known;
	struct record newest;

	if (id == NULL)
		return 0;
	if (changelog_newest(p->setup->log, p->pool,
	        topic_numbered(p->pool, id), &newest, err) < 0)
		return -1;
	known = newest.seq == 0 ? NULL : tree_text(newest.tree, "repository");
	if (known == NULL || text_same(known, p->repository) ||
	    is_still_there(p, known))
		return 0;
	return record(p, known, &(struct teller){.id = id}, NULL, err);
}

/* ---- by an administrator's word ---- */

static int
has_tips(struct push *p, const char *name, bool *has, struct err *err)
{
	uint64_t seq;
	size_t count;

	if (changelog_seqs(p->setup->log, topic_tips(p->pool, name), true, 0,
	        &seq, 1, &count, err) < 0)
		return -1;
	*has = count > 0;
	return 0;
}

static int
check(struct push *p, const char *was, struct err *err)
{
	const char *path;
	struct err ignored = {0};
	bool known, used;

	if (text_same(was, p->repository))
		return err_set(err, ERR_INPUT, "'%s' is its name", was);
	if (door_path(&p->setup->config.settings, p->pool, was, &path,
	        &ignored) == 0)
		return err_set(err, ERR_INPUT,
		    "'%s' is still there, at '%s': a copy is no rename", was,
		    path);
	if (has_tips(p, was, &known, err) < 0 ||
	    has_tips(p, p->repository, &used, err) < 0)
		return -1;
	if (!known)
		return err_set(err, ERR_INPUT,
		    "the ledger knows of nothing that landed or was adopted on "
		    "'%s'",
		    was);
	if (used)
		return err_set(err, ERR_INPUT,
		    "'%s' has a history of its own in the ledger, and is not "
		    "joined to that of '%s'",
		    p->repository, was);
	return 0;
}

int
renaming_tell(struct push *p, const char *was, const struct by *by,
    const char *reason, uint64_t *seq, struct err *err)
{
	const struct teller told = {.by = by, .reason = reason};

	return check(p, was, err) < 0 ? -1 : record(p, was, &told, seq, err);
}
