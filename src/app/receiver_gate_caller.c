/*
 * Who hands a push over: a host, known by its account or by a secret.
 */
#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/files.h"
#include "base/digest.h"
#include "base/text.h"
#include "receiver_gate_inside.h"

#define BEARER "Bearer "
#define SECRET_MAX 4096
#define ENTRY_MAX 16384 /* bytes of an account's entry */

static bool
is_account(const char *name, uid_t uid)
{
	struct passwd entry, *found = NULL;
	char room[ENTRY_MAX];

	return getpwnam_r(name, &entry, room, sizeof(room), &found) == 0 &&
	    found != NULL && found->pw_uid == uid;
}

/* `hook_user`, else the owner of the first door's root that is here. */
static bool
is_hook_user(const struct settings *s, uid_t uid)
{
	struct stat st;

	if (s->hook_user != NULL)
		return is_account(s->hook_user, uid);
	for (size_t i = 0; i < s->door_count; i++)
		if (s->doors[i].root != NULL &&
		    stat(s->doors[i].root, &st) == 0)
			return st.st_uid == uid;
	return false;
}

static void
name_account(struct gate_caller *out, uid_t uid)
{
	struct passwd entry, *found = NULL;
	char room[ENTRY_MAX];

	if (getpwuid_r(uid, &entry, room, sizeof(room), &found) == 0 &&
	    found != NULL && strlen(found->pw_name) < sizeof(out->account))
		(void)snprintf(out->account, sizeof(out->account), "%s",
		    found->pw_name);
	else
		(void)snprintf(out->account, sizeof(out->account), "uid:%lu",
		    (unsigned long)uid);
}

static bool
by_account(struct gate_caller *out, const struct settings *s, uid_t uid)
{
	name_account(out, uid);
	if (s->host_count == 0)
		return is_hook_user(s, uid);
	for (size_t i = 0; i < s->host_count; i++) {
		const struct texts *accounts = &s->hosts[i].accounts;

		for (size_t k = 0; k < accounts->count; k++)
			if (is_account(accounts->list[k], uid)) {
				(void)snprintf(out->host, sizeof(out->host),
				    "%s", s->hosts[i].name);
				return true;
			}
	}
	return false;
}

/* An empty file is nobody's secret. */
static bool
holds(const char *path, const char digest[DIGEST_HEX_SIZE])
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	char own[DIGEST_HEX_SIZE];
	struct buf text = {0};
	struct err err = {0};
	bool same = false;
	size_t len;

	if (fd >= 0 && file_read_on(&text, fd, path, SECRET_MAX, &err) == 0) {
		len = strcspn(buf_text(&text), "\r\n");
		digest_sha256_hex(own, buf_text(&text), len);
		same = len > 0 && strcmp(own, digest) == 0;
	}
	if (fd >= 0)
		(void)close(fd);
	if (text.data != NULL)
		explicit_bzero(text.data, text.room);
	buf_free(&text);
	return same;
}

static bool
by_secret(struct gate_caller *out, const struct settings *s, const char *shown)
{
	char digest[DIGEST_HEX_SIZE];

	if (!text_starts(shown, BEARER))
		return false;
	shown += strlen(BEARER);
	digest_sha256_hex(digest, shown, strlen(shown));
	for (size_t i = 0; i < s->host_count; i++) {
		const struct texts *files = &s->hosts[i].secret_files;

		for (size_t k = 0; k < files->count; k++)
			if (holds(files->list[k], digest)) {
				(void)snprintf(out->host, sizeof(out->host),
				    "%s", s->hosts[i].name);
				return true;
			}
	}
	return false;
}

bool
receiver_gate_caller(struct gate_caller *out, const struct receiver_view *view,
    const struct listen_request *request)
{
	const struct settings *s = &view->setup.config.settings;
	const char *shown = listen_header(request, "Authorization");
	uid_t uid;

	if (shown != NULL)
		return by_secret(out, s, shown);
	return listen_local(request, &uid) && by_account(out, s, uid);
}
