/*
 * Generic sources: tools that deliver and test, by bodies of our own, whose
 * keys docs/foureyesd.8 names.  Theirs is the only body that has to be exactly
 * so: a word that is not known is told to who wrote it.
 */
#include "payload_parts.h"

#include "base/text.h"

static const struct json_want wants[] = {JSON_WANT("type"),
    JSON_WANT("repository"), JSON_WANT("environment"), JSON_WANT("commit"),
    JSON_WANT("result"), JSON_WANT("context"), JSON_WANT("state"),
    JSON_WANT("deployment"), JSON_WANT("time"), {0}};

static const char *const results[] = {"success", "failure", NULL};
static const char *const states[] = {"success", "failure", "pending", NULL};

static int
read_common(struct payload_reader *r, struct observed *o)
{
	o->commit = payload_oid(r->body, "commit");
	o->what = o->result;
	o->at = payload_instant(r->body, "time");
	return o->commit == NULL ? payload_lacks(r, "commit") : 0;
}

static int
read_deployment(struct payload_reader *r)
{
	struct observed *o = payload_add(r, OBSERVED_DEPLOYMENT);

	o->environment = payload_name(r->body, "environment");
	o->deployment = payload_id(r->body, "deployment");
	o->result = payload_name(r->body, "result");
	if (o->environment == NULL)
		return payload_lacks(r, "environment");
	if (!payload_is_one_of(o->result, results))
		return payload_lacks(r, "result (success, failure)");
	return read_common(r, o);
}

static int
read_status(struct payload_reader *r)
{
	struct observed *o = payload_add(r, OBSERVED_STATUS);

	o->context = payload_name(r->body, "context");
	o->result = payload_name(r->body, "state");
	if (o->context == NULL)
		return payload_lacks(r, "context");
	if (!payload_is_one_of(o->result, states))
		return payload_lacks(r, "state (success, failure, pending)");
	return read_common(r, o);
}

static int
read_generic(struct payload_reader *r)
{
	const char *type = payload_name(r->body, "type");

	r->event = type == NULL ? "" : type;
	r->action = type;
	r->repository = payload_name(r->body, "repository");
	if (type == NULL)
		return payload_lacks(r, "type (deployment, status)");
	if (r->repository == NULL)
		return payload_lacks(r, "repository");
	if (text_same(type, "deployment"))
		return read_deployment(r);
	if (text_same(type, "status"))
		return read_status(r);
	return payload_lacks(r, "type (deployment, status)");
}

const struct payload_kind payload_generic = {wants, read_generic};
