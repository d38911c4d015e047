/*
 * people import: people.yaml from a list that somebody else keeps.  The
 * difference is shown first; a file is only written where --out says so, and
 * `foureyes apply` puts it in force.
 */
#include "app/cmd.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "app/files.h"
#include "app/options.h"
#include "app/people_merge.h"
#include "app/say.h"
#include "app/setup.h"
#include "base/text.h"

#define GROUPS_MAX 16
#define KEYDIR_DEPTH 8
#define KEYDIR_FILES 100000

static const char *const kinds[] = {"ldif", "github", "gitlab",
    "allowed_signers", "authorized_keys", "keydir", NULL};

struct asked {
	struct setup *s;
	enum roster_kind kind;
	const char *word, *source, *out;
	const char *groups[GROUPS_MAX];
	size_t group_count;
	bool by_id, expire_missing;
	struct roster roster;
	size_t files;
};

static int
read_file(struct asked *a, const char *path, struct err *err)
{
	struct buf text = {0};
	int ret = file_read(&text, path, ROSTER_SIZE, NULL, err);

	if (ret == 0)
		ret = roster_read(&a->roster, &a->s->pool, a->kind, path,
		    pool_textn(&a->s->pool, buf_text(&text), text.len),
		    text.len, err);
	buf_free(&text);
	return ret;
}

static int
by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static int read_dir(struct asked *a, const char *dir, int depth,
    struct err *err);

static int
read_one(struct asked *a, const char *path, int depth, struct err *err)
{
	size_t len = strlen(path);
	struct stat st;

	if (lstat(path, &st) < 0)
		return err_errno(err, "'%s'", path);
	if (S_ISDIR(st.st_mode) && depth < KEYDIR_DEPTH)
		return read_dir(a, path, depth + 1, err);
	if (!S_ISREG(st.st_mode) || len < 4 ||
	    strcmp(path + len - 4, ".pub") != 0)
		return 0;
	if (++a->files > KEYDIR_FILES)
		return err_set(err, ERR_INPUT, "more than %d keys",
		    KEYDIR_FILES);
	return read_file(a, path, err);
}

static int
read_dir(struct asked *a, const char *dir, int depth, struct err *err)
{
	struct dirent **list;
	int count = scandir(dir, &list, NULL, by_name), ret = 0;

	if (count < 0)
		return err_errno(err, "'%s'", dir);
	for (int i = 0; i < count; i++) {
		if (ret == 0 && list[i]->d_name[0] != '.')
			ret = read_one(a,
			    pool_printf(&a->s->pool, "%s/%s", dir,
			        list[i]->d_name),
			    depth, err);
		free(list[i]);
	}
	free(list);
	return ret;
}

static int
read_all(struct asked *a, int count, char **paths, struct err *err)
{
	struct stat st;

	for (int i = 0; i < count; i++) {
		if (stat(paths[i], &st) < 0)
			return err_errno(err, "'%s'", paths[i]);
		if ((S_ISDIR(st.st_mode) ? read_dir(a, paths[i], 0, err)
		                         : read_file(a, paths[i], err)) < 0)
			return -1;
	}
	return 0;
}

/* Written to FILE only when all three files are sound with it. */
static int
write_out(struct asked *a, struct people_merge *m, struct err *err)
{
	struct buf text = {0};
	int ret;

	people_write(&text, &a->s->pool, m->list, m->count);
	ret = config_check(&a->s->config, &a->s->pool, CONFIG_PEOPLE, text.data,
	    text.len, err);
	if (ret == 0)
		ret = file_write(a->out, text.data, text.len, 0600, true, err);
	buf_free(&text);
	if (ret == 0)
		say("written to %s; to put it in force: foureyes apply --as "
		    "people.yaml %s",
		    a->out, a->out);
	return ret;
}

static int
import(struct asked *a, struct err *err)
{
	struct people_merge m = {.pool = &a->s->pool,
	    .people = &a->s->config.people,
	    .source = a->source,
	    .groups = {.list = a->groups, .count = a->group_count},
	    .by_id = a->by_id,
	    .expire_missing = a->expire_missing,
	    .now = a->s->now - a->s->now % 1000};
	int ret = 0;

	people_merge(&m, &a->roster);
	say_text("", buf_text(&m.difference));
	for (size_t i = 0; i < a->roster.passed_count; i++)
		say("! passed over: %s", a->roster.passed_over[i]);
	say("%zu on the list: %zu new, %zu with more, %zu in people.yaml and "
	    "not on the list, %zu to be looked at",
	    a->roster.count, m.added, m.changed, m.missing,
	    m.left_alone + a->roster.passed_count);
	if (a->out != NULL)
		ret = write_out(a, &m, err);
	buf_free(&m.difference);
	if (ret < 0)
		return -1;
	return m.left_alone + a->roster.passed_count > 0 ? STATUS_NO
	                                                 : STATUS_YES;
}

static bool
find_kind(struct asked *a)
{
	for (size_t i = 0; a->word != NULL && kinds[i] != NULL; i++)
		if (strcmp(kinds[i], a->word) == 0) {
			a->kind = (enum roster_kind)i;
			return true;
		}
	return false;
}

int
cmd_people(int argc, char **argv, const char *config)
{
	struct setup s = {0};
	struct asked a = {.s = &s};
	struct err err = {0};
	const struct option options[] = {
	    {.name = "--kind", .value = &a.word},
	    {.name = "--source", .value = &a.source},
	    {.name = "--group",
	        .list = a.groups,
	        .room = GROUPS_MAX,
	        .count = &a.group_count},
	    {.name = "--by-id", .given = &a.by_id},
	    {.name = "--expire-missing", .given = &a.expire_missing},
	    {.name = "--out", .value = &a.out},
	    {0},
	};
	int count = options_read(argc, argv, options, 2, 1000), status;

	if (count < 0)
		return STATUS_USAGE;
	if (strcmp(argv[1], "import") != 0)
		return complain(STATUS_USAGE,
		    "people: 'import' is what it can do");
	if (!find_kind(&a))
		return complain(STATUS_USAGE,
		    "people import: --kind ldif, github, gitlab, "
		    "allowed_signers, authorized_keys or keydir");
	if (a.source == NULL &&
	    (a.kind == ROSTER_GITHUB || a.kind == ROSTER_GITLAB))
		return complain(STATUS_USAGE,
		    "people import: say whose logins these are: --source "
		    "NAME");
	if (setup_read(&s, setup_directory(config), &err) < 0 ||
	    read_all(&a, count - 1, argv + 2, &err) < 0)
		status = -1;
	else
		status = import(&a, &err);
	if (status < 0)
		status = complain_err(&err);
	setup_free(&s);
	return status;
}
