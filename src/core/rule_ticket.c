/*
 * Control: the change names its ticket, where the gate asks for one.
 *
 * A `Ticket:` trailer or the subject of a commit of the change holds something
 * that fits the gate's pattern.  The number is a claim; nobody asks a tracker.
 */
#include "core/rule.h"

void
rule_ticket(struct bench *b, const struct change *c)
{
	static const char control[] = "ticket";

	if (b->gate->ticket == NULL || move_brings_nothing(b) ||
	    move_takes_lane(b))
		finding_add(b, c, control, NOT_ASKED, "ticket.not-asked",
		    "no ticket is asked for");
	else if (c->ticket_fits == TRI_UNKNOWN)
		finding_add(b, c, control, UNDECIDED, "ticket.unknown",
		    "whether a ticket is named could not be read");
	else if (c->ticket_fits == TRI_NO)
		finding_add(b, c, control, UNMET, "ticket.missing",
		    "no ticket like %s in a 'Ticket:' trailer or a subject",
		    b->gate->ticket);
	else
		finding_add(b, c, control, MET, "ticket.named",
		    "ticket %s is named", shown(c->ticket));
}
