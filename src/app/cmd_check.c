/* check: are policy, people and settings sound, and what is in force. */
#include "app/cmd.h"

#include "app/in_words.h"
#include "app/notes.h"
#include "app/options.h"
#include "app/say.h"
#include "base/json.h"

static const char *
mode_name(enum mode mode)
{
	return mode == MODE_OBSERVE ? "observe" : "enforce";
}

static void
say_gate(struct pool *pool, const struct gate *g)
{
	const char *const *lines;
	size_t count = gate_in_words(pool, g, &lines);

	say("  gate %s: %s", g->name, texts_in_words(pool, &g->refs, ""));
	for (size_t i = 0; i < count; i++)
		say("    %s", lines[i]);
}

static void
say_in_force(struct setup *s)
{
	const struct policy *p = &s->config.policy;
	size_t machines = 0;

	for (size_t i = 0; i < s->config.people.count; i++)
		machines += s->config.people.list[i].machine ? 1 : 0;
	say("%s: policy, people and settings are sound", s->config.dir);
	say("mode: %s", mode_name(p->mode));
	say("administration: %s",
	    texts_in_words(&s->pool, &p->administration, "nobody"));
	for (size_t i = 0; i < p->repository_count; i++) {
		const struct policy_repository *r = &p->repositories[i];

		say("repositories %s: %s",
		    texts_in_words(&s->pool, &r->match, ""),
		    r->gate_count == 0 ? "known, and nothing is asked"
		        : r->baseline  ? "a first push is taken as baseline"
		                       : "a first push needs adoption");
		for (size_t k = 0; k < r->gate_count; k++)
			say_gate(&s->pool, &r->gates[k]);
	}
	say("emergency: %s", emergency_in_words(&s->pool, p));
	say("people: %zu persons, %zu machines",
	    s->config.people.count - machines, machines);
}

static void
write_gate(struct json *j, struct pool *pool, const struct gate *g)
{
	const char *const *lines;
	size_t count = gate_in_words(pool, g, &lines);

	json_open(j, '{');
	json_key_text(j, "gate", g->name);
	json_key_text(j, "mode", mode_name(g->mode));
	json_key_open(j, "refs", '[');
	for (size_t i = 0; i < g->refs.count; i++)
		json_text(j, g->refs.list[i]);
	json_close(j);
	json_key_open(j, "words", '[');
	for (size_t i = 0; i < count; i++)
		json_text(j, lines[i]);
	json_close(j);
	json_close(j);
}

static void
write_in_force(struct json *j, struct setup *s)
{
	const struct config *c = &s->config;

	json_key_text(j, "mode", mode_name(c->policy.mode));
	json_key_text(j, "policy", c->policy.digest);
	json_key_text(j, "people", c->people.digest);
	json_key_text(j, "settings", c->settings.digest);
	json_key_open(j, "repositories", '[');
	for (size_t i = 0; i < c->policy.repository_count; i++) {
		const struct policy_repository *r = &c->policy.repositories[i];

		json_open(j, '{');
		json_key_open(j, "match", '[');
		for (size_t k = 0; k < r->match.count; k++)
			json_text(j, r->match.list[k]);
		json_close(j);
		json_key_text(j, "first_push",
		    r->baseline ? "baseline" : "refuse");
		json_key_open(j, "gates", '[');
		for (size_t k = 0; k < r->gate_count; k++)
			write_gate(j, &s->pool, &r->gates[k]);
		json_close(j);
		json_close(j);
	}
	json_close(j);
	json_key_text(j, "emergency", emergency_in_words(&s->pool, &c->policy));
}

static void
answer_json(struct setup *s, const struct notes *n, const struct err *err)
{
	struct buf out = {0};
	struct json j = {.out = &out};

	json_open(&j, '{');
	json_key_bool(&j, "sound", err == NULL);
	if (err != NULL)
		json_key_text(&j, "error", err->text);
	else
		write_in_force(&j, s);
	notes_write(n, &j, "notes");
	json_close(&j);
	say_json(&out);
	buf_free(&out);
}

static bool
some_source_tells(const struct receiver *r, enum source_word word)
{
	for (size_t i = 0; i < r->source_count; i++)
		if (source_tells(&r->sources[i], word))
			return true;
	return false;
}

/* What nobody can tell of keeps the gate shut. */
static void
look_at_gates(struct notes *n, const struct config *c)
{
	const struct policy *p = &c->policy;
	bool told =
	    some_source_tells(&c->settings.receiver, SOURCE_TELLS_TESTS);

	for (size_t i = 0; i < p->repository_count; i++)
		for (size_t k = 0; k < p->repositories[i].gate_count; k++) {
			const struct gate *g = &p->repositories[i].gates[k];

			if (g->tests.count > 0 && !told)
				note(n, NOTE_WARNING, "policy",
				    "gate '%s' asks for tests, and no source "
				    "of foureyes.yaml is asked of them: "
				    "nothing will land there",
				    g->name);
		}
}

/* The files are sound; what they name may be missing or open to others. */
static void
look(struct notes *n, struct setup *s)
{
	const char *const *lines;
	size_t count = policy_warnings(&s->config.policy, n->pool, &lines);

	for (size_t i = 0; i < count; i++)
		note(n, NOTE_WARNING, "policy", "%s", lines[i]);
	look_at_gates(n, &s->config);
	notes_places(n, s);
}

static int
read_all(struct setup *s, const char *dir, struct err *err)
{
	const struct config_text *policy = &s->config.policy_text;

	if (setup_read(s, dir, err) < 0)
		return -1;
	if (policy->bytes == NULL)
		return 0;
	return policy_patterns(&s->pool, policy->bytes, policy->len, err);
}

int
cmd_check(int argc, char **argv, const char *config)
{
	struct setup s = {0};
	struct notes n = {.pool = &s.pool};
	struct err err = {0};
	bool as_json = false;
	const struct option options[] = {{.name = "--json", .given = &as_json},
	    {0}};
	int status = STATUS_YES;

	if (options_read(argc, argv, options, 0, 0) < 0)
		return STATUS_USAGE;
	if (read_all(&s, setup_directory(config), &err) < 0) {
		status = err.kind == ERR_CONFIG ? STATUS_NO : STATUS_UNKNOWN;
		if (as_json)
			answer_json(&s, &n, &err);
		(void)complain(status, "%s", err.text);
	} else {
		setup_compile(&s);
		look(&n, &s);
		status = n.wrong > 0 ? STATUS_NO : STATUS_YES;
		if (as_json) {
			answer_json(&s, &n, NULL);
		} else {
			say_in_force(&s);
			notes_say(&n, NOTE_WARNING);
		}
	}
	setup_free(&s);
	return status;
}
