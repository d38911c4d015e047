/* Names and addresses of a history, and who might be the same. */
#include <string.h>
#include <strings.h>

#include "app/audit.h"
#include "base/text.h"
#include "core/confuse.h"

/* What forges commit as, when somebody presses a button there. */
static bool
is_forge(const char *email)
{
	return text_same_case_blind(email, "noreply@github.com");
}

static bool
is_machine(const char *name, const char *email)
{
	size_t at = strcspn(email, "@");

	return text_ends(name, "[bot]") || text_ends(name, "-bot") ||
	    text_find(email, strlen(email), "[bot]@") != NULL ||
	    (at >= 4 && strncasecmp(email + at - 4, "-bot", 4) == 0);
}

/* A key that no other pair has: neither part holds a line feed. */
static const char *
key_of(struct audit *a, const char *name, const char *email)
{
	buf_clear(&a->key);
	buf_put(&a->key, email);
	buf_char(&a->key, '\n');
	buf_put(&a->key, name);
	return buf_text(&a->key);
}

static const char *
skeleton_of(struct pool *pool, struct pool *scratch, const char *text)
{
	const char *skeleton = confuse_skeleton(scratch, text);

	return skeleton == NULL ? "" : pool_text(pool, skeleton);
}

static struct audit_who *
make(struct audit *a, const char *key, const char *name, const char *email)
{
	struct audit_who *who = pool_alloc(&a->pool, sizeof(*who));
	struct pool scratch = {0};

	who->name = pool_text(&a->pool, name);
	who->email = pool_text(&a->pool, email);
	who->name_skeleton = skeleton_of(&a->pool, &scratch, name);
	who->email_skeleton = skeleton_of(&a->pool, &scratch, email);
	who->person =
	    a->people != NULL ? people_by_email(a->people, email) : NULL;
	who->forge = who->person == NULL && is_forge(email);
	who->machine = who->person != NULL ? who->person->machine
	                                   : is_machine(name, email);
	pool_free(&scratch);
	map_put(&a->who, pool_text(&a->pool, key), who);
	*(struct audit_who **)pool_grow(&a->pool, &a->whos, &a->who_count,
	    sizeof(*a->whos)) = who;
	return who;
}

const struct audit_who *
audit_who(struct audit *a, const char *name, const char *email)
{
	const char *key = key_of(a, name, email);
	struct audit_who *who = map_get(&a->who, key);

	if (who == NULL && a->who_count >= AUDIT_IDENTITIES_MAX)
		a->who_over = true;
	else if (who == NULL)
		who = make(a, key, name, email);
	return who;
}

bool
audit_same(const struct audit_who *a, const struct audit_who *b)
{
	if (a == b || (a->person != NULL && a->person == b->person))
		return true;
	if (a->email_skeleton[0] != '\0' &&
	    strcmp(a->email_skeleton, b->email_skeleton) == 0)
		return true;
	return a->name_skeleton[0] != '\0' &&
	    strcmp(a->name_skeleton, b->name_skeleton) == 0;
}

const char *
audit_who_text(struct pool *pool, const struct audit_who *who)
{
	if (who == NULL)
		return "";
	if (who->person != NULL)
		return who->person->id;
	return pool_printf(pool, "%s <%s>", who->name, who->email);
}

bool
audit_who_among(const struct audit_who *who,
    const struct audit_who *const *list, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (audit_same(who, list[i]))
			return true;
	return false;
}

void
audit_who_add(struct pool *pool, const struct audit_who ***list, size_t *count,
    const struct audit_who *who)
{
	for (size_t i = 0; i < *count; i++)
		if ((*list)[i] == who)
			return;
	*(const struct audit_who **)pool_grow(pool, list, count,
	    sizeof(**list)) = who;
}
