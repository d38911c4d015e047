#include "core/statement.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "core/object.h"
#include "core/signed.h"
#include "core/trailer.h"

#define NAME_PREFIX "foureyes/"
#define KEY_PREFIX "foureyes-"

/* What a statement's trailers can be, and in which kinds each belongs. */
enum field {
	REPOSITORY,
	DECISION,
	INCIDENT,
	REASON,
	ENVIRONMENT,
	RESULT,
	TARGET,
	FIELD_COUNT
};

enum belongs {
	IN_APPROVAL = 1,
	IN_DEPLOYMENT = 2,
	IN_EMERGENCY = 4
};

static const struct field_rule {
	const char *key;
	unsigned belongs;
	const char *missing; /* the code, where it belongs and is not there */
} fields[FIELD_COUNT] = {
    [REPOSITORY] = {"Foureyes-Repository",
        IN_APPROVAL | IN_DEPLOYMENT | IN_EMERGENCY, "evidence.repository"},
    [DECISION] = {"Foureyes-Decision", IN_APPROVAL | IN_EMERGENCY,
        "evidence.decision"},
    [INCIDENT] = {"Foureyes-Incident", IN_EMERGENCY, "evidence.incident"},
    [REASON] = {"Foureyes-Reason", IN_EMERGENCY, "evidence.incident"},
    [ENVIRONMENT] = {"Foureyes-Environment", IN_DEPLOYMENT,
        "evidence.environment"},
    [RESULT] = {"Foureyes-Result", IN_DEPLOYMENT, "evidence.result"},
    [TARGET] = {"Foureyes-Target", IN_APPROVAL | IN_EMERGENCY,
        "evidence.target"},
};

static const char *const decisions[] = {"", "approve", "object", "withdraw",
    "emergency"};
static const char *const results[] = {"", "success", "failure"};

/* One tag being read. */
struct reading {
	struct statement *out;
	struct pool *pool;
	struct statement_ref ref;
	const char *values[FIELD_COUNT];
	const char **targets;
	struct err *err;
};

static int refuse(struct reading *r, const char *code, const char *format, ...)
    like_printf(3, 4);

static int
refuse(struct reading *r, const char *code, const char *format, ...)
{
	struct err why = {0};
	va_list ap;

	r->out->refusal = code;
	va_start(ap, format);
	(void)vsnprintf(why.text, sizeof(why.text), format, ap);
	va_end(ap);
	return err_set(r->err, ERR_INPUT, "%s", why.text);
}

static const char *
shown(struct reading *r, const char *text)
{
	return text_safe_copy(r->pool, text, strlen(text), 60);
}

static int
read_ref(struct reading *r, const char *ref)
{
	if (statement_ref_parse(&r->ref, r->pool, ref, r->err) < 0) {
		r->out->refusal = "evidence.ref";
		return -1;
	}
	r->out->kind = r->ref.kind;
	return 0;
}

static int
check_tag(struct reading *r, const struct tag *t)
{
	if (!text_starts(t->name, NAME_PREFIX) ||
	    strlen(t->name) == strlen(NAME_PREFIX))
		return refuse(r, "evidence.name",
		    "the tag calls itself '%s', which does not begin with '%s'",
		    shown(r, t->name), NAME_PREFIX);
	if (t->kind != OBJECT_COMMIT)
		return refuse(r, "evidence.not-a-commit",
		    "the tag does not point at a commit itself");
	if (strcmp(t->object, r->ref.commit) != 0)
		return refuse(r, "evidence.commit",
		    "the tag is on commit %s, its ref names commit %s",
		    t->object, r->ref.commit);
	if (!t->has_tagger)
		return refuse(r, "evidence.tagger",
		    "the tag has no tagger and no date");
	return 0;
}

static int
check_value(struct reading *r, const struct trailer *t)
{
	if (strlen(t->value) > STATEMENT_VALUE_MAX)
		return refuse(r, "evidence.too-long",
		    "'%s' is longer than %d bytes", shown(r, t->key),
		    STATEMENT_VALUE_MAX);
	if (!statement_text_is_clean(t->value))
		return refuse(r, "evidence.bytes",
		    "'%s' holds control or invisible characters, or is not "
		    "UTF-8",
		    shown(r, t->key));
	return 0;
}

static int
take_target(struct reading *r, const char *value)
{
	const char **target;

	if (r->out->target_count == STATEMENT_TARGETS_MAX)
		return refuse(r, "evidence.target", "more than %d targets",
		    STATEMENT_TARGETS_MAX);
	if (!text_starts(value, "refs/") || strchr(value, ' ') ||
	    strlen(value) > STATEMENT_REF_MAX || text_ends(value, "/") ||
	    text_find(value, strlen(value), "//"))
		return refuse(r, "evidence.target",
		    "the target '%s' is not a full ref name (refs/heads/...)",
		    shown(r, value));
	target = pool_grow(r->pool, &r->targets, &r->out->target_count,
	    sizeof(*r->targets));
	*target = value;
	return 0;
}

static int
take_trailer(struct reading *r, const struct trailer *t)
{
	size_t i = 0;

	while (i < FIELD_COUNT && !trailer_is(t, fields[i].key))
		i++;
	if (i == FIELD_COUNT)
		return refuse(r, "evidence.trailer",
		    "'%s' is no trailer of a statement", shown(r, t->key));
	if (check_value(r, t) < 0)
		return -1;
	if (i == TARGET)
		return take_target(r, t->value);
	if (r->values[i])
		return refuse(r, "evidence.twice", "'%s' stands twice",
		    fields[i].key);
	r->values[i] = t->value;
	return 0;
}

/* `key` is ended by a NUL, or as long as the prefix. */
static bool
is_ours(const char *key)
{
	size_t len = strlen(KEY_PREFIX);

	for (size_t i = 0; i < len; i++) {
		char c = key[i];

		if (c >= 'A' && c <= 'Z')
			c = (char)(c - 'A' + 'a');
		if (c != KEY_PREFIX[i])
			return false;
	}
	return true;
}

static int
read_trailers(struct reading *r, const char *message, size_t len)
{
	struct trailer *list;
	size_t count;

	trailers_parse(r->pool, message, len, &list, &count);
	for (size_t i = 0; i < count; i++)
		if (is_ours(list[i].key) && take_trailer(r, &list[i]) < 0)
			return -1;
	r->out->targets = r->targets;
	return 0;
}

static unsigned
choice(const char *value, const char *const names[], unsigned count)
{
	for (unsigned i = 1; value && i < count; i++)
		if (strcmp(value, names[i]) == 0)
			return i;
	return 0;
}

static bool
has_field(const struct reading *r, size_t i)
{
	return i == TARGET ? r->out->target_count > 0 : r->values[i] != NULL;
}

/* Everything that belongs is there and says something, and nothing else is. */
static int
check_fields(struct reading *r, unsigned kind)
{
	for (size_t i = 0; i < FIELD_COUNT; i++) {
		const struct field_rule *f = &fields[i];

		if (!(f->belongs & kind)) {
			if (has_field(r, i))
				return refuse(r, "evidence.trailer",
				    "'%s' does not belong here", f->key);
			continue;
		}
		if (!has_field(r, i) || (i != TARGET && *r->values[i] == '\0'))
			return refuse(r, f->missing, "no '%s: ...' in the tag",
			    f->key);
	}
	return 0;
}

static int
settle_approval(struct reading *r)
{
	struct statement *s = r->out;

	if (r->values[DECISION] == NULL)
		return refuse(r, "evidence.decision",
		    "no 'Foureyes-Decision: ...' in the tag's last paragraph");
	s->decision = (enum statement_decision)choice(r->values[DECISION],
	    decisions, sizeof(decisions) / sizeof(decisions[0]));
	if (s->decision == STATEMENT_UNDECIDED)
		return refuse(r, "evidence.decision",
		    "'Foureyes-Decision' is not approve, object, withdraw or "
		    "emergency");
	if (check_fields(r,
	        s->decision == STATEMENT_EMERGENCY ? IN_EMERGENCY
	                                           : IN_APPROVAL) < 0)
		return -1;
	s->incident = r->values[INCIDENT];
	s->reason = r->values[REASON];
	return 0;
}

static int
settle_deployment(struct reading *r)
{
	struct statement *s = r->out;

	if (check_fields(r, IN_DEPLOYMENT) < 0)
		return -1;
	s->result = (enum statement_result)choice(r->values[RESULT], results,
	    sizeof(results) / sizeof(results[0]));
	if (s->result == STATEMENT_NO_RESULT)
		return refuse(r, "evidence.result",
		    "'Foureyes-Result' is neither success nor failure");
	s->environment = r->values[ENVIRONMENT];
	if (strcmp(s->environment, r->ref.environment) != 0)
		return refuse(r, "evidence.environment",
		    "the tag is of environment '%s', its ref of '%s'",
		    shown(r, s->environment), shown(r, r->ref.environment));
	return 0;
}

static bool
is_ours_line(const char *line, size_t len)
{
	return len >= strlen(KEY_PREFIX) && is_ours(line);
}

/*
 * The text and whatever trailers are not ours: a plan may stand in either.
 * Lines that begin with a blank go with the one before.
 */
static const char *
free_text(struct pool *pool, const char *message, size_t len)
{
	size_t end, at = trailers_place(message, len, &end), n = at, next;
	char *out = pool_textn(pool, message, end);
	bool ours = false;

	for (; at < end; at = next) {
		const char *lf = memchr(message + at, '\n', end - at);

		next = lf ? (size_t)(lf - message) + 1 : end;
		if (message[at] != ' ' && message[at] != '\t')
			ours = is_ours_line(message + at, next - at);
		if (ours)
			continue;
		memcpy(out + n, message + at, next - at);
		n += next - at;
	}
	while (n > 0 && strchr(" \t\r\n", out[n - 1]))
		n--;
	out[n] = '\0';
	return out;
}

static int
read_tag(struct reading *r, const char *raw, size_t len)
{
	struct signed_parts parts = {0};
	struct tag t = {0};

	if (len > STATEMENT_SIZE_MAX)
		return refuse(r, "evidence.too-long",
		    "the tag is longer than %d bytes", STATEMENT_SIZE_MAX);
	r->out->refusal = "evidence.malformed";
	if (len > 0 && memchr(raw, '\0', len))
		return refuse(r, "evidence.malformed", "a NUL byte in the tag");
	if (signed_split(&parts, raw, len, r->err) < 0 ||
	    tag_parse(&t, r->pool, parts.payload, parts.payload_len, r->err) <
	        0)
		return -1;
	if (check_tag(r, &t) < 0)
		return -1;
	if (!t.message)
		t.message = "";
	if (read_trailers(r, t.message, t.message_len) < 0)
		return -1;
	r->out->is_signed = parts.armor != NULL;
	digest_sha256_hex(r->out->id, parts.payload, parts.payload_len);
	r->out->commit = t.object;
	r->out->tagger_name = t.tagger.name;
	r->out->tagger_email = t.tagger.email;
	r->out->dated = t.tagger.seconds;
	r->out->repository = r->values[REPOSITORY];
	r->out->message = free_text(r->pool, t.message, t.message_len);
	plan_find(&r->out->plan, r->pool, t.message, t.message_len);
	return 0;
}

int
statement_parse(struct statement *out, struct pool *pool, const char *ref,
    const char *raw, size_t len, struct err *err)
{
	struct statement s = {0};
	struct reading r = {.out = &s, .pool = pool, .err = err};
	int ret;

	memset(out, 0, sizeof(*out));
	if (read_ref(&r, ref) < 0 || read_tag(&r, raw, len) < 0)
		ret = -1;
	else if (s.kind == STATEMENT_APPROVAL)
		ret = settle_approval(&r);
	else
		ret = settle_deployment(&r);
	if (ret < 0) {
		out->refusal = s.refusal;
		return -1;
	}
	s.refusal = NULL;
	*out = s;
	return 0;
}

const char *
statement_decision_name(enum statement_decision decision)
{
	size_t count = sizeof(decisions) / sizeof(decisions[0]);

	return (size_t)decision < count ? decisions[decision] : "";
}

const char *
statement_result_name(enum statement_result result)
{
	size_t count = sizeof(results) / sizeof(results[0]);

	return (size_t)result < count ? results[result] : "";
}
