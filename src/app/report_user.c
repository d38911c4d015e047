/*
 * As root: the log and the repositories are looked at as the hook user, so that
 * no file of them becomes root's; the pack is root's.
 */
#include <grp.h>
#include <unistd.h>

#include "app/report_inside.h"
#include "app/sealing.h"

int
report_become(struct making *m, struct err *err)
{
	struct hook_user *who = &m->hook_user;

	if (getuid() != 0)
		return 0;
	if (!who->known && setup_hook_user(m->report.s, who, err) < 0)
		return -1;
	if (!who->known || who->uid == 0)
		return 0;
	if ((who->login != NULL ? initgroups(who->login, who->gid)
	                        : setgroups(0, NULL)) < 0 ||
	    setegid(who->gid) < 0 || seteuid(who->uid) < 0)
		return err_errno(err, "cannot become the hook user");
	return 0;
}

/* What is written from now on is theirs, until report_root(). */
int
report_hand_over(struct making *m, struct err *err)
{
	const struct hook_user *who = &m->hook_user;

	if (geteuid() != 0 ||
	    setup_hook_user(m->report.s, &m->hook_user, err) < 0)
		return geteuid() != 0 ? 0 : -1;
	if (who->known && who->uid != 0 &&
	    fchown(m->pack.dir, who->uid, who->gid) < 0)
		return err_errno(err, "'%s'", m->pack.part);
	m->report.s->is_hook = true; /* not for good: the pack needs root */
	return 0;
}

int
report_root(struct making *m, struct err *err)
{
	if (getuid() != 0)
		return 0;
	if (seal_root(err) < 0)
		return -1;
	return pack_own(&m->pack, err);
}
