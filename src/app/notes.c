#include "app/notes.h"

#include "app/say.h"

static const char *const levels[] = {"ok", "warning", "wrong"};

void
note(struct notes *n, enum level level, const char *thing, const char *format,
    ...)
{
	struct note *new =
	    pool_grow(n->pool, &n->list, &n->count, sizeof(*new));
	struct buf text = {0};
	va_list ap;

	va_start(ap, format);
	buf_vprintf(&text, format, ap);
	va_end(ap);
	*new = (struct note){level, pool_text(n->pool, thing),
	    pool_text(n->pool, buf_text(&text))};
	buf_free(&text);
	n->warnings += level == NOTE_WARNING ? 1 : 0;
	n->wrong += level == NOTE_WRONG ? 1 : 0;
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
