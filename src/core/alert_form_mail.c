/* Alerts as a mail: RFC 5322, plain text. */
#include "alert_form_inside.h"

#include <string.h>

#include "base/text.h"

#define LINE_MAX_BYTES 900 /* RFC 5322: 998 */

/* "Wed, 25 Nov 2026 13:28:48 +0000" */
static void
put_date(struct buf *out, int64_t now)
{
	static const char days[] = "ThuFriSatSunMonTueWed";
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	char t[TEXT_INSTANT_SIZE];
	size_t month;

	text_instant(t, now);
	if (t[0] == '\0')
		text_instant(t, 1);
	month = (size_t)((t[5] - '0') * 10 + (t[6] - '0') - 1);
	buf_printf(out, "Date: %.3s, %.2s %.3s %.4s %.8s +0000\n",
	    &days[(now / 86400000 % 7) * 3], t + 8, &months[month * 3], t,
	    t + 11);
}

/* What kinds there are, without saying one twice. */
static void
put_words(struct buf *out, const struct alert *list, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		bool seen = false;

		for (size_t k = 0; k < i && !seen; k++)
			seen = strcmp(list[k].word, list[i].word) == 0;
		if (!seen)
			buf_printf(out, "%s%s", i > 0 ? ", " : "",
			    list[i].word);
	}
}

/* Letters, digits, and a few signs of `text`; the rest is left out. */
static void
put_plain(struct buf *out, const char *text)
{
	for (; *text != '\0'; text++)
		if ((*text >= 'a' && *text <= 'z') ||
		    (*text >= 'A' && *text <= 'Z') ||
		    (*text >= '0' && *text <= '9') ||
		    strchr("-._/", *text) != NULL)
			buf_char(out, *text);
}

static void
put_id(struct buf *out, const struct alert_from *from, const struct alert *list,
    size_t count)
{
	buf_printf(out, "Message-ID: <foureyes.%llu.%llu.%.16s@",
	    (unsigned long long)list[0].seq,
	    (unsigned long long)list[count - 1].seq, list[count - 1].digest);
	for (const char *c = from->origin; *c != '\0' && *c != '/'; c++)
		if (*c != '_')
			put_plain(out, (const char[]){*c, '\0'});
	buf_put(out, ">\n");
}

static void
put_headers(struct buf *out, const struct alert_from *from,
    const struct alert_to *to, const struct alert *list, size_t count,
    int64_t now)
{
	buf_printf(out, "From: foureyes <%s>\n", to->sender);
	for (size_t i = 0; i < to->to.count; i++)
		buf_printf(out, "%s%s", i == 0 ? "To: " : ",\n ",
		    to->to.list[i]);
	buf_char(out, '\n');
	put_date(out, now);
	buf_printf(out, "Subject: foureyes of ");
	put_plain(out, from->origin);
	buf_printf(out, ": %zu alert%s, ", count, count == 1 ? "" : "s");
	put_words(out, list, count);
	buf_char(out, '\n');
	put_id(out, from, list, count);
	buf_put(out,
	    "Auto-Submitted: auto-generated\n"
	    "MIME-Version: 1.0\n"
	    "Content-Type: text/plain; charset=utf-8\n"
	    "Content-Transfer-Encoding: 8bit\n\n");
}

/* One line of any length, as lines that mail can carry. */
static void
put_line(struct buf *out, const char *text)
{
	size_t len = strlen(text), at = 0, n;
	uint32_t character;

	for (size_t i = 0; i < len; i += n) {
		n = text_char(text + i, len - i, &character);
		if (n == 0)
			break;
		if (at + n > LINE_MAX_BYTES) {
			buf_put(out, "\n    ");
			at = 4;
		}
		buf_add(out, text + i, n);
		at += n;
	}
	buf_char(out, '\n');
}

void
alert_mail(struct buf *out, const struct alert_from *from,
    const struct alert_to *to, const struct alert *list, size_t count,
    int64_t now)
{
	struct pool pool = {0};
	char time[TEXT_INSTANT_SIZE];

	put_headers(out, from, to, list, count, now);
	for (size_t i = 0; i < count; i++) {
		text_instant(time, list[i].time);
		put_line(out, alert_in_words(&pool, &list[i]));
		put_line(out,
		    pool_printf(&pool, "    %s, record %llu, %.19sZ",
		        alert_severity_name(list[i].severity),
		        (unsigned long long)list[i].seq, time));
	}
	buf_printf(out,
	    "\nfoureyes show NUMBER says all of a record.  Told by %s.\n",
	    text_safe_copy(&pool, from->host, strlen(from->host), 255));
	pool_free(&pool);
}
