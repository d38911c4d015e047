/* prove: one record, or that the ledger only grew, as a file to hand over. */
#include "app/cmd.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "app/checkpoints.h"
#include "app/files.h"
#include "app/node.h"
#include "app/options.h"
#include "app/proving.h"
#include "app/setup.h"
#include "core/note.h"

struct prove {
	const char *checkpoint, *out, *old;
	uint64_t seq;
};

static int
read_number(uint64_t *number, const char *word, struct err *err)
{
	char *end = NULL;

	errno = 0;
	*number = strtoull(word, &end, 10);
	if (errno != 0 || word[0] < '1' || word[0] > '9' || *end != '\0')
		return err_set(err, ERR_INPUT, "'%s' is no number of a record",
		    word);
	return 0;
}

static int
make(struct buf *proof, struct setup *s, const struct prove *p, struct err *err)
{
	const char *ledger_path = s->config.settings.ledger;
	struct ledger *ledger = NULL;
	struct buf note = {0};
	int ret = -1;

	if (ledger_path == NULL)
		return err_set(err, ERR_CONFIG, "no ledger is kept here");
	if (file_read_plain(&note,
	        p->checkpoint != NULL
	            ? p->checkpoint
	            : pool_printf(&s->pool, "%s/" CHECKPOINT_FILE, ledger_path),
	        NOTE_SIZE_MAX, NULL, err) == 0 &&
	    node_ledger_now(&ledger, &s->config.settings, LEDGER_READ, err) ==
	        0)
		ret = proof_make(proof, ledger, &note, p->seq, p->old != NULL,
		    err);
	ledger_close(ledger);
	buf_free(&note);
	return ret;
}

static int
hand_over(const struct buf *proof, const char *path, struct err *err)
{
	if (path != NULL)
		return file_write(path, proof->data, proof->len, 0644, false,
		    err);
	(void)fwrite(proof->data, 1, proof->len, stdout);
	return 0;
}

int
cmd_prove(int argc, char **argv, const char *config)
{
	struct prove p = {0};
	struct setup s = {0};
	struct buf proof = {0};
	struct err err = {0};
	const struct option options[] = {
	    {.name = "--checkpoint", .value = &p.checkpoint},
	    {.name = "--out", .value = &p.out},
	    {.name = "--consistency", .value = &p.old},
	    {0},
	};
	int count = options_read(argc, argv, options, 0, 1);
	int status = STATUS_YES;

	if (count < 0)
		return STATUS_USAGE;
	if ((count == 1) == (p.old != NULL))
		return complain(STATUS_USAGE,
		    "prove: name a record, or --consistency RECORDS");
	if (read_number(&p.seq, count == 1 ? argv[1] : p.old, &err) < 0)
		return complain_err(&err);
	if (setup_read(&s, setup_directory(config), &err) < 0 ||
	    make(&proof, &s, &p, &err) < 0 ||
	    hand_over(&proof, p.out, &err) < 0)
		status = err.kind == ERR_TAMPERED
		    ? complain(STATUS_NO, "%s", err.text)
		    : complain_err(&err);
	buf_free(&proof);
	setup_free(&s);
	return status;
}
