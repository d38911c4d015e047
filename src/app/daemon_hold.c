/* hold: the newest checkpoint, to each place that holds it. */
#include <string.h>

#include "app/checkpoints.h"
#include "app/cmd.h"
#include "app/daemon.h"
#include "app/files.h"
#include "app/options.h"
#include "app/say.h"
#include "app/seal_state.h"
#include "app/sealing.h"
#include "core/note.h"

/* What is held already is sent again after that long: is it still there? */
#define AGAIN ((int64_t)12 * 60 * 60 * 1000)

static hold_fn *const kinds[] = {
    [KEEPER_GIT] = hold_git,
    [KEEPER_HTTPS] = hold_https,
    [KEEPER_TIMESTAMP] = hold_stamp,
};

static int
read_newest(struct holding *h, struct err *err)
{
	const struct settings *s = &h->setup->config.settings;
	struct seal_state state;
	const char *path;

	if (s->ledger == NULL || s->seal_key == NULL)
		return err_set(err, ERR_CONFIG,
		    "no ledger is kept here, or foureyes.yaml names no "
		    "seal_key");
	if (seal_state_read(&state, seal_state_path(h->pool, s), err) < 0)
		return -1;
	if (!state.there)
		return err_set(err, ERR_CONFIG,
		    "nothing was sealed yet: foureyes seal");
	path = pool_printf(h->pool, "%s/" CHECKPOINT_FILE, s->ledger);
	h->key = state.key;
	if (file_read_plain(&h->note, path, NOTE_SIZE_MAX, NULL, err) < 0 ||
	    seal_check(&h->checkpoint, &h->key, s->origin, h->note.data,
	        h->note.len, err) < 0)
		return -1;
	/* Whoever pushes may put an older one there. */
	if (h->checkpoint.size != state.checkpoint.size ||
	    memcmp(h->checkpoint.root, state.checkpoint.root, DIGEST_SIZE) != 0)
		return err_set(err, ERR_TAMPERED,
		    "'%s' is not the last one that was sealed: foureyes seal "
		    "puts it right",
		    path);
	digest_sha256_hex(h->digest, h->note.data, h->note.len);
	return 0;
}

static bool
is_held(const struct holding *h, const struct keeping *k)
{
	return k->error == NULL && k->digest != NULL &&
	    strcmp(k->digest, h->digest) == 0 &&
	    h->setup->now - k->time < AGAIN;
}

/* `*alarm`, `*failed`: what it adds to the answer of all. */
static int
hold_one(struct holding *h, struct keeping *k, int *status, struct err *err)
{
	struct err why = {0};

	if (is_held(h, k)) {
		say("%s: %llu records, as before", k->keeper->name,
		    (unsigned long long)k->size);
		return 0;
	}
	k->tried = h->setup->now;
	if (kinds[k->keeper->kind](h, k, &why) == 0) {
		k->time = clock_now();
		k->size = h->checkpoint.size;
		k->digest = h->digest;
		k->error = NULL;
		k->alarm = false;
		say("%s: %llu records", k->keeper->name,
		    (unsigned long long)k->size);
	} else {
		k->error = pool_text(h->pool, why.text);
		k->alarm = why.kind == ERR_TAMPERED;
		(void)complain(0, "%s: %s", k->keeper->name, why.text);
		if (*status != STATUS_NO)
			*status = k->alarm ? STATUS_NO : STATUS_UNKNOWN;
	}
	return keeping_write(&h->setup->config.settings, k, err);
}

static bool
is_named(char **names, int count, const char *name)
{
	for (int i = 0; i < count; i++)
		if (strcmp(names[i], name) == 0)
			return true;
	return count == 0;
}

static int
hold_all(struct holding *h, char **names, int count)
{
	const struct settings *s = &h->setup->config.settings;
	int status = STATUS_YES, found = 0;
	struct keeping *list;
	struct err err = {0};

	keeping_read(&list, h->pool, s);
	for (size_t i = 0; i < s->held.count; i++) {
		if (!is_named(names, count, s->held.list[i].name))
			continue;
		found++;
		if (hold_one(h, &list[i], &status, &err) < 0)
			return complain(STATUS_UNKNOWN, "%s", err.text);
	}
	if (found < count)
		return complain(STATUS_USAGE,
		    "'held' in foureyes.yaml has no such place");
	return status;
}

int
daemon_hold(int argc, char **argv, const char *config)
{
	const struct option options[] = {{0}};
	struct setup s = {0};
	struct holding h = {.setup = &s, .pool = &s.pool};
	struct err err = {0};
	int count = options_read(argc, argv, options, 0, KEEPERS_MAX);
	int status;

	if (count < 0)
		return STATUS_USAGE;
	if (setup_read(&s, setup_directory(config), &err) < 0 ||
	    seal_become(&s.config.settings, true, &err) < 0 ||
	    read_newest(&h, &err) < 0)
		status = complain(err.kind == ERR_TAMPERED ? STATUS_NO
		                                           : STATUS_UNKNOWN,
		    "%s", err.text);
	else
		status = hold_all(&h, argv + 1, count);
	buf_free(&h.note);
	setup_free(&s);
	return status;
}
