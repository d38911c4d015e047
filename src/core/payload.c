/* Which forge, which event, and what every reader of one needs. */
#include "core/payload.h"

#include <string.h>

#include "base/text.h"
#include "payload_parts.h"

static const struct payload_kind *
kind_of(enum source_kind kind)
{
	switch (kind) {
	case SOURCE_GITHUB:
		return &payload_github;
	case SOURCE_GITLAB:
		return &payload_gitlab;
	case SOURCE_GITEA:
	case SOURCE_FORGEJO:
		return &payload_gitea;
	case SOURCE_BITBUCKET:
		return &payload_bitbucket;
	case SOURCE_BITBUCKET_DC:
		return &payload_bitbucket_dc;
	case SOURCE_GENERIC:
		break;
	}
	return &payload_generic;
}

const char *const source_kind_names[] = {[SOURCE_GITHUB] = "github",
    [SOURCE_GITLAB] = "gitlab",
    [SOURCE_GITEA] = "gitea",
    [SOURCE_FORGEJO] = "forgejo",
    [SOURCE_BITBUCKET] = "bitbucket",
    [SOURCE_BITBUCKET_DC] = "bitbucket-dc",
    [SOURCE_GENERIC] = "generic",
    NULL};

const char *
source_kind_name(enum source_kind kind)
{
	return (size_t)kind < sizeof(source_kind_names) / sizeof(char *) - 1
	    ? source_kind_names[kind]
	    : "unknown";
}

int
payload_by_event(struct payload_reader *r, const struct payload_event *events,
    const char *name)
{
	for (; events->name != NULL; events++) {
		if (strcmp(events->name, name) != 0)
			continue;
		return events->read == NULL ? payload_ignore(r, events->ignored)
		                            : events->read(r);
	}
	return payload_ignore(r, "an event that is not known");
}

int
payload_ignore(struct payload_reader *r, const char *why)
{
	r->ignored = why;
	return 0;
}

int
payload_lacks(struct payload_reader *r, const char *what)
{
	return err_set(r->err, ERR_INPUT, "%s event without a usable %s",
	    *r->event == '\0' ? "an" : r->event, what);
}

bool
payload_is_one_of(const char *word, const char *const list[])
{
	for (; *list != NULL; list++)
		if (text_same(word, *list))
			return true;
	return false;
}

struct observed *
payload_add(struct payload_reader *r, enum observed_kind kind)
{
	struct observed *o;

	if (r->count == OBSERVED_MAX) {
		(void)err_set(r->err, ERR_INPUT, "more than %d changes",
		    OBSERVED_MAX);
		return NULL;
	}
	o = pool_grow(r->pool, &r->list, &r->count, sizeof(*r->list));
	o->kind = kind;
	o->repository = r->repository;
	o->repository_id = r->repository_id;
	o->action = r->action;
	o->actor = r->sender;
	return o;
}

int
payload_read(struct payload *out, struct pool *pool, enum source_kind kind,
    const char *event, const char *body, size_t len, struct err *err)
{
	const struct payload_kind *k = kind_of(kind);
	struct payload_reader r = {.pool = pool, .err = err, .event = ""};

	if (event != NULL)
		r.event = text_safe_copy(pool, event, strlen(event),
		    PAYLOAD_EVENT_MAX);
	if (json_pick(&r.body, pool, k->wants, body, len, err) < 0)
		return -1;
	if (r.body->kind != TREE_MAP)
		return err_set(err, ERR_INPUT, "the body is no mapping");
	if (k->read(&r) < 0)
		return -1;
	if (r.count == 0 && r.ignored == NULL)
		r.ignored = "nothing in it is needed";
	*out = (struct payload){.repository = r.repository,
	    .list = r.list,
	    .count = r.count,
	    .ignored = r.count > 0 ? NULL : r.ignored};
	return 0;
}
