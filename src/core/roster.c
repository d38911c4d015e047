#include "core/roster.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "core/person.h"
#include "core/sshkey.h"

#define LINE_MAX (SSHKEY_LINE_MAX + 4096u)
#define SHOWN 60 /* characters of what was passed over */

size_t
roster_until(const char *text, const char *stops)
{
	size_t len = 0;

	while (text[len] != '\0' && strchr(stops, text[len]) == NULL)
		len++;
	return len;
}

size_t
roster_blanks(const char *text)
{
	size_t len = 0;

	while (text[len] == ' ' || text[len] == '\t')
		len++;
	return len;
}

struct roster_entry *
roster_add(struct roster *roster, struct pool *pool, struct err *err)
{
	if (roster->count == ROSTER_MAX) {
		err_set(err, ERR_INPUT, "more than %d people", ROSTER_MAX);
		return NULL;
	}
	return pool_grow(pool, &roster->list, &roster->count,
	    sizeof(*roster->list));
}

void
roster_pass(struct roster *roster, struct pool *pool, const char *format, ...)
{
	char line[512];
	va_list args;

	va_start(args, format);
	(void)vsnprintf(line, sizeof(line), format, args);
	va_end(args);
	*(const char **)pool_grow(pool, &roster->passed_over,
	    &roster->passed_count, sizeof(char *)) =
	    text_safe_copy(pool, line, strlen(line), sizeof(line));
}

bool
roster_add_email(struct roster_entry *entry, const char *email)
{
	size_t len = strlen(email);

	if (len == 0 || len > PERSON_EMAIL_MAX || strchr(email, '@') == NULL ||
	    entry->email_count == ROSTER_VALUES)
		return false;
	for (size_t i = 0; i < len; i++)
		if ((unsigned char)email[i] <= ' ' || email[i] == 0x7f ||
		    strchr("<>*,\"", email[i]) != NULL)
			return false;
	for (size_t i = 0; i < entry->email_count; i++)
		if (strcmp(entry->emails[i], email) == 0)
			return true;
	entry->emails[entry->email_count++] = email;
	return true;
}

bool
roster_add_key(struct roster *roster, struct pool *pool,
    struct roster_entry *entry, const char *line, const char *where)
{
	struct sshkey key;
	struct err err = {0};
	struct buf base64 = {0};
	struct roster_key *out;

	if (entry->key_count == ROSTER_VALUES) {
		roster_pass(roster, pool, "%s: more than %d keys", where,
		    ROSTER_VALUES);
		return false;
	}
	if (sshkey_parse_line(&key, pool, line, &err) < 0) {
		roster_pass(roster, pool, "%s: %s", where, err.text);
		return false;
	}
	for (size_t i = 0; i < entry->key_count; i++)
		if (strcmp(entry->keys[i].print, key.print) == 0)
			return true;
	text_base64(&base64, key.blob.data, key.blob.len);
	out = &entry->keys[entry->key_count++];
	*out = (struct roster_key){.line = pool_printf(pool, "%s %s",
	                               sshkey_type_name(key.type),
	                               buf_text(&base64)),
	    .print = pool_text(pool, key.print)};
	buf_free(&base64);
	return true;
}

/* Where a key's type begins in a line with options in front of it; or NULL. */
static const char *
key_in(const char *line)
{
	bool quoted = false;

	for (const char *at = line; *at != '\0'; at++) {
		size_t len = roster_until(at, " \t");

		if (!quoted &&
		    (at == line || at[-1] == ' ' || at[-1] == '\t') &&
		    sshkey_type_named(
		        (struct wire_bytes){(const unsigned char *)at, len}) !=
		        SSHKEY_NONE)
			return at;
		if (*at == '\\' && quoted && at[1] != '\0')
			at++;
		else if (*at == '"')
			quoted = !quoted;
	}
	return NULL;
}

/* The value of `name="..."` among the options before `end`, or NULL. */
static const char *
option_of(struct pool *pool, const char *line, const char *end,
    const char *name)
{
	size_t len = strlen(name);
	const char *stop;

	for (const char *at = line; at + len + 2 < end; at++) {
		if (strncmp(at, name, len) != 0 || at[len] != '=' ||
		    at[len + 1] != '"' ||
		    (at > line && strchr(", \t", at[-1]) == NULL))
			continue;
		at += len + 2;
		stop = strchr(at, '"');
		return stop == NULL || stop > end
		    ? NULL
		    : pool_textn(pool, at, (size_t)(stop - at));
	}
	return NULL;
}

/* YYYYMMDD[hhmm[ss]]Z: without Z it is in somebody's local time. */
static bool
read_until(struct pool *pool, const char *text, int64_t *out)
{
	size_t len = strlen(text);
	const char *iso;

	if ((len != 9 && len != 13 && len != 15) || text[len - 1] != 'Z')
		return false;
	for (size_t i = 0; i < len - 1; i++)
		if (text[i] < '0' || text[i] > '9')
			return false;
	iso = pool_printf(pool, "%.4s-%.2s-%.2sT%.2s:%.2s:%.2sZ", text,
	    text + 4, text + 6, len > 9 ? text + 8 : "00",
	    len > 9 ? text + 10 : "00", len > 13 ? text + 12 : "00");
	return text_parse_instant(iso, out);
}

static int
see_signer(struct roster *r, struct pool *pool, const char *where,
    const char *line, struct err *err)
{
	const char *key = key_in(line), *until;
	size_t who = roster_until(line, " \t");
	const char *name = pool_textn(pool, line, who);
	struct roster_entry *e;

	if (key == NULL) {
		roster_pass(r, pool, "%s: no key of a type that is known",
		    where);
		return 0;
	}
	if (strchr(name, '*') != NULL || strchr(name, '?') != NULL ||
	    strchr(name, '!') != NULL || strchr(name, ',') != NULL ||
	    strchr(name, '"') != NULL) {
		roster_pass(r, pool, "%s: '%.*s' is no single person", where,
		    SHOWN, name);
		return 0;
	}
	if (text_find(line + who, (size_t)(key - line) - who,
	        "cert-authority") != NULL) {
		roster_pass(r, pool, "%s: a certificate authority", where);
		return 0;
	}
	e = roster_add(r, pool, err);
	if (e == NULL)
		return -1;
	if (!roster_add_email(e, name))
		e->login = name;
	if (!roster_add_key(r, pool, e, key, where)) {
		r->count--;
		return 0;
	}
	until = option_of(pool, line + who, key, "valid-before");
	if (until != NULL && !read_until(pool, until, &e->keys[0].until)) {
		roster_pass(r, pool,
		    "%s: valid-before '%.*s' is no time in UTC", where, SHOWN,
		    until);
		r->count--;
	}
	return 0;
}

/* Part of a name: what a comment has before its "@". */
static const char *
name_of(struct pool *pool, const char *comment)
{
	size_t len = roster_until(comment, "@ \t");

	return len > 0 ? pool_textn(pool, comment, len) : NULL;
}

static int
see_authorized(struct roster *r, struct pool *pool, const char *where,
    const char *line, struct err *err)
{
	const char *key = key_in(line), *command = NULL, *comment;
	struct roster_entry *e;

	if (key == NULL) {
		roster_pass(r, pool, "%s: no key of a type that is known",
		    where);
		return 0;
	}
	comment = key + roster_until(key, " \t");
	comment += roster_blanks(comment);
	comment += roster_until(comment, " \t");
	comment += roster_blanks(comment);
	command = option_of(pool, line, key, "command");
	if (command != NULL && strrchr(command, ' ') != NULL)
		command = strrchr(command, ' ') + 1;
	e = roster_add(r, pool, err);
	if (e == NULL)
		return -1;
	e->login = command != NULL ? command : name_of(pool, comment);
	if (e->login == NULL) {
		roster_pass(r, pool, "%s: nothing says whose key it is", where);
		r->count--;
	} else if (!roster_add_key(r, pool, e, key, where)) {
		r->count--;
	}
	return 0;
}

/* alice, of alice.pub and alice@laptop.pub; an address where it has a dot. */
static int
see_keydir(struct roster *r, struct pool *pool, const char *file,
    const char *data, size_t len, struct err *err)
{
	const char *base = strrchr(file, '/'), *at;
	struct roster_entry *e;
	char *name;
	size_t end;

	base = base != NULL ? base + 1 : file;
	end = strlen(base);
	if (end < 5 || strcmp(base + end - 4, ".pub") != 0) {
		roster_pass(r, pool, "%s: not a .pub file", file);
		return 0;
	}
	name = pool_textn(pool, base, end - 4);
	at = strrchr(name, '@');
	if (at != NULL && strchr(at, '.') == NULL)
		name = pool_textn(pool, name, (size_t)(at - name));
	e = roster_add(r, pool, err);
	if (e == NULL)
		return -1;
	e->login = name;
	end = 0;
	while (end < len && data[end] != '\n' && data[end] != '\r')
		end++;
	if (end > LINE_MAX ||
	    !roster_add_key(r, pool, e, pool_textn(pool, data, end), file))
		r->count--;
	return 0;
}

static int
see_lines(struct roster *r, struct pool *pool, enum roster_kind kind,
    const char *file, const char *data, size_t len, struct err *err)
{
	unsigned number = 0;

	for (size_t at = 0; at < len;) {
		const char *end = memchr(data + at, '\n', len - at);
		size_t part =
		    end != NULL ? (size_t)(end - data) - at : len - at;
		const char *where = pool_printf(pool, "%s:%u", file, ++number);
		const char *line = data + at;
		size_t kept = part;

		at += part + 1;
		while (kept > 0 && strchr(" \t\r", line[kept - 1]) != NULL)
			kept--;
		while (kept > 0 && (*line == ' ' || *line == '\t')) {
			line++;
			kept--;
		}
		if (kept == 0 || *line == '#')
			continue;
		if (kept > LINE_MAX || memchr(line, '\0', kept) != NULL)
			return err_set(err, ERR_INPUT,
			    "%s: no line of such a file", where);
		line = pool_textn(pool, line, kept);
		if ((kind == ROSTER_SIGNERS
		            ? see_signer(r, pool, where, line, err)
		            : see_authorized(r, pool, where, line, err)) < 0)
			return -1;
	}
	return 0;
}

int
roster_read(struct roster *roster, struct pool *pool, enum roster_kind kind,
    const char *file, const char *data, size_t len, struct err *err)
{
	if (len > ROSTER_SIZE)
		return err_set(err, ERR_INPUT, "%s: more than %u bytes", file,
		    ROSTER_SIZE);
	switch (kind) {
	case ROSTER_LDIF:
		return roster_read_ldif(roster, pool, file, data, len, err);
	case ROSTER_GITHUB:
	case ROSTER_GITLAB:
		return roster_read_members(roster, pool, kind == ROSTER_GITLAB,
		    file, data, len, err);
	case ROSTER_SIGNERS:
	case ROSTER_AUTHORIZED:
		return see_lines(roster, pool, kind, file, data, len, err);
	case ROSTER_KEYDIR:
		return see_keydir(roster, pool, file, data, len, err);
	}
	return err_set(err, ERR_INPUT, "no such kind of list");
}
