/*
 * look - a hook that misses facts asks foureyesd to look again.
 *
 * Only where a push would be refused for what a forge may have been told
 * (approvals, tests, deployments, a request's text), and `receiver.socket` is
 * set and a source has an `api`.  One question over the Unix socket, within a
 * share of the hook's own deadline; what is learnt from it stands in the
 * ledger, and the push is judged again from there.  foureyesd down, slow or
 * gone in the middle: what was not known stays so.
 */
#ifndef APP_LOOK_H
#define APP_LOOK_H

#include "app/gate.h"
#include "core/look.h"

#define LOOK_ASK_MAX 2500 /* ms to wait, at most */
#define LOOK_ASK_MIN 100  /* with less it is not asked */
#define LOOK_SAID_MAX 8   /* commits that it is asked about */

/*
 * One question and its answer.  ERR_UNREACHABLE and ERR_INPUT say why there is
 * none.
 */
int look_ask(struct look_said *out, struct pool *pool, const char *socket,
    const char *body, size_t len, int64_t ms, struct err *err) must_check;

/*
 * Once a push: was something stored, so that it is to be judged again?  What
 * kept foureyesd or a forge from answering is left in `p->unasked`.
 */
bool look_again(struct push *p, const struct gate_answer *answer);

#endif
