/*
 * assessment-results.json: the controls as NIST OSCAL assessment results.
 *
 * An observation for each of our controls: what was counted, and in which file
 * of the pack.  A finding (is a control satisfied) is a judgement, which is the
 * assessor's: --findings writes what the counts alone would say.
 *
 * Identifiers are UUIDs made from what the document is about, so that the same
 * pack has the same ones: the form of version 5, with SHA-256 for SHA-1.
 * Control ids are tokens, and none may begin with a digit: those of a framework
 * that has no OSCAL catalogue get its name in front.
 */
#include <inttypes.h>
#include <string.h>

#include "base/json.h"
#include "base/text.h"
#include "app/report_inside.h"

#define FILE_NAME "assessment-results.json"
#define OSCAL_VERSION "1.2.1"
#define NAMESPACE "urn:foureyes:oscal"
/* Schemas know no year from 3000 on. */
#define LAST_INSTANT INT64_C(32503680000000)
#define ROWS_MAX 128

/* As controls.csv has them, in this order. */
enum column {
	COLUMN_CONTROL,
	COLUMN_NAME,
	COLUMN_FRAMEWORK,
	COLUMN_POINT,
	COLUMN_WANTS,
	COLUMN_RESULT,
	COLUMN_PASS,
	COLUMN_FAIL,
	COLUMN_UNKNOWN,
	COLUMN_NOT_ASKED,
	COLUMN_EVIDENCE,
	COLUMNS
};

struct oscal {
	struct making *m;
	struct json j;
	struct pool pool;
	const char *const *rows[ROWS_MAX];
	size_t count;
};

static const char *
uuid_of(struct oscal *o, const char *kind, const char *name)
{
	const struct report *r = &o->m->report;
	unsigned char digest[DIGEST_SIZE];
	char hex[2 * 16 + 1];
	const char *about = pool_printf(&o->pool,
	    "%s %" PRIu64 " %lld %lld %s %s", r->origin, r->until,
	    (long long)r->asked.from, (long long)r->asked.to, kind, name);

	digest_sha256(digest, about, strlen(about));
	digest[6] = (unsigned char)((digest[6] & 0x0f) | 0x50);
	digest[8] = (unsigned char)((digest[8] & 0x3f) | 0x80);
	text_hex(hex, digest, 16);
	return pool_printf(&o->pool, "%.8s-%.4s-%.4s-%.4s-%.12s", hex, hex + 8,
	    hex + 12, hex + 16, hex + 20);
}

static void
put_uuid(struct oscal *o, const char *key, const char *kind, const char *name)
{
	json_key_text(&o->j, key, uuid_of(o, kind, name));
}

/* What is the same in every document, but for one word of ours. */
static void
put_fixed(struct oscal *o, const char *key, const char *before,
    const char *word, const char *behind)
{
	const char *text =
	    pool_printf(&o->pool, "%s%s%s", before, word, behind);

	json_key(&o->j, key);
	json_raw(&o->j, text, strlen(text));
}

static const char *
control_id(struct oscal *o, const char *const *row)
{
	static const char *const prefixes[][2] = {{"ISO", "iso27001-"},
	    {"PCI", "pci-"}};

	for (size_t i = 0; i < 2; i++)
		if (text_starts(row[COLUMN_FRAMEWORK], prefixes[i][0]))
			return pool_printf(&o->pool, "%s%s", prefixes[i][1],
			    row[COLUMN_POINT]);
	return row[COLUMN_POINT];
}

static int
keep_row(const char *const *cells, void *ctx, struct err *err)
{
	struct oscal *o = ctx;
	const char **row;

	if (o->count == ROWS_MAX)
		return err_set(err, ERR_INPUT, "more than %d controls",
		    ROWS_MAX);
	row = pool_array(&o->pool, COLUMNS, sizeof(*row));
	for (size_t i = 0; i < COLUMNS; i++)
		row[i] = pool_text(&o->pool, cells[i]);
	o->rows[o->count++] = row;
	return 0;
}

static void
put_metadata(struct oscal *o)
{
	const struct report *r = &o->m->report;

	json_key_open(&o->j, "metadata", '{');
	json_key_text(&o->j, "title",
	    pool_printf(&o->pool, "Change management evidence of %s",
	        r->origin));
	json_key_instant(&o->j, "last-modified", r->at);
	json_key_text(&o->j, "version",
	    pool_printf(&o->pool, "record-%" PRIu64, r->until));
	json_key_text(&o->j, "oscal-version", OSCAL_VERSION);
	json_close(&o->j);
}

static void
put_prop(struct oscal *o, const char *name, const char *value)
{
	json_open(&o->j, '{');
	json_key_text(&o->j, "name", name);
	json_key_text(&o->j, "ns", NAMESPACE);
	json_key_text(&o->j, "value", value);
	json_close(&o->j);
}

static void
put_component(struct oscal *o)
{
	put_fixed(o, "local-definitions", "{\"components\":[{\"uuid\":\"",
	    uuid_of(o, "component", "foureyes"),
	    "\",\"type\":\"software\",\"title\":\"foureyes\","
	    "\"description\":\"Decides whether a change may land on a gated "
	    "ref, and records it.\",\"status\":{\"state\":"
	    "\"operational\"}}]}");
}

static bool
is_first_of(struct oscal *o, size_t at)
{
	for (size_t i = 0; i < at; i++)
		if (strcmp(control_id(o, o->rows[i]),
		        control_id(o, o->rows[at])) == 0)
			return false;
	return true;
}

static void
put_reviewed(struct oscal *o)
{
	json_key_open(&o->j, "reviewed-controls", '{');
	json_key_open(&o->j, "control-selections", '[');
	json_open(&o->j, '{');
	json_key_open(&o->j, "include-controls", '[');
	for (size_t i = 0; i < o->count; i++) {
		if (!is_first_of(o, i))
			continue;
		json_open(&o->j, '{');
		json_key_text(&o->j, "control-id", control_id(o, o->rows[i]));
		json_close(&o->j);
	}
	json_close(&o->j);
	json_close(&o->j);
	json_close(&o->j);
	json_close(&o->j);
}

/* Which framework's points it speaks to, and what was counted. */
static void
put_props(struct oscal *o, size_t at)
{
	static const struct {
		const char *name;
		enum column of;
	} counts[] = {{"passed", COLUMN_PASS}, {"failed", COLUMN_FAIL},
	    {"not-known", COLUMN_UNKNOWN}, {"not-asked", COLUMN_NOT_ASKED}};
	const char *control = o->rows[at][COLUMN_CONTROL];

	json_key_open(&o->j, "props", '[');
	put_prop(o, "control", control);
	for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++)
		put_prop(o, counts[i].name, o->rows[at][counts[i].of]);
	for (size_t i = at; i < o->count; i++)
		if (strcmp(o->rows[i][COLUMN_CONTROL], control) == 0)
			put_prop(o, "control-id", control_id(o, o->rows[i]));
	json_close(&o->j);
}

static void
put_observation(struct oscal *o, size_t at)
{
	const char *const *row = o->rows[at];

	json_open(&o->j, '{');
	put_uuid(o, "uuid", "observation", row[COLUMN_CONTROL]);
	json_key_text(&o->j, "title",
	    pool_printf(&o->pool, "%s %s", row[COLUMN_CONTROL],
	        row[COLUMN_NAME]));
	json_key_text(&o->j, "description",
	    pool_printf(&o->pool,
	        "Every change of the period was looked at: %s. Passed %s, "
	        "failed %s, not known %s, not asked %s.",
	        row[COLUMN_RESULT], row[COLUMN_PASS], row[COLUMN_FAIL],
	        row[COLUMN_UNKNOWN], row[COLUMN_NOT_ASKED]));
	put_props(o, at);
	put_fixed(o, "methods", "[\"", "TEST", "\"]");
	put_fixed(o, "origins",
	    "[{\"actors\":[{\"type\":\"tool\",\"actor-uuid\":\"",
	    uuid_of(o, "component", "foureyes"), "\"}]}]");
	json_key_open(&o->j, "relevant-evidence", '[');
	json_open(&o->j, '{');
	json_key_text(&o->j, "href",
	    pool_printf(&o->pool, "#%s",
	        uuid_of(o, "resource", "attributes.csv")));
	json_key_text(&o->j, "description", row[COLUMN_EVIDENCE]);
	json_close(&o->j);
	json_close(&o->j);
	json_key_instant(&o->j, "collected", o->m->report.at);
	json_close(&o->j);
}

/* Of what was not asked of any change, nothing is satisfied. */
static void
put_finding(struct oscal *o, size_t at)
{
	const char *const *row = o->rows[at];
	bool failed = strcmp(row[COLUMN_FAIL], "0") != 0;
	bool passed = !failed && strcmp(row[COLUMN_UNKNOWN], "0") == 0 &&
	    strcmp(row[COLUMN_PASS], "0") != 0;

	json_open(&o->j, '{');
	put_uuid(o, "uuid", "finding", row[COLUMN_CONTROL]);
	json_key_text(&o->j, "title", row[COLUMN_NAME]);
	json_key_text(&o->j, "description",
	    "What the counts alone say; whether the control is satisfied is "
	    "for the assessor.");
	json_key_open(&o->j, "target", '{');
	json_key_text(&o->j, "type", "objective-id");
	json_key_text(&o->j, "target-id", row[COLUMN_CONTROL]);
	json_key_open(&o->j, "status", '{');
	json_key_text(&o->j, "state", passed ? "satisfied" : "not-satisfied");
	json_key_text(&o->j, "reason",
	    passed       ? "pass"
	        : failed ? "fail"
	                 : "other");
	json_close(&o->j);
	json_close(&o->j);
	put_fixed(o, "related-observations", "[{\"observation-uuid\":\"",
	    uuid_of(o, "observation", row[COLUMN_CONTROL]), "\"}]");
	json_close(&o->j);
}

/* Once for each control, whose rows stand together. */
static void
put_each(struct oscal *o, const char *key, void put(struct oscal *o, size_t at))
{
	json_key_open(&o->j, key, '[');
	for (size_t i = 0; i < o->count; i++)
		if (i == 0 ||
		    strcmp(o->rows[i][COLUMN_CONTROL],
		        o->rows[i - 1][COLUMN_CONTROL]) != 0)
			put(o, i);
	json_close(&o->j);
}

static void
put_result(struct oscal *o)
{
	const struct report *r = &o->m->report;

	json_key_open(&o->j, "results", '[');
	json_open(&o->j, '{');
	put_uuid(o, "uuid", "result", "period");
	json_key_text(&o->j, "title", "Changes that landed on gated refs");
	json_key_text(&o->j, "description",
	    pool_printf(&o->pool,
	        "All %" PRIu64 " changes of the period, as of record %" PRIu64
	        "%s%s. No sample.",
	        o->m->counts.changes, r->until,
	        r->altered == NULL ? "" : "; THE LEDGER DOES NOT VERIFY: ",
	        r->altered == NULL ? "" : r->altered));
	json_key_instant(&o->j, "start", r->asked.from);
	if (r->asked.to < LAST_INSTANT)
		json_key_instant(&o->j, "end", r->asked.to);
	put_component(o);
	put_reviewed(o);
	put_each(o, "observations", put_observation);
	if (o->m->findings)
		put_each(o, "findings", put_finding);
	json_close(&o->j);
	json_close(&o->j);
}

static int
put_resource(struct oscal *o, const char *file, struct err *err)
{
	char hex[DIGEST_HEX_SIZE];
	size_t len = strlen(file);

	if (pack_digest(&o->m->pack, file, hex, err) < 0)
		return -1;
	json_open(&o->j, '{');
	put_uuid(o, "uuid", "resource", file);
	json_key_text(&o->j, "title", file);
	json_key_open(&o->j, "rlinks", '[');
	json_open(&o->j, '{');
	json_key_text(&o->j, "href", file);
	json_key_text(&o->j, "media-type",
	    len > 4 && strcmp(file + len - 4, ".csv") == 0
	        ? "text/csv"
	        : "application/jsonl");
	json_key_open(&o->j, "hashes", '[');
	json_open(&o->j, '{');
	json_key_text(&o->j, "algorithm", "SHA-256");
	json_key_text(&o->j, "value", hex);
	json_close(&o->j);
	json_close(&o->j);
	json_close(&o->j);
	json_close(&o->j);
	json_close(&o->j);
	return 0;
}

static int
put_resources(struct oscal *o, struct err *err)
{
	int ret = 0;

	json_key_open(&o->j, "back-matter", '{');
	json_key_open(&o->j, "resources", '[');
	for (size_t i = 0; i < TABLE_ALL && ret == 0; i++)
		if (o->m->tables[i].name != NULL)
			ret = put_resource(o,
			    pool_printf(&o->pool, "%s.csv",
			        o->m->tables[i].name),
			    err);
	if (ret == 0)
		ret = put_resource(o, "records.jsonl", err);
	json_close(&o->j);
	json_close(&o->j);
	return ret;
}

static int
put_all(struct oscal *o, struct err *err)
{
	int ret;

	json_open(&o->j, '{');
	json_key_open(&o->j, "assessment-results", '{');
	put_uuid(o, "uuid", "document", FILE_NAME);
	put_metadata(o);
	/* There is no plan but the policy that was in force. */
	put_fixed(o, "import-ap", "{\"href\":\"#",
	    uuid_of(o, "resource", "policy/intervals.csv"), "\"}");
	put_result(o);
	ret = put_resources(o, err);
	json_close(&o->j);
	json_close(&o->j);
	buf_char(o->j.out, '\n');
	return ret;
}

int
oscal_write(struct making *m, struct err *err)
{
	struct buf out = {0};
	struct oscal o = {.m = m, .j = {.out = &out}};
	int ret = table_replay(&m->tables[TABLE_CONTROLS], keep_row, &o, err);

	if (ret == 0)
		ret = put_all(&o, err);
	if (ret == 0)
		ret = pack_text(&m->pack, FILE_NAME, out.data, out.len, err);
	buf_free(&out);
	pool_free(&o.pool);
	return ret;
}
