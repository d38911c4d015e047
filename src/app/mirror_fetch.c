/* Bringing a copy up to date: git as a child that can do nothing else. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/gitrun.h"
#include "app/mirror.h"
#include "base/text.h"

#define SAID_SHOWN 200

/* Of git's, whatever a file says. */
static const char *const configured[][2] = {
    {"core.hooksPath", "/dev/null"},
    {"http.followRedirects", "false"},
    {"http.lowSpeedLimit", "1"},
    {"http.lowSpeedTime", "30"},
    {"transfer.fsckObjects", "true"},
    {"fetch.unpackLimit", "1"},
    {"gc.auto", "0"},
    {"maintenance.auto", "false"},
    {"credential.helper", ""},
};
#define CONFIGURED (sizeof(configured) / sizeof(configured[0]))

/* Environment that names a way to the network is the machine's affair. */
static const char *const kept[] = {"PATH", "TMPDIR", "https_proxy",
    "HTTPS_PROXY", "http_proxy", "no_proxy", "NO_PROXY", "SSL_CERT_FILE",
    "SSL_CERT_DIR"};

struct fetching {
	const struct mirror *m;
	struct pool *pool;
	int token; /* the end of a pipe; -1: there is none */
	const char *helper;
	const char **environment;
	size_t count;
};

static void
set(struct fetching *f, const char *name, const char *value)
{
	*(const char **)pool_grow(f->pool, &f->environment, &f->count,
	    sizeof(*f->environment)) =
	    pool_printf(f->pool, "%s=%s", name, value);
}

static void
configure(struct fetching *f, size_t n, const char *key, const char *value)
{
	set(f, pool_printf(f->pool, "GIT_CONFIG_KEY_%zu", n), key);
	set(f, pool_printf(f->pool, "GIT_CONFIG_VALUE_%zu", n), value);
}

/* No file of configuration but the copy's own, and nobody is asked. */
static void
make_environment(struct fetching *f)
{
	f->environment = NULL;
	f->count = 0;
	for (size_t i = 0; i < sizeof(kept) / sizeof(kept[0]); i++)
		if (getenv(kept[i]) != NULL)
			set(f, kept[i], getenv(kept[i]));
	set(f, "HOME", "/nonexistent");
	set(f, "LC_ALL", "C");
	set(f, "GIT_CONFIG_NOSYSTEM", "1");
	set(f, "GIT_CONFIG_GLOBAL", "/dev/null");
	set(f, "GIT_ATTR_NOSYSTEM", "1");
	set(f, "GIT_TERMINAL_PROMPT", "0");
	set(f, "GIT_ASKPASS", "/bin/false");
	set(f, "GIT_NO_REPLACE_OBJECTS", "1");
	set(f, "GIT_ALLOW_PROTOCOL",
	    text_starts(f->m->url, "https:") ? "https" : "http");
	for (size_t i = 0; i < CONFIGURED; i++)
		configure(f, i, configured[i][0], configured[i][1]);
	set(f, "GIT_CONFIG_COUNT",
	    pool_printf(f->pool, "%zu", CONFIGURED + (f->token >= 0 ? 1 : 0)));
	if (f->token >= 0) {
		configure(f, CONFIGURED, "credential.helper", f->helper);
		set(f, "FOUREYES_CREDENTIAL_FD",
		    pool_printf(f->pool, "%d", f->token));
		set(f, "FOUREYES_CREDENTIAL_FOR", f->m->credentials);
		set(f, "FOUREYES_CREDENTIAL_USER", f->m->user);
	}
	*(const char **)pool_grow(f->pool, &f->environment, &f->count,
	    sizeof(*f->environment)) = NULL;
}

/* Git hands a helper with a path to a shell, so it gets none that needs one. */
static int
find_helper(struct fetching *f, struct err *err)
{
	char path[1024];
	ssize_t n = readlink("/proc/self/exe", path, sizeof(path) - 1);

	if (n < 0)
		return err_errno(err, "'/proc/self/exe'");
	path[n] = '\0';
	for (ssize_t i = 0; i < n; i++)
		if (!((path[i] >= 'a' && path[i] <= 'z') ||
		        (path[i] >= 'A' && path[i] <= 'Z') ||
		        (path[i] >= '0' && path[i] <= '9') ||
		        strchr("/._-+", path[i]) != NULL))
			return err_set(err, ERR_CONFIG,
			    "this program lies at a path with odd letters, "
			    "'%s', and cannot hand a token to git from there",
			    path);
	f->helper = pool_printf(f->pool, "%s credential", path);
	return 0;
}

/* The last thing that git said, for whoever has to mend it. */
static const char *
last_words(struct pool *pool, const char *said)
{
	const char *end = strrchr(said, '\n');
	const char *from = end != NULL && end[1] != '\0' ? end + 1 : said;

	return text_safe_copy(pool, from, strlen(from), SAID_SHOWN);
}

static int
git(struct fetching *f, int64_t time, const char *input, const char **said,
    const char *const words[], int *status, struct err *err)
{
	struct gitrun run = {.input = input,
	    .both = said == NULL,
	    .silent = said != NULL,
	    .milliseconds = time,
	    .file_max = (uint64_t)f->m->source->mirror_max << 20};

	make_environment(f);
	run.environment = (char *const *)f->environment;
	if (gitrun(&run, f->pool, words, err) < 0)
		return err_within(err, "git for '%s'", f->m->url);
	*status = run.status;
	if (said != NULL)
		*said = run.output;
	else if (run.status != 0)
		return err_set(err, ERR_UNREACHABLE, "git for '%s': %s",
		    f->m->url, last_words(f->pool, run.output));
	return 0;
}

static int
make_directories(const struct mirror *m, struct pool *pool, struct err *err)
{
	char *path = pool_text(pool, m->dir);
	size_t root = strlen(m->source->mirrors);

	for (char *at = path + root; (at = strchr(at, '/')) != NULL; at++) {
		*at = '\0';
		if (mkdir(path, 0750) < 0 && errno != EEXIST)
			return err_errno(err, "'%s'", path);
		*at = '/';
	}
	return 0;
}

/* HEAD leads nowhere: no branch is more than another in a copy. */
static int
make(struct fetching *f, struct err *err)
{
	const struct mirror *m = f->m;
	const char *dir = pool_printf(f->pool, "%s.new", m->dir);
	int status;

	if (make_directories(m, f->pool, err) < 0 ||
	    git(f, MIRROR_TIME, NULL, NULL,
	        (const char *const[]){"init", "-q", "--bare",
	            "--template=", "--initial-branch=foureyes/none", dir, NULL},
	        &status, err) < 0)
		return -1;
	if (rename(dir, m->dir) < 0)
		return err_errno(err, "'%s'", m->dir);
	return 0;
}

static int
fetch(struct fetching *f, struct err *err)
{
	const struct mirror *m = f->m;
	int status;

	return git(f, m->source->mirror_time, NULL, NULL,
	    (const char *const[]){"--git-dir", m->dir, "fetch", "--quiet",
	        "--no-tags", "--no-write-fetch-head", "--prune",
	        "--no-recurse-submodules", "--", m->url,
	        "+refs/heads/*:refs/heads/*", "+refs/tags/*:refs/tags/*",
	        "+refs/foureyes/*:refs/foureyes/*", m->requests, NULL},
	    &status, err);
}

static unsigned
count_packs(const struct fetching *f)
{
	DIR *d = opendir(pool_printf(f->pool, "%s/objects/pack", f->m->dir));
	struct dirent *entry;
	unsigned n = 0;

	while (d != NULL && (entry = readdir(d)) != NULL)
		n += text_ends(entry->d_name, ".pack") ? 1 : 0;
	if (d != NULL)
		(void)closedir(d);
	return n;
}

/* Nothing is lost by it: what no ref holds is kept too. */
static int
make_one_pack(struct fetching *f, struct err *err)
{
	int status;

	return git(f, MIRROR_TIME, NULL, NULL,
	    (const char *const[]){"--git-dir", f->m->dir, "-c",
	        "core.hooksPath=/dev/null", "repack", "-a", "-d", "-q",
	        "--keep-unreachable", NULL},
	    &status, err);
}

/* A pipe that holds it all, so that nobody waits to write. */
static int
offer(struct fetching *f, const char *token, int pipes[2], struct err *err)
{
	size_t len = token == NULL ? 0 : strlen(token);

	f->token = -1;
	if (len == 0)
		return 0;
	if (find_helper(f, err) < 0)
		return -1;
	if (len > MIRROR_TOKEN_MAX)
		return err_set(err, ERR_CONFIG, "a token of more than %d bytes",
		    MIRROR_TOKEN_MAX);
	if (pipe(pipes) < 0)
		return err_errno(err, "a pipe");
	if (write(pipes[1], token, len) != (ssize_t)len) {
		(void)close(pipes[0]);
		(void)close(pipes[1]);
		return err_errno(err, "a pipe");
	}
	(void)close(pipes[1]);
	f->token = pipes[0];
	return 0;
}

int
mirror_make(const struct mirror *m, struct pool *pool, bool *made,
    struct err *err)
{
	struct fetching f = {.m = m, .pool = pool, .token = -1};

	*made = !mirror_is_there(m);
	return *made ? make(&f, err) : 0;
}

int
mirror_fetch(const struct mirror *m, struct pool *pool, const char *token,
    struct err *err)
{
	struct fetching f = {.m = m, .pool = pool, .token = -1};
	int pipes[2], ret;

	if (offer(&f, token, pipes, err) < 0)
		return -1;
	ret = fetch(&f, err);
	if (f.token >= 0)
		(void)close(f.token);
	f.token = -1;
	if (ret == 0 && count_packs(&f) > MIRROR_PACKS_MAX)
		ret = make_one_pack(&f, err);
	return ret;
}

/* ---- merges ---- */

int
mirror_merge(const struct mirror *m, struct pool *pool, const char *base,
    const char *head, const char **merge, struct err *err)
{
	struct fetching f = {.m = m, .pool = pool, .token = -1};
	const char *tree = "";
	int status = 1;

	*merge = NULL;
	if (git(&f, MIRROR_TIME, NULL, &tree,
	        (const char *const[]){"--git-dir", m->dir, "merge-tree",
	            "--write-tree", "--no-messages", base, head, NULL},
	        &status, err) < 0)
		return -1;
	if (status != 0 || strlen(tree) != 40)
		return 0;
	if (git(&f, MIRROR_TIME,
	        pool_printf(pool,
	            "tree %s\nparent %s\nparent %s\n"
	            "author foureyes <foureyes@localhost> 0 +0000\n"
	            "committer foureyes <foureyes@localhost> 0 +0000\n\n"
	            "What landing %s would give.\n",
	            tree, base, head, head),
	        merge,
	        (const char *const[]){"--git-dir", m->dir, "hash-object", "-t",
	            "commit", "-w", "--stdin", NULL},
	        &status, err) < 0)
		return -1;
	if (status != 0 || *merge == NULL || strlen(*merge) != 40)
		*merge = NULL;
	return 0;
}
