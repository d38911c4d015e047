/* LDIF (RFC 2849): entries of people, as ldapsearch writes them. */
#include <string.h>

#include "base/text.h"
#include "core/roster.h"

#define VALUE_MAX 65536u

struct ldif {
	struct roster *roster;
	struct pool *pool;
	const char *file;
	unsigned line;
	struct roster_entry entry;
	bool any;
};

static bool
is_attribute(const char *name, const char *wanted)
{
	size_t len =
	    roster_until(name, ";"); /* an option behind it: jpegPhoto;x */

	if (len != strlen(wanted))
		return false;
	for (size_t i = 0; i < len; i++) {
		char a = name[i], b = wanted[i];

		a = a >= 'A' && a <= 'Z' ? (char)(a | 0x20) : a;
		b = b >= 'A' && b <= 'Z' ? (char)(b | 0x20) : b;
		if (a != b)
			return false;
	}
	return true;
}

/* Bit 2 of what Active Directory has: the account is shut. */
static bool
is_shut(const char *value)
{
	unsigned n = 0;

	for (; *value >= '0' && *value <= '9' && n < 100000000; value++)
		n = n * 10 + (unsigned)(*value - '0');
	return *value == '\0' && (n & 2) != 0;
}

static void
see_value(struct ldif *l, const char *name, const char *value)
{
	struct roster_entry *e = &l->entry;

	if (is_attribute(name, "uid") || is_attribute(name, "sAMAccountName"))
		e->login = e->login != NULL ? e->login : value;
	else if (is_attribute(name, "displayName"))
		e->name = value;
	else if (is_attribute(name, "cn"))
		e->name = e->name != NULL ? e->name : value;
	else if (is_attribute(name, "mail")) {
		if (!roster_add_email(e, value))
			roster_pass(l->roster, l->pool,
			    "%s:%u: '%.60s' is no address", l->file, l->line,
			    value);
	} else if (is_attribute(name, "sshPublicKey")) {
		(void)roster_add_key(l->roster, l->pool, e, value,
		    pool_printf(l->pool, "%s:%u", l->file, l->line));
	} else if (is_attribute(name, "userAccountControl")) {
		e->disabled = e->disabled || is_shut(value);
	} else if (is_attribute(name, "pwdAccountLockedTime") ||
	    is_attribute(name, "nsAccountLock")) {
		e->disabled = true;
	}
	l->any = true;
}

static int
end_entry(struct ldif *l, struct err *err)
{
	struct roster_entry *out;

	if (l->any && l->entry.login != NULL) {
		out = roster_add(l->roster, l->pool, err);
		if (out == NULL)
			return -1;
		*out = l->entry;
	}
	l->entry = (struct roster_entry){0};
	l->any = false;
	return 0;
}

static int
see_line(struct ldif *l, const char *line, struct err *err)
{
	const char *colon = strchr(line, ':'), *value;
	struct buf bytes = {0};
	bool good = true;

	if (line[0] == '#')
		return 0;
	if (colon == NULL || colon == line)
		return err_set(err, ERR_INPUT, "%s:%u: no line of LDIF",
		    l->file, l->line);
	value = colon + 1;
	if (*value == '<')
		return 0; /* somewhere else: not followed */
	if (*value == ':') {
		value += 1 + roster_blanks(value + 1);
		good = text_parse_base64(&bytes, value, strlen(value), false) &&
		    (bytes.len == 0 ||
		        memchr(bytes.data, '\0', bytes.len) == NULL);
		value = pool_textn(l->pool, buf_text(&bytes), bytes.len);
		buf_free(&bytes);
	} else {
		value += roster_blanks(value);
	}
	/* What is no text (a photograph) is nothing that is looked for. */
	if (good && text_is_utf8(value, strlen(value)))
		see_value(l, pool_textn(l->pool, line, (size_t)(colon - line)),
		    value);
	return 0;
}

/* A line goes on in those behind it that begin with a blank. */
static int
see_unfolded(struct ldif *l, struct buf *line, struct err *err)
{
	int ret = 0;

	if (line->len == 0)
		return 0;
	if (memchr(line->data, '\0', line->len) == NULL)
		ret = see_line(l, pool_textn(l->pool, line->data, line->len),
		    err);
	line->len = 0;
	return ret;
}

int
roster_read_ldif(struct roster *roster, struct pool *pool, const char *file,
    const char *data, size_t len, struct err *err)
{
	struct ldif l = {.roster = roster, .pool = pool, .file = file};
	struct buf line = {0};
	int ret = 0;

	for (size_t at = 0; at < len && ret == 0;) {
		const char *end = memchr(data + at, '\n', len - at), *text;
		size_t part =
		    end != NULL ? (size_t)(end - data) - at : len - at;

		text = data + at;
		at += part + 1;
		if (part > 0 && text[part - 1] == '\r')
			part--;
		if (part > 0 && text[0] == ' ') {
			if (line.len + part > VALUE_MAX)
				ret = err_set(err, ERR_INPUT,
				    "%s:%u: a value of more than %u bytes",
				    file, l.line, VALUE_MAX);
			else
				buf_add(&line, text + 1, part - 1);
			l.line++;
			continue;
		}
		ret = see_unfolded(&l, &line, err);
		l.line++;
		if (ret == 0 && part == 0)
			ret = end_entry(&l, err);
		else if (ret == 0 && part <= VALUE_MAX)
			buf_add(&line, text, part);
		else if (ret == 0)
			ret = err_set(err, ERR_INPUT,
			    "%s:%u: a value of more than %u bytes", file,
			    l.line, VALUE_MAX);
	}
	if (ret == 0)
		ret = see_unfolded(&l, &line, err);
	if (ret == 0)
		ret = end_entry(&l, err);
	buf_free(&line);
	return ret;
}
