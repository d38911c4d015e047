#include "app/push.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "core/statement.h"

static bool
is_hex_id(const char *s, size_t len)
{
	if (len != 40 && len != 64)
		return false;
	return strspn(s, "0123456789abcdef") >= len;
}

static int
read_line(struct push *p, const char *line, size_t len, struct err *err)
{
	struct ref_update *r;
	const char *first = memchr(line, ' ', len);
	size_t id = first == NULL ? 0 : (size_t)(first - line);
	const char *second = id == 0 || id + 1 >= len
	    ? NULL
	    : memchr(first + 1, ' ', len - id - 1);
	size_t name;

	if (second == NULL || (size_t)(second - first - 1) != id ||
	    !is_hex_id(line, id) || !is_hex_id(first + 1, id))
		return err_set(err, ERR_INPUT,
		    "line %zu of the hook's input is no 'old new ref'",
		    p->ref_count + 1);
	name = len - 2 * (id + 1);
	if (name == 0 || memchr(second + 1, '\0', name) != NULL)
		return err_set(err, ERR_INPUT,
		    "line %zu of the hook's input names no ref",
		    p->ref_count + 1);
	if (p->ref_count >= PUSH_REFS_MAX)
		return err_set(err, ERR_INPUT, "more than %d refs in one push",
		    PUSH_REFS_MAX);
	r = pool_grow(p->pool, &p->refs, &p->ref_count, sizeof(*r));
	r->old = pool_textn(p->pool, line, id);
	r->new = pool_textn(p->pool, first + 1, id);
	r->name = pool_textn(p->pool, second + 1, name);
	r->target = r->name;
	return 0;
}

int
push_read(struct push *p, const char *input, size_t len, struct err *err)
{
	while (len > 0) {
		const char *end = memchr(input, '\n', len);
		size_t n = end == NULL ? len : (size_t)(end - input);

		if (read_line(p, input, n, err) < 0)
			return -1;
		n += end == NULL ? 0 : 1;
		input += n;
		len -= n;
	}
	return 0;
}

int
push_options(struct push *p, struct err *err)
{
	const char *count = getenv("GIT_PUSH_OPTION_COUNT");
	char name[40];
	unsigned long n = count == NULL ? 0 : strtoul(count, NULL, 10);
	const char **slot, *value;

	if (n > PUSH_OPTIONS_MAX)
		return err_set(err, ERR_INPUT, "more than %d push options",
		    PUSH_OPTIONS_MAX);
	for (unsigned long i = 0; i < n; i++) {
		(void)snprintf(name, sizeof(name), "GIT_PUSH_OPTION_%lu", i);
		value = getenv(name);
		if (value == NULL)
			return err_set(err, ERR_INPUT,
			    "push option %lu is missing", i);
		if (strlen(value) > PUSH_OPTION_SIZE)
			return err_set(err, ERR_INPUT,
			    "push option %lu is longer than %d bytes", i,
			    PUSH_OPTION_SIZE);
		slot = pool_grow(p->pool, &p->options, &p->option_count,
		    sizeof(*slot));
		*slot = pool_text(p->pool, value);
	}
	return 0;
}

const char *
push_option(const struct push *p, const char *name)
{
	size_t len = strlen(name);

	for (size_t i = 0; i < p->option_count; i++)
		if (strncmp(p->options[i], name, len) == 0 &&
		    p->options[i][len] == '=')
			return p->options[i] + len + 1;
	return NULL;
}

bool
push_option_given(const struct push *p, const char *name)
{
	for (size_t i = 0; i < p->option_count; i++)
		if (strcmp(p->options[i], name) == 0)
			return true;
	return false;
}

static void
refuse(struct ref_update *r, const char *code, const char *why)
{
	r->code = code;
	r->why = why;
}

/* Names that are nobody's gate and still not to be had. */
static void
refuse_names(struct push *p, struct ref_update *r)
{
	if (strlen(r->name) > PUSH_REF_SIZE)
		refuse(r, "policy.ref-too-long",
		    "a ref's name may have 255 bytes");
	else if (text_starts(r->name, "refs/namespaces/"))
		refuse(r, "policy.namespace",
		    "refs of a namespace are not pushed to from outside it");
	else if (text_starts(r->name, "refs/replace/"))
		refuse(r, "policy.replace",
		    "replacement refs make two readers see two histories");
	else if (text_starts(r->name, "refs/foureyes/") &&
	    !text_starts(r->name, "refs/foureyes/approvals/") &&
	    !text_starts(r->name, "refs/foureyes/deployments/"))
		refuse(r, "evidence.ref",
		    "only approvals/ and deployments/ lie below "
		    "refs/foureyes/");
	else if (p->entry == NULL)
		refuse(r, "policy.no-repository",
		    pool_printf(p->pool,
		        "policy.yaml has no entry for '%s'; add under "
		        "repositories: - {match: [\"%s\"], gates: {...}}",
		        p->repository, p->repository));
}

static void
find_gate(struct push *p, struct ref_update *r)
{
	const struct gate *gate = NULL;

	switch (policy_gate(p->entry, r->target, &gate)) {
	case GATE_NONE:
		return;
	case GATE_ONE:
		r->gate = gate;
		p->gated++;
		return;
	case GATE_TWO:
		refuse(r, "policy.two-gates",
		    "globs of two gates match this ref; make one of them a "
		    "full name");
		return;
	case GATE_CASE:
		refuse(r, "policy.case",
		    "this name differs from a gated ref by case only");
		return;
	}
}

int
push_sort(struct push *p, struct err *err)
{
	p->entry = policy_repository(&p->setup->config.policy, p->repository);
	for (size_t i = 0; i < p->ref_count; i++) {
		struct ref_update *r = &p->refs[i];

		refuse_names(p, r);
		if (r->code != NULL)
			continue;
		r->evidence = statement_is_evidence_ref(r->name);
		if (repo_symref(p->repo, p->pool, r->name, &r->target, err) < 0)
			return -1;
		if (!r->evidence)
			find_gate(p, r);
	}
	return 0;
}
