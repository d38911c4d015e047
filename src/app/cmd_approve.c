/*
 * foureyes approve, object, withdraw: a person's word on a commit, as a signed
 * tag that stock Git could make as well (contrib/git-approve does).
 */
#include "app/cmd.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "app/clone.h"
#include "app/gitrun.h"
#include "app/options.h"
#include "app/say.h"
#include "base/text.h"
#include "core/plan.h"
#include "core/trailer.h"

#define TARGETS_MAX 16

struct saying {
	struct pool pool;
	struct clone clone;
	const char *decision; /* approve, object, withdraw, emergency */
	const char *verb;
	const char *targets[TARGETS_MAX];
	size_t target_count;
	const char *remote, *repository, *text, *incident, *reason;
	bool yes;
};

/* "main" is short for refs/heads/main. */
static int
check_words(struct saying *s, struct err *err)
{
	for (size_t i = 0; i < s->target_count; i++) {
		if (s->targets[i][0] == '\0' ||
		    strpbrk(s->targets[i], " \t\r\n") != NULL)
			return err_set(err, ERR_INPUT, "--for takes one ref");
		if (!text_starts(s->targets[i], "refs/"))
			s->targets[i] = pool_printf(&s->pool, "refs/heads/%s",
			    s->targets[i]);
	}
	if (s->incident != NULL && s->reason == NULL)
		return err_set(err, ERR_INPUT,
		    "an emergency needs --reason TEXT");
	if (s->incident == NULL && s->reason != NULL)
		return err_set(err, ERR_INPUT,
		    "--reason goes with --emergency");
	if (s->incident != NULL &&
	    (clone_one_line("--emergency", s->incident, err) < 0 ||
	        clone_one_line("--reason", s->reason, err) < 0))
		return -1;
	return 0;
}

static int
check_text(const struct saying *s, struct err *err)
{
	const char *line = s->text;

	while (line != NULL) {
		char head[10] = "";

		(void)snprintf(head, sizeof(head), "%.9s", line);
		if (text_same_case_blind(head, "foureyes-"))
			return err_set(err, ERR_INPUT,
			    "the text may not hold a line that begins with "
			    "'Foureyes-'");
		line = strchr(line, '\n');
		line = line == NULL ? NULL : line + 1;
	}
	return 0;
}

/* ---- what it is about ---- */

static int
show(struct saying *s, const char *const words[], const char *indent,
    struct err *err)
{
	struct gitrun run = {0};

	if (gitrun(&run, &s->pool, words, err) < 0)
		return -1;
	say_text(indent, run.output);
	return 0;
}

static const char *
base_of(struct saying *s, const char *target)
{
	struct pool *pool = &s->pool;
	const char *branch = text_starts(target, "refs/heads/")
	    ? target + strlen("refs/heads/")
	    : target;
	const char *tip = gitrun_ask(pool,
	    (const char *const[]){"rev-parse", "--verify", "--quiet",
	        "--end-of-options",
	        pool_printf(pool, "refs/remotes/%s/%s^{commit}",
	            s->clone.remote, branch),
	        NULL});

	if (tip == NULL)
		return NULL;
	return gitrun_ask(pool,
	    (const char *const[]){"merge-base", tip, s->clone.commit, NULL});
}

/* Is `address` among the author, committer or co-authors of these commits? */
static void
look_at_people(struct saying *s, const char *log)
{
	const char *me = gitrun_ask(&s->pool,
	    (const char *const[]){"config", "user.email", NULL});
	bool mine = false;

	while (*log != '\0') {
		size_t len = strcspn(log, "\n");
		const char *line = pool_textn(&s->pool, log, len);

		if (me != NULL && text_same_case_blind(line, me))
			mine = true;
		log += len;
		log += *log == '\n';
	}
	if (mine && strcmp(s->decision, "approve") == 0)
		(void)complain(0,
		    "warning: %s has a part in this change; an approval by a "
		    "contributor is not counted",
		    me);
}

static void
look_at_plan(struct saying *s, const char *messages)
{
	struct plan_rules rules = {.min_words = 1};
	const char *best = NULL;
	struct plan plan;

	plan_find(&plan, &s->pool, messages, strlen(messages));
	if (plan_judge_all(&plan, &rules, &s->pool, &best) == PLAN_REAL)
		say("    rollback plan: %s", best);
	else if (plan.to != NULL)
		say("    rollback to: %s", plan.to);
	else
		say("    no rollback plan in the commits; -m can give one");
}

static void
show_people_and_plan(struct saying *s, const char *range)
{
	const char *people = gitrun_ask(&s->pool,
	    (const char *const[]){"log",
	        "--format=%ae%n%ce%n%(trailers:key=Co-authored-by,valueonly)",
	        "--end-of-options", range, "--", NULL});
	const char *message = gitrun_ask(&s->pool,
	    (const char *const[]){"log", "-1", "--format=%B",
	        "--end-of-options", range, "--", NULL});

	if (people != NULL)
		look_at_people(s, people);
	if (message != NULL)
		look_at_plan(s, message);
}

static int
show_target(struct saying *s, const char *target, struct err *err)
{
	const char *base = base_of(s, target);
	const char *commit = s->clone.commit;
	const char *range = base == NULL
	    ? pool_printf(&s->pool, "%s^!", commit)
	    : pool_printf(&s->pool, "%s..%s", base, commit);

	if (base == NULL)
		say("for %s (not known here):", target);
	else
		say("for %s, from %.12s:", target, base);
	if (show(s,
	        (const char *const[]){"--no-pager", "log",
	            "--format=%h %s (%an, %cn)", "--end-of-options", range,
	            "--", NULL},
	        "    ", err) < 0)
		return -1;
	if (base != NULL &&
	    show(s,
	        (const char *const[]){"--no-pager", "diff", "--stat", base,
	            commit, "--", NULL},
	        "   ", err) < 0)
		return -1;
	show_people_and_plan(s, range);
	return 0;
}

/* ---- asking ---- */

static int
ask(const struct saying *s, struct err *err)
{
	char answer[16] = "";

	if (s->yes)
		return 0;
	if (!isatty(STDIN_FILENO))
		return err_set(err, ERR_INPUT,
		    "nobody to ask; --yes goes ahead without");
	(void)printf("%s %.12s in %s? [y/N] ", s->verb, s->clone.commit,
	    s->clone.repository);
	(void)fflush(stdout);
	if (fgets(answer, sizeof(answer), stdin) == NULL ||
	    (strcmp(answer, "y\n") != 0 && strcmp(answer, "Y\n") != 0 &&
	        strcmp(answer, "yes\n") != 0))
		return err_set(err, ERR_INPUT, "nothing done");
	return 0;
}

static void
write_message(const struct saying *s, struct buf *out)
{
	if (s->text != NULL)
		buf_printf(out, "%s\n\n", s->text);
	else
		buf_printf(out, "%s %s\n\n", s->verb, s->clone.commit);
	buf_printf(out, "Foureyes-Repository: %s\n", s->clone.repository);
	for (size_t i = 0; i < s->target_count; i++)
		buf_printf(out, "Foureyes-Target: %s\n", s->targets[i]);
	buf_printf(out, "Foureyes-Decision: %s\n", s->decision);
	if (s->incident != NULL)
		buf_printf(out, "Foureyes-Incident: %s\nFoureyes-Reason: %s\n",
		    s->incident, s->reason);
}

static int
give(struct saying *s, bool *refused, struct err *err)
{
	struct buf message = {0};
	int ret;

	write_message(s, &message);
	ret = clone_push_statement(&s->clone, s->decision, buf_text(&message),
	    pool_printf(&s->pool, "refs/foureyes/approvals/%s",
	        s->clone.commit),
	    refused, err);
	buf_free(&message);
	return ret;
}

static int
run(struct saying *s, const char *commit, bool *refused, struct err *err)
{
	if (check_words(s, err) < 0 || check_text(s, err) < 0 ||
	    clone_find(&s->clone, &s->pool, commit, s->remote, s->repository,
	        err) < 0)
		return -1;
	say("%s: commit %s", s->clone.repository, s->clone.commit);
	for (size_t i = 0; i < s->target_count; i++)
		if (show_target(s, s->targets[i], err) < 0)
			return -1;
	clone_find_key(&s->clone);
	say("signing with %s", s->clone.key_words);
	if (ask(s, err) < 0)
		return -1;
	(void)fflush(stdout);
	return give(s, refused, err);
}

static void
choose(struct saying *s, const char *name)
{
	static const char *const verbs[][2] = {{"approve", "Approve"},
	    {"object", "Object to"}, {"withdraw", "Withdraw from"}};

	for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++)
		if (strcmp(name, verbs[i][0]) == 0) {
			s->decision = verbs[i][0];
			s->verb = verbs[i][1];
		}
	if (s->incident != NULL) {
		s->decision = "emergency";
		s->verb = "Declare an emergency for";
	}
}

int
cmd_approve(int argc, char **argv, const char *config)
{
	struct saying s = {0};
	struct err err = {0};
	bool refused = false;
	int operands, ret;
	const struct option options[] = {
	    {.name = "--for",
	        .list = s.targets,
	        .room = TARGETS_MAX,
	        .count = &s.target_count},
	    {.name = "--repository", .value = &s.repository},
	    {.name = "--remote", .value = &s.remote},
	    {.name = "--emergency", .value = &s.incident},
	    {.name = "--reason", .value = &s.reason},
	    {.name = "-m", .value = &s.text},
	    {.name = "--yes", .given = &s.yes},
	    {.name = "-y", .given = &s.yes},
	    {0},
	};

	(void)config;
	operands = options_read(argc, argv, options, 0, 1);
	if (operands < 0)
		return STATUS_USAGE;
	if (s.target_count == 0)
		return complain(STATUS_USAGE, "say what it is for: --for REF");
	if (s.incident != NULL && strcmp(argv[0], "approve") != 0)
		return complain(STATUS_USAGE, "--emergency goes with approve");
	choose(&s, argv[0]);
	ret = run(&s, operands > 0 ? argv[1] : NULL, &refused, &err);
	pool_free(&s.pool);
	if (ret < 0)
		return complain_err(&err);
	return refused ? STATUS_NO : STATUS_YES;
}
