#include "app/clone.h"

#include <glob.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/gitrun.h"
#include "base/text.h"

int
clone_one_line(const char *what, const char *value, struct err *err)
{
	if (value[0] == '\0')
		return err_set(err, ERR_INPUT, "%s is empty", what);
	if (strpbrk(value, "\n\r") != NULL)
		return err_set(err, ERR_INPUT, "%s must be one line", what);
	return 0;
}

/* The path in host:path, scheme://host/path or a plain path, without .git. */
static const char *
name_in_url(struct pool *pool, const char *url)
{
	const char *scheme = strstr(url, "://");
	const char *path = url;
	char *name;
	size_t len;

	if (scheme != NULL) {
		path = strchr(scheme + 3, '/');
		if (path == NULL)
			return "";
	} else if (url[0] != '/' && strcspn(url, ":") < strcspn(url, "/")) {
		path = url + strcspn(url, ":") + 1;
	}
	path += strspn(path, "/");
	name = pool_text(pool, path);
	for (len = strlen(name); len > 0 && name[len - 1] == '/';)
		name[--len] = '\0';
	if (text_ends(name, ".git"))
		name[len - 4] = '\0';
	return name;
}

int
clone_find(struct clone *c, struct pool *pool, const char *commit,
    const char *remote, const char *repository, struct err *err)
{
	const char *wanted = commit == NULL ? "HEAD" : commit;
	const char *url;

	*c = (struct clone){.pool = pool,
	    .remote = remote,
	    .repository = repository};
	c->commit = gitrun_ask(pool,
	    (const char *const[]){"rev-parse", "--verify", "--quiet",
	        "--end-of-options", pool_printf(pool, "%s^{commit}", wanted),
	        NULL});
	if (c->commit == NULL || !text_is_oid(c->commit))
		return err_set(err, ERR_INPUT,
		    "no commit '%s' here; fetch the branch it is on first",
		    wanted);
	if (c->remote == NULL)
		c->remote = gitrun_ask(pool,
		    (const char *const[]){"config", "foureyes.remote", NULL});
	if (c->remote == NULL)
		c->remote = "origin";
	url = gitrun_ask(pool,
	    (const char *const[]){"remote", "get-url", "--push", "--",
	        c->remote, NULL});
	if (url == NULL)
		return err_set(err, ERR_INPUT, "no remote '%s' here",
		    c->remote);
	if (c->repository == NULL)
		c->repository = gitrun_ask(pool,
		    (const char *const[]){"config", "foureyes.repository",
		        NULL});
	if (c->repository == NULL)
		c->repository = name_in_url(pool, url);
	return clone_one_line("the repository's name (--repository)",
	    c->repository, err);
}

static bool
is_ssh_key(const char *key)
{
	return text_starts(key, "ssh-") || text_starts(key, "ecdsa-") ||
	    text_starts(key, "sk-") || text_starts(key, "key::") ||
	    text_ends(key, ".pub");
}

/* The first of the keys that the agent holds. */
static const char *
key_of_agent(struct pool *pool)
{
	struct gitrun run = {.program = "ssh-add", .silent = true};
	struct err ignored = {0};

	if (gitrun(&run, pool, (const char *const[]){"-L", NULL}, &ignored) <
	        0 ||
	    run.status != 0 || !is_ssh_key(run.output))
		return NULL;
	return pool_textn(pool, run.output, strcspn(run.output, "\n"));
}

static const char *
key_of_home(struct pool *pool)
{
	const char *home = getenv("HOME");
	const char *path = NULL;
	glob_t found;

	if (home == NULL)
		return NULL;
	if (glob(pool_printf(pool, "%s/.ssh/id_*.pub", home), 0, NULL,
	        &found) == 0) {
		if (found.gl_pathc > 0)
			path = pool_text(pool, found.gl_pathv[0]);
		globfree(&found);
	}
	return path;
}

void
clone_find_key(struct clone *c)
{
	struct pool *pool = c->pool;
	const char *format = gitrun_ask(pool,
	    (const char *const[]){"config", "gpg.format", NULL});
	const char *key = gitrun_ask(pool,
	    (const char *const[]){"config", "user.signingKey", NULL});

	if (key != NULL || format != NULL) {
		if (key != NULL && format == NULL && is_ssh_key(key)) {
			c->key_format = "ssh";
			c->key = key;
		}
		c->key_words = key != NULL ? key : "the key Git chooses";
		return;
	}
	key = key_of_agent(pool);
	if (key != NULL) {
		c->key_format = "ssh";
		c->key = pool_printf(pool, "key::%s", key);
		c->key_words = pool_printf(pool, "the agent's key %s",
		    strrchr(key, ' ') == NULL ? key : strrchr(key, ' ') + 1);
		return;
	}
	key = key_of_home(pool);
	c->key_words = key != NULL ? key : "the OpenPGP key Git chooses";
	if (key != NULL) {
		c->key_format = "ssh";
		c->key = key;
	}
}

static int
make_tag(struct clone *c, const char *name, const char *message,
    struct err *err)
{
	const char *argv[16];
	size_t n = 0;
	struct gitrun run = {.input = message, .shown = true};

	if (c->key_format != NULL) {
		argv[n++] = "-c";
		argv[n++] = "gpg.format=ssh";
		argv[n++] = "-c";
		argv[n++] = pool_printf(c->pool, "user.signingKey=%s", c->key);
	}
	argv[n++] = "tag";
	argv[n++] = "-s";
	argv[n++] = "--cleanup=verbatim";
	argv[n++] = "-F";
	argv[n++] = "-";
	argv[n++] = name;
	argv[n++] = c->commit;
	argv[n] = NULL;
	if (gitrun(&run, c->pool, argv, err) < 0)
		return -1;
	if (run.status != 0)
		return err_set(err, ERR_SYSTEM,
		    "git could not sign with %s; set user.signingKey",
		    c->key_words);
	return 0;
}

static void
pass_over(int number)
{
	(void)number;
}

/*
 * Git still stops where it is interrupted, as a handler is not passed on to it;
 * we go on, and clear away.
 */
static void
hold_on(bool on)
{
	static const int numbers[] = {SIGHUP, SIGINT, SIGTERM};

	for (size_t i = 0; i < 3; i++)
		(void)signal(numbers[i], on ? pass_over : SIG_DFL);
}

/* `git tag` cannot make a tag without a ref, so there is one for a moment. */
static int
signed_tag(struct clone *c, const char *name, const char *message,
    const char **tag, struct err *err)
{
	const char *ref = pool_printf(c->pool, "refs/tags/%s", name);
	struct gitrun drop = {.silent = true};
	struct err ignored = {0};
	int ret;

	hold_on(true);
	ret = make_tag(c, name, message, err);
	*tag = ret < 0
	    ? NULL
	    : gitrun_ask(c->pool,
	          (const char *const[]){"rev-parse", "--verify", ref, NULL});
	(void)!gitrun(&drop, c->pool,
	    (const char *const[]){"update-ref", "-d", ref, NULL}, &ignored);
	hold_on(false);
	if (ret == 0 && (*tag == NULL || !text_is_oid(*tag)))
		ret = err_set(err, ERR_SYSTEM, "git made no tag '%s'", name);
	return ret;
}

int
clone_push_statement(struct clone *c, const char *word, const char *message,
    const char *prefix, bool *refused, struct err *err)
{
	struct gitrun run = {.shown = true};
	const char *tag;

	if (signed_tag(c,
	        pool_printf(c->pool, "foureyes/%s-%.12s-%ld", word, c->commit,
	            (long)getpid()),
	        message, &tag, err) < 0)
		return -1;
	if (gitrun(&run, c->pool,
	        (const char *const[]){"push", "--no-follow-tags", "--",
	            c->remote,
	            pool_printf(c->pool, "%s:%s/%.16s", tag, prefix, tag),
	            NULL},
	        err) < 0)
		return -1;
	*refused = run.status != 0;
	return 0;
}
