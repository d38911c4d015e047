#include "app/hook_program.h"

#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sys/auxv.h>
#include <unistd.h>

#include "app/program.h"
#include "base/text.h"

/* Whoever is loaded by another program has that one's address. */
bool
program_is_static(void)
{
	return getauxval(AT_BASE) == 0;
}

static bool
is_in_passwd(const char *name)
{
	FILE *f = fopen("/etc/passwd", "re");
	const struct passwd *pw;
	bool found = false;

	if (f == NULL)
		return false;
	while (!found && (pw = fgetpwent(f)) != NULL)
		found = strcmp(pw->pw_name, name) == 0;
	(void)fclose(f);
	return found;
}

/* Of other doors the server says who pushes, and by what name. */
static bool
asks_for_accounts(const struct settings *s)
{
	for (size_t i = 0; i < s->door_count; i++)
		if (s->doors[i].kind == SERVER_LOCAL &&
		    s->doors[i].pusher == NULL)
			return true;
	return s->hook_user != NULL && !is_in_passwd(s->hook_user);
}

const char *
hook_program(struct pool *pool, const struct settings *settings)
{
	const char *path;

	if (program_is_static() || asks_for_accounts(settings) ||
	    (strcmp(settings->gate, "local") != 0 &&
	        !text_starts(settings->gate, "unix:")))
		return NULL;
	path = program_beside(pool, HOOK_PROGRAM_STATIC);
	return path[0] == '/' && access(path, X_OK) == 0 ? path : NULL;
}

const char *
program_cache(struct pool *pool, const struct settings *settings)
{
	return pool_printf(pool, "%s.program%s", settings->index,
	    program_is_static() ? "-static" : "");
}
