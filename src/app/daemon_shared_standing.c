/* Is a shared ledger kept safely?  What the database says of itself. */
#include "daemon_shared_inside.h"

static void
tell_safety(const struct database_standing *d, struct buf *out)
{
	if (!d->encrypted)
		buf_put(out,
		    "wrong the database is reached without TLS: anybody on the "
		    "way reads and alters what is recorded; add "
		    "?sslmode=verify-full\n");
	else if (!d->verified)
		buf_put(out,
		    "warning it is not checked that the database is who it "
		    "says it is: add ?sslmode=verify-full\n");
	if (!d->writes_disk)
		buf_put(out,
		    "wrong the database does not wait for its disk (fsync, "
		    "full_page_writes): what was answered is lost with the "
		    "power\n");
	if (d->may_rewrite)
		buf_put(out,
		    "warning our account could alter and delete records in the "
		    "database: let it have SELECT and INSERT on "
		    "foureyes.lines alone\n");
}

static void
tell_replicas(const struct database_standing *d, struct buf *out)
{
	if (!d->waits)
		buf_put(out,
		    "warning the database waits for no replica "
		    "(synchronous_standby_names): a fail-over may lose what "
		    "was answered\n");
	else if (d->hidden)
		buf_put(out,
		    "warning our account does not see whether a replica "
		    "follows: GRANT pg_read_all_stats TO it\n");
	else if (d->replicas == 0)
		buf_put(out,
		    "wrong the database waits for a replica, and none "
		    "follows: nothing can be recorded\n");
	else
		buf_printf(out,
		    "ok a commit waits for a replica (%u follow): a fail-over "
		    "loses nothing that was answered\n",
		    d->replicas);
}

void
shared_standing(struct shared *s, struct buf *out)
{
	struct database_standing d = {0};
	struct err err = {0};
	int ret;

	(void)pthread_mutex_lock(&s->lock);
	ret = shared_fetch(s, &err);
	if (ret == 0)
		ret = database_standing(s->database, &d, &err);
	(void)pthread_mutex_unlock(&s->lock);
	if (ret < 0) {
		buf_printf(out, "wrong %s\n", err.text);
		return;
	}
	buf_printf(out,
	    "ok the database (%s, PostgreSQL %d.%d) and this copy have the "
	    "same %llu records\n",
	    database_where(s->database), d.server / 10000, d.server % 10000,
	    (unsigned long long)shared_last(s));
	tell_safety(&d, out);
	tell_replicas(&d, out);
}
