/* Who seals: the owner of the sealing key. */
#include <grp.h>
#include <pwd.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/sealing.h"

/* Git's configuration, for foureyesd, is theirs as well. */
static int
take_groups(const struct stat *st, gid_t *gid)
{
	struct passwd *pw = getpwuid(st->st_uid);

	if (setenv("HOME", pw != NULL ? pw->pw_dir : "/", 1) < 0)
		return -1;
	*gid = pw != NULL ? pw->pw_gid : st->st_gid;
	return pw != NULL ? initgroups(pw->pw_name, *gid) : setgroups(0, NULL);
}

int
seal_become(const struct settings *s, bool for_good, struct err *err)
{
	struct stat st;
	gid_t gid;

	if (geteuid() != 0 || s->seal_key == NULL)
		return 0;
	if (lstat(s->seal_key, &st) < 0)
		return err_errno(err, "the sealing key '%s'", s->seal_key);
	if (st.st_uid == 0)
		return 0;
	if (take_groups(&st, &gid) < 0 ||
	    (for_good ? setgid(gid) < 0 || setuid(st.st_uid) < 0
	              : setegid(gid) < 0 || seteuid(st.st_uid) < 0) ||
	    geteuid() != st.st_uid)
		return err_errno(err, "cannot become the owner of '%s'",
		    s->seal_key);
	return 0;
}

int
seal_root(struct err *err)
{
	if (getuid() != 0)
		return 0;
	if (seteuid(0) < 0 || setegid(getgid()) < 0 || setgroups(0, NULL) < 0)
		return err_errno(err, "cannot be root again");
	return 0;
}
