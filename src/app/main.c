/*
 * foureyes - the table of commands.
 *
 * A hook goes to cmd_hook() before anything else is looked at, so that it costs
 * what it costs and nothing more.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "app/cmd.h"
#include "app/say.h"
#include "app/version.h"

static const struct command {
	const char *name;
	cmd_fn *run;
	const char *words;
	const char *purpose;
} commands[] = {
    {"init", cmd_init,
        "[--hook-user USER] [--root DIR] [--kind http|ssh|local] "
        "[--origin NAME] [DIR]",
        "a commented policy, people file, settings, empty ledger, sealing "
        "key"},
    {"check", cmd_check, "[--json]",
        "are policy, people, settings sound; what is in force"},
    {"compile", cmd_compile, "",
        "leave the configuration as hooks take it quickest"},
    {"apply", cmd_apply, "[--as NAME] FILE | --landed",
        "check a policy, people or settings file and put it in place"},
    {"people", cmd_people,
        "import --kind ldif|github|gitlab|allowed_signers|authorized_keys|"
        "keydir\n"
        "           [--source NAME] [--group NAME]... [--by-id] "
        "[--expire-missing] [--out FILE] FILE|DIR...",
        "people.yaml from a list that somebody else keeps"},
    {"install", cmd_install,
        "[--server KIND] [--hooks-dir DIR] [--program PATH] [--vref]\n"
        "           [--all | REPO...]",
        "put the hooks in; those that are there keep running"},
    {"uninstall", cmd_uninstall,
        "[--server KIND] [--hooks-dir DIR] [--vref] [--all | REPO...]",
        "take the hooks out, and put back what was there"},
    {"adopt", cmd_adopt,
        "[--dry-run] [--reason TEXT] [--ref GLOB] (--all | REPO... | REPO REF)\n"
        "           --was NAME [--reason TEXT] REPO",
        "take gated refs as they are as their baseline"},
    {"account", cmd_account, "REPO REF --reason TEXT",
        "explain a movement that drift found"},
    {"recover", cmd_recover, "--reason TEXT",
        "go on with a ledger that ends before its checkpoint"},
    {"doctor", cmd_doctor, "[--json] [REPO...]",
        "is enforcement really on, here, now"},
    {"watch", cmd_watch,
        "--once | --self-test [--json]\n"
        "           --accept CHECK [--subject SUBJECT] --reason TEXT",
        "write down what guards stand otherwise than before"},
    {"due", cmd_due, "[--json]", "reviews that are owed"},
    {"drill", cmd_drill,
        "[--incident ID] [--json] REPO REF COMMIT --reason TEXT",
        "walk the emergency lane to its end without moving a ref"},
    {"explain", cmd_explain, "[--as PERSON] [--json] REPO OLD NEW REF",
        "what would be decided, and why; nothing is recorded"},
    {"log", cmd_log,
        "[--repository NAME] [--ref REF] [--type TYPE] [--newest N] [--json]",
        "the records of the ledger, newest last"},
    {"show", cmd_show, "[--json] RECORD|COMMIT",
        "one record, or all that name a commit"},
    {"ledger", cmd_ledger, "export DIR | import DIR",
        "the whole log to another place, or from one, byte for byte"},
    {"verify", cmd_verify,
        "[--chain] [--checkpoint FILE] [--key FILE] [--memory FILE]\n"
        "           [--json] [DIR]\n"
        "           --proof FILE [--key FILE]",
        "is the ledger unaltered, uncut, complete"},
    {"replay", cmd_replay, "[--newer] [--ledger DIR] [--json] [SEQ | --all]",
        "judge every decision again from its own record"},
    {"digest", cmd_digest,
        "[--from DAY] [--to DAY] [--until-seq N] [--html FILE]\n"
        "           [--statement [--remarks TEXT]]\n"
        "           --signed STATEMENT SIGNATURE",
        "what the log says of a week, on one page, and who signed for it"},
    {"access", cmd_access,
        "[--from DAY] [--until-seq N] [--staff FILE]\n"
        "           [--statement [--remarks TEXT]]\n"
        "           --signed STATEMENT SIGNATURE",
        "who may do what, what changed, what nobody uses, and who signed"},
    {"seal", cmd_seal, "[--here] [--accept-recovered N] [--json]",
        "make the next checkpoint, as the user who holds the key"},
    {"rekey", cmd_rekey, "[--report]",
        "a new sealing key, or the report key, introduced in the ledger"},
    {"tidy", cmd_tidy, "[--dry-run] [REPO...]",
        "take out evidence refs that the ledger holds since 30 days"},
    {"prove", cmd_prove,
        "[--checkpoint FILE] [--out FILE] (SEQ | --consistency RECORDS)",
        "a record, or the ledger's growth, with what proves it"},
    {"reconcile", cmd_reconcile, "[--dry-run] [--decisions] [--json] [REPO...]",
        "compare every gated ref with the ledger"},
    {"report", cmd_report,
        "(--from DAY --to DAY | --as-of DAY) --out DIR\n"
        "           [--repository NAME]... [--gate NAME]... [--until-seq N]\n"
        "           [--sample N --seed WORD] [--findings]\n"
        "           (--from DAY --to DAY | --as-of DAY)\n"
        "           --table changes|attributes [--repository NAME]...\n"
        "           [--gate NAME]... [--until-seq N]",
        "the auditor's pack: every change of a period, with its evidence"},
    {"retain", cmd_retain,
        "[--json]\n           --statement | --resume\n"
        "           --prune STATEMENT SIGNATURE SIGNATURE",
        "what of the ledger may go, and taking it away"},
    {"audit", cmd_audit,
        "REPO [--since DAY] [--policy FILE] [--people FILE] [--ref REF]\n"
        "           [--repository NAME] [--out DIR] [--json]",
        "how an existing history would have fared; nothing is enforced"},
    {"policy-doc", cmd_policy_doc, "[--as-of DAY]",
        "the Change Management Policy that is in force, as Markdown"},
    {"approve", cmd_approve,
        "--for REF [--repository NAME] [--remote NAME] [-m TEXT] [--yes|-y]\n"
        "           [--emergency INCIDENT --reason TEXT] [COMMIT]",
        "approve a commit for a ref, with a signed tag"},
    {"object", cmd_approve,
        "--for REF [--repository NAME] [--remote NAME] [-m TEXT] [--yes|-y] "
        "[COMMIT]",
        "object to a commit"},
    {"withdraw", cmd_approve,
        "--for REF [--repository NAME] [--remote NAME] [-m TEXT] [--yes|-y] "
        "[COMMIT]",
        "take back an approval or an objection"},
    {"deployed", cmd_deployed,
        "ENVIRONMENT COMMIT --result success|failure [--repository NAME]\n"
        "           [--remote NAME] [-m TEXT]",
        "tell of a deployment, with a signed tag"},
    {"rollback", cmd_rollback, "REF COMMIT --reason TEXT [--remote NAME]",
        "make the commit that goes back to what was live"},
    {"hook", cmd_hook, "NAME", "what the files in hooks/ run"},
    {"hook-file", cmd_hook, "FILE",
        "what the kernel runs for a file in hooks/"},
    {"judge", cmd_judge, "[--host NAME] [--account LOGIN]",
        "what foureyesd starts for a push that a hook hands over"},
};

static const struct command *
find(const char *name)
{
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		if (strcmp(commands[i].name, name) == 0)
			return &commands[i];
	return NULL;
}

static int
help_one(const struct command *c)
{
	(void)printf("usage: foureyes [--config DIR] %s %s\n%s\n", c->name,
	    c->words, c->purpose);
	return STATUS_YES;
}

static int
help(FILE *out, int status)
{
	(void)fputs("usage: foureyes [--config DIR] COMMAND [WORD...]\n"
	            "       foureyes help [COMMAND]\n"
	            "       foureyes --version\n\n",
	    out);
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		(void)fprintf(out, "  %-10s %s\n", commands[i].name,
		    commands[i].purpose);
	return status;
}

static int
help_about(int argc, char **argv)
{
	const struct command *c;

	if (argc < 2)
		return help(stdout, STATUS_YES);
	c = find(argv[1]);
	if (c == NULL)
		return complain(STATUS_USAGE,
		    "no command '%s'; 'foureyes help' lists them", argv[1]);
	return help_one(c);
}

static int
run(int argc, char **argv)
{
	const char *config = NULL;
	const struct command *c;

	if (argc >= 2 && strcmp(argv[1], "--config") == 0) {
		if (argc < 3 || argv[2][0] == '\0')
			return complain(STATUS_USAGE,
			    "--config needs a directory");
		config = argv[2];
		argc -= 2;
		argv += 2;
	}
	if (argc < 2)
		return help(stderr, STATUS_USAGE);
	argc--;
	argv++;
	if (strcmp(argv[0], "--version") == 0) {
		say("foureyes %s", FOUREYES_VERSION);
		return STATUS_YES;
	}
	if (strcmp(argv[0], "help") == 0 || strcmp(argv[0], "--help") == 0 ||
	    strcmp(argv[0], "-h") == 0)
		return help_about(argc, argv);
	c = find(argv[0]);
	if (c == NULL)
		return complain(STATUS_USAGE,
		    "no command '%s'; 'foureyes help' lists them", argv[0]);
	if (argc == 2 && strcmp(argv[1], "--help") == 0)
		return help_one(c);
	return c->run(argc, argv, config);
}

/* With 0, 1 or 2 closed, the ledger could become somebody's standard error. */
static void
open_standard_files(void)
{
	for (int fd = 0; fd < 3; fd++)
		if (fcntl(fd, F_GETFD) < 0 && errno == EBADF &&
		    open("/dev/null", fd == 0 ? O_RDONLY : O_WRONLY) != fd)
			_exit(STATUS_UNKNOWN);
}

int
main(int argc, char **argv)
{
	int status;

	open_standard_files();
	if (argc >= 2 &&
	    (strcmp(argv[1], "hook") == 0 || strcmp(argv[1], "hook-file") == 0))
		return cmd_hook(argc - 1, argv + 1, NULL);
	status = run(argc, argv);
	if (fflush(stdout) != 0 || ferror(stdout))
		return complain(STATUS_UNKNOWN,
		    "the answer could not be written to standard output");
	return status;
}
