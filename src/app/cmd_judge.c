/*
 * foureyes judge [--host NAME] [--account LOGIN]: what foureyesd starts for a
 * push that a hook handed over.  Speaks app/judging.h on standard input, which
 * is a socket.
 */
#include "app/cmd.h"

#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "app/handover.h"
#include "app/judging.h"
#include "app/options.h"
#include "app/watchdog.h"
#include "edge/repo_afar.h"

#define WIRE_FD STDIN_FILENO
#define MEMORY_MAX ((rlim_t)4 << 30)

struct judging {
	struct setup setup;
	struct handed handed;
	struct repo_afar afar;
	struct buf given; /* what was said last */
};

/* The hook is gone, or says what cannot be: nobody waits for a decision. */
static void
give_up(const struct err *err)
{
	(void)complain(STATUS_UNKNOWN, "judge: %s", err->text);
	_exit(STATUS_UNKNOWN);
}

static int
keep(struct repo *r, const struct parcel_object *o, struct err *err)
{
	struct repo_lent lent = {.kind = (enum repo_kind)o->kind,
	    .fresh = (o->flags & PARCEL_IS_FRESH) != 0,
	    .settled = (o->flags & PARCEL_IS_SETTLED) != 0,
	    .len = o->len,
	    .data = o->data};

	memcpy(lent.id, o->id, sizeof(lent.id));
	if (lent.kind > REPO_TAG)
		return err_set(err, ERR_INPUT,
		    "an object of no known kind was handed over");
	return repo_afar_keep(r, &lent, err);
}

static int
keep_all(struct repo *r, const struct buf *parcel, const unsigned char id[20],
    struct err *err)
{
	struct parcel_part part;
	struct parcel_object o;
	struct wire at;
	bool came = false;
	int got;

	if (parcel_open(&at, parcel->data, parcel->len, err) < 0)
		return -1;
	while ((got = parcel_next(&at, &part, err)) > 0) {
		if (part.kind != PARCEL_OBJECT)
			return err_set(err, ERR_INPUT,
			    "something else than objects was handed over");
		if (parcel_object(&part, &o, err) < 0 || keep(r, &o, err) < 0)
			return -1;
		came = came || memcmp(o.id, id, sizeof(o.id)) == 0;
	}
	if (got == 0 && !came)
		return err_set(err, ERR_INPUT,
		    "another object was handed over than was asked for");
	return got;
}

static void
ask(void *ctx, struct repo *r, const unsigned char id[20], bool whole)
{
	struct judging *j = ctx;
	unsigned char need[1 + PARCEL_ID_SIZE] = {whole ? 1 : 0};
	enum judging_kind kind;
	struct buf parcel = {0};
	struct err err = {0};

	memcpy(need + 1, id, PARCEL_ID_SIZE);
	parcel_begin(&parcel);
	parcel_add(&parcel, PARCEL_NEED, need, sizeof(need));
	if (judging_write(WIRE_FD, JUDGING_NEED, parcel.data, parcel.len,
	        &err) < 0 ||
	    judging_read(WIRE_FD, &kind, &j->given, &err) < 0 ||
	    keep_all(r, &j->given, id, &err) < 0)
		give_up(&err);
	buf_free(&parcel);
}

static void
place(struct judging *j)
{
	const struct handed *h = &j->handed;

	j->afar = (struct repo_afar){.path = h->path,
	    .quarantined = (h->place & PARCEL_IS_QUARANTINED) != 0,
	    .shallow = (h->place & PARCEL_IS_SHALLOW) != 0,
	    .cut = (h->place & PARCEL_IS_CUT) != 0,
	    .grafted = (h->place & PARCEL_IS_GRAFTED) != 0,
	    .packed = h->packed,
	    .packed_len = h->packed_len,
	    .symbolic = h->symbolic,
	    .written = h->written,
	    .ask = ask,
	    .ctx = j};
}

/* What came unasked is taken in once the repository is open. */
static int
open_afar(struct judging *j, struct push *p, struct err *err)
{
	if (repo_open_afar(&p->repo, &j->afar, err) < 0)
		return -1;
	for (size_t i = 0; i < j->handed.object_count; i++)
		if (keep(p->repo, &j->handed.objects[i], err) < 0)
			return -1;
	return 0;
}

/* No push: would one be judged, and recorded? */
static void
answer_probe(struct judging *j, struct buf *answer)
{
	struct err err = {0};
	unsigned char status = 0;

	if (setup_log(&j->setup, LEDGER_READ, &err) < 0)
		status = 1;
	parcel_begin(answer);
	parcel_text(answer, PARCEL_TEXT, err.text);
	parcel_add(answer, PARCEL_STATUS, &status, 1);
}

static void
judge_push(struct judging *j, struct buf *answer)
{
	struct hook hook = {.name = j->handed.hook,
	    .input = j->handed.input,
	    .input_len = j->handed.input_len};
	struct push p = {.handed = &j->handed};
	struct buf text = {0};
	struct err err = {0};
	unsigned char status = 1;

	if (open_afar(j, &p, &err) < 0)
		give_up(&err);
	if (j->setup.is_witness) {
		hook_witness(&hook, &j->setup, &p, &text);
		status = 0;
	} else {
		status =
		    (unsigned char)hook_decide(&hook, &j->setup, &p, &text);
	}
	parcel_begin(answer);
	parcel_add(answer, PARCEL_TEXT, buf_text(&text), text.len);
	parcel_add(answer, PARCEL_STATUS, &status, 1);
	buf_free(&text);
	repo_close(p.repo);
}

/* No later than the hook can wait. */
static void
set_deadline(struct judging *j)
{
	int64_t *deadline = &j->setup.config.settings.deadline;

	if (j->handed.deadline > 0 && j->handed.deadline < *deadline)
		*deadline = j->handed.deadline;
	watchdog_start(*deadline + WATCHDOG_GRACE);
}

static bool
is_hook(const char *name)
{
	return strcmp(name, "pre-receive") == 0 ||
	    strcmp(name, "post-receive") == 0 ||
	    strcmp(name, "reference-transaction") == 0 ||
	    strcmp(name, HANDOVER_PROBE) == 0;
}

/* A host's own doors: what others' variables say is nothing there. */
static int
use_doors(struct setup *s, const char *name, struct err *err)
{
	struct settings *settings = &s->config.settings;

	for (size_t i = 0; i < settings->host_count; i++) {
		const struct host *h = &settings->hosts[i];

		if (strcmp(h->name, name) != 0)
			continue;
		if (h->door_count > 0) {
			settings->doors = h->doors;
			settings->door_count = h->door_count;
		}
		settings->host_count = 0;
		return 0;
	}
	return err_set(err, ERR_CONFIG, "foureyes.yaml has no host '%s'", name);
}

static int
take_given(struct judging *j, struct err *err)
{
	enum judging_kind kind;

	if (judging_read(WIRE_FD, &kind, &j->given, err) < 0)
		return -1;
	if (kind != JUDGING_GIVEN)
		return err_set(err, ERR_INPUT, "nothing was handed over");
	/* The objects stay in what was said first. */
	return handed_read(&j->handed, &j->setup.pool,
	    pool_copy(&j->setup.pool, j->given.data, j->given.len),
	    j->given.len, err);
}

/* Whatever was handed over: no more of this machine than that. */
static void
bound_ourselves(void)
{
	static const struct rlimit memory = {MEMORY_MAX, MEMORY_MAX}, none;

	(void)setrlimit(RLIMIT_CORE, &none);
#if defined __OPTIMIZE__ && !defined __SANITIZE_ADDRESS__
	(void)setrlimit(RLIMIT_AS, &memory);
#else
	(void)memory;
#endif
}

static int
run(struct judging *j, const char *config, const char *host,
    const char *account, struct err *err)
{
	struct setup *s = &j->setup;
	struct buf answer = {0};
	int ret;

	if (take_given(j, err) < 0)
		return -1;
	if (!is_hook(j->handed.hook))
		return err_set(err, ERR_INPUT, "foureyes has no such hook");
	j->handed.account = account;
	j->handed.host = host;
	s->is_hook = true;
	s->is_witness = strcmp(j->handed.hook, "pre-receive") != 0;
	if (setup_read(s, setup_directory(config), err) < 0)
		return -1;
	if (host != NULL && use_doors(s, host, err) < 0)
		return -1;
	set_deadline(j);
	place(j);
	if (strcmp(j->handed.hook, HANDOVER_PROBE) == 0)
		answer_probe(j, &answer);
	else
		judge_push(j, &answer);
	ret = judging_write(WIRE_FD, JUDGING_ANSWER, answer.data, answer.len,
	    err);
	buf_free(&answer);
	return ret;
}

int
cmd_judge(int argc, char **argv, const char *config)
{
	const char *host = NULL, *account = NULL;
	const struct option options[] = {{.name = "--host", .value = &host},
	    {.name = "--account", .value = &account}, {0}};
	struct judging j = {0};
	struct err err = {0};
	int ret = STATUS_YES;

	(void)signal(SIGPIPE, SIG_IGN);
	if (options_read(argc, argv, options, 0, 0) < 0)
		return STATUS_USAGE;
	bound_ourselves();
	if (run(&j, config, host, account, &err) < 0)
		ret = complain(STATUS_UNKNOWN, "judge: %s", err.text);
	buf_free(&j.given);
	setup_free(&j.setup);
	return ret;
}
