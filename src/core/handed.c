#include "core/handed.h"

#include <string.h>

#include "base/text.h"

#define PATH_LEN_MAX 4096
#define TIME_MAX ((int64_t)1 << 52)
#define DEADLINE_MAX ((int64_t)300000)
#define MILLISECONDS_DIGITS 16

const char *const handed_variables[] = {"GIT_NAMESPACE", "GATEWAY_INTERFACE",
    "SSH_CONNECTION", "REMOTE_USER", "SSH_ORIGINAL_COMMAND", "GL_REPO",
    "GL_USER", "GL_PROJECT_PATH", "GL_USERNAME", "GL_ID", "GL_PROTOCOL",
    "GITEA_REPO_NAME", "GITEA_REPO_USER_NAME", "GITEA_REPO_ID",
    "GITEA_REPO_IS_WIKI", "GL_REPOSITORY", "GITEA_PUSHER_NAME",
    "GITEA_DEPLOY_KEY_ID", "GITHUB_REPO_NAME", "GITHUB_USER_LOGIN",
    "GITHUB_VIA", "BB_REPO_SLUG", "BB_PROJECT_KEY", "BB_USER_NAME",
    "BB_HOOK_TRIGGER_ID", NULL};

struct reading {
	struct handed *out;
	struct pool *pool;
	const char **options;
	struct parcel_object *objects;
	struct err *err;
};

static int
wrong(const struct reading *r, const char *what)
{
	return err_set(r->err, ERR_INPUT,
	    "%s that was handed over is not sound", what);
}

/* A text that may stand there once, without a NUL in it. */
static int
take_text(const struct reading *r, const struct parcel_part *p, size_t most,
    const char *what, const char **out)
{
	if (*out != NULL || p->len > most ||
	    (p->len > 0 && memchr(p->data, '\0', p->len) != NULL))
		return wrong(r, what);
	*out = pool_textn(r->pool, p->data, p->len);
	return 0;
}

static int
take_input(const struct reading *r, const struct parcel_part *p)
{
	r->out->input_len = p->len;
	return take_text(r, p, PARCEL_MAX, "the input", &r->out->input);
}

static int
take_refs(const struct reading *r, const struct parcel_part *p)
{
	r->out->packed_len = p->len;
	return take_text(r, p, PARCEL_MAX, "the list of refs", &r->out->packed);
}

static int
take_number(const struct reading *r, const char *text, size_t len, int64_t most,
    int64_t *out)
{
	int64_t n = 0;

	if (len == 0 || len > MILLISECONDS_DIGITS)
		return wrong(r, "a number");
	for (size_t i = 0; i < len; i++) {
		if (text[i] < '0' || text[i] > '9')
			return wrong(r, "a number");
		n = n * 10 + (text[i] - '0');
	}
	if (n > most)
		return wrong(r, "a number");
	*out = n;
	return 0;
}

static int
take_option(struct reading *r, const struct parcel_part *p)
{
	const char *text = NULL;

	if (r->out->option_count >= HANDED_OPTIONS_MAX ||
	    take_text(r, p, HANDED_VALUE_MAX, "a push option", &text) < 0)
		return wrong(r, "a push option");
	*(const char **)pool_grow(r->pool, &r->options, &r->out->option_count,
	    sizeof(*r->options)) = text;
	return 0;
}

static int
take_variable(const struct reading *r, const struct parcel_part *p)
{
	const char *text = NULL, *sign;
	char *name;

	if (take_text(r, p, HANDED_VALUE_MAX, "a variable", &text) < 0)
		return -1;
	sign = text == NULL ? NULL : strchr(text, '=');
	if (sign == NULL || sign == text ||
	    r->out->variables.count >= HANDED_VARIABLES_MAX)
		return wrong(r, "a variable");
	name = pool_textn(r->pool, text, (size_t)(sign - text));
	if (map_get(&r->out->variables, name) != NULL)
		return wrong(r, "a variable");
	map_put(&r->out->variables, name, pool_text(r->pool, sign + 1));
	return 0;
}

/* "<first> <rest>" lines; `take` is given both. */
static int
take_lines(const struct reading *r, const struct parcel_part *p,
    int (*take)(const struct reading *, const char *first, const char *rest))
{
	const char *at = p->data, *end = at + p->len;

	while (at < end) {
		const char *stop = memchr(at, '\n', (size_t)(end - at));
		const char *blank =
		    stop == NULL ? NULL : memchr(at, ' ', (size_t)(stop - at));

		if (blank == NULL || blank == at || blank + 1 == stop ||
		    memchr(at, '\0', (size_t)(stop - at)) != NULL)
			return wrong(r, "a line");
		if (take(r, pool_textn(r->pool, at, (size_t)(blank - at)),
		        pool_textn(r->pool, blank + 1,
		            (size_t)(stop - blank - 1))) < 0)
			return -1;
		at = stop + 1;
	}
	return 0;
}

static int
take_symbolic(const struct reading *r, const char *name, const char *target)
{
	map_put(&r->out->symbolic, name, pool_text(r->pool, target));
	return 0;
}

static int
take_written(const struct reading *r, const char *time, const char *name)
{
	int64_t *at = pool_alloc(r->pool, sizeof(*at));

	if (take_number(r, time, strlen(time), TIME_MAX, at) < 0)
		return -1;
	map_put(&r->out->written, name, at);
	return 0;
}

static int
take_object(struct reading *r, const struct parcel_part *p)
{
	struct parcel_object o;

	if (parcel_object(p, &o, r->err) < 0)
		return -1;
	*(struct parcel_object *)pool_grow(r->pool, &r->objects,
	    &r->out->object_count, sizeof(*r->objects)) = o;
	return 0;
}

static int
take_place(const struct reading *r, const struct parcel_part *p)
{
	if (p->len != 1)
		return wrong(r, "the kind of repository");
	r->out->place = (unsigned char)p->data[0];
	return 0;
}

static int
take(struct reading *r, const struct parcel_part *p)
{
	struct handed *h = r->out;

	switch (p->kind) {
	case PARCEL_HOOK:
		return take_text(r, p, 64, "the hook's name", &h->hook);
	case PARCEL_PATH:
		return take_text(r, p, PATH_LEN_MAX, "the path", &h->path);
	case PARCEL_INPUT:
		return take_input(r, p);
	case PARCEL_OPTION:
		return take_option(r, p);
	case PARCEL_VARIABLE:
		return take_variable(r, p);
	case PARCEL_SESSION:
		return take_text(r, p, 65536, "the session", &h->session);
	case PARCEL_DEADLINE:
		return take_number(r, p->data, p->len, DEADLINE_MAX,
		    &h->deadline);
	case PARCEL_PLACE:
		return take_place(r, p);
	case PARCEL_REFS:
		return take_refs(r, p);
	case PARCEL_SYMBOLIC:
		return take_lines(r, p, take_symbolic);
	case PARCEL_WRITTEN:
		return take_lines(r, p, take_written);
	case PARCEL_OBJECT:
		return take_object(r, p);
	default:
		return wrong(r, "a part");
	}
}

int
handed_read(struct handed *out, struct pool *pool, const void *data, size_t len,
    struct err *err)
{
	struct reading r = {.out = out, .pool = pool, .err = err};
	struct parcel_part part;
	struct wire at;
	int got;

	*out = (struct handed){.variables.pool = pool,
	    .symbolic.pool = pool,
	    .written.pool = pool};
	if (parcel_open(&at, data, len, err) < 0)
		return -1;
	while ((got = parcel_next(&at, &part, err)) > 0)
		if (take(&r, &part) < 0)
			return -1;
	if (got < 0)
		return -1;
	if (out->hook == NULL || out->path == NULL || out->path[0] != '/' ||
	    out->input == NULL)
		return wrong(&r, "a push");
	out->options = r.options;
	out->objects = r.objects;
	return 0;
}
