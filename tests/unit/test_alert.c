#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "core/alert.h"
#include "core/alert_form.h"
#include "base/text.h"

static int
read(struct alerts *a, struct pool *pool, const char *text, struct err *err)
{
	const struct tree *t;

	if (tree_parse_yaml(&t, pool, text, strlen(text), "f", err) < 0)
		return -1;
	return alerts_read(a, pool, tree_get(t, "alerts"), err);
}

#define SYSLOG "kind: syslog, url: \"tls://siem.example.com\""
#define OTLP "kind: otlp, url: \"https://o.example/v1/logs\""
#define HOOK "kind: webhook, url_file: /s/chat"
#define MAIL "kind: mail, to: [a@x.example], sender: f@x.example"

static void
each_kind_is_read_with_its_defaults(void **state)
{
	static const char text[] =
	    "alerts:\n"
	    "  - {name: siem, " SYSLOG ", records: all, from: start}\n"
	    "  - {name: otel, " OTLP ", token_file: /t, most: 480}\n"
	    "  - {name: chat, " HOOK "}\n"
	    "  - {name: mail, " MAIL ", gather: 1h}\n"
	    "  - {name: post, " MAIL ", records: [overdue, landing]}\n"
	    "  - {name: udp, kind: syslog, url: \"udp://127.0.0.1:514\"}\n";
	struct pool pool = {0};
	struct alerts a = {0};
	struct err err = {0};

	(void)state;
	assert_int_equal(read(&a, &pool, text, &err), 0);
	assert_int_equal(a.count, 6);
	assert_int_equal(a.list[0].kind, ALERT_SYSLOG);
	assert_int_equal(a.list[0].body, ALERT_TEXT);
	assert_int_equal(a.list[0].facility, 13);
	assert_int_equal(a.list[0].most, ALERT_MOST_SYSLOG);
	assert_true(a.list[0].from_start);
	assert_int_equal(a.list[1].body, ALERT_RECORD);
	assert_int_equal(a.list[1].most, 480);
	assert_false(a.list[1].from_start);
	assert_true(texts_have(&a.list[1].records, "refusals"));
	assert_int_equal(a.list[2].body, ALERT_TEXT);
	assert_null(a.list[2].url);
	assert_true(a.list[2].gather == 0);
	assert_true(a.list[2].stale == ALERT_STALE);
	assert_true(a.list[3].gather == 3600000);
	assert_string_equal(a.list[3].program, "/usr/sbin/sendmail");
	assert_true(a.list[4].gather == ALERT_GATHER);
	assert_int_equal(a.list[4].records.count, 2);
	assert_string_equal(alert_kind_name(a.list[4].kind), "mail");
	pool_free(&pool);
}

static void
nobody_is_told_by_default(void **state)
{
	struct pool pool = {0};
	struct alerts a = {NULL, 7};
	struct err err = {0};

	(void)state;
	assert_int_equal(read(&a, &pool, "alerts: []\n", &err), 0);
	assert_int_equal(a.count, 0);
	assert_int_equal(read(&a, &pool, "x: 1\n", &err), 0);
	assert_int_equal(a.count, 0);
	pool_free(&pool);
}

/* What would be sent in the clear, lead elsewhere, or do nothing. */
static void
what_cannot_be_meant_is_refused(void **state)
{
	static const struct {
		const char *row, *why;
	} rows[] = {
	    {"kind: syslog, url: \"tcp://siem.example.com:514\"", "'tls://"},
	    {"kind: syslog, url: \"udp://192.0.2.1:514\"", "'tls://"},
	    {"kind: syslog, url: \"tcp://127.0.0.1\"", "with a port"},
	    {"kind: syslog, url: \"tcp://127.0.0.1.example.com:5\"", "'tls://"},
	    {"kind: syslog, url: \"tcp://localhost@x.example:5\"", "'tls://"},
	    {"kind: syslog, url: \"tls://\"", "'tls://"},
	    {"kind: syslog, url: \"tls://[::1\"", "'tls://"},
	    {"kind: syslog, url: \"tls://h:port\"", "'tls://"},
	    {"kind: syslog, url: \"tls://h/path\"", "'tls://"},
	    {"kind: syslog, url: \"https://h\"", "'tls://"},
	    {SYSLOG ", certificate: /c", "stand together"},
	    {SYSLOG ", token_file: /t", "not for kind 'syslog'"},
	    {SYSLOG ", body: card", "'card'"},
	    {SYSLOG ", facility: 24", "facility"},
	    {SYSLOG ", most: 479", "most"},
	    {"kind: otlp, url: \"http://o.example/v1/logs\"", "'https://"},
	    {"kind: otlp, url: \"http://localhost.example/\"", "'https://"},
	    {"kind: otlp, url: \"http://127.0.0.1@o.example/\"", "'https://"},
	    {"kind: otlp, url: \"http://127.0.0.1:1@o.example/\"", "'https://"},
	    {"kind: otlp, url: \"https://u:p@o.example/\"", "'https://"},
	    {"kind: otlp, url: \"https://o.example/ x\"", "'https://"},
	    {"kind: otlp", "'url' is missing"},
	    {"kind: otlp, url_file: /u", "not for kind 'otlp'"},
	    {"kind: webhook", "or 'url_file'"},
	    {HOOK ", url: \"https://o.example/\"", "too much"},
	    {HOOK ", sender: a@x", "not for kind 'webhook'"},
	    {"kind: mail, sender: f@x.example", "'to' is missing"},
	    {"kind: mail, to: a@x.example", "'sender' is missing"},
	    {"kind: mail, to: -oQ@x, sender: f@x", "plain addresses"},
	    {"kind: mail, to: a, sender: f@x", "plain addresses"},
	    {"kind: mail, to: a@x@y, sender: f@x", "plain addresses"},
	    {"kind: mail, to: \"a@x\\nBcc: b@y\", sender: f@x", "plain"},
	    {"kind: mail, to: \"a@x,b@y\", sender: f@x", "plain addresses"},
	    {"kind: mail, to: a@x, sender: \"F <f@x>\"", "a plain address"},
	    {"kind: mail, to: a@x, sender: f@x, program: sendmail", "path"},
	    {MAIL ", records: []", "empty"},
	    {MAIL ", records: [drifts]", "'drifts' is no kind of record"},
	    {MAIL ", gather: 25h", "gather"},
	    {MAIL ", from: yesterday", "from"},
	    {"kind: pager", "kind"},
	};
	struct pool pool = {0};
	struct alerts a;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct err err = {0};
		const char *text = pool_printf(&pool,
		    "alerts:\n  - {name: x, %s}\n", rows[i].row);

		if (read(&a, &pool, text, &err) == 0)
			fail_msg("taken: %s", rows[i].row);
		if (strstr(err.text, rows[i].why) == NULL)
			fail_msg("%s: %s", rows[i].row, err.text);
	}
	pool_free(&pool);
}

static void
a_name_stands_once_and_is_no_hidden_file(void **state)
{
	struct pool pool = {0};
	struct alerts a;
	struct err err = {0};

	(void)state;
	assert_int_equal(read(&a, &pool,
	                     "alerts:\n  - {name: x, " MAIL
	                     "}\n  - {name: x, " HOOK "}\n",
	                     &err),
	    -1);
	assert_non_null(strstr(err.text, "'x' stands twice"));
	err = (struct err){0};
	assert_int_equal(read(&a, &pool, "alerts: [{name: .x, " MAIL "}]\n",
	                     &err),
	    -1);
	pool_free(&pool);
}

/* ---- which ---- */

static const struct tree *
parse(struct pool *pool, const char *json)
{
	const struct tree *t;
	struct err err = {0};

	if (tree_parse_json(&t, pool, json, strlen(json), "r", &err) < 0)
		fail_msg("%s", err.text);
	return t;
}

static void
a_record_is_called_by_what_it_means(void **state)
{
	static const struct {
		const char *record, *word;
		enum alert_severity severity;
		bool usual;
	} rows[] = {
	    {"{\"type\":\"decision\",\"outcome\":\"REFUSED\"}", "refusals",
	        ALERT_WARNING, true},
	    {"{\"type\":\"decision\",\"outcome\":\"REFUSED\","
	     "\"mode\":\"observe\"}",
	        "refusals", ALERT_NOTICE, true},
	    {"{\"type\":\"decision\",\"outcome\":\"ADMITTED\"}", "decision",
	        ALERT_INFO, false},
	    {"{\"type\":\"landing\",\"outcome\":\"ADMITTED\"}", "landing",
	        ALERT_INFO, false},
	    {"{\"type\":\"landing\",\"outcome\":\"ADMITTED_AS_EMERGENCY\"}",
	        "emergencies", ALERT_ERROR, true},
	    {"{\"type\":\"observation\",\"kind\":\"approval\","
	     "\"refused\":\"peer.commit-unknown\"}",
	        "refusals", ALERT_WARNING, true},
	    {"{\"type\":\"observation\",\"kind\":\"verdict-told\","
	     "\"outcome\":\"REFUSED\"}",
	        "observation", ALERT_INFO, false},
	    {"{\"type\":\"drift\",\"repository\":\"p\"}", "drift", ALERT_ERROR,
	        true},
	    {"{\"type\":\"drift\",\"check\":\"hook.there\","
	     "\"state\":\"unknown\"}",
	        "drift", ALERT_WARNING, true},
	    {"{\"type\":\"drift\",\"check\":\"hook.there\","
	     "\"state\":\"pass\"}",
	        "drift", ALERT_NOTICE, true},
	    {"{\"type\":\"drift\",\"check\":\"due.review\","
	     "\"state\":\"fail\"}",
	        "overdue", ALERT_ERROR, true},
	    {"{\"type\":\"recovered\"}", "recovered", ALERT_CRITICAL, true},
	    {"{\"type\":\"adopted\",\"by\":{\"in_order\":false}}", "exceptions",
	        ALERT_ERROR, true},
	    {"{\"type\":\"adopted\",\"by\":{\"in_order\":true}}", "adopted",
	        ALERT_NOTICE, false},
	    {"{\"type\":\"opened\",\"by\":{\"in_order\":false}}", "opened",
	        ALERT_NOTICE, false},
	    {"{}", "?", ALERT_NOTICE, false},
	};
	struct pool pool = {0};
	struct alerts a;
	struct err err = {0};

	(void)state;
	assert_int_equal(read(&a, &pool,
	                     "alerts:\n  - {name: u, " MAIL
	                     "}\n  - {name: all, " MAIL ", records: all}\n"
	                     "  - {name: one, " MAIL ", records: drift}\n",
	                     &err),
	    0);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct tree *t = parse(&pool, rows[i].record);

		assert_string_equal(alert_word(t), rows[i].word);
		assert_int_equal(alert_severity(t), rows[i].severity);
		assert_int_equal(alert_wants(&a.list[0], t), rows[i].usual);
		assert_true(alert_wants(&a.list[1], t));
		assert_int_equal(alert_wants(&a.list[2], t),
		    text_same(tree_text(t, "type"), "drift"));
	}
	pool_free(&pool);
}

/* ---- in which form ---- */

static const struct alert_from from = {"example.com/f", "git.example.com",
    "0.1"};

/* Whoever pushes chooses the ref and the login. */
static const char HOSTILE[] =
    "{\"type\":\"decision\",\"repository\":\"pay\\\"m]e\\\\nts\","
    "\"ref\":\"refs/heads/a\\n<13>1 - - - - - - b\",\"outcome\":\"REFUSED\","
    "\"pusher\":{\"login\":\"\\u202emallory\\r\\nBcc: x@y\"}}";

static struct alert
make(struct pool *pool, const char *record, const char *text)
{
	struct alert a = {.seq = 7,
	    .time = 1764028800123,
	    .text = text,
	    .line = record,
	    .len = strlen(record),
	    .record = parse(pool, record)};

	a.word = alert_word(a.record);
	a.severity = alert_severity(a.record);
	(void)snprintf(a.digest, sizeof(a.digest), "%064d", 7);
	return a;
}

#define ZEROS7                                                                 \
	"0000000000000000000000000000000000000000000000000000000000000007"

static void
check_syslog(const struct alert_to *to, const char *record, const char *text,
    const char *wanted)
{
	struct pool pool = {0};
	struct buf out = {0};
	struct alert a = make(&pool, record, text);

	alert_syslog(&out, &from, to, &a);
	assert_string_equal(buf_text(&out), wanted);
	buf_free(&out);
	pool_free(&pool);
}

static void
a_syslog_message_is_one_line_whatever_a_record_says(void **state)
{
	static const struct alert_to words = {.kind = ALERT_SYSLOG,
	    .body = ALERT_TEXT,
	    .facility = 13,
	    .most = 8192};
	struct alert_to to = words;

	(void)state;
	check_syslog(&words, "{\"type\":\"recovered\"}", "recovered: 7 bytes",
	    "<106>1 2025-11-25T00:00:00.123Z git.example.com foureyes - "
	    "recovered [foureyes@32473 seq=\"7\" alert=\"recovered\" "
	    "origin=\"example.com/f\" type=\"recovered\" sha256=\"" ZEROS7
	    "\"] recovered: 7 bytes");
	check_syslog(&words, HOSTILE, "a\nb \xc3\xa9 \x1b[31m",
	    "<108>1 2025-11-25T00:00:00.123Z git.example.com foureyes - "
	    "refusals [foureyes@32473 seq=\"7\" alert=\"refusals\" "
	    "origin=\"example.com/f\" type=\"decision\" "
	    "repository=\"pay\\\"m\\]e\\\\nts\" "
	    "ref=\"refs/heads/a\\\\u{000A}<13>1 - - - - - - b\" "
	    "outcome=\"REFUSED\" "
	    "login=\"\\\\u{202E}mallory\\\\u{000D}\\\\u{000A}Bcc: x@y\" "
	    "sha256=\"" ZEROS7 "\"] \xef\xbb\xbf"
	    "a\\u{000A}b \xc3\xa9 \\u{001B}[31m");
	to.body = ALERT_RECORD;
	check_syslog(&to, "{\"type\":\"recovered\"}", "",
	    "<106>1 2025-11-25T00:00:00.123Z git.example.com foureyes - "
	    "recovered [foureyes@32473 seq=\"7\" alert=\"recovered\" "
	    "origin=\"example.com/f\" type=\"recovered\" sha256=\"" ZEROS7
	    "\"] {\"type\":\"recovered\"}");
	to.most = 200;
	check_syslog(&to, "{\"type\":\"recovered\"}", "in words",
	    "<106>1 2025-11-25T00:00:00.123Z git.example.com foureyes - "
	    "recovered [foureyes@32473 seq=\"7\" alert=\"recovered\" "
	    "origin=\"example.com/f\" type=\"recovered\" sha256=\"" ZEROS7
	    "\" cut=\"yes\"] ");
}

static void
a_syslog_message_is_cut_between_characters(void **state)
{
	struct alert_to to = {.kind = ALERT_SYSLOG,
	    .body = ALERT_TEXT,
	    .facility = 1,
	    .most = 480};
	struct pool pool = {0};
	struct buf out = {0};
	char text[1200] = "";
	struct alert a;

	(void)state;
	for (size_t i = 0; i + 2 < sizeof(text); i += 2)
		memcpy(text + i, "\xc3\xa9", 3);
	a = make(&pool, "{\"type\":\"report\"}", text);
	for (to.most = 480; to.most < 490; to.most++) {
		buf_clear(&out);
		alert_syslog(&out, &from, &to, &a);
		assert_true(out.len <= to.most && out.len + 2 > to.most);
		assert_true(text_is_utf8(out.data, out.len));
	}
	buf_free(&out);
	pool_free(&pool);
}

static void
a_host_that_is_none_is_a_dash(void **state)
{
	const struct alert_to to = {.body = ALERT_TEXT, .most = 480};
	const struct alert_from nobody = {"f", "\xc3\xa9 \n", "0.1"};
	struct pool pool = {0};
	struct buf out = {0};
	struct alert a = make(&pool, "{\"type\":\"a b\"}", "x");

	(void)state;
	alert_syslog(&out, &nobody, &to, &a);
	assert_non_null(strstr(buf_text(&out), "Z - foureyes - ab ["));
	buf_free(&out);
	pool_free(&pool);
}

static void
otlp_has_numbers_as_texts_and_the_record_as_body(void **state)
{
	struct alert_to to = {.kind = ALERT_OTLP,
	    .body = ALERT_RECORD,
	    .most = 4096};
	struct pool pool = {0};
	struct buf out = {0};
	struct alert a =
	    make(&pool, "{\"type\":\"recovered\"}", "in \"words\"");

	(void)state;
	alert_otlp(&out, &from, &to, &a, 1);
	assert_string_equal(buf_text(&out),
	    "{\"resourceLogs\":[{\"resource\":{\"attributes\":["
	    "{\"key\":\"service.name\",\"value\":{\"stringValue\":\"foureyes\"}},"
	    "{\"key\":\"service.version\",\"value\":{\"stringValue\":\"0.1\"}},"
	    "{\"key\":\"host.name\",\"value\":{\"stringValue\":"
	    "\"git.example.com\"}},"
	    "{\"key\":\"foureyes.origin\",\"value\":{\"stringValue\":"
	    "\"example.com/f\"}}]},"
	    "\"scopeLogs\":[{\"scope\":{\"name\":\"foureyes\",\"version\":\"0.1\"},"
	    "\"logRecords\":[{\"timeUnixNano\":\"1764028800123000000\","
	    "\"observedTimeUnixNano\":\"1764028800123000000\","
	    "\"severityNumber\":18,\"severityText\":\"critical\","
	    "\"body\":{\"stringValue\":\"{\\\"type\\\":\\\"recovered\\\"}\"},"
	    "\"attributes\":["
	    "{\"key\":\"foureyes.seq\",\"value\":{\"intValue\":\"7\"}},"
	    "{\"key\":\"foureyes.alert\",\"value\":{\"stringValue\":"
	    "\"recovered\"}},"
	    "{\"key\":\"foureyes.sha256\",\"value\":{\"stringValue\":\"" ZEROS7
	    "\"}},"
	    "{\"key\":\"foureyes.type\",\"value\":{\"stringValue\":"
	    "\"recovered\"}},"
	    "{\"key\":\"foureyes.text\",\"value\":{\"stringValue\":"
	    "\"in \\\"words\\\"\"}}]}]}]}]}");
	buf_clear(&out);
	to.most = 1;
	alert_otlp(&out, &from, &to, &a, 1);
	assert_non_null(strstr(buf_text(&out),
	    "\"body\":{\"stringValue\":\"in \\\"words\\\"\"}"));
	assert_non_null(strstr(buf_text(&out), "\"foureyes.cut\""));
	buf_free(&out);
	pool_free(&pool);
}

static void
what_otlp_rejects_is_counted(void **state)
{
	static const struct {
		const char *answer;
		uint64_t count;
	} rows[] = {
	    {"", 0},
	    {"{}", 0},
	    {"[]", 0},
	    {"<html>", 0},
	    {"{\"partialSuccess\":{}}", 0},
	    {"{\"partialSuccess\":{\"rejectedLogRecords\":\"12\"}}", 12},
	    {"{\"partialSuccess\":{\"rejectedLogRecords\":3}}", 3},
	    {"{\"partialSuccess\":{\"rejectedLogRecords\":-3}}", 0},
	    {"{\"partialSuccess\":{\"rejectedLogRecords\":\"x\"}}", 0},
	    {"{\"partialSuccess\":{\"rejectedLogRecords\":"
	     "\"99999999999999999999999\"}}",
	        999999999999999999},
	};
	struct pool pool = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_true(alert_otlp_rejected(&pool, rows[i].answer,
		                strlen(rows[i].answer)) == rows[i].count);
	pool_free(&pool);
}

static void
splunk_has_an_event_a_line(void **state)
{
	const struct alert_to to = {.kind = ALERT_SPLUNK,
	    .body = ALERT_RECORD,
	    .most = 4096};
	struct pool pool = {0};
	struct buf out = {0};
	struct alert list[2] = {make(&pool, "{\"type\":\"recovered\"}", "w"),
	    make(&pool, "{\"type\":\"recovered\"}", "w")};
	static const char one[] =
	    "{\"time\":\"1764028800.123\",\"host\":\"git.example.com\","
	    "\"source\":\"foureyes\",\"sourcetype\":\"foureyes:record\","
	    "\"event\":{\"type\":\"recovered\"},\"fields\":{\"seq\":\"7\","
	    "\"alert\":\"recovered\",\"severity\":\"critical\","
	    "\"origin\":\"example.com/f\",\"sha256\":\"" ZEROS7 "\","
	    "\"type\":\"recovered\"}}\n";

	(void)state;
	alert_splunk(&out, &from, &to, list, 2);
	assert_true(out.len == 2 * (sizeof(one) - 1));
	assert_memory_equal(out.data, one, sizeof(one) - 1);
	assert_string_equal(out.data + sizeof(one) - 1, one);
	buf_free(&out);
	pool_free(&pool);
}

/* Nobody is called, no link is made, no code ends. */
static void
a_chat_message_is_code(void **state)
{
	struct alert_to to = {.kind = ALERT_WEBHOOK,
	    .body = ALERT_TEXT,
	    .most = 4096};
	struct pool pool = {0};
	struct buf out = {0};
	struct alert a = make(&pool, "{\"type\":\"recovered\"}",
	    "x <!channel> `@all` & [a](http://x)\nnext");

	(void)state;
	alert_webhook(&out, &from, &to, &a, 1);
	assert_string_equal(buf_text(&out),
	    "{\"text\":\"foureyes of `example.com/f`\\n"
	    "critical: `#7 x &lt;!channel&gt; '@all' &amp; "
	    "[a](http://x)\\\\u{000A}next`\"}");
	buf_clear(&out);
	to.body = ALERT_RECORD;
	alert_webhook(&out, &from, &to, &a, 1);
	assert_string_equal(buf_text(&out),
	    "{\"origin\":\"example.com/f\",\"host\":\"git.example.com\","
	    "\"records\":[{\"seq\":7,\"alert\":\"recovered\","
	    "\"severity\":\"critical\",\"sha256\":\"" ZEROS7 "\","
	    "\"text\":\"x <!channel> `@all` & "
	    "[a](http://x)\\\\u{000A}next\","
	    "\"record\":{\"type\":\"recovered\"}}]}");
	buf_clear(&out);
	to.most = 3;
	alert_webhook(&out, &from, &to, &a, 1);
	assert_non_null(strstr(buf_text(&out), "\"record\":null}]}"));
	buf_clear(&out);
	to.body = ALERT_CARD;
	alert_webhook(&out, &from, &to, &a, 1);
	assert_non_null(strstr(buf_text(&out),
	    "{\"type\":\"TextRun\",\"text\":\"critical: #7 x <!channel> "));
	assert_non_null(parse(&pool, buf_text(&out)));
	buf_free(&out);
	pool_free(&pool);
}

static void
a_mail_has_nothing_of_a_record_in_its_headers(void **state)
{
	static const char *const addresses[] = {"a@x.example", "b@x.example"};
	const struct alert_to to = {.kind = ALERT_MAIL,
	    .to = {addresses, 2},
	    .sender = "f@x.example"};
	struct pool pool = {0};
	struct buf out = {0};
	struct alert list[3] = {
	    make(&pool, HOSTILE, "refusals: x\r\n.\r\nSubject: y \xc3\xa9"),
	    make(&pool, HOSTILE, "again"),
	    make(&pool, "{\"type\":\"recovered\"}", "lost"),
	};

	(void)state;
	alert_mail(&out, &from, &to, list, 3, 1764028800123);
	assert_string_equal(buf_text(&out),
	    "From: foureyes <f@x.example>\n"
	    "To: a@x.example,\n b@x.example\n"
	    "Date: Tue, 25 Nov 2025 00:00:00 +0000\n"
	    "Subject: foureyes of example.com/f: 3 alerts, refusals, "
	    "recovered\n"
	    "Message-ID: <foureyes.7.7.0000000000000000@example.com>\n"
	    "Auto-Submitted: auto-generated\n"
	    "MIME-Version: 1.0\n"
	    "Content-Type: text/plain; charset=utf-8\n"
	    "Content-Transfer-Encoding: 8bit\n\n"
	    "refusals: x\\u{000D}\\u{000A}.\\u{000D}\\u{000A}"
	    "Subject: y \xc3\xa9\n"
	    "    warning, record 7, 2025-11-25T00:00:00Z\n"
	    "again\n"
	    "    warning, record 7, 2025-11-25T00:00:00Z\n"
	    "lost\n"
	    "    critical, record 7, 2025-11-25T00:00:00Z\n"
	    "\nfoureyes show NUMBER says all of a record.  Told by "
	    "git.example.com.\n");
	buf_free(&out);
	pool_free(&pool);
}

static void
no_line_of_a_mail_is_too_long(void **state)
{
	static const char *const address[] = {"a@x.example"};
	const struct alert_to to = {.kind = ALERT_MAIL,
	    .to = {address, 1},
	    .sender = "f@x.example"};
	struct pool pool = {0};
	struct buf out = {0};
	char text[4000] = "";
	struct alert a;

	(void)state;
	for (size_t i = 0; i + 4 < sizeof(text); i += 4)
		memcpy(text + i, "\xf0\x9f\x94\x91", 5);
	a = make(&pool, "{\"type\":\"recovered\"}", text);
	alert_mail(&out, &from, &to, &a, 1, 0);
	for (const char *line = out.data; *line != '\0';) {
		size_t len = strcspn(line, "\n");

		assert_true(len < 998);
		assert_true(text_is_utf8(line, len));
		line += len + 1;
	}
	buf_free(&out);
	pool_free(&pool);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(each_kind_is_read_with_its_defaults),
	    cmocka_unit_test(nobody_is_told_by_default),
	    cmocka_unit_test(what_cannot_be_meant_is_refused),
	    cmocka_unit_test(a_name_stands_once_and_is_no_hidden_file),
	    cmocka_unit_test(a_record_is_called_by_what_it_means),
	    cmocka_unit_test(
	        a_syslog_message_is_one_line_whatever_a_record_says),
	    cmocka_unit_test(a_syslog_message_is_cut_between_characters),
	    cmocka_unit_test(a_host_that_is_none_is_a_dash),
	    cmocka_unit_test(otlp_has_numbers_as_texts_and_the_record_as_body),
	    cmocka_unit_test(what_otlp_rejects_is_counted),
	    cmocka_unit_test(splunk_has_an_event_a_line),
	    cmocka_unit_test(a_chat_message_is_code),
	    cmocka_unit_test(a_mail_has_nothing_of_a_record_in_its_headers),
	    cmocka_unit_test(no_line_of_a_mail_is_too_long),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
