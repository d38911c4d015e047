/*
 * What several rules ask of a move before they ask anything else.
 */
#include "core/rule.h"

#include "base/text.h"
#include "core/confuse.h"

const char *
shown(const char *text)
{
	return text != NULL ? text : "unknown";
}

const char *
spelled(struct pool *pool, const char *text)
{
	if (!confuse_mixed(text))
		return shown(text);
	return pool_printf(pool, "%s [mixed alphabets]",
	    confuse_spelled(pool, text));
}

const char *
either(struct pool *pool, const struct texts *texts)
{
	const char *all = texts->count > 0 ? texts->list[0] : "anybody";

	for (size_t i = 1; i < texts->count; i++)
		all = pool_printf(pool, "%s or %s", all, texts->list[i]);
	return all;
}

bool
rules_know(const struct bench *b, unsigned version)
{
	return b->update->rules == 0 || b->update->rules >= version;
}

bool
move_is_baseline(const struct bench *b)
{
	const struct policy_repository *entry;

	if (!b->update->baseline || b->update->move != MOVE_CREATE)
		return false;
	entry = policy_repository(b->policy, b->update->repository);
	return entry != NULL && entry->baseline;
}

bool
move_is_birth(const struct bench *b)
{
	const struct birth *birth = &b->update->birth;

	return b->update->move == MOVE_CREATE && birth->seq != 0 &&
	    birth->commit != NULL &&
	    texts_have(&b->gate->born_from, birth->gate);
}

bool
move_brings_nothing(const struct bench *b)
{
	return b->update->move == MOVE_RESTORE ||
	    b->update->move == MOVE_DELETE || move_is_baseline(b) ||
	    (move_is_birth(b) &&
	        text_same(b->update->birth.commit, b->update->landed));
}

bool
move_is_return(const struct bench *b)
{
	return b->update->move == MOVE_RESTORE && !b->update->gone;
}

bool
move_is_retirement(const struct bench *b)
{
	return b->update->move == MOVE_DELETE && b->gate->delete_asked &&
	    rules_know(b, RULES_LANES);
}

const struct texts *
groups_that_move(const struct bench *b)
{
	return move_is_retirement(b) ? &b->gate->delete_groups
	                             : &b->gate->landers;
}

bool
move_takes_lane(const struct bench *b)
{
	enum move move = b->update->move;

	return b->gate->lane.asked && b->update->lane.taken &&
	    (move == MOVE_FORWARD || move == MOVE_BACKWARD ||
	        move == MOVE_ASIDE);
}

const struct texts *
groups_asked(const struct bench *b)
{
	return move_takes_lane(b) ? &b->gate->lane.groups
	                          : &b->gate->approvals.groups;
}

bool
commit_is_accepted(const struct bench *b, const struct landing_commit *k)
{
	return k->place == PLACE_ACCEPTED && k->accepted_seq != 0 &&
	    texts_have(&b->gate->accepts, k->accepted_gate);
}

bool
lander_is_machine(const struct bench *b)
{
	const struct actor *who = &b->update->pusher;
	const struct person *person = people_by_id(b->people, who->person);

	return who->machine || (person != NULL && person->machine);
}

bool
lander_is_of(const struct bench *b, const char *id)
{
	return rules_know(b, RULES_LANES) &&
	    text_same(people_behind(b->people, b->update->pusher.person),
	        people_behind(b->people, id));
}

/*
 * What a person promotes was judged when it landed.  For a machine, whoever
 * asked it stands in; where nobody knows who asked, contributors bar again.
 */
bool
contributors_bar(const struct bench *b)
{
	if (b->gate->approvals.independent_of == INDEPENDENT_OF_CONTRIBUTORS)
		return true;
	return lander_is_machine(b) && b->update->promotion.asker == NULL;
}
