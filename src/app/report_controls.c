/* Our controls, and which points of which framework each speaks to. */
#include <inttypes.h>

#include "app/report_inside.h"

const char *const controls_columns[] = {"control", "name", "framework", "point",
    "wants", "result", "pass", "fail", "unknown", "not_asked", "evidence",
    NULL};

static const struct {
	const char *id, *name;
	enum report_attribute by;
	const char *evidence;
} own[] = {
    {"CM-1", "peer approval", ATTR_APPROVER_APART,
        "changes.csv; attributes.csv approver_apart; separation.csv"},
    {"CM-2", "review of everything that lands", ATTR_CONTENT,
        "attributes.csv content; reconciliation.csv"},
    {"CM-3", "change log", ATTR_CONTROL_ON,
        "records.jsonl; range.txt; checkpoint; VERIFY.txt"},
    {"CM-4", "separate environments", ATTR_LANDER_MAY,
        "attributes.csv lander_may; access.csv"},
    {"CM-5", "staging first", ATTR_STAGED,
        "attributes.csv staged; deployments.csv"},
    {"CM-6", "rollback plan", ATTR_PLAN, "attributes.csv plan"},
    {"CM-7", "emergency change", ATTR_REVIEWED,
        "emergencies.csv; exceptions.csv"},
    {"CM-8", "tests", ATTR_TESTED, "attributes.csv tested"},
};

/* In our own words; which of ours, by its place. */
static const struct {
	size_t own;
	const char *framework, *point, *wants;
} map[] = {
    {0, "SOC 2", "cc8.1-approves", "changes are approved before they go in"},
    {0, "SOC 2", "cc8.1-duties", "nobody builds and puts in alone"},
    {0, "ISO/IEC 27001:2022", "A.5.3", "conflicting duties are apart"},
    {0, "PCI DSS 4.0", "6.5.4", "only what was reviewed and approved goes in"},
    {0, "NIST SP 800-53 r5", "cm-3", "changes are reviewed and approved"},
    {0, "NIST SP 800-53 r5", "cm-5.4", "two persons for a change"},
    {1, "SOC 2", "cc8.1-tracks", "a change is on record before it is live"},
    {1, "PCI DSS 4.0", "6.5.1", "changes follow the procedure, all of them"},
    {1, "NIST SP 800-53 r5", "cm-3.8", "changes cannot go round it"},
    {2, "SOC 2", "cc8.1-documents", "changes are described and kept"},
    {2, "ISO/IEC 27001:2022", "A.8.32",
        "changes follow a procedure and leave "
        "records"},
    {2, "PCI DSS 4.0", "6.5.1", "reason, description, approval on record"},
    {2, "NIST SP 800-53 r5", "cm-5.1",
        "enforcement leaves records, of "
        "refusals too"},
    {3, "ISO/IEC 27001:2022", "A.8.31",
        "development, test and production are "
        "apart"},
    {3, "PCI DSS 4.0", "6.5.3", "access keeps production and the rest apart"},
    {3, "NIST SP 800-53 r5", "cm-5", "who may change is limited"},
    {4, "SOC 2", "cc8.1-stages", "changes run elsewhere before production"},
    {4, "ISO/IEC 27001:2022", "A.8.32", "changes are tried before they go in"},
    {4, "NIST SP 800-53 r5", "cm-3.2", "changes are tried first"},
    {5, "ISO/IEC 27001:2022", "A.8.32", "there is a way to fall back"},
    {5, "PCI DSS 4.0", "6.5.1", "there is a way back to a secure state"},
    {6, "SOC 2", "cc8.1-emergencies",
        "urgent changes are authorised and "
        "reviewed too"},
    {6, "ISO/IEC 27001:2022", "A.8.32", "there is a procedure for emergencies"},
    {7, "SOC 2", "cc8.1-tests", "changes are tested before they go in"},
    {7, "ISO/IEC 27001:2022", "A.8.29", "tests are named, and passed"},
    {7, "NIST SP 800-53 r5", "cm-3.2", "changes are tested first"},
};

static void
put_result(struct table *t, const uint64_t marks[4], bool emergency)
{
	uint64_t asked =
	    marks[MARK_PASS] + marks[MARK_FAIL] + marks[MARK_UNKNOWN];

	if (asked == 0)
		table_text(t, emergency ? "0, not exercised" : "not asked");
	else if (marks[MARK_FAIL] > 0)
		table_printf(t,
		    "operated, %" PRIu64 " of %" PRIu64 " not as asked",
		    marks[MARK_FAIL], asked);
	else if (marks[MARK_UNKNOWN] > 0)
		table_printf(t,
		    "operated, %" PRIu64 " of %" PRIu64 " not known",
		    marks[MARK_UNKNOWN], asked);
	else
		table_printf(t, "operated, %" PRIu64 " of %" PRIu64, asked,
		    asked);
}

void
controls_write(struct making *m)
{
	struct table *t = &m->tables[TABLE_CONTROLS];

	for (size_t i = 0; i < sizeof(map) / sizeof(map[0]); i++) {
		size_t at = map[i].own;
		const uint64_t *marks = m->counts.marks[own[at].by];

		table_text(t, own[at].id);
		table_text(t, own[at].name);
		table_text(t, map[i].framework);
		table_text(t, map[i].point);
		table_text(t, map[i].wants);
		put_result(t, marks, own[at].by == ATTR_REVIEWED);
		table_number(t, (int64_t)marks[MARK_PASS]);
		table_number(t, (int64_t)marks[MARK_FAIL]);
		table_number(t, (int64_t)marks[MARK_UNKNOWN]);
		table_number(t, (int64_t)marks[MARK_NA]);
		table_text(t, own[at].evidence);
		table_row(t);
	}
}
