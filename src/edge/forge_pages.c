/* Lists that come in pages: to the end, or not at all. */
#include <string.h>

#include "base/text.h"

#include "forge_inside.h"

/* ---- where a page may be asked ---- */

struct origin {
	bool secure;
	const char *host;
	size_t len;
	unsigned port;
	const char *behind;
};

static bool
read_port(struct origin *o, const char **at)
{
	unsigned port = 0;

	if (**at != ':') {
		o->port = o->secure ? 443 : 80;
		return true;
	}
	for ((*at)++; **at >= '0' && **at <= '9' && port < 65536; (*at)++)
		port = port * 10 + (unsigned)(**at - '0');
	o->port = port;
	return port > 0 && port < 65536;
}

static bool
is_host_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	    (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_';
}

/* No user, no brackets left open, nothing that is not plain ASCII. */
static bool
read_origin(struct origin *o, const char *url)
{
	const char *at;

	*o = (struct origin){0};
	for (at = url; *at != '\0'; at++)
		if (*at <= ' ' || *at > '~' || *at == '\\')
			return false;
	o->secure = text_starts_case_blind(url, "https://");
	if (!o->secure && !text_starts_case_blind(url, "http://"))
		return false;
	o->host = at = url + (o->secure ? 8 : 7);
	if (*at == '[') {
		at++;
		while ((*at >= '0' && *at <= '9') || *at == ':' ||
		    (*at >= 'a' && *at <= 'f') || (*at >= 'A' && *at <= 'F'))
			at++;
		if (*at++ != ']')
			return false;
	} else {
		while (is_host_char(*at))
			at++;
	}
	o->len = (size_t)(at - o->host);
	if (o->len == 0 || !read_port(o, &at))
		return false;
	o->behind = at;
	return *at == '\0' || *at == '/' || *at == '?';
}

bool
forge_same_origin(const char *a, const char *b)
{
	struct origin x, y;

	if (!read_origin(&x, a) || !read_origin(&y, b) || x.len != y.len ||
	    x.secure != y.secure || x.port != y.port)
		return false;
	for (size_t i = 0; i < x.len; i++) {
		char c[2] = {x.host[i], '\0'}, d[2] = {y.host[i], '\0'};

		if (!text_same_case_blind(c, d))
			return false;
	}
	return true;
}

bool
forge_is_address(const char *url, bool *bare)
{
	struct origin o;

	if (!read_origin(&o, url) || strchr(url, '?') != NULL ||
	    strchr(url, '#') != NULL)
		return false;
	*bare = strspn(o.behind, "/") == strlen(o.behind);
	return true;
}

/* ---- pages ---- */

struct pages {
	const char *first; /* without what says which page */
	const char *key;
	unsigned number;
	size_t seen;
	const char *next; /* NULL: that was the last one */
};

static const char *
with(struct question *q, const char *path, const char *name, int64_t n)
{
	return pool_printf(q->pool, "%s%c%s=%lld", path,
	    strchr(path, '?') != NULL ? '&' : '?', name, (long long)n);
}

static const char *
first_page(struct question *q, const struct pages *p)
{
	const struct forge_kind *kind = q->forge->kind;

	switch (kind->paging) {
	case PAGES_LINK:
		return with(q, p->first, "per_page", kind->per_page);
	case PAGES_NUMBER:
		return with(q, with(q, p->first, "limit", kind->per_page),
		    "page", 1);
	case PAGES_NEXT:
		return with(q, p->first, "pagelen", kind->per_page);
	case PAGES_START:
		return with(q, p->first, "limit", kind->per_page);
	}
	return p->first;
}

static int
follow(struct question *q, struct pages *p, const char *url)
{
	p->next = url;
	if (url == NULL || forge_same_origin(url, q->forge->api))
		return 0;
	return forge_fails(q,
	    "its next page is at '%s', which is not where 'api' is",
	    text_safe_copy(q->pool, url, strlen(url), 200));
}

static int
find_next(struct question *q, struct pages *p, const struct reply *r,
    size_t here)
{
	const struct tree *last;
	bool is_last;

	p->next = NULL;
	switch (q->forge->kind->paging) {
	case PAGES_LINK:
		return follow(q, p, r->next);
	case PAGES_NEXT:
		if (tree_get(r->doc, "next") != NULL &&
		    tree_text(r->doc, "next") == NULL)
			return forge_fails(q, "its next page is no address");
		return follow(q, p, tree_text(r->doc, "next"));
	case PAGES_NUMBER:
		/* A server may give less on a page than was asked for. */
		if (here == 0 || (r->total >= 0 && p->seen >= (size_t)r->total))
			return r->total > (int64_t)p->seen
			    ? forge_fails(q, "it ends before all was told")
			    : 0;
		p->next = with(q,
		    with(q, p->first, "limit", q->forge->kind->per_page),
		    "page", p->number + 1);
		return 0;
	case PAGES_START:
		last = tree_get(r->doc, "isLastPage");
		if (last == NULL || !tree_is_boolean(last, &is_last))
			return forge_fails(q,
			    "a page does not say whether it "
			    "is the last");
		if (!is_last)
			p->next = with(q,
			    with(q, p->first, "limit",
			        q->forge->kind->per_page),
			    "start", tree_number(r->doc, "nextPageStart"));
		return 0;
	}
	return 0;
}

static int
take_page(struct question *q, struct pages *p, forge_each *each, void *ctx)
{
	const struct call c = {.path = p->next};
	const struct tree *list;
	struct reply r;
	size_t here = 0;

	if (forge_call(q, &c, &r) < 0)
		return -1;
	list = p->key != NULL ? tree_get(r.doc, p->key) : r.doc;
	if (list == NULL || list->kind != TREE_LIST)
		return forge_fails(q, "%s has no list in it",
		    text_safe_copy(q->pool, p->first, strlen(p->first), 200));
	for (const struct tree *t = list->child; t != NULL; t = t->next) {
		here++;
		if (t->kind != TREE_MAP)
			return forge_fails(q,
			    "a list holds what it should "
			    "not");
		if (each(q, t, ctx) < 0)
			return -1;
	}
	p->seen += here;
	if (find_next(q, p, &r, here) < 0)
		return -1;
	if (p->next == NULL && p->key != NULL &&
	    tree_number(r.doc, "total_count") > (int64_t)p->seen)
		return forge_fails(q, "it ends before all was told");
	return 0;
}

int
forge_pages(struct question *q, const char *path, const char *key,
    forge_each *each, void *ctx)
{
	struct pages p = {.first = path, .key = key};

	p.next = first_page(q, &p);
	while (p.next != NULL) {
		if (++p.number > FORGE_PAGES_MAX)
			return forge_fails(q, "%s has more than %d pages",
			    text_safe_copy(q->pool, path, strlen(path), 200),
			    FORGE_PAGES_MAX);
		if (take_page(q, &p, each, ctx) < 0)
			return -1;
	}
	return 0;
}

int
forge_one(struct question *q, const char *path, forge_each *each)
{
	const struct tree *doc;

	return forge_get(q, path, &doc) < 0 ? -1 : each(q, doc, NULL);
}

int
forge_keep(struct question *q, const struct tree *item, void *docs)
{
	struct forge_docs *d = docs;

	*(const struct tree **)pool_grow(q->pool, &d->list, &d->count,
	    sizeof(const struct tree *)) = item;
	return 0;
}
