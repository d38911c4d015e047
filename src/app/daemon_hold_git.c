/*
 * A ref of a Git repository, whose commits hold the file `checkpoint`.
 *
 * The ref only ever goes forward: nothing is forced, and what it was left at
 * must still be there, or somebody rewrote it.  What was left is remembered in
 * a bare repository of the sealing user's, beside the memory of the seal.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/daemon.h"
#include "app/gitrun.h"
#include "app/key_chain.h"
#include "app/seal_state.h"
#include "base/text.h"

/* Git and what it starts end after that many seconds. */
#define DEADLINE "60"
#define OURS "refs/held/ours"
#define REMOTE "refs/held/remote"
#define WORDS_MAX 20

struct remote {
	struct holding *holding;
	const struct keeper *keeper;
	const char *dir;  /* our bare repository */
	const char *ours; /* what we left there last; NULL: nothing yet */
	const char *tip;  /* what it is at; NULL: there is no such ref */
};

/* `words` in our repository; 1: git says no. */
static int
git(const struct remote *p, const char *input, const char **output,
    const char *const words[], struct err *err)
{
	const char *all[WORDS_MAX + 10] = {"--kill-after=5", DEADLINE, "git",
	    "-c", "core.hooksPath=/dev/null", "--git-dir", p->dir};
	struct gitrun run = {.program = "timeout", .input = input};
	size_t n = 7;

	for (size_t i = 0; i < WORDS_MAX && words[i] != NULL; i++)
		all[n++] = words[i];
	if (gitrun(&run, p->holding->pool, all, err) < 0)
		return -1;
	if (output != NULL)
		*output = run.output;
	return run.status == 0 ? 0 : 1;
}

#define GIT(p, input, output, err, ...)                                        \
	git(p, input, output, (const char *const[]){__VA_ARGS__, NULL}, err)

/* As git() that must not fail. */
static int
must(int ret, const struct remote *p, const char *what, struct err *err)
{
	if (ret > 0)
		return err_set(err, ERR_UNREACHABLE,
		    "'%s' %s: git says why, or took more than " DEADLINE " s",
		    p->keeper->url, what);
	return ret;
}

/* Nothing of the environment leads git elsewhere, and it asks nobody. */
static int
set_environment(struct err *err)
{
	static const char *const out[] = {"GIT_DIR", "GIT_WORK_TREE",
	    "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_NAMESPACE",
	    "GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_CONFIG_COUNT",
	    "GIT_CONFIG_PARAMETERS", "GIT_COMMON_DIR", "GIT_ASKPASS",
	    "SSH_ASKPASS"};

	for (size_t i = 0; i < sizeof(out) / sizeof(out[0]); i++)
		(void)unsetenv(out[i]);
	if (setenv("GIT_TERMINAL_PROMPT", "0", 1) < 0 ||
	    setenv("GIT_ALLOW_PROTOCOL", "https:ssh:file", 1) < 0)
		return err_errno(err, "the environment");
	return 0;
}

static int
open_remote(struct remote *p, struct err *err)
{
	struct holding *h = p->holding;
	struct stat st;

	p->dir = pool_printf(h->pool, "%s/%s.git",
	    seal_state_path(h->pool, &h->setup->config.settings),
	    p->keeper->name);
	if (set_environment(err) < 0)
		return -1;
	if (lstat(p->dir, &st) < 0 &&
	    must(GIT(p, NULL, NULL, err, "init", "-q", "--bare", p->dir), p,
	        "has no repository beside the seal's memory", err) < 0)
		return -1;
	if (GIT(p, NULL, &p->ours, err, "rev-parse", "-q", "--verify", OURS) !=
	    0)
		p->ours = NULL;
	return 0;
}

static int
fetch(struct remote *p, struct err *err)
{
	const char *said;
	const char *spec =
	    pool_printf(p->holding->pool, "+%s:" REMOTE, p->keeper->ref);

	if (must(GIT(p, NULL, &said, err, "ls-remote", "--", p->keeper->url,
	             p->keeper->ref),
	        p, "cannot be read", err) < 0)
		return -1;
	p->tip = NULL;
	if (said[0] == '\0')
		return 0;
	if (must(GIT(p, NULL, NULL, err, "fetch", "-q", "--no-tags", "--",
	             p->keeper->url, spec),
	        p, "cannot be fetched from", err) < 0)
		return -1;
	return must(GIT(p, NULL, &p->tip, err, "rev-parse", "--verify", REMOTE),
	    p, "cannot be read", err);
}

/* A tip that we did not leave: is it at least one of our seals? */
static int
check_content(const struct remote *p, struct err *err)
{
	const struct holding *h = p->holding;
	const struct settings *s = &h->setup->config.settings;
	struct key_chain chain = {.pool = h->pool};
	struct ledger *ledger = NULL;
	struct checkpoint there;
	struct err why = {0};
	const char *text;
	char *whole;
	int ret;

	ret = GIT(p, NULL, &text, err, "cat-file", "blob",
	    pool_printf(h->pool, "%s:checkpoint", p->tip));
	if (ret < 0 || ledger_open(&ledger, s->ledger, LEDGER_READ, err) < 0)
		return -1;
	if (key_chain_of(&chain, ledger, err) < 0) {
		ledger_close(ledger);
		return -1;
	}
	ledger_close(ledger);
	whole = ret == 0 ? pool_printf(h->pool, "%s\n", text) : NULL;
	if (whole == NULL ||
	    key_chain_check(&chain, &there, whole, strlen(whole), &why) < 0)
		return err_set(err, ERR_TAMPERED,
		    "'%s' has %s at %.12s, which holds no checkpoint of ours",
		    p->keeper->url, p->keeper->ref, p->tip);
	if (there.size > h->checkpoint.size)
		return err_set(err, ERR_TAMPERED,
		    "'%s' holds a checkpoint of %llu records signed with our "
		    "key, and %llu were sealed here: two ledgers have one name",
		    p->keeper->url, (unsigned long long)there.size,
		    (unsigned long long)h->checkpoint.size);
	return 0;
}

static int
check_tip(const struct remote *p, struct err *err)
{
	if (p->tip == NULL && p->ours != NULL)
		return err_set(err, ERR_TAMPERED,
		    "'%s' has no %s any more: it was left at %.12s",
		    p->keeper->url, p->keeper->ref, p->ours);
	if (p->tip == NULL || text_same(p->tip, p->ours))
		return 0;
	if (p->ours != NULL &&
	    GIT(p, NULL, NULL, err, "merge-base", "--is-ancestor", p->ours,
	        p->tip) != 0)
		return err_set(err, ERR_TAMPERED,
		    "'%s' was rewritten: %s is at %.12s, and was left at %.12s",
		    p->keeper->url, p->keeper->ref, p->tip, p->ours);
	return check_content(p, err);
}

/* `*commit` holds the note, on top of the tip; the tip, where it does so. */
static int
make_commit(const struct remote *p, const char **commit, struct err *err)
{
	const struct holding *h = p->holding;
	const char *blob, *tree, *had = NULL;
	const char *message = pool_printf(h->pool, "%llu records",
	    (unsigned long long)h->checkpoint.size);

	if (must(GIT(p, buf_text(&h->note), &blob, err, "hash-object", "-w",
	             "--stdin"),
	        p, "cannot be made a commit for", err) < 0 ||
	    must(GIT(p,
	             pool_printf(h->pool, "100644 blob %s\tcheckpoint\n", blob),
	             &tree, err, "mktree"),
	        p, "cannot be made a commit for", err) < 0)
		return -1;
	if (p->tip != NULL &&
	    GIT(p, NULL, &had, err, "rev-parse", "--verify",
	        pool_printf(h->pool, "%s^{tree}", p->tip)) == 0 &&
	    text_same(had, tree)) {
		*commit = p->tip;
		return 0;
	}
	return must(GIT(p, NULL, commit, err, "-c", "user.name=foureyes", "-c",
	                "user.email=foureyes@localhost", "commit-tree", tree,
	                "-m", message, p->tip != NULL ? "-p" : NULL, p->tip),
	    p, "cannot be made a commit for", err);
}

int
hold_git(struct holding *h, const struct keeping *before, struct err *err)
{
	struct remote p = {.holding = h, .keeper = before->keeper};
	const char *commit, *spec;

	if (open_remote(&p, err) < 0 || fetch(&p, err) < 0 ||
	    check_tip(&p, err) < 0 || make_commit(&p, &commit, err) < 0)
		return -1;
	spec = pool_printf(h->pool, "%s:%s", commit, p.keeper->ref);
	if (!text_same(commit, p.tip) &&
	    must(GIT(&p, NULL, NULL, err, "push", "-q", "--", p.keeper->url,
	             spec),
	        &p, "does not take it", err) < 0)
		return -1;
	return must(GIT(&p, NULL, NULL, err, "update-ref", OURS, commit), &p,
	    "cannot be remembered", err);
}
