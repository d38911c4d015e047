/*
 * alert_form - records as others read them: a syslog message, OTLP logs, events
 * for Splunk, what chat tools take, a mail.
 *
 * Each says the record's number, the SHA-256 of its line and the ledger's
 * origin, so that who receives it knows one that came twice, finds a gap, and
 * can hold it against a checkpoint.  Nothing that a record says can end its
 * line, its field or the message: what stands in words is one line of printable
 * UTF-8, and all else is quoted as its format asks.
 *
 * Where a record with `body: record` would make a message of more than `most`
 * bytes, it stands there in words, and `cut` says so.  Pure.
 */
#ifndef CORE_ALERT_FORM_H
#define CORE_ALERT_FORM_H

#include "base/buf.h"
#include "base/digest.h"
#include "core/alert.h"

#define ALERT_TEXT_MAX 1000    /* characters of a record in words */
#define ALERT_VALUE_MAX 200    /* of one field */
#define ALERT_ANSWER_MAX 65536 /* bytes of an answer that are looked at */

struct alert {
	uint64_t seq;
	int64_t time;
	const char *word; /* alert_word() */
	enum alert_severity severity;
	const char *text; /* in words, the word first; any bytes */
	const char *line; /* as the ledger has it */
	size_t len;
	char digest[DIGEST_HEX_SIZE]; /* of the line */
	const struct tree *record;
};

/* Who tells. */
struct alert_from {
	const char *origin, *host, *version;
};

/*
 * RFC 5424, without framing.  The SD-ID is foureyes@32473: we have no number of
 * our own, and RFC 5612 keeps that one for such use.
 */
void alert_syslog(struct buf *out, const struct alert_from *from,
    const struct alert_to *to, const struct alert *a);

/* Bodies of requests, for one record or more. */

/* OTLP 1.x, ExportLogsServiceRequest as JSON. */
void alert_otlp(struct buf *out, const struct alert_from *from,
    const struct alert_to *to, const struct alert *list, size_t count);
/* One event behind the other, as Splunk's HTTP event collector takes them. */
void alert_splunk(struct buf *out, const struct alert_from *from,
    const struct alert_to *to, const struct alert *list, size_t count);
/* {"text":...}, a card, or the records, as `body` says. */
void alert_webhook(struct buf *out, const struct alert_from *from,
    const struct alert_to *to, const struct alert *list, size_t count);

/*
 * A whole message of RFC 5322.  Its headers hold nothing of a record but its
 * number; the same records make the same Message-ID.
 */
void alert_mail(struct buf *out, const struct alert_from *from,
    const struct alert_to *to, const struct alert *list, size_t count,
    int64_t now);

/* How many records an OTLP answer says that it did not take; 0: it says none.
 */
uint64_t alert_otlp_rejected(struct pool *pool, const char *answer, size_t len);

#endif
