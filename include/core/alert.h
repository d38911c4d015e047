/*
 * alert - who is told of records: `alerts` in foureyes.yaml, and what of.
 *
 *	alerts:
 *	  - {name: siem, kind: syslog, url: "tls://siem.example.com",
 *	     ca_file: /etc/foureyes/siem.pem, records: all}
 *	  - {name: chat, kind: webhook, url_file: /etc/foureyes/secrets/chat}
 *	  - {name: mail, kind: mail, to: [security@example.com],
 *	     sender: foureyes@example.com, records: [drift, overdue]}
 *
 * `records` names types of records (docs/foureyes-ledger.5), or what stands in
 * alert_word() for some of them.  What a destination is sent goes out over TLS
 * or stays on this machine.  Pure.
 */
#ifndef CORE_ALERT_H
#define CORE_ALERT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/pool.h"
#include "base/tree.h"
#include "core/policy.h"

#define ALERTS_MAX 32
#define ALERT_ADDRESSES_MAX 20
#define ALERT_ADDRESS_MAX 254 /* RFC 5321 4.5.3.1.3, less the brackets */
#define ALERT_STALE ((int64_t)60 * 60 * 1000) /* by default */
#define ALERT_GATHER ((int64_t)5 * 60 * 1000) /* of mail, by default */
#define ALERT_GATHER_MAX ((int64_t)24 * 60 * 60 * 1000)
#define ALERT_FACILITY 13      /* RFC 5424: log audit */
#define ALERT_MOST_SYSLOG 8192 /* bytes of a message: rsyslog's default */
#define ALERT_MOST_HTTP 262144 /* of one record in a request */
#define ALERT_MOST_MAX 4194304

enum alert_kind {
	ALERT_SYSLOG = 1, /* RFC 5424, framed by RFC 5425 */
	ALERT_OTLP,       /* logs, as JSON over HTTP */
	ALERT_SPLUNK,     /* its HTTP event collector */
	ALERT_WEBHOOK,    /* JSON that chat tools take, or the records */
	ALERT_MAIL        /* by this machine's sendmail */
};

/* What stands in a message: words, or the record as the ledger has it. */
enum alert_body {
	ALERT_BODY_BY_KIND = 0,
	ALERT_TEXT,
	ALERT_RECORD,
	ALERT_CARD /* words, as an adaptive card */
};

struct alert_to {
	const char *name;
	enum alert_kind kind;
	const char *url;        /* NULL: it stands in url_file, or none */
	const char *url_file;   /* webhook: where it is itself the secret */
	const char *token_file; /* otlp, splunk, webhook; or NULL */
	const char *ca_file;    /* NULL: those of the system */
	const char *certificate, *key; /* syslog: our own; or NULL */
	struct texts records;
	bool from_start; /* at first: the whole ledger, not from now on */
	enum alert_body body;
	unsigned facility;
	unsigned most;   /* bytes of one record's message */
	struct texts to; /* mail */
	const char *sender, *program;
	int64_t gather; /* at least so long between two messages */
	int64_t stale;  /* what waits longer than that is wrong */
};

struct alerts {
	const struct alert_to *list;
	size_t count;
};

/* `list` may be NULL; `out` is empty then. */
int alerts_read(struct alerts *out, struct pool *pool, const struct tree *list,
    struct err *err) must_check;
const char *alert_kind_name(enum alert_kind kind);
/* An address of mail without anything that a header or a program could take
 * for something else. */
bool alert_is_address(const char *text);

/* As syslog numbers them. */
enum alert_severity {
	ALERT_CRITICAL = 2,
	ALERT_ERROR,
	ALERT_WARNING,
	ALERT_NOTICE,
	ALERT_INFO
};

/*
 * What a record is to who is told of it: "refusals", "emergencies" (one that
 * landed), "overdue" (reviews, sign-offs), "exceptions" (done by somebody who
 * is not in an administration group); else its type.
 */
const char *alert_word(const struct tree *record);
enum alert_severity alert_severity(const struct tree *record);
const char *alert_severity_name(enum alert_severity severity);
bool alert_wants(const struct alert_to *to, const struct tree *record);

#endif
