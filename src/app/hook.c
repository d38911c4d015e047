#include "app/hook.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/fold.h"
#include "app/gate.h"
#include "app/gather.h"
#include "app/handover.h"
#include "app/hook_program.h"
#include "app/program.h"
#include "app/refusal.h"
#include "app/version.h"
#include "app/watchdog.h"
#include "base/text.h"
#include "core/settings.h"

#define MERGE_SHARE 8 /* of the deadline, for one merge at most */

void
hook_answer(const struct buf *text)
{
	const char *data = buf_text(text);
	size_t len = text->len;

	while (len > 0) {
		ssize_t n = write(STDERR_FILENO, data, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return;
		data += n;
		len -= (size_t)n;
	}
}

void
hook_prefix(const struct hook *hook, struct buf *text)
{
	if (hook->prefix != NULL && hook->prefix[0] != '\0')
		fold_behind(text, hook->prefix);
}

int
hook_answer_error(const struct err *err)
{
	struct buf text = {0};

	refusal_error(&text, err);
	hook_answer(&text);
	buf_free(&text);
	return 1;
}

/*
 * Where several accounts push by a local path, repositories belong to the
 * server's own; who that is costs a look-up, made only when it is not us.
 */
static int
open_repository(struct push *p, const char *git_dir, struct err *err)
{
	const char *dir = git_dir != NULL ? git_dir : getenv("GIT_DIR");
	struct hook_user owner = {0};
	struct stat st;
	unsigned uid;

	if (dir == NULL || stat(dir, &st) < 0 || st.st_uid == geteuid() ||
	    geteuid() == 0)
		return repo_open(&p->repo, git_dir, err);
	if (setup_hook_user(p->setup, &owner, err) < 0)
		return -1;
	uid = owner.uid;
	return repo_open_of(&p->repo, git_dir, owner.known ? &uid : NULL, err);
}

int
push_repository(struct push *p, const char *git_dir, struct err *err)
{
	if (p->repo == NULL && open_repository(p, git_dir, err) < 0)
		return -1;
	repo_merge_time(p->repo,
	    (unsigned)(p->setup->config.settings.deadline / MERGE_SHARE));
	return 0;
}

int
push_begin(struct push *p, struct setup *s, const char *input, size_t len,
    struct err *err)
{
	p->setup = s;
	p->pool = &s->pool;
	p->now = s->now;
	p->deadline = s->now + s->config.settings.deadline;
	p->commits.pool = p->pushers.pool = p->pool;
	return push_read(p, input, len, err);
}

/* From standard input and environment to a push whose gates are known. */
int
push_open(struct push *p, struct setup *s, const char *input, size_t len,
    const char *git_dir, struct err *err)
{
	if (push_begin(p, s, input, len, err) < 0)
		return -1;
	p->in_force = (struct in_force){.policy = s->config.policy.digest,
	    .people = s->config.people.digest,
	    .settings = s->config.settings.digest,
	    .program = {.version = FOUREYES_VERSION,
	        .digest = program_digest(p->pool,
	            program_cache(p->pool, &s->config.settings))}};
	return push_repository(p, git_dir, err);
}

static int
decide(struct hook *hook, struct setup *s, struct push *p, struct buf *text,
    struct err *err)
{
	struct gate_answer verdict;
	bool dry;

	if (push_open(p, s, hook->input, hook->input_len, NULL, err) < 0 ||
	    push_options(p, err) < 0 || door_find(p, err) < 0 ||
	    push_sort(p, err) < 0)
		return -1;
	dry = push_option_given(p, "explain");
	if (setup_log(s, dry ? LEDGER_READ : LEDGER_APPEND, err) < 0 ||
	    gate_push(p, dry, &verdict, err) < 0)
		return -1;
	refusal_write(text, p, &verdict);
	if (dry)
		buf_printf(text,
		    "foureyes: explain: the push %s; it is refused because "
		    "you only asked, and nothing is recorded\n",
		    verdict.admitted ? "would be admitted"
		                     : "would be refused");
	return verdict.admitted && !dry ? 0 : 1;
}

/*
 * All is said and on disk.  What a process holds the kernel takes back in much
 * less time than giving it back piece by piece takes; where leaks are looked
 * for, it is given back.
 */
static int
leave(int status)
{
#if defined __OPTIMIZE__ && !defined __SANITIZE_ADDRESS__
	_exit(status);
#endif
	return status;
}

int
hook_decide(struct hook *hook, struct setup *s, struct push *p,
    struct buf *text)
{
	struct err err = {0};
	int ret = decide(hook, s, p, text, &err);

	if (ret >= 0)
		return ret;
	refusal_error(text, &err);
	return 1;
}

/* Here, by the ledger that lies here. */
static int
run_here(struct hook *hook, struct setup *s, int status)
{
	struct push p = {0};
	struct buf text = {0};
	int ret = 0;

	if (s->is_witness) {
		hook_witness(hook, s, &p, &text);
	} else {
		watchdog_start(s->config.settings.deadline + WATCHDOG_GRACE);
		ret = hook_decide(hook, s, &p, &text);
		if (ret != 0)
			hook_prefix(hook, &text);
	}
	hook_answer(&text);
	ret = leave(ret != 0 ? ret : status);
	buf_free(&text);
	repo_close(p.repo);
	return ret;
}

static void
set_prefix(struct hook *hook, const struct settings *settings)
{
	if (settings->door_count == 1)
		hook->prefix = server_kind_prefix(settings->doors[0].kind);
}

/* `status`: what the hook that was there before ended with. */
static int
run_ours(struct hook *hook, int status)
{
	struct setup s = {0};
	struct err err = {0};
	int ret;

	s.is_hook = true;
	s.is_witness = strcmp(hook->name, "pre-receive") != 0;
	if (setup_read(&s, hook->config, &err) < 0)
		ret = hook_answer_error(&err);
	else {
		set_prefix(hook, &s.config.settings);
		ret = strcmp(s.config.settings.gate, "local") != 0
		    ? handover_run(hook, &s)
		    : run_here(hook, &s, status);
	}
	ret = leave(ret != 0 ? ret : status);
	setup_free(&s);
	return ret;
}

/* gitolite's update hook gives a VREF one ref: NAME OLD NEW ... */
static int
read_vref(struct hook *hook, struct pool *pool, struct err *err)
{
	if (hook->argc < 3)
		return err_set(err, ERR_INPUT,
		    "a VREF is given a ref, an old and a new object");
	hook->name = "pre-receive";
	hook->input = pool_printf(pool, "%s %s %s\n", hook->argv[1],
	    hook->argv[2], hook->argv[0]);
	hook->input_len = strlen(hook->input);
	return 0;
}

int
hook_run(struct hook *hook, struct pool *pool)
{
	bool transaction = strcmp(hook->name, "reference-transaction") == 0;
	bool committed =
	    hook->argc > 0 && strcmp(hook->argv[0], "committed") == 0;
	struct err err = {0};
	int status;

	if (strcmp(hook->name, "vref") == 0)
		return read_vref(hook, pool, &err) < 0 ? hook_answer_error(&err)
		                                       : run_ours(hook, 0);
	if (!transaction && strcmp(hook->name, "pre-receive") != 0 &&
	    strcmp(hook->name, "post-receive") != 0) {
		err_set(&err, ERR_INPUT, "foureyes has no hook '%s'",
		    hook->name);
		return hook_answer_error(&err);
	}
	/*
	 * By a hooks directory for the whole machine Git runs us in everybody's
	 * clone too.  Of a bare repository it says where that is.
	 */
	if (transaction && hook->before == NULL &&
	    (!committed || getenv("GIT_DIR") == NULL))
		return 0;
	if (hook_input_read(hook, pool, &err) < 0)
		return hook_answer_error(&err);
	status = hook_run_before(hook);
	if (transaction && !committed)
		return status;
	if (status != 0 && strcmp(hook->name, "pre-receive") == 0)
		return status;
	return run_ours(hook, status);
}
