/* A change as JSON: the columns of changes.csv. */
#include "api_inside.h"

static void
put_list(struct json *j, const char *key, const struct texts *list)
{
	json_key_open(j, key, '[');
	for (size_t i = 0; i < list->count; i++)
		json_text(j, list->list[i]);
	json_close(j);
}

static void
put_seq(struct json *j, const char *key, uint64_t seq)
{
	json_key(j, key);
	if (seq == 0)
		json_nothing(j);
	else
		json_number(j, (int64_t)seq);
}

static void
put_where(struct json *j, const struct change_row *row)
{
	json_key_text(j, "change", row->id);
	json_key_instant(j, "time", row->landing->time);
	json_key_text(j, "repository", row->repository);
	json_key_text(j, "gate", row->gate);
	json_key_text(j, "ref", row->ref);
	json_key_text(j, "old", row->old);
	json_key_text(j, "new", row->new);
}

static void
put_who(struct json *j, const struct change_row *row)
{
	json_key_text(j, "requester", row->requester);
	put_list(j, "contributors", &row->contributors);
	put_list(j, "approvers", &row->approvers);
	put_list(j, "approved_commits", &row->approved_commits);
	json_key_text(j, "description", row->description);
	json_key_text(j, "rollback_plan", row->plan);
	json_key_text(j, "staging", row->staging);
	json_key_text(j, "emergency", row->emergency);
	json_key_text(j, "outcome", row->outcome);
	put_list(j, "findings", &row->findings);
	json_key_text(j, "lander", row->lander);
}

void
api_row(struct json *j, const struct change_row *row)
{
	json_open(j, '{');
	put_where(j, row);
	put_who(j, row);
	put_seq(j, "decision_seq", row->decision_seq);
	put_seq(j, "landing_seq", row->landing->seq);
	json_key_text(j, "policy", row->digest);
	json_key_instant(j, "decided",
	    row->decision != NULL ? row->decision->time : 0);
	put_list(j, "approved_times", &row->approved_times);
	put_list(j, "includes", &row->includes);
	json_key_instant(j, "deployed", row->deployed);
	json_key_text(j, "deployer", row->deployer);
	json_key_text(j, "mode", row->mode);
	json_key_text(j, "kind", row->kind);
	json_key_bool(j, "machine_only", row->machine_only);
	json_key_number(j, "commits", (int64_t)row->commits);
	json_key_text(j, "ticket", row->ticket);
	json_key_instant(j, "review_due", row->review_due);
	json_key_instant(j, "reviewed", row->reviewed);
	put_seq(j, "review_seq", row->review_seq);
	json_close(j);
}

void
api_attributes(struct json *j, const struct change_row *row)
{
	json_open(j, '{');
	for (size_t i = 0; i < ATTR_COUNT; i++) {
		json_key_open(j, report_attribute_names[i], '{');
		json_key_text(j, "result",
		    report_mark_name(row->attributes[i].mark));
		json_key_text(j, "proof", row->attributes[i].proof);
		json_close(j);
	}
	json_close(j);
}
