#include "app/templates.h"

#include <string.h>

#include "base/buf.h"
#include "base/text.h"
#include "edge/config.h"

/* The assembler takes the files in; the Makefile knows that it does. */
#define SAMPLE(symbol, file)                                                   \
	__asm__(".pushsection .rodata\n" #symbol ":\n"                         \
	        ".incbin \"" file "\"\n.byte 0\n.popsection\n");               \
	extern const char(symbol)[] __asm__(#symbol)

SAMPLE(sample_policy, "config/policy.yaml");
SAMPLE(sample_people, "config/people.yaml");
SAMPLE(sample_settings, "config/foureyes.yaml");

/* A sample that lost the words which are replaced is a mistake of ours. */
static int
replace(const char **text, struct pool *pool, const char *from, const char *to,
    struct err *err)
{
	const char *rest = *text, *at = strstr(rest, from);
	struct buf out = {0};

	if (at == NULL)
		return err_set(err, ERR_CONFIG,
		    "the sample configuration does not hold '%s'", from);
	for (; at != NULL; at = strstr(rest, from)) {
		buf_add(&out, rest, (size_t)(at - rest));
		buf_put(&out, to);
		rest = at + strlen(from);
	}
	buf_put(&out, rest);
	*text = pool_textn(pool, out.data, out.len);
	buf_free(&out);
	return 0;
}

/* Take out the line that begins with `start`. */
static int
drop_line(const char **text, struct pool *pool, const char *start,
    struct err *err)
{
	const char *at = strstr(*text, start);
	size_t before;

	if (at == NULL)
		return err_set(err, ERR_CONFIG,
		    "the sample configuration does not hold '%s'", start);
	before = (size_t)(at - *text) + 1; /* `start` begins with LF */
	at = strchr(at + 1, '\n');
	*text = pool_printf(pool, "%.*s%s", (int)before, *text,
	    at == NULL ? "" : at + 1);
	return 0;
}

static int
settings_of_kind(const char **text, struct pool *pool, const char *kind,
    struct err *err)
{
	const char *line = pool_printf(pool, "\n  kind: %s\n", kind);
	const char *logins = pool_printf(pool, "\n  logins: %s ", kind);

	if (strcmp(kind, "http") == 0)
		return 0;
	if (replace(text, pool, "\n  kind: http\n", line, err) < 0 ||
	    replace(text, pool, "\n  logins: http ", logins, err) < 0)
		return -1;
	return drop_line(text, pool, "\n  pusher: REMOTE_USER", err);
}

static int
settings_text(const char **text, struct pool *pool,
    const struct template_words *w, struct err *err)
{
	const char *origin = pool_printf(pool, "\norigin: %s\n", w->origin);

	*text = sample_settings;
	/* The head says what the words stand for, which are no more. */
	if (drop_line(text, pool, "\n# @DIR@ ", err) < 0 ||
	    drop_line(text, pool, "\n# (the server's repositories)", err) < 0 ||
	    drop_line(text, pool, "\n#\n", err) < 0 ||
	    replace(text, pool, "@DIR@", w->dir, err) < 0 ||
	    replace(text, pool, "@DATA@", w->data, err) < 0 ||
	    replace(text, pool, "@ROOT@", w->root, err) < 0 ||
	    replace(text, pool, "\norigin: example.com/foureyes\n", origin,
	        err) < 0 ||
	    settings_of_kind(text, pool, w->kind, err) < 0)
		return -1;
	if (w->hook_user == NULL)
		return 0;
	return replace(text, pool, "\n# hook_user: git ",
	    pool_printf(pool, "\nhook_user: %s ", w->hook_user), err);
}

/* A login may only name a source that the settings have. */
static const char *
without_http(struct pool *pool, const char *text)
{
	static const char key[] = "http: ";
	const char *at = strstr(text, key), *end;

	while (at != NULL && (end = strchr(at, ',')) != NULL) {
		text = pool_printf(pool, "%.*s%s", (int)(at - text), text,
		    end + 1 + strspn(end + 1, " "));
		at = strstr(text, key);
	}
	return text;
}

int
template_text(const char **out, struct pool *pool, const char *name,
    const struct template_words *words, struct err *err)
{
	if (strcmp(name, CONFIG_SETTINGS) == 0)
		return settings_text(out, pool, words, err);
	*out = strcmp(name, CONFIG_POLICY) == 0 ? sample_policy : sample_people;
	if (strcmp(name, CONFIG_PEOPLE) == 0 &&
	    strcmp(words->kind, "http") != 0)
		*out = without_http(pool, *out);
	return 0;
}
