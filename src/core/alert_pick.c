/* Which records are told to whom, and how much they matter. */
#include "core/alert.h"

#include <string.h>

#include "base/text.h"

static bool
is_of_type(const struct tree *r, const char *type)
{
	return text_same(tree_text(r, "type"), type);
}

static bool
is_emergency(const struct tree *r)
{
	return is_of_type(r, "landing") &&
	    text_same(tree_text(r, "outcome"), "ADMITTED_AS_EMERGENCY");
}

/* A ref update, or evidence that was seen and did not count. */
static bool
is_refusal(const struct tree *r)
{
	if (is_of_type(r, "decision"))
		return text_same(tree_text(r, "outcome"), "REFUSED");
	return is_of_type(r, "observation") && tree_text(r, "refused") != NULL;
}

static bool
is_overdue(const struct tree *r)
{
	const char *check = tree_text(r, "check");

	return is_of_type(r, "drift") && check != NULL &&
	    text_starts(check, "due.");
}

/* What only an administrator does in order. */
static bool
is_exception(const struct tree *r)
{
	static const char *const types[] = {"adopted", "explained", "pruned",
	    "drill"};

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (is_of_type(r, types[i]))
			return tree_get(r, "by") != NULL &&
			    !tree_true(r, "by.in_order");
	return false;
}

const char *
alert_word(const struct tree *r)
{
	const char *type = tree_text(r, "type");

	if (is_refusal(r))
		return "refusals";
	if (is_emergency(r))
		return "emergencies";
	if (is_overdue(r))
		return "overdue";
	if (is_exception(r))
		return "exceptions";
	return type != NULL ? type : "?";
}

/* A check that stands again, or whose subject is gone, is good news. */
static enum alert_severity
severity_of_drift(const struct tree *r)
{
	const char *state = tree_text(r, "state");

	if (text_same(state, "pass") || text_same(state, "gone"))
		return ALERT_NOTICE;
	return text_same(state, "unknown") ? ALERT_WARNING : ALERT_ERROR;
}

enum alert_severity
alert_severity(const struct tree *r)
{
	if (is_of_type(r, "recovered"))
		return ALERT_CRITICAL;
	if (is_of_type(r, "drift"))
		return severity_of_drift(r);
	if (is_emergency(r) || is_exception(r))
		return ALERT_ERROR;
	if (is_refusal(r))
		return text_same(tree_text(r, "mode"), "observe")
		    ? ALERT_NOTICE
		    : ALERT_WARNING;
	return is_of_type(r, "observation") || is_of_type(r, "decision") ||
	        is_of_type(r, "landing")
	    ? ALERT_INFO
	    : ALERT_NOTICE;
}

const char *
alert_severity_name(enum alert_severity severity)
{
	static const char *const names[] = {"critical", "error", "warning",
	    "notice", "info"};

	return severity >= ALERT_CRITICAL && severity <= ALERT_INFO
	    ? names[severity - ALERT_CRITICAL]
	    : "?";
}

bool
alert_wants(const struct alert_to *to, const struct tree *r)
{
	const char *type = tree_text(r, "type");

	return texts_have(&to->records, "all") ||
	    texts_have(&to->records, alert_word(r)) ||
	    (type != NULL && texts_have(&to->records, type));
}
