/* init: an installation from nothing (app/installation.h). */
#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "app/cmd.h"
#include "app/installation.h"
#include "app/options.h"
#include "app/say.h"

static const char *
absolute(struct installation *i, const char *path)
{
	char here[PATH_MAX];

	if (path[0] == '/' || getcwd(here, sizeof(here)) == NULL)
		return path;
	return pool_printf(&i->pool, "%s/%s", here, path);
}

static void
tell(struct installation *i)
{
	const struct settings *s = &i->setup.config.settings;
	const char *option = i->system
	    ? ""
	    : pool_printf(&i->pool, " --config %s", i->words.dir);

	say("wrote policy.yaml, people.yaml and foureyes.yaml in %s; they "
	    "explain each key",
	    i->words.dir);
	say("opened the ledger %s, and sealed its %llu records in a first "
	    "checkpoint",
	    s->ledger, (unsigned long long)changelog_last(i->setup.log));
	say("made the sealing key %s; the SHA-256 fingerprint of its public "
	    "half is",
	    s->seal_key);
	say("    %s", i->fingerprint);
	say("publish that where nobody of this machine can change it, and say "
	    "where under");
	say("`published` in foureyes.yaml: a ledger cut short shows only "
	    "against a checkpoint");
	say("whose key is known from elsewhere");
	say("next:");
	say("  1. copy people.yaml and policy.yaml, put in your people, keys "
	    "and gates, then");
	say("     foureyes%s apply people.yaml; foureyes%s apply policy.yaml",
	    option, option);
	say("  2. foureyes%s install REPOSITORY...    (below %s)", option,
	    i->words.root);
	say("  3. foureyes%s adopt --all              (what is there becomes "
	    "the baseline)",
	    option);
	say("  4. foureyes%s doctor                   (is it really on?)",
	    option);
}

static int
make_all(struct installation *i, struct err *err)
{
	if (installation_look(i, err) < 0)
		return complain_err(err);
	if (installation_make(i, err) < 0) {
		(void)complain_err(err);
		return complain(STATUS_UNKNOWN,
		    "init did not get to its end: what it made is in '%s' and "
		    "'%s', and has to go before it is run again",
		    i->words.dir, i->words.data);
	}
	tell(i);
	return STATUS_YES;
}

/* Without --origin: this machine's name, which is better than an example. */
static const char *
own_origin(struct installation *i)
{
	struct checkpoint c;
	struct err ignored = {0};
	char host[HOST_NAME_MAX + 1] = "";
	const char *origin;

	(void)gethostname(host, sizeof(host) - 1);
	origin = pool_printf(&i->pool, "%s/foureyes", host);
	if (host[0] == '\0' || checkpoint_name(&c, origin, &ignored) < 0)
		return "example.com/foureyes";
	return origin;
}

static int
fill_words(struct installation *i, const char *dir, struct err *err)
{
	static const char *const kinds[] = {"http", "ssh", "local"};
	struct template_words *w = &i->words;
	struct checkpoint c;
	bool known = false;

	i->system = strcmp(dir, INSTALLATION_DIR) == 0;
	w->dir = absolute(i, dir);
	w->data = i->system ? INSTALLATION_DATA : w->dir;
	if (w->root != NULL)
		w->root = absolute(i, w->root);
	else if (i->system)
		w->root = INSTALLATION_ROOT;
	if (w->kind == NULL)
		w->kind = i->system ? "http" : "local";
	for (size_t n = 0; n < 3; n++)
		known = known || strcmp(w->kind, kinds[n]) == 0;
	if (!known)
		return err_set(err, ERR_INPUT,
		    "--kind is http, ssh or local, not '%s'", w->kind);
	if (w->origin == NULL)
		w->origin = own_origin(i);
	if (checkpoint_name(&c, w->origin, err) < 0) {
		err->kind = ERR_INPUT;
		return -1;
	}
	return w->root == NULL ? 0 : installation_path(w->root, err);
}

int
cmd_init(int argc, char **argv, const char *config)
{
	struct installation i = {0};
	struct err err = {0};
	const struct option options[] = {
	    {.name = "--hook-user", .value = &i.words.hook_user},
	    {.name = "--root", .value = &i.words.root},
	    {.name = "--kind", .value = &i.words.kind},
	    {.name = "--origin", .value = &i.words.origin},
	    {0},
	};
	int count = options_read(argc, argv, options, 0, 1);
	int status;

	if (count < 0)
		return STATUS_USAGE;
	if (fill_words(&i, count == 1 ? argv[1] : setup_directory(config),
	        &err) < 0)
		status = complain_err(&err);
	else
		status = make_all(&i, &err);
	setup_free(&i.setup);
	pool_free(&i.pool);
	return status;
}
