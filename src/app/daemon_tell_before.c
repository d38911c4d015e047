/*
 * What the copy's refs held before it was brought up to date, kept beside it
 * until everything that came since is written down: whoever is ended between
 * the two goes on from there.  And what they held when it was new: that came
 * before our time.
 */
#include "daemon_tell_inside.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "app/files.h"
#include "app/visit.h"
#include "base/text.h"

#define BEFORE_FILE "foureyes-before"
#define FIRST_FILE "foureyes-first"
#define NEW "new\n"
#define LINE (REPO_OID_SIZE) /* an id and its newline */
#define TEXT_MAX ((size_t)REPO_REFS_MAX * LINE)

static const char *
path_of(const struct telling *t)
{
	return pool_printf(t->pool, "%s/" BEFORE_FILE, t->mirror.dir);
}

static const char **
read_ids(struct telling *t, const char *text, size_t len, size_t *count)
{
	const char **list = pool_array(t->pool, len / LINE + 1, sizeof(*list));

	*count = 0;
	for (; len >= LINE; text += LINE, len -= LINE) {
		const char *id = pool_textn(t->pool, text, LINE - 1);

		if (text_is_oid(id))
			list[(*count)++] = id;
	}
	return list;
}

static void
take_in(struct telling *t, const char *text, size_t len)
{
	t->made = len >= strlen(NEW) && memcmp(text, NEW, strlen(NEW)) == 0;
	if (t->made) {
		text += strlen(NEW);
		len -= strlen(NEW);
	}
	t->before = read_ids(t, text, len, &t->before_count);
}

int
tell_first(struct telling *t, struct buf *text, struct err *err)
{
	const char *path =
	    pool_printf(t->pool, "%s/" FIRST_FILE, t->mirror.dir);
	bool there;

	if (t->made &&
	    file_write(path, buf_text(text), text->len, 0640, false, err) < 0)
		return -1;
	if (!t->made && file_read_plain(text, path, TEXT_MAX, &there, err) < 0)
		return -1;
	t->first = read_ids(t, buf_text(text), text->len, &t->first_count);
	return 0;
}

static int
list_refs(struct telling *t, struct buf *out, struct err *err)
{
	struct repo_ref *refs;
	size_t count;
	int ret;

	t->look = (struct push){0};
	ret = visit_open(&t->look, t->run->setup, t->mirror.dir, err);
	if (ret == 0)
		ret = repo_refs(t->look.repo, t->pool, "refs/", &refs, &count,
		    err);
	for (size_t i = 0; ret == 0 && i < count; i++)
		if (refs[i].oid[0] != '\0')
			buf_printf(out, "%s\n", refs[i].oid);
	visit_close(&t->look);
	return ret;
}

int
tell_before(struct telling *t, bool made, struct err *err)
{
	struct buf text = {0};
	bool there;
	int ret;

	ret = file_read_plain(&text, path_of(t), TEXT_MAX, &there, err);
	if (ret == 0 && !there) {
		if (made)
			buf_put(&text, NEW);
		ret = list_refs(t, &text, err);
		if (ret == 0)
			ret = file_write(path_of(t), buf_text(&text), text.len,
			    0640, false, err);
	}
	if (ret == 0)
		take_in(t, buf_text(&text), text.len);
	buf_free(&text);
	return ret;
}

int
tell_before_done(struct telling *t, struct err *err)
{
	if (unlink(path_of(t)) < 0 && errno != ENOENT)
		return err_errno(err, "'%s'", path_of(t));
	return 0;
}
