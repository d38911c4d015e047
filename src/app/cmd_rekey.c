/*
 * rekey: a new sealing key, or a report key, introduced by the sealing key.
 *
 * The sealing key lies in a directory that its owner may not write to, so the
 * files are root's work (or the owner's, where everything is one user's), and
 * the ledger's is the owner's.  At each moment the key in its place is whole,
 * and `foureyes seal` goes on from wherever this was stopped.
 */
#include "app/cmd.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/key_chain.h"
#include "app/node.h"
#include "app/options.h"
#include "app/say.h"
#include "app/sealing.h"
#include "edge/seal_report.h"

struct rekey {
	struct setup setup;
	const char *path, *old, *new; /* of the sealing key */
	struct sealed sealed;
};

static int
own_as(const char *path, const char *other, struct err *err)
{
	struct stat st;

	if (lstat(other, &st) < 0)
		return err_errno(err, "'%s'", other);
	if (geteuid() == 0 && lchown(path, st.st_uid, st.st_gid) < 0)
		return err_errno(err, "'%s'", path);
	return 0;
}

/* The new one in the old one's place, which stays beside it for a moment. */
static int
change_files(struct rekey *r, struct err *err)
{
	struct stat st;

	if (lstat(r->old, &st) == 0)
		return 0; /* a change that was stopped: seal goes on with it */
	(void)unlink(r->new);
	if (seal_make(r->new, err) < 0 || own_as(r->new, r->path, err) < 0)
		return -1;
	if (link(r->path, r->old) < 0)
		return err_errno(err, "'%s'", r->old);
	if (rename(r->new, r->path) < 0)
		return err_errno(err, "'%s'", r->path);
	return 0;
}

/* As who seals; root again behind it. */
static int
seal_as_owner(struct rekey *r, struct err *err)
{
	struct err other = {0};
	int ret = seal_become(&r->setup.config.settings, false, err);

	if (ret == 0)
		ret = seal_next(&r->sealed, &r->setup, err);
	if (seal_root(ret < 0 ? &other : err) < 0)
		return -1;
	return ret;
}

static int
new_seal(struct rekey *r, struct err *err)
{
	struct stat st;

	/* What is there must be in order before anything is changed. */
	if (lstat(r->old, &st) < 0 && seal_as_owner(r, err) < 0)
		return -1;
	if (change_files(r, err) < 0 || seal_as_owner(r, err) < 0)
		return -1;
	if (unlink(r->old) < 0)
		return err_errno(err, "'%s'", r->old);
	return 0;
}

static int
add_report_record(struct rekey *r, const char *fingerprint, const char *pem,
    struct err *err)
{
	const struct settings *s = &r->setup.config.settings;
	const struct by by = setup_by(&r->setup);
	struct ledger *ledger = NULL;
	struct seal *seal = NULL;
	struct buf body = {0};
	int ret = -1;

	if (seal_open(&seal, r->path, err) == 0 &&
	    key_chain_introduce(&body, seal, s->origin, KEY_REPORT, fingerprint,
	        pem, &by, err) == 0 &&
	    node_ledger(&ledger, s, LEDGER_APPEND, err) == 0)
		ret = ledger_append(ledger,
		    &(struct ledger_body){body.data, body.len}, 1, r->setup.now,
		    NULL, err);
	ledger_close(ledger);
	seal_close(seal);
	buf_free(&body);
	return ret;
}

/* Does the ledger know the one that is there? */
static int
is_known(struct rekey *r, const char *fingerprint, bool *known, struct err *err)
{
	struct key_chain chain = {.pool = &r->setup.pool};
	struct ledger *ledger = NULL;
	int ret = -1;

	if (node_ledger_now(&ledger, &r->setup.config.settings, LEDGER_READ,
	        err) == 0)
		ret = key_chain_of(&chain, ledger, err);
	ledger_close(ledger);
	*known = false;
	for (size_t i = 0; i < chain.report_count; i++)
		if (strcmp(chain.reports[i].fingerprint, fingerprint) == 0)
			*known = true;
	return ret;
}

static int
read_report(const char *path, struct buf *pem,
    char fingerprint[SEAL_FINGERPRINT_SIZE], struct err *err)
{
	struct seal_report *key;
	int ret;

	if (seal_report_open(&key, path, err) < 0)
		return -1;
	ret = seal_report_public(key, pem, fingerprint, err);
	seal_report_close(key);
	return ret;
}

/* One that is there and not known is introduced; else a new one is made. */
static int
choose_report(struct rekey *r, struct buf *pem,
    char fingerprint[SEAL_FINGERPRINT_SIZE], struct err *err)
{
	const char *path = r->setup.config.settings.report_key;
	const char *new = pool_printf(&r->setup.pool, "%s.new", path);
	struct stat st;
	bool known = false;

	if (lstat(path, &st) == 0) {
		if (read_report(path, pem, fingerprint, err) < 0 ||
		    is_known(r, fingerprint, &known, err) < 0)
			return -1;
		if (!known)
			return 0;
	}
	buf_clear(pem);
	(void)unlink(new);
	if (seal_report_make(new, err) < 0 ||
	    (known && own_as(new, path, err) < 0) ||
	    read_report(new, pem, fingerprint, err) < 0)
		return -1;
	if (rename(new, path) < 0)
		return err_errno(err, "'%s'", path);
	return 0;
}

static int
new_report(struct rekey *r, char fingerprint[SEAL_FINGERPRINT_SIZE],
    struct err *err)
{
	const struct settings *s = &r->setup.config.settings;
	struct err other = {0};
	struct buf pem = {0};
	int ret = -1;

	if (s->report_key == NULL)
		return err_set(err, ERR_CONFIG,
		    "foureyes.yaml names no report_key");
	if (choose_report(r, &pem, fingerprint, err) == 0 &&
	    seal_become(s, false, err) == 0) {
		ret = add_report_record(r, fingerprint, buf_text(&pem), err);
		if (seal_root(ret < 0 ? &other : err) < 0)
			ret = -1;
	}
	buf_free(&pem);
	return ret < 0 ? -1 : seal_as_owner(r, err);
}

static int
fingerprint_of(char out[SEAL_FINGERPRINT_SIZE], const char *path,
    struct err *err)
{
	struct seal_public public;
	struct seal *seal;

	if (seal_open(&seal, path, err) < 0)
		return -1;
	seal_public(&public, seal);
	seal_close(seal);
	seal_fingerprint(out, &public);
	return 0;
}

static int
run(struct rekey *r, bool report, struct err *err)
{
	const struct settings *s = &r->setup.config.settings;
	char fingerprint[SEAL_FINGERPRINT_SIZE];
	struct pool *pool = &r->setup.pool;

	if (s->ledger == NULL || s->seal_key == NULL)
		return err_set(err, ERR_CONFIG,
		    "no ledger is kept here, or foureyes.yaml names no "
		    "seal_key");
	r->path = s->seal_key;
	r->old = pool_printf(pool, "%s" SEAL_OLD_KEY, s->seal_key);
	r->new = pool_printf(pool, "%s.new", s->seal_key);
	if (report) {
		if (new_report(r, fingerprint, err) < 0)
			return -1;
	} else if (new_seal(r, err) < 0 || seal_become(s, true, err) < 0 ||
	    fingerprint_of(fingerprint, s->seal_key, err) < 0) {
		return -1;
	}
	say("%s key %s", report ? "report" : "sealing", fingerprint);
	say("introduced by the sealing key, in the ledger of now %llu records%s",
	    (unsigned long long)r->sealed.checkpoint.size,
	    report ? "" : "; the checkpoint has both signatures");
	if (!report)
		say("publish that fingerprint beside the old one%s%s",
		    s->published != NULL ? ": " : "",
		    s->published != NULL ? s->published : "");
	return 0;
}

int
cmd_rekey(int argc, char **argv, const char *config)
{
	struct rekey r = {0};
	struct err err = {0};
	bool report = false;
	const struct option options[] = {
	    {.name = "--report", .given = &report},
	    {0},
	};
	int status = STATUS_YES;

	if (options_read(argc, argv, options, 0, 0) < 0)
		return STATUS_USAGE;
	if (setup_read(&r.setup, setup_directory(config), &err) < 0 ||
	    run(&r, report, &err) < 0)
		status = complain(err.kind == ERR_TAMPERED ? STATUS_NO
		                                           : STATUS_UNKNOWN,
		    "%s", err.text);
	setup_free(&r.setup);
	return status;
}
