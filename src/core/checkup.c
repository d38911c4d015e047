#include "core/checkup.h"

#include <string.h>

#include "base/text.h"

static const struct check_kind kinds[] = {
    {"hook.there", "the hooks are there, and ours", true, false, false},
    {"hook.runs", "the hooks can be run, by nobody else's leave", true, false,
        false},
    {"hook.ours", "the hooks run this program with this configuration", true,
        false, false},
    {"hook.path", "git looks for hooks where ours are", true, false, false},
    {"hook.options", "git hands push options to the hooks", false, false,
        false},
    {"git.settings", "nothing in the repository weakens the gate", false, false,
        false},
    {"git.format", "git keeps the repository in a way that can be judged", true,
        false, false},
    {"repository.known", "the repository can be read, and an entry fits", true,
        false, false},
    {"repository.there", "the repository is where the ledger knows it", true,
        false, false},
    {"repository.baseline", "each gated ref has a baseline", true, false,
        false},
    {"pusher.known", "the server tells the hooks who pushes", true, false,
        false},
    {"gate.peer", "somebody else's approval is needed to land", true, false,
        false},
    {"gate.enforced", "what is refused does not land", true, false, false},
    {"gate.approvers", "somebody is in force who may approve", false, false,
        false},
    {"program.same", "the program is the one that was accepted", true, false,
        true},
    {"config.sound", "policy, people and settings are sound", true, false,
        false},
    {"config.policy", "the policy is the one that was applied", true, false,
        true},
    {"config.people", "people are those that were applied", true, false, true},
    {"config.settings", "the settings are those that were applied", true, false,
        true},
    {"config.places", "files and directories have their owners and modes", true,
        false, false},
    {"config.administrators", "somebody may put things in order", false, false,
        false},
    {"ledger.writable", "records can be written", true, false, false},
    {"ledger.shared", "the database of a shared ledger keeps it safely", true,
        false, false},
    {"ledger.room", "there is room for records", true, false, false},
    {"ledger.whole", "records since the checkpoint follow one another", true,
        false, false},
    {"ledger.sealed", "the checkpoint is fresh and fits the ledger", true,
        false, false},
    {"ledger.held", "checkpoints are held elsewhere", true, false, false},
    {"clock.sane", "the clock does not stand before the ledger's time", true,
        false, false},
    {"due.review", "reviews that are owed are not overdue", true, false, false},
    {"due.reading", "somebody signed that the log was read", false, false,
        false},
    {"due.access", "somebody signed in time for who may do what", false, false,
        false},
    {"config.landed", "policy and people that landed as code are in force",
        true, false, false},
    {"source.heard", "the source still sends", true, true, false},
    {"source.secret", "the source's secrets are there and closed", true, true,
        false},
    {"source.asked", "the source can be asked what it does not tell", false,
        true, false},
    {"alert.told", "who is to be told is told in time", false, true, false},
    {"daemon.answers", "foureyesd answers on its socket", true, false, false},
    {"forge.protection", "the forge protects the ref as the policy needs", true,
        true, false},
    {"forge.webhook", "the forge's webhook sends all that is needed", true,
        true, false},
    {"git.version", "git has the hooks that are needed", false, false, false},
    {"watch.self-test", "a push that must be refused is refused", true, false,
        false},
};

const struct check_kind *
check_kind_at(size_t number)
{
	return number < sizeof(kinds) / sizeof(kinds[0]) ? &kinds[number]
	                                                 : NULL;
}

const struct check_kind *
check_kind(const char *id)
{
	const struct check_kind *kind;

	for (size_t i = 0; (kind = check_kind_at(i)) != NULL; i++)
		if (text_same(kind->id, id))
			return kind;
	return NULL;
}

static const char *const words[] = {"none", "pass", "fail", "unknown", "gone"};

const char *
check_state_word(enum check_state state)
{
	return words[state];
}

enum check_state
check_state_of(const char *word)
{
	for (size_t i = CHECK_PASS; i <= CHECK_GONE; i++)
		if (text_same(words[i], word))
			return (enum check_state)i;
	return CHECK_NONE;
}

static struct json
begin(struct buf *out, const char *type, const struct check_change *c)
{
	struct json j = record_begin(out, type);

	json_key_text(&j, "check", c->check);
	record_key_some(&j, "repository", c->repository);
	json_key_text(&j, "subject", c->subject);
	return j;
}

void
record_checked(struct buf *out, const struct check_change *c)
{
	const struct check_kind *kind = check_kind(c->check);
	struct json j = begin(out, "drift", c);

	json_key_text(&j, "state", check_state_word(c->state));
	if (c->was != CHECK_NONE)
		json_key_text(&j, "was", check_state_word(c->was));
	json_key_bool(&j, "severe", kind != NULL && kind->severe);
	if (c->text != NULL)
		record_key_long(&j, "text", c->text);
	record_key_some(&j, "value", c->value);
	record_key_some(&j, "value_was", c->value_was);
	json_key_text(&j, "witness", c->witness);
	record_key_some(&j, "node", c->node);
	if (c->since != 0)
		json_key_instant(&j, "since", c->since);
	if (c->since_record != 0)
		json_key_number(&j, "since_record", (int64_t)c->since_record);
	record_key_by(&j, &c->by);
	json_close(&j);
}

void
record_accepted(struct buf *out, const struct check_change *c,
    const char *reason, uint64_t drift)
{
	struct json j = begin(out, "explained", c);

	record_key_some(&j, "value", c->value);
	if (drift != 0)
		json_key_number(&j, "drift", (int64_t)drift);
	record_key_long(&j, "reason", reason);
	record_key_some(&j, "node", c->node);
	record_key_by(&j, &c->by);
	json_close(&j);
}
