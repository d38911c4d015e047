#include <errno.h>
#include <grp.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/notes.h"
#include "base/text.h"
#include "edge/signature.h"

#define GROUPS_MAX 256

static struct checked *
places(struct notes *n)
{
	return checking(n, "config.places", NULL, NULL);
}

static bool
in_group(const struct hook_user *who, gid_t gid)
{
	gid_t groups[GROUPS_MAX];
	int count = GROUPS_MAX;

	if (who->login == NULL ||
	    getgrouplist(who->login, who->gid, groups, &count) < 0)
		return who->gid == gid;
	for (int i = 0; i < count; i++)
		if (groups[i] == gid)
			return true;
	return false;
}

/* `bits` are 04, 02, 01 of one class. */
static bool
may(const struct hook_user *who, const struct stat *st, mode_t bits)
{
	if (who->uid == 0)
		return true;
	if (st->st_uid == who->uid)
		return (st->st_mode >> 6 & bits) == bits;
	if (in_group(who, st->st_gid))
		return (st->st_mode >> 3 & bits) == bits;
	return (st->st_mode & bits) == bits;
}

static const char *
name_of(struct notes *n, const struct hook_user *who)
{
	return who->login != NULL
	    ? who->login
	    : pool_printf(n->pool, "uid %lu", (unsigned long)who->uid);
}

/* The error is what stat() said. */
static void
not_there(struct notes *n, const char *thing, const char *path,
    const char *cure)
{
	bool shut = errno == EACCES;
	struct err err;

	err_errno(&err, "'%s'", path);
	note_of(n, places(n), NOTE_WRONG, thing, "%s; %s", err.text,
	    shut ? "put the hook user into its group (usermod -a -G GROUP USER)"
	         : cure);
}

static void
look_at_ledger(struct notes *n, const struct settings *s,
    const struct hook_user *who)
{
	struct stat st;

	if (s->ledger == NULL || s->ledger[0] != '/')
		return;
	if (stat(s->ledger, &st) < 0)
		not_there(n, "ledger", s->ledger,
		    "without it every push is refused; 'foureyes init' makes "
		    "a new one, a lost one comes from its backup");
	else if (!S_ISDIR(st.st_mode))
		note_of(n, places(n), NOTE_WRONG, "ledger",
		    "'%s' is no directory", s->ledger);
	else if ((st.st_mode & S_IWOTH) != 0)
		note_of(n, places(n), NOTE_WRONG, "ledger",
		    "'%s' may be written by everybody: chmod o-w", s->ledger);
	else if (who->known && !may(who, &st, 03))
		note_of(n, places(n), NOTE_WRONG, "ledger",
		    "the hook user '%s' may not write to '%s': make it 2770 "
		    "of a group they are in (usermod -a -G GROUP %s)",
		    name_of(n, who), s->ledger, name_of(n, who));
	else
		note(n, NOTE_OK, "ledger", "%s", s->ledger);
}

static void
look_at_index(struct notes *n, const struct settings *s,
    const struct hook_user *who)
{
	const char *slash = s->index == NULL ? NULL : strrchr(s->index, '/');
	const char *dir;
	struct stat st;

	if (slash == NULL)
		return;
	dir = slash == s->index
	    ? "/"
	    : pool_textn(n->pool, s->index, (size_t)(slash - s->index));
	if (stat(dir, &st) < 0)
		not_there(n, "index", dir, "make the directory");
	else if (who->known && !may(who, &st, 03))
		note_of(n, places(n), NOTE_WRONG, "index",
		    "the hook user '%s' may not write to '%s': make it 2770 "
		    "of a group they are in",
		    name_of(n, who), dir);
	else if (stat(s->index, &st) == 0 && who->known && !may(who, &st, 06))
		note_of(n, places(n), NOTE_WRONG, "index",
		    "the hook user '%s' may not write to '%s': delete it, it "
		    "is made again",
		    name_of(n, who), s->index);
	else
		note(n, NOTE_OK, "index", "%s", s->index);
}

static void
look_at_seal_key(struct notes *n, const struct settings *s)
{
	struct stat st;

	if (s->seal_key == NULL && s->shared != NULL)
		note(n, NOTE_OK, "seal_key",
		    "none is named: another machine seals");
	else if (s->seal_key == NULL)
		note_of(n, places(n), NOTE_WARNING, "seal_key",
		    "none is named: no checkpoint can be made, and a ledger "
		    "cut short does not show");
	else if (lstat(s->seal_key, &st) < 0)
		not_there(n, "seal_key", s->seal_key,
		    "no checkpoint can be made without it");
	else if (!S_ISREG(st.st_mode) || (st.st_mode & 0377) != 0)
		note_of(n, places(n), NOTE_WRONG, "seal_key",
		    "'%s' must be a plain file that only its owner may read: "
		    "chmod 0400 '%s'",
		    s->seal_key, s->seal_key);
	else
		note(n, NOTE_OK, "seal_key", "%s", s->seal_key);
}

/* `rules` name this file alone. */
static void
look_at_keys(struct notes *n, const char *thing, const char *path,
    const struct signature_rules *rules, const struct hook_user *who)
{
	struct err err = {0};
	struct stat st;

	if (path == NULL)
		return;
	if (stat(path, &st) < 0)
		not_there(n, thing, path,
		    "what it should vouch for is refused until it is there");
	else if (who->known && !may(who, &st, 04))
		note_of(n, places(n), NOTE_WRONG, thing,
		    "the hook user '%s' may not read '%s'", name_of(n, who),
		    path);
	else if (signature_ready(rules, &err) < 0)
		note_of(n, places(n), NOTE_WRONG, thing,
		    "%s; until it is mended nothing signed is taken", err.text);
	else
		note(n, NOTE_OK, thing, "%s", path);
}

static void
look_at_doors(struct notes *n, const struct settings *s)
{
	bool copies = false;
	struct stat st;

	for (size_t i = 0; i < s->door_count; i++) {
		const struct door *d = &s->doors[i];

		if (d->root == NULL)
			continue;
		if (stat(d->root, &st) < 0)
			not_there(n, "server.root", d->root,
			    "name the directory of the repositories");
		else
			note(n, NOTE_OK, "server.root", "%s (%s)", d->root,
			    server_kind_name(d->kind));
	}
	for (size_t i = 0; i < s->receiver.source_count; i++)
		copies = copies || s->receiver.sources[i].mirrors != NULL;
	if (s->door_count == 0 && !copies)
		note_of(n, places(n), NOTE_WARNING, "server",
		    "no door is named: no hook of this configuration can "
		    "tell who pushes");
}

void
notes_places(struct notes *n, struct setup *s)
{
	const struct settings *settings = &s->config.settings;
	struct hook_user who;
	struct err err;

	if (setup_hook_user(s, &who, &err) < 0)
		note_of(n, places(n), NOTE_WRONG, "hook_user", "%s", err.text);
	else if (who.known)
		note(n, NOTE_OK, "hook_user", "%s", name_of(n, &who));
	look_at_doors(n, settings);
	look_at_ledger(n, settings, &who);
	look_at_index(n, settings, &who);
	look_at_seal_key(n, settings);
	look_at_keys(n, "openpgp_keyring", settings->openpgp_keyring,
	    &(struct signature_rules){.keyring = settings->openpgp_keyring},
	    &who);
	look_at_keys(n, "revoked_keys", settings->revoked_keys,
	    &(struct signature_rules){.revoked = settings->revoked_keys}, &who);
}
