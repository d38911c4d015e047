/* Merges made again: does a merge commit hold what a machine would make? */
#include <string.h>

#include "app/audit.h"
#include "base/text.h"

/* What is merged stays in the memory of an open repository. */
#define MERGES_OF_ONE 500

int
audit_merger(struct audit *a, struct err *err)
{
	if (a->merger != NULL && a->merged < MERGES_OF_ONE)
		return 0;
	repo_close(a->merger);
	a->merger = NULL;
	a->merged = 0;
	if (repo_open(&a->merger, a->path, err) < 0)
		return -1;
	repo_merge_time(a->merger, AUDIT_MERGE_MS);
	return 0;
}

static void
name_path(struct audit_step *s, const char *path)
{
	if (s->path_count < AUDIT_PATHS_MAX)
		s->paths[s->path_count++] = pool_text(s->pool, path);
}

/* Which files differ from what the machine made of it. */
static void
name_paths(struct audit *a, struct audit_step *s, const char *tree)
{
	struct repo_path *list;
	struct err ignored;
	size_t count;

	if (repo_diff(a->merger, s->pool, tree, s->top.tree, AUDIT_FILES_MAX,
	        &list, &count, &ignored) < 0)
		return;
	for (size_t i = 0; i < count; i++)
		name_path(s, list[i].path);
}

static enum audit_merge
judge(struct audit *a, struct audit_step *s, const struct repo_merged *m)
{
	switch (m->end) {
	case REPO_MERGE_CLEAN:
		if (strcmp(m->tree, s->top.tree) == 0)
			return AUDIT_MECHANICAL;
		name_paths(a, s, m->tree);
		return AUDIT_HAND_MADE;
	case REPO_MERGE_CONFLICT:
		for (size_t i = 0; i < m->path_count; i++)
			name_path(s, m->paths[i]);
		return AUDIT_CONFLICT;
	case REPO_MERGE_UNRELATED:
		return AUDIT_UNRELATED;
	case REPO_MERGE_SLOW:
		return AUDIT_SLOW;
	case REPO_MERGE_NONE:
		break;
	}
	return AUDIT_UNREADABLE;
}

static int
merge(struct audit *a, const struct audit_step *s, struct repo_merged *out,
    struct err *err)
{
	char tree[2][REPO_OID_SIZE];

	/* Where something could not be read, what was seen is not all. */
	if (s->base_tree[0] != '\0' && a->counts.unread == 0 &&
	    a->cut == NULL && audit_seen_tree(a, s->top.parents[0], tree[0]) &&
	    audit_seen_tree(a, s->top.parents[1], tree[1]))
		return repo_pick(a->merger, s->base_tree, tree[0], tree[1], out,
		    err);
	return repo_merge(a->merger, s->top.parents[0], s->top.parents[1], out,
	    err);
}

void
audit_look_at_merge(struct audit *a, struct audit_step *s)
{
	struct repo_merged merged;
	struct err err = {0};

	if (s->top.parent_count < 2)
		return;
	if (s->top.parent_count > 2) {
		s->merge = AUDIT_OCTOPUS;
		return;
	}
	if (audit_merger(a, &err) < 0 || merge(a, s, &merged, &err) < 0) {
		s->merge = AUDIT_UNREADABLE;
		s->trouble = pool_text(s->pool, err.text);
		return;
	}
	a->merged++;
	s->merge = judge(a, s, &merged);
}

const char *
audit_merge_name(enum audit_merge merge)
{
	static const char *const names[AUDIT_MERGES] = {"", "mechanical",
	    "hand-made", "conflict", "unrelated", "octopus", "too-slow",
	    "unreadable"};

	return names[merge];
}
