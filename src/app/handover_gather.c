/*
 * What a hook knows and hands over: what Git told it, the server's variables,
 * all refs, and what the push brought as far as it is small.
 */
#include "app/handover.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/files.h"
#include "base/text.h"
#include "edge/repo_lend.h"

#define BROUGHT_MAX 500                     /* objects sent unasked */
#define BROUGHT_BYTES ((size_t)1024 * 1024) /* of theirs, in total */
#define UNASKED_SIZE 65536                  /* a larger one is asked for */
#define AHEAD_MAX 500
#define AHEAD_BYTES ((size_t)512 * 1024)
#define MARGIN 100 /* ms for the answer to come back */

/* ---- what Git and the server told ---- */

static int
add_variable(struct buf *out, const char *name, const char *value,
    struct err *err)
{
	struct buf text = {0};

	if (value == NULL)
		return 0;
	if (strlen(value) + strlen(name) >= HANDED_VALUE_MAX)
		return err_set(err, ERR_INPUT,
		    "the server's variable %s is longer than %d bytes", name,
		    HANDED_VALUE_MAX);
	buf_printf(&text, "%s=%s", name, value);
	parcel_add(out, PARCEL_VARIABLE, text.data, text.len);
	buf_free(&text);
	return 0;
}

static bool
is_listed(const char *name)
{
	for (size_t i = 0; handed_variables[i] != NULL; i++)
		if (strcmp(handed_variables[i], name) == 0)
			return true;
	return false;
}

static int
add_variables(struct handover *h, struct buf *out, struct err *err)
{
	const struct settings *s = &h->setup->config.settings;
	const char *own;

	for (size_t i = 0; handed_variables[i] != NULL; i++)
		if (add_variable(out, handed_variables[i],
		        getenv(handed_variables[i]), err) < 0)
			return -1;
	for (size_t i = 0; i < s->door_count; i++) {
		own = s->doors[i].pusher;
		if (own != NULL && !is_listed(own) &&
		    add_variable(out, own, getenv(own), err) < 0)
			return -1;
	}
	return 0;
}

/* The file that sshd wrote for this session is nobody else's to read. */
static int
add_session(struct buf *out, struct err *err)
{
	const char *path = getenv("SSH_USER_AUTH");
	struct buf text = {0};
	int fd, ret;

	if (path == NULL)
		return 0;
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return err_errno(err, "SSH_USER_AUTH '%s'", path);
	ret = file_read_on(&text, fd, path, DOOR_SESSION_MAX, err);
	(void)close(fd);
	parcel_add(out, PARCEL_SESSION, buf_text(&text), text.len);
	buf_free(&text);
	return ret;
}

static int
add_options(struct handover *h, struct buf *out, struct err *err)
{
	struct push p = {.pool = h->pool};

	if (h->setup->is_witness)
		return 0;
	if (push_options(&p, err) < 0)
		return -1;
	for (size_t i = 0; i < p.option_count; i++)
		parcel_text(out, PARCEL_OPTION, p.options[i]);
	return 0;
}

/* ---- refs ---- */

static void
add_line(struct buf *out, const char *first, const char *rest)
{
	buf_printf(out, "%s %s\n", first, rest);
}

static int
add_head(struct handover *h, struct buf *packed, struct buf *symbolic,
    struct err *err)
{
	char oid[REPO_OID_SIZE];
	const char *target;
	bool exists;

	if (repo_symref(h->repo, h->pool, "HEAD", &target, err) < 0)
		return -1;
	if (strcmp(target, "HEAD") != 0) {
		add_line(symbolic, "HEAD", target);
		return 0;
	}
	if (repo_ref(h->repo, "HEAD", oid, &exists, err) < 0)
		return -1;
	if (exists)
		add_line(packed, oid, "HEAD");
	return 0;
}

static int
add_refs(struct handover *h, struct buf *out, struct err *err)
{
	struct buf packed = {0}, symbolic = {0}, written = {0};
	struct repo_ref *refs = NULL;
	size_t count = 0;
	int ret;

	buf_put(&packed, "# pack-refs with: sorted \n");
	ret = add_head(h, &packed, &symbolic, err);
	if (ret == 0)
		ret = repo_refs(h->repo, h->pool, "refs/", &refs, &count, err);
	for (size_t i = 0; ret == 0 && i < count; i++) {
		int64_t at = refs[i].packed
		    ? 0
		    : repo_ref_written(h->repo, refs[i].name);

		if (refs[i].target != NULL)
			add_line(&symbolic, refs[i].name, refs[i].target);
		else
			add_line(&packed, refs[i].oid, refs[i].name);
		if (at > 0)
			buf_printf(&written, "%lld %s\n", (long long)at,
			    refs[i].name);
	}
	parcel_add(out, PARCEL_REFS, packed.data, packed.len);
	parcel_add(out, PARCEL_SYMBOLIC, buf_text(&symbolic), symbolic.len);
	parcel_add(out, PARCEL_WRITTEN, buf_text(&written), written.len);
	buf_free(&packed);
	buf_free(&symbolic);
	buf_free(&written);
	return ret;
}

/* ---- objects ---- */

static bool
was_sent(struct handover *h, const unsigned char id[20])
{
	char hex[REPO_OID_SIZE];

	text_hex(hex, id, PARCEL_ID_SIZE);
	return map_get(&h->sent, hex) != NULL;
}

static void
add_object(struct handover *h, struct buf *out, const struct repo_lent *l)
{
	struct parcel_object o = {.kind = (unsigned)l->kind,
	    .flags = (l->fresh ? PARCEL_IS_FRESH : 0) |
	        (l->settled ? PARCEL_IS_SETTLED : 0),
	    .len = l->len,
	    .data = l->data};
	char hex[REPO_OID_SIZE];

	memcpy(o.id, l->id, sizeof(o.id));
	parcel_add_object(out, &o);
	text_hex(hex, l->id, PARCEL_ID_SIZE);
	map_put(&h->sent, pool_text(h->pool, hex), h);
}

/* Nobody asked for it: a failure is for whoever does. */
static bool
add_unasked(struct handover *h, struct buf *out, const unsigned char id[20],
    struct repo_lent *l)
{
	struct err ignored = {0};

	if (was_sent(h, id) ||
	    repo_lend(h->repo, h->pool, id, true, UNASKED_SIZE, l, &ignored) <
	        0 ||
	    l->kind == REPO_NONE)
		return false;
	add_object(h, out, l);
	return true;
}

static int
add_brought(struct handover *h, struct buf *out, struct err *err)
{
	unsigned char(*ids)[20];
	size_t count, start = out->len;
	struct repo_lent lent;

	if (repo_lend_fresh(h->repo, h->pool, BROUGHT_MAX, &ids, &count, err) <
	    0)
		return -1;
	for (size_t i = 0; i < count && out->len - start < BROUGHT_BYTES; i++)
		(void)add_unasked(h, out, ids[i], &lent);
	return 0;
}

/* What lies behind what was sent, the nearest first. */
static void
add_ahead(struct handover *h, struct buf *out, const struct repo_lent *from)
{
	unsigned char(*line)[20] =
	    pool_array(h->pool, AHEAD_MAX, sizeof(*line));
	size_t start = out->len;
	size_t count = repo_lend_next(from, h->ahead, line);
	struct repo_lent lent;

	for (size_t i = 0; i < count && out->len - start < AHEAD_BYTES; i++)
		if (add_unasked(h, out, line[i], &lent) &&
		    lent.kind == REPO_COMMIT)
			count += repo_lend_next(&lent, h->ahead - count,
			    line + count);
}

int
handover_lend(struct handover *h, struct buf *parcel,
    const unsigned char id[20], bool whole, struct err *err)
{
	struct repo_lent lent;

	if (repo_lend(h->repo, h->pool, id, whole, REPO_TREE_MAX, &lent, err) <
	    0)
		return -1;
	add_object(h, parcel, &lent);
	add_ahead(h, parcel, &lent);
	h->ahead = h->ahead * 2 < AHEAD_MAX ? h->ahead * 2 : AHEAD_MAX;
	return 0;
}

/* Where each ref was, which is where the walk down from the new ones ends. */
static int
add_tips(struct handover *h, struct buf *out, struct err *err)
{
	struct push p = {.setup = h->setup, .pool = h->pool};
	unsigned char id[PARCEL_ID_SIZE], tree[1][20];
	struct repo_lent lent;

	if (push_read(&p, h->hook->input, h->hook->input_len, err) < 0)
		return -1;
	for (size_t i = 0; i < p.ref_count && i < HANDED_OPTIONS_MAX; i++)
		if (text_parse_hex(id, sizeof(id), p.refs[i].old) &&
		    add_unasked(h, out, id, &lent) &&
		    repo_lend_next(&lent, 1, tree) == 1)
			(void)add_unasked(h, out, tree[0], &lent);
	return 0;
}

/* ---- the parcel ---- */

static void
add_place(struct handover *h, struct buf *out)
{
	struct repo *r = h->repo;
	unsigned char flags =
	    (unsigned char)((repo_in_quarantine(r) ? PARCEL_IS_QUARANTINED
	                                           : 0) |
	        (repo_is_shallow(r) ? PARCEL_IS_SHALLOW : 0) |
	        (repo_would_be_cut(r) ? PARCEL_IS_CUT : 0) |
	        (repo_grafts(r) ? PARCEL_IS_GRAFTED : 0));

	parcel_add(out, PARCEL_PLACE, &flags, 1);
}

static void
add_deadline(struct handover *h, struct buf *out)
{
	int64_t left = h->until - clock_now() - MARGIN;
	char digits[24];

	(void)snprintf(digits, sizeof(digits), "%lld",
	    (long long)(left > 1 ? left : 1));
	parcel_text(out, PARCEL_DEADLINE, digits);
}

int
handover_gather(struct handover *h, struct buf *parcel, struct err *err)
{
	parcel_begin(parcel);
	parcel_text(parcel, PARCEL_HOOK, h->hook->name);
	parcel_text(parcel, PARCEL_PATH, repo_path(h->repo));
	parcel_add(parcel, PARCEL_INPUT, h->hook->input, h->hook->input_len);
	add_place(h, parcel);
	if (add_options(h, parcel, err) < 0 ||
	    add_variables(h, parcel, err) < 0 || add_session(parcel, err) < 0 ||
	    add_refs(h, parcel, err) < 0)
		return -1;
	if (!h->setup->is_witness &&
	    (add_brought(h, parcel, err) < 0 || add_tips(h, parcel, err) < 0))
		return -1;
	add_deadline(h, parcel);
	return 0;
}
