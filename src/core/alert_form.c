/* What all formats of alerts share, and syslog. */
#include "alert_form_inside.h"

#include <string.h>

#include "base/text.h"

#define SD_ID "foureyes@32473"
#define HOST_MAX 255 /* RFC 5424: HOSTNAME */
#define MSGID_MAX 32
#define PATHS 4

/* Where a value stands in records of one kind or another. */
static const struct {
	const char *name;
	const char *paths[PATHS];
} fields[ALERT_FIELDS] = {
    {"type", {"type"}},
    {"kind", {"kind"}},
    {"repository", {"repository"}},
    {"gate", {"gate"}},
    {"ref", {"ref"}},
    {"commit", {"new", "commit"}},
    {"outcome", {"outcome"}},
    {"person", {"pusher.person", "lander", "person", "by.person"}},
    {"login", {"pusher.login", "user.login", "by.account"}},
    {"check", {"check"}},
    {"state", {"state"}},
    {"incident", {"incident"}},
};

static const char *
value_of(const struct tree *record, size_t field)
{
	const char *const *paths = fields[field].paths;
	const char *value = NULL;

	for (size_t i = 0; i < PATHS && paths[i] != NULL && value == NULL; i++)
		value = tree_text(record, paths[i]);
	if (value == NULL && strcmp(fields[field].name, "incident") == 0)
		value = tree_text(record, "emergency.incident");
	return value;
}

void
alert_fields(struct alert_field out[ALERT_FIELDS], struct pool *pool,
    const struct tree *record)
{
	for (size_t i = 0; i < ALERT_FIELDS; i++) {
		const char *value = value_of(record, i);

		out[i] = (struct alert_field){fields[i].name,
		    value == NULL || *value == '\0'
		        ? NULL
		        : text_safe_copy(pool, value, strlen(value),
		              ALERT_VALUE_MAX)};
	}
}

const char *
alert_in_words(struct pool *pool, const struct alert *a)
{
	return text_safe_copy(pool, a->text, strlen(a->text), ALERT_TEXT_MAX);
}

/* ---- syslog ---- */

/* Of a header: printable ASCII without blanks; "-" where nothing is left. */
static void
put_word(struct buf *out, const char *text, size_t most)
{
	size_t n = 0;

	for (; text != NULL && *text != '\0' && n < most; text++)
		if (*text > ' ' && *text < 0x7f) {
			buf_char(out, *text);
			n++;
		}
	if (n == 0)
		buf_char(out, '-');
}

static void
put_param(struct buf *out, const char *name, const char *value)
{
	if (value == NULL)
		return;
	buf_printf(out, " %s=\"", name);
	for (; *value != '\0'; value++) {
		if (*value == '"' || *value == '\\' || *value == ']')
			buf_char(out, '\\');
		buf_char(out, *value);
	}
	buf_char(out, '"');
}

static void
put_head(struct buf *out, struct pool *pool, const struct alert_from *from,
    const struct alert_to *to, const struct alert *a, bool cut)
{
	struct alert_field list[ALERT_FIELDS];
	char time[TEXT_INSTANT_SIZE];

	text_instant(time, a->time);
	buf_printf(out, "<%u>1 %s ", to->facility * 8 + (unsigned)a->severity,
	    time[0] != '\0' ? time : "-");
	put_word(out, from->host, HOST_MAX);
	buf_put(out, " foureyes - ");
	put_word(out, a->word, MSGID_MAX);
	buf_printf(out, " [" SD_ID " seq=\"%llu\"", (unsigned long long)a->seq);
	put_param(out, "alert", a->word);
	put_param(out, "origin", from->origin);
	alert_fields(list, pool, a->record);
	for (size_t i = 0; i < ALERT_FIELDS; i++)
		put_param(out, list[i].name, list[i].value);
	put_param(out, "sha256", a->digest);
	put_param(out, "cut", cut ? "yes" : NULL);
	buf_put(out, "] ");
}

/* RFC 5424 6.4: what is UTF-8 begins with a byte order mark. */
static void
put_words(struct buf *out, const char *text, size_t most)
{
	size_t len = strlen(text), room, at = 0, n;
	uint32_t character;

	for (size_t i = 0; i < len; i++)
		if ((unsigned char)text[i] >= 0x80) {
			buf_put(out, "\xef\xbb\xbf");
			break;
		}
	room = most > out->len ? most - out->len : 0;
	while (at < len &&
	    (n = text_char(text + at, len - at, &character)) > 0 &&
	    at + n <= room)
		at += n;
	buf_add(out, text, at);
}

void
alert_syslog(struct buf *out, const struct alert_from *from,
    const struct alert_to *to, const struct alert *a)
{
	struct pool pool = {0};
	struct buf one = {0};
	bool whole = to->body == ALERT_RECORD;

	put_head(&one, &pool, from, to, a, false);
	if (whole && one.len + a->len > to->most) {
		whole = false;
		buf_clear(&one);
		put_head(&one, &pool, from, to, a, true);
	}
	if (whole)
		buf_add(&one, a->line, a->len);
	else
		put_words(&one, alert_in_words(&pool, a), to->most);
	buf_add(out, one.data, one.len);
	buf_free(&one);
	pool_free(&pool);
}
