/* Those who tell: do they still, and can they be trusted to? */
#include "app/doctor.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/secret_file.h"
#include "base/text.h"
#include "core/topics.h"
#include "edge/dial.h"

#define METRICS_MAX ((size_t)1 << 20)
#define PATIENCE 2000                             /* ms */
#define QUIET ((int64_t)14 * 24 * 60 * 60 * 1000) /* ms without a word */

/* A hook of ours does not run where it tells: its word is all there is. */
static bool
needs_asking(const struct source *s)
{
	switch (s->kind) {
	case SOURCE_GITLAB:
	case SOURCE_GITEA:
	case SOURCE_FORGEJO:
	case SOURCE_BITBUCKET:
		return source_tells(s, SOURCE_TELLS_APPROVALS);
	case SOURCE_GITHUB:
	case SOURCE_BITBUCKET_DC:
	case SOURCE_GENERIC:
		break;
	}
	return s->mirrors != NULL;
}

static void
look_at_file(struct notes *n, const struct source *s, const char *path)
{
	struct checked *c = checking(n, "source.secret", NULL, s->name);
	const char *thing = pool_printf(n->pool, "source %s", s->name);
	char secret[SECRET_FILE_MAX + 1];
	struct err err;
	size_t len;

	/* Closed to us, who are not foureyesd: as it should be. */
	if (path == NULL || (access(path, R_OK) < 0 && errno == EACCES))
		return;
	if (secret_file_read(secret, &len, path, &err) < 0)
		note_of(n, c, NOTE_WRONG, thing, "%s", err.text);
	explicit_bzero(secret, sizeof(secret));
}

static void
look_at_silence(struct notes *n, struct setup *s, const struct source *source)
{
	struct checked *c = checking(n, "source.heard", NULL, source->name);
	const char *thing = pool_printf(n->pool, "source %s", source->name);
	struct record last;
	struct err err;
	char age[32];

	if (s->log == NULL)
		return;
	if (changelog_newest(s->log, n->pool,
	        topic_heard(n->pool, source->name), &last, &err) < 0) {
		note_of(n, c, NOTE_UNKNOWN, thing, "%s", err.text);
		return;
	}
	if (last.seq == 0) {
		note_of(n, c, NOTE_WARNING, thing,
		    "nothing came from it yet: set its webhook to "
		    "/hooks/%s, and let it send a test",
		    source->name);
		return;
	}
	text_duration(age, s->now > last.time ? s->now - last.time : 0);
	if (s->now - last.time > QUIET)
		note_of(n, c, NOTE_WARNING, thing,
		    "nothing came from it for %s: see whether its webhook is "
		    "still there and on",
		    age);
	else
		note(n, NOTE_OK, thing, "told something %s ago",
		    age[0] != '\0' ? age : "0s");
}

static void
look_at_source(struct notes *n, struct setup *s, const struct source *source)
{
	struct checked *asked = checking(n, "source.asked", NULL, source->name);

	(void)checking(n, "source.secret", NULL, source->name);
	for (size_t i = 0; i < source->secret_files.count; i++)
		look_at_file(n, source, source->secret_files.list[i]);
	look_at_file(n, source, source->token_file);
	look_at_file(n, source, source->app_key_file);
	if (source->api == NULL && needs_asking(source))
		note_of(n, asked, NOTE_WARNING,
		    pool_printf(n->pool, "source %s", source->name),
		    "a webhook of %s does not tell all that counts, and there "
		    "is no 'api' to ask: add it, with a token that may read",
		    source_kind_name(source->kind));
	look_at_silence(n, s, source);
}

/* What it counts; NULL: it does not say. */
static const char *
read_metrics(struct pool *pool, struct dial *dial)
{
	static const char ask[] = "GET /metrics HTTP/1.1\r\n"
	                          "Host: localhost\r\n"
	                          "Connection: close\r\n\r\n";
	char *text = pool_alloc(pool, METRICS_MAX + 1);
	struct err err;
	size_t len = 0;
	ssize_t n = 1;

	if (dial_write(dial, ask, sizeof(ask) - 1, &err) < 0)
		return NULL;
	while (n > 0 && len < METRICS_MAX) {
		n = dial_read(dial, text + len, METRICS_MAX - len, &err);
		len += n > 0 ? (size_t)n : 0;
	}
	text[len] = '\0';
	return text;
}

/* Deliveries that nothing of ours is named for, since it was started. */
static void
look_at_unmapped(struct notes *n, const struct receiver *r, const char *text)
{
	for (size_t i = 0; text != NULL && i < r->source_count; i++) {
		const char *key = pool_printf(n->pool,
		    "\nfoureyes_unmapped_deliveries_total{source=\"%s\"} ",
		    r->sources[i].name);
		const char *at = strstr(text, key);
		unsigned long count =
		    at == NULL ? 0 : strtoul(at + strlen(key), NULL, 10);

		if (count > 0)
			note(n, NOTE_WARNING,
			    pool_printf(n->pool, "source %s",
			        r->sources[i].name),
			    "%lu deliveries were of repositories that no entry "
			    "of 'repositories' or policy.yaml names: add them, "
			    "or take their webhook out",
			    count);
	}
}

/* Does foureyesd answer on its socket, and what does it count? */
static void
look_at_daemon(struct notes *n, const struct receiver *r)
{
	struct checked *c = checking(n, "daemon.answers", NULL, NULL);
	const struct dial_how how = {.gate = pool_printf(n->pool, "unix:%s",
	                                 r->socket),
	    .patience = PATIENCE};
	struct dial *dial = NULL;
	struct err err;

	if (dial_open(&dial, &how, &err) < 0) {
		note_of(n, c, NOTE_WRONG, "foureyesd",
		    "%s: systemctl start foureyesd", err.text);
	} else {
		note(n, NOTE_OK, "foureyesd", "answers on %s", r->socket);
		look_at_unmapped(n, r, read_metrics(n->pool, dial));
	}
	dial_close(dial);
}

static bool
is_there(const char *path)
{
	return path != NULL && (access(path, F_OK) == 0 || errno == EACCES);
}

/* A fresh foureyes.yaml has the section, and nobody may need it. */
static bool
is_in_use(struct notes *n, struct setup *s)
{
	const struct receiver *r = &s->config.settings.receiver;

	if (is_there(r->socket))
		return true;
	for (size_t i = 0; i < r->source_count; i++) {
		const struct source *source = &r->sources[i];
		struct record last = {0};
		struct err err;

		for (size_t k = 0; k < source->secret_files.count; k++)
			if (is_there(source->secret_files.list[k]))
				return true;
		if (s->log != NULL &&
		    (changelog_newest(s->log, n->pool,
		         topic_heard(n->pool, source->name), &last, &err) < 0 ||
		        last.seq != 0))
			return true;
	}
	return false;
}

void
doctor_sources(struct notes *n, struct setup *s)
{
	const struct receiver *r = &s->config.settings.receiver;

	if (r->there && !is_in_use(n, s)) {
		note(n, NOTE_WARNING, "receiver",
		    "foureyes.yaml has the section, and no secret of a source "
		    "is there: foureyesd(8), or take it out");
		return;
	}
	for (size_t i = 0; i < r->source_count; i++)
		look_at_source(n, s, &r->sources[i]);
	/* Without a source or host nobody needs it. */
	if (r->socket != NULL &&
	    (r->source_count > 0 || s->config.settings.host_count > 0))
		look_at_daemon(n, r);
}

void
doctor_forges(struct notes *n, const struct standings *standings)
{
	for (const struct check_standing *st = standings->list; st != NULL;
	     st = st->next) {
		enum level level = NOTE_OK;

		if ((!text_same(st->check, "forge.protection") &&
		        !text_same(st->check, "forge.webhook")) ||
		    st->state == CHECK_GONE)
			continue;
		if (st->state == CHECK_FAIL)
			level = NOTE_WRONG;
		if (st->state == CHECK_UNKNOWN)
			level = NOTE_UNKNOWN;
		note(n, level, st->subject, "%s (record %llu, by foureyesd)",
		    st->text != NULL ? st->text : "as it must be",
		    (unsigned long long)st->record);
	}
}
