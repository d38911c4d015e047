#include "core/alert.h"

#include <string.h>

#include "base/text.h"
#include "core/shape.h"
#include "core/url.h"

#define MINUTE ((int64_t)60000)

static const char *const kinds[] = {"syslog", "otlp", "splunk", "webhook",
    "mail", NULL};
static const char *const bodies[] = {"text", "record", "card", NULL};
static const char *const froms[] = {"now", "start", NULL};

/* What `records` may name: types, and what alert_word() calls some of them. */
static const char *const words[] = {"all", "refusals", "emergencies", "overdue",
    "exceptions", "opened", "policy", "people", "settings", "key",
    "observation", "decision", "landing", "adopted", "drift", "explained",
    "recovered", "pruned", "signoff", "drill", "renamed", "report"};
static const char *const usual[] = {"drift", "refusals", "emergencies",
    "overdue", "exceptions", "recovered"};

static const struct shape_row rows[] = {
    {SHAPE_ROW("name", WORD, alert_to, name), .flags = SHAPE_NEEDED},
    {SHAPE_ROW("kind", CHOICE, alert_to, kind), .least = ALERT_SYSLOG,
        .names = kinds, .flags = SHAPE_NEEDED},
    {SHAPE_ROW("url", TEXT, alert_to, url)},
    {SHAPE_ROW("url_file", PATH, alert_to, url_file)},
    {SHAPE_ROW("token_file", PATH, alert_to, token_file)},
    {SHAPE_ROW("ca_file", PATH, alert_to, ca_file)},
    {SHAPE_ROW("certificate", PATH, alert_to, certificate)},
    {SHAPE_ROW("key", PATH, alert_to, key)},
    {SHAPE_ROW("records", WORDS, alert_to, records), .flags = SHAPE_FILLED},
    {SHAPE_ROW("from", EITHER, alert_to, from_start), .names = froms},
    {SHAPE_ROW("body", CHOICE, alert_to, body), .least = ALERT_TEXT,
        .names = bodies},
    {SHAPE_ROW("facility", COUNT, alert_to, facility), .least = 0, .most = 23},
    {SHAPE_ROW("most", COUNT, alert_to, most), .least = 480,
        .most = ALERT_MOST_MAX},
    {SHAPE_ROW("to", TEXTS, alert_to, to), .flags = SHAPE_FILLED},
    {SHAPE_ROW("sender", TEXT, alert_to, sender)},
    {SHAPE_ROW("program", PATH, alert_to, program)},
    {SHAPE_ROW("gather", DURATION, alert_to, gather), .least = 0,
        .most = ALERT_GATHER_MAX},
    {SHAPE_ROW("stale", DURATION, alert_to, stale), .least = MINUTE,
        .most = TEXT_DURATION_MAX},
    {0},
};

const char *
alert_kind_name(enum alert_kind kind)
{
	return kind >= ALERT_SYSLOG && kind <= ALERT_MAIL
	    ? kinds[kind - ALERT_SYSLOG]
	    : "?";
}

#define ON(kind) (1u << ALERT_##kind)
#define OVER_HTTP (ON(OTLP) | ON(SPLUNK) | ON(WEBHOOK))

/* A key of another kind would be one that does nothing. */
static int
check_keys(const struct alert_to *to, const struct tree *map, struct err *err)
{
	static const struct {
		const char *key;
		unsigned kinds;
	} only[] = {
	    {"url", OVER_HTTP | ON(SYSLOG)},
	    {"url_file", ON(WEBHOOK)},
	    {"token_file", OVER_HTTP},
	    {"ca_file", OVER_HTTP | ON(SYSLOG)},
	    {"certificate", ON(SYSLOG)},
	    {"key", ON(SYSLOG)},
	    {"facility", ON(SYSLOG)},
	    {"body", OVER_HTTP | ON(SYSLOG)},
	    {"most", OVER_HTTP | ON(SYSLOG)},
	    {"to", ON(MAIL)},
	    {"sender", ON(MAIL)},
	    {"program", ON(MAIL)},
	};

	for (size_t i = 0; i < sizeof(only) / sizeof(only[0]); i++)
		if (tree_get(map, only[i].key) != NULL &&
		    (only[i].kinds & (1u << to->kind)) == 0)
			return tree_error(tree_get(map, only[i].key), err,
			    "'%s' is not for kind '%s'", only[i].key,
			    alert_kind_name(to->kind));
	if (to->body == ALERT_CARD && to->kind != ALERT_WEBHOOK)
		return tree_error(tree_get(map, "body"), err,
		    "'card' is for kind 'webhook'");
	if ((to->certificate != NULL) != (to->key != NULL))
		return tree_error(map, err,
		    "'certificate' and 'key' stand together");
	return 0;
}

static bool
is_fit(const struct alert_to *to)
{
	if (!url_is_plain(to->url) || strchr(to->url, '@') != NULL)
		return false;
	if (to->kind == ALERT_SYSLOG)
		return url_is_host(to->url, "tls://", false) ||
		    url_is_host(to->url, "tcp://", true) ||
		    url_is_host(to->url, "udp://", true);
	return text_starts(to->url, "https://") || url_is_local(to->url);
}

static int
check_url(const struct alert_to *to, const struct tree *map, struct err *err)
{
	bool both = to->url != NULL && to->url_file != NULL;

	if (to->kind == ALERT_MAIL)
		return 0;
	if (both || (to->url == NULL && to->url_file == NULL))
		return tree_error(map, err, "'url' is missing%s",
		    both ? ", or 'url_file' is too much"
		        : to->kind == ALERT_WEBHOOK ? ", or 'url_file'"
		                                    : "");
	if (to->url == NULL || is_fit(to))
		return 0;
	return tree_error(tree_get(map, "url"), err,
	    to->kind == ALERT_SYSLOG
	        ? "'url' must be 'tls://HOST[:PORT]', or 'tcp://...' or "
	          "'udp://...' with a port of this machine"
	        : "'url' must be 'https://...', without blanks, quotes and a "
	          "password; or 'http://...' of this machine");
}

bool
alert_is_address(const char *text)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyz"
	                            "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	                            "0123456789.-_+=@";
	const char *at = strchr(text, '@');

	if (at == NULL || at == text || at[1] == '\0' ||
	    strchr(at + 1, '@') != NULL || text[0] == '-' || at[1] == '-' ||
	    strlen(text) > ALERT_ADDRESS_MAX)
		return false;
	for (; *text != '\0'; text++)
		if (strchr(plain, *text) == NULL)
			return false;
	return true;
}

static int
check_mail(const struct alert_to *to, const struct tree *map, struct err *err)
{
	if (to->kind != ALERT_MAIL)
		return 0;
	if (to->to.count == 0 || to->sender == NULL)
		return tree_error(map, err, "'%s' is missing",
		    to->sender == NULL ? "sender" : "to");
	if (to->to.count > ALERT_ADDRESSES_MAX)
		return tree_error(tree_get(map, "to"), err,
		    "more than %d addresses", ALERT_ADDRESSES_MAX);
	if (!alert_is_address(to->sender))
		return tree_error(tree_get(map, "sender"), err,
		    "'sender' must be a plain address: NAME@HOST");
	for (size_t i = 0; i < to->to.count; i++)
		if (!alert_is_address(to->to.list[i]))
			return tree_error(shape_at(map, "to", i), err,
			    "'to' must hold plain addresses: NAME@HOST");
	return 0;
}

static bool
is_word(const char *text)
{
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcmp(words[i], text) == 0)
			return true;
	return false;
}

static int
check_records(const struct alert_to *to, const struct tree *map,
    struct err *err)
{
	for (size_t i = 0; i < to->records.count; i++)
		if (!is_word(to->records.list[i]))
			return tree_error(shape_at(map, "records", i), err,
			    "'%s' is no kind of record: all, refusals, "
			    "emergencies, overdue, exceptions, or a type as "
			    "drift, decision, landing, recovered",
			    to->records.list[i]);
	return 0;
}

static void
set_defaults(struct alert_to *to, const struct tree *map)
{
	bool forwards = to->kind == ALERT_OTLP || to->kind == ALERT_SPLUNK;

	if (to->body == ALERT_BODY_BY_KIND)
		to->body = forwards ? ALERT_RECORD : ALERT_TEXT;
	if (to->most == 0)
		to->most = to->kind == ALERT_SYSLOG ? ALERT_MOST_SYSLOG
		                                    : ALERT_MOST_HTTP;
	if (to->kind == ALERT_MAIL && tree_get(map, "gather") == NULL)
		to->gather = ALERT_GATHER;
}

int
alerts_read(struct alerts *out, struct pool *pool, const struct tree *list,
    struct err *err)
{
	struct alert_to *to;
	size_t count = 0;

	*out = (struct alerts){0};
	if (list == NULL)
		return 0;
	if (shape_is_list(list, err) < 0)
		return -1;
	if (list->len > ALERTS_MAX)
		return tree_error(list, err, "more than %d are told",
		    ALERTS_MAX);
	to = pool_array(pool, list->len + 1, sizeof(*to));
	for (const struct tree *t = list->child; t != NULL; t = t->next) {
		to[count] = (struct alert_to){.facility = ALERT_FACILITY,
		    .records = {usual, sizeof(usual) / sizeof(usual[0])},
		    .program = "/usr/sbin/sendmail",
		    .stale = ALERT_STALE};
		if (shape_read(&to[count], pool, t, rows, err) < 0 ||
		    shape_name(list, t, err) < 0 ||
		    check_keys(&to[count], t, err) < 0 ||
		    check_url(&to[count], t, err) < 0 ||
		    check_mail(&to[count], t, err) < 0 ||
		    check_records(&to[count], t, err) < 0)
			return -1;
		set_defaults(&to[count++], t);
	}
	*out = (struct alerts){to, count};
	return 0;
}
