/* install, uninstall: our hooks where a server looks for them, and out again.
 */
#include "app/cmd.h"

#include <string.h>

#include "app/hook_program.h"
#include "app/installing.h"
#include "app/options.h"
#include "app/say.h"
#include "app/visit.h"

/* One directory that serves all repositories. */
static int
shared(struct setup *s, const struct installing *asked, bool out)
{
	const struct hooks_places *places = asked->places;
	struct hooks_dir h;
	struct err err = {0};
	bool done;
	int ret = hooks_dir_open(&h, &s->pool, NULL, asked->hooks_dir,
	    asked->config, asked->program, &err);

	for (size_t i = 0; i < places->count && ret == 0; i++)
		ret = out
		    ? hooks_dir_take_out(&h, &places->list[i], &done, &err)
		    : hooks_dir_put(&h, &places->list[i], &err);
	if (ret < 0)
		return complain(STATUS_UNKNOWN, "%s: %s", asked->hooks_dir,
		    err.text);
	if (out) {
		say("%s: the hooks are out; nothing is asked of pushes any "
		    "more",
		    asked->hooks_dir);
		return STATUS_YES;
	}
	say("%s: the hooks are in: %s", asked->hooks_dir,
	    installing_names(places));
	installing_by_hand(asked->kind, places, asked->hooks_dir);
	return STATUS_YES;
}

typedef int each_fn(struct setup *s, const char *word,
    const struct installing *asked);

static int
each(struct setup *s, const struct installing *asked, int count,
    const char *const *words, each_fn *one)
{
	int status = STATUS_YES;

	for (int i = 0; i < count; i++) {
		int own = one(s, words[i], asked);

		status = own > status ? own : status;
	}
	return status;
}

static int
all(struct setup *s, const struct installing *asked, each_fn *one)
{
	const char **paths;
	size_t count;
	struct err err = {0};

	if (visit_all(s, &paths, &count, &err) < 0)
		return complain(STATUS_UNKNOWN, "%s", err.text);
	if (count == 0)
		say("there is no repository yet below the doors' roots");
	return each(s, asked, (int)count, paths, one);
}

/* By --server, else by the door; by --hooks-dir, else by its `hooks`. */
static int
find_places(struct installing *a, const struct setup *s, const char *server,
    bool vref, struct err *err)
{
	const struct settings *settings = &s->config.settings;
	const struct door *door =
	    settings->door_count > 0 ? &settings->doors[0] : NULL;

	a->kind = door != NULL ? door->kind : SERVER_LOCAL;
	if (server != NULL && strcmp(server, "plain") == 0)
		a->kind = a->kind <= SERVER_LOCAL ? a->kind : SERVER_LOCAL;
	else if (server != NULL && !server_kind_named(server, &a->kind))
		return err_set(err, ERR_INPUT, "--server: no kind '%s'",
		    server);
	if (server != NULL && door != NULL && a->kind > SERVER_LOCAL &&
	    door->kind != a->kind)
		return err_set(err, ERR_CONFIG,
		    "--server %s, but 'server' in foureyes.yaml is of kind "
		    "'%s': a hook would read the wrong variables; set 'kind' "
		    "first",
		    server, server_kind_name(door->kind));
	a->places = hooks_places(a->kind);
	if (a->hooks_dir == NULL && door != NULL)
		a->hooks_dir = door->hooks;
	if (vref && a->kind != SERVER_GITOLITE)
		return err_set(err, ERR_INPUT, "--vref is for gitolite alone");
	if (vref)
		a->places = &hooks_vref;
	else if (!a->places->shared && a->hooks_dir != NULL)
		a->places = &hooks_central;
	if (a->places->shared && a->hooks_dir == NULL)
		return err_set(err, ERR_INPUT,
		    "a server of kind '%s' has one directory for all hooks: "
		    "name it with --hooks-dir, or as 'hooks' in foureyes.yaml",
		    server_kind_name(a->kind));
	if (a->hooks_dir != NULL && a->hooks_dir[0] != '/')
		return err_set(err, ERR_INPUT,
		    "--hooks-dir '%s' is no path from '/' on", a->hooks_dir);
	return 0;
}

static int
choose(struct installing *a, struct setup *s, const char *server, bool vref,
    struct err *err)
{
	if (a->program == NULL)
		a->program = hook_program(&s->pool, &s->config.settings);
	return find_places(a, s, server, vref, err);
}

static int
run(int argc, char **argv, const char *config, bool out)
{
	struct installing asked = {.config = setup_directory(config)};
	const char *server = NULL;
	bool every = false, vref = false;
	const struct option options[] = {{.name = "--server", .value = &server},
	    {.name = "--hooks-dir", .value = &asked.hooks_dir},
	    {.name = "--program", .value = &asked.program},
	    {.name = "--all", .given = &every},
	    {.name = "--vref", .given = &vref}, {0}};
	int count = options_read(argc, argv, options, 0, argc), status;
	each_fn *one = out ? uninstall_repository : install_repository;
	struct setup s = {0};
	struct err err = {0};

	if (count < 0)
		return STATUS_USAGE;
	if (setup_read(&s, asked.config, &err) < 0 ||
	    setup_become(&s, &err) < 0)
		status = complain(STATUS_UNKNOWN, "%s", err.text);
	else if (choose(&asked, &s, server, vref, &err) < 0)
		status = complain_err(&err);
	else if (asked.places->shared && (every || count > 0))
		status = complain(STATUS_USAGE,
		    "%s: '%s' serves all repositories: name none", argv[0],
		    asked.hooks_dir);
	else if (asked.places->shared)
		status = shared(&s, &asked, out);
	else if (every == (count > 0))
		status = complain(STATUS_USAGE,
		    "%s: name repositories, or --all", argv[0]);
	else if (every)
		status = all(&s, &asked, one);
	else
		status =
		    each(&s, &asked, count, (const char *const *)argv + 1, one);
	setup_free(&s);
	return status;
}

int
cmd_install(int argc, char **argv, const char *config)
{
	return run(argc, argv, config, false);
}

int
cmd_uninstall(int argc, char **argv, const char *config)
{
	return run(argc, argv, config, true);
}
