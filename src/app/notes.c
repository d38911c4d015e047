#include "app/notes.h"

#include "app/say.h"

static const char *const levels[] = {"ok", "warning", "unknown", "wrong"};

static const char *
add(struct notes *n, enum level level, const char *thing, const char *format,
    va_list ap)
{
	struct noted *new =
	    pool_grow(n->pool, &n->list, &n->count, sizeof(*new));
	struct buf text = {0};

	buf_vprintf(&text, format, ap);
	*new = (struct noted){level, pool_text(n->pool, thing),
	    pool_text(n->pool, buf_text(&text))};
	buf_free(&text);
	n->warnings += level == NOTE_WARNING ? 1 : 0;
	n->unknown += level == NOTE_UNKNOWN ? 1 : 0;
	n->wrong += level == NOTE_WRONG ? 1 : 0;
	return new->text;
}

void
note(struct notes *n, enum level level, const char *thing, const char *format,
    ...)
{
	va_list ap;

	va_start(ap, format);
	(void)add(n, level, thing, format, ap);
	va_end(ap);
}

struct checked *
checking(struct notes *n, const char *check, const char *repository,
    const char *subject)
{
	const char *about = subject != NULL ? subject
	    : repository != NULL            ? repository
	                                    : "installation";
	const char *name = pool_printf(n->pool, "%s %s", check, about);
	struct checked *c;

	n->by_name.pool = n->pool;
	c = map_get(&n->by_name, name);
	if (c != NULL)
		return c;
	c = pool_alloc(n->pool, sizeof(*c));
	*c = (struct checked){.check = check,
	    .subject = pool_text(n->pool, about),
	    .state = CHECK_PASS};
	if (repository != NULL)
		c->repository = pool_text(n->pool, repository);
	if (n->check_end == NULL)
		n->check_end = &n->checks;
	*n->check_end = c;
	n->check_end = &c->next;
	map_put(&n->by_name, name, c);
	return c;
}

void
note_of(struct notes *n, struct checked *c, enum level level, const char *thing,
    const char *format, ...)
{
	const char *text;
	va_list ap;

	va_start(ap, format);
	text = add(n, level, thing, format, ap);
	va_end(ap);
	if (level == NOTE_OK || c->state == CHECK_FAIL ||
	    (level == NOTE_UNKNOWN && c->state == CHECK_UNKNOWN))
		return;
	c->state = level == NOTE_UNKNOWN ? CHECK_UNKNOWN : CHECK_FAIL;
	c->text = pool_printf(n->pool, "%s: %s", thing, text);
}

void
notes_say(const struct notes *n, enum level level)
{
	for (size_t i = 0; i < n->count; i++)
		if (n->list[i].level >= level)
			say("%s: %s: %s", levels[n->list[i].level],
			    n->list[i].thing, n->list[i].text);
}

void
notes_write(const struct notes *n, struct json *j, const char *key)
{
	json_key_open(j, key, '[');
	for (size_t i = 0; i < n->count; i++) {
		json_open(j, '{');
		json_key_text(j, "level", levels[n->list[i].level]);
		json_key_text(j, "thing", n->list[i].thing);
		json_key_text(j, "text", n->list[i].text);
		json_close(j);
	}
	json_close(j);
}
