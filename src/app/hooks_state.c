/*
 * HOOKS_STATE, in lines of a key, a blank and a value:
 *
 *	hooks made		we made the directory hooks/
 *	advertise unset		the value of receive.advertisePushOptions
 *	config <base64>		the repository's config before, and
 *	changed <SHA-256>	as we left it
 */
#include <string.h>

#include "app/files.h"
#include "app/hooks_dir.h"

#define STATE_MAX 1048576

static const char *
value_of(struct pool *pool, const char *text, const char *key)
{
	size_t len = strlen(key);

	while (*text != '\0') {
		size_t n = strcspn(text, "\n");

		if (n > len && strncmp(text, key, len) == 0 && text[len] == ' ')
			return pool_textn(pool, text + len + 1, n - len - 1);
		text += n + (text[n] == '\n' ? 1 : 0);
	}
	return NULL;
}

int
hooks_state_read(struct hooks_state *s, struct pool *pool, const char *path,
    struct err *err)
{
	struct buf text = {0};
	int ret = file_read(&text, path, STATE_MAX, &s->installed, err);

	if (ret == 0 && s->installed) {
		s->hooks_made =
		    value_of(pool, buf_text(&text), "hooks") != NULL;
		s->advertise = value_of(pool, buf_text(&text), "advertise");
		s->config = value_of(pool, buf_text(&text), "config");
		s->changed = value_of(pool, buf_text(&text), "changed");
	}
	buf_free(&text);
	return ret;
}

int
hooks_state_write(const struct hooks_state *s, const char *path,
    struct err *err)
{
	struct buf text = {0};
	int ret;

	buf_put(&text, "# What 'foureyes uninstall' puts back.\n");
	if (s->hooks_made)
		buf_put(&text, "hooks made\n");
	buf_printf(&text, "advertise %s\n", s->advertise);
	if (s->config != NULL)
		buf_printf(&text, "config %s\n", s->config);
	if (s->changed != NULL)
		buf_printf(&text, "changed %s\n", s->changed);
	ret = file_write(path, text.data, text.len, 0644, false, err);
	buf_free(&text);
	return ret;
}
