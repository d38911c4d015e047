/*
 * The hooks that tell what moved.  Most of what they are told concerns no gate,
 * or was told already by the hook before: then neither the repository nor the
 * log is opened.
 */
#include "app/hook.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/told.h"
#include "app/witness.h"
#include "base/text.h"

/* Lines that name symbolic refs or HEAD are Git's own book-keeping. */
void
hook_plain_lines(struct hook *hook, struct pool *pool)
{
	struct buf kept = {0};
	const char *at = hook->input, *end = at + hook->input_len;

	while (at < end) {
		const char *line = memchr(at, '\n', (size_t)(end - at));
		size_t n =
		    line == NULL ? (size_t)(end - at) : (size_t)(line - at);
		const char *copy = pool_textn(pool, at, n);

		if (text_find(copy, n, " refs/") != NULL &&
		    text_find(copy, n, "ref:") == NULL) {
			buf_add(&kept, at, n);
			buf_char(&kept, '\n');
		}
		at += n + (line == NULL ? 0 : 1);
	}
	hook->input = pool_textn(pool, buf_text(&kept), kept.len);
	hook->input_len = kept.len;
	buf_free(&kept);
}

/* The directory Git runs us for; a linked working tree's is left to others. */
static const char *
plain_git_dir(const struct push *p)
{
	const char *dir = getenv("GIT_DIR");
	struct pool *pool = p->pool;
	char real[PATH_MAX];

	if (p->handed != NULL)
		return p->handed->path;
	if (dir == NULL || realpath(dir, real) == NULL ||
	    access(pool_printf(pool, "%s/commondir", real), F_OK) == 0)
		return NULL;
	return pool_text(pool, real);
}

static bool
may_be_symbolic(const struct push *p, const char *dir, const char *name)
{
	return p->handed != NULL ? map_get(&p->handed->symbolic, name) != NULL
	                         : repo_may_be_symbolic(dir, name);
}

/*
 * The lines that may concern a gate, by their names alone.  A symbolic ref may
 * lead to one.
 */
static size_t
count_concerned(struct push *p, const char *dir, struct witnessed *list,
    bool *aliases)
{
	const struct policy_repository *entry =
	    policy_repository(&p->setup->config.policy, p->repository);
	size_t count = 0;

	*aliases = false;
	for (size_t i = 0; entry != NULL && i < p->ref_count; i++) {
		const struct ref_update *r = &p->refs[i];
		const struct gate *gate = NULL;

		if (may_be_symbolic(p, dir, r->name))
			*aliases = true;
		if (policy_gate(entry, r->name, &gate) != GATE_NONE)
			list[count++] =
			    (struct witnessed){r->name, gate, r->new};
	}
	return count;
}

/*
 * Nothing moved that lies at a gate; or (after the push) all that did was told
 * by its transaction.
 */
static bool
nothing_to_tell(struct push *p, bool after)
{
	const char *dir = plain_git_dir(p);
	struct err ignored = {0};
	struct witnessed *list;
	bool aliases;
	size_t count;

	if (dir == NULL || door_witness(p, dir, &ignored) < 0)
		return false;
	list = pool_array(p->pool, p->ref_count + 1, sizeof(*list));
	count = count_concerned(p, dir, list, &aliases);
	return !aliases && (count == 0 || (after && told_were(p, list, count)));
}

static int
tell(struct hook *hook, struct setup *s, struct push *p, bool after,
    struct err *err)
{
	struct witnessed *list;
	size_t count = 0;

	if (push_begin(p, s, hook->input, hook->input_len, err) < 0)
		return -1;
	if (nothing_to_tell(p, after))
		return 0;
	if (push_repository(p, NULL, err) < 0 ||
	    door_witness(p, repo_path(p->repo), err) < 0 ||
	    push_sort(p, err) < 0)
		return -1;
	if (p->gated == 0)
		return 0;
	list = pool_array(p->pool, p->gated, sizeof(*list));
	for (size_t i = 0; i < p->ref_count; i++)
		if (p->refs[i].gate != NULL)
			list[count++] = (struct witnessed){p->refs[i].target,
			    p->refs[i].gate, p->refs[i].new};
	if (setup_log(s, LEDGER_APPEND, err) < 0)
		return -1;
	return witness_refs(p, list, count,
	    after ? "post-receive" : "transaction", err);
}

void
hook_witness(struct hook *hook, struct setup *s, struct push *p,
    struct buf *text)
{
	bool after = strcmp(hook->name, "post-receive") == 0;
	struct err err = {0};

	if (!after)
		hook_plain_lines(hook, &s->pool);
	if (hook->input_len == 0 || tell(hook, s, p, after, &err) == 0)
		return;
	buf_printf(text,
	    "foureyes: the landing could not be recorded: %s\n"
	    "foureyes: the next push records it; the server's "
	    "administrator runs: foureyes doctor\n",
	    err.text);
}
