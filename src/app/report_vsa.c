/*
 * vsa.jsonl: for each change a source verification summary, as an in-toto
 * statement (SLSA 1.2): what was verified of the commit that landed.
 *
 * The statements are not signed one by one, since an ECDSA signature never has
 * the same bytes twice: the pack's signed manifest covers the file.  No level
 * of SLSA's source track is claimed, only the properties that were found;
 * FAILED stands for what landed as an emergency, against a finding, or by a way
 * that nobody decided.
 */
#include <string.h>

#include "base/json.h"
#include "base/text.h"
#include "app/report_inside.h"

#define FILE_NAME "vsa.jsonl"

static void
put_subject(struct json *j, const struct change_row *row)
{
	json_key_open(j, "subject", '[');
	json_open(j, '{');
	json_key_open(j, "digest", '{');
	json_key_text(j, "gitCommit", row->new);
	json_close(j);
	json_key_open(j, "annotations", '{');
	json_key_open(j, "sourceRefs", '[');
	json_text(j, row->ref);
	json_close(j);
	json_close(j);
	json_close(j);
	json_close(j);
}

static bool
is_passed(const struct change_row *row)
{
	return row->decision != NULL && text_same(row->outcome, "ADMITTED") &&
	    row->findings.count == 0 && !text_same(row->kind, "baseline");
}

static void
put_levels(struct json *j, const struct change_row *row)
{
	static const struct {
		enum report_attribute of;
		const char *level;
	} levels[] = {
	    {ATTR_APPROVER_APART, "ORG_SOURCE_PEER_APPROVED"},
	    {ATTR_CONTENT, "ORG_SOURCE_CONTENT_REVIEWED"},
	    {ATTR_STAGED, "ORG_SOURCE_STAGING_PASSED"},
	    {ATTR_PLAN, "ORG_SOURCE_ROLLBACK_PLAN"},
	};

	json_key_open(j, "verifiedLevels", '[');
	if (!is_passed(row))
		json_text(j, "FAILED");
	else
		for (size_t i = 0; i < sizeof(levels) / sizeof(levels[0]); i++)
			if (row->attributes[levels[i].of].mark == MARK_PASS)
				json_text(j, levels[i].level);
	json_close(j);
}

static void
put_predicate(struct json *j, const struct report *r,
    const struct change_row *row)
{
	json_key_open(j, "predicate", '{');
	json_key_open(j, "verifier", '{');
	json_key_text(j, "id",
	    pool_printf(row->pool, "urn:foureyes:%s", r->origin));
	json_close(j);
	json_key_instant(j, "timeVerified",
	    row->decision != NULL ? row->decision->time : row->landing->time);
	json_key_text(j, "resourceUri",
	    pool_printf(row->pool, "urn:foureyes:%s:%s", r->origin,
	        row->repository));
	json_key_open(j, "policy", '{');
	json_key_text(j, "uri", "policy/intervals.csv");
	if (row->digest != NULL) {
		json_key_open(j, "digest", '{');
		json_key_text(j, "sha256", row->digest);
		json_close(j);
	}
	json_close(j);
	json_key_text(j, "verificationResult",
	    is_passed(row) ? "PASSED" : "FAILED");
	put_levels(j, row);
	json_key_text(j, "slsaVersion", "1.2");
	json_close(j);
}

static int
see_change(struct report *r, const struct change_row *row, void *ctx,
    struct err *err)
{
	struct making *m = ctx;
	struct buf out = {0};
	struct json j = {.out = &out};

	(void)err;
	if (row->new == NULL || text_is_zero_oid(row->new))
		return 0;
	json_open(&j, '{');
	json_key_text(&j, "_type", "https://in-toto.io/Statement/v1");
	put_subject(&j, row);
	json_key_text(&j, "predicateType",
	    "https://slsa.dev/verification_summary/v1");
	put_predicate(&j, r, row);
	json_close(&j);
	buf_char(&out, '\n');
	(void)fwrite(out.data, 1, out.len, m->vsa);
	buf_free(&out);
	return 0;
}

int
vsa_open(struct making *m, struct report_visitor *visitor, struct err *err)
{
	*visitor = (struct report_visitor){.change = see_change, .ctx = m};
	return pack_open(&m->pack, FILE_NAME, &m->vsa, err);
}

int
vsa_close(struct making *m, struct err *err)
{
	FILE *file = m->vsa;

	m->vsa = NULL;
	return pack_shut(&m->pack, FILE_NAME, file, err);
}
