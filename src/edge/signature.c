#include "edge/signature.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"
#include "core/armor.h"
#include "edge/signature_parts.h"

int
signature_refuse(struct signature *out, const char *code, const char *format,
    ...)
{
	struct buf text = {0}, safe = {0};
	va_list ap;

	va_start(ap, format);
	buf_vprintf(&text, format, ap);
	va_end(ap);
	text_safe(&safe, buf_text(&text), text.len, false);
	out->good = false;
	snprintf(out->code, sizeof(out->code), "%s", code);
	snprintf(out->reason, sizeof(out->reason), "%s", buf_text(&safe));
	buf_free(&text);
	buf_free(&safe);
	return 0;
}

static int
read_all(int fd, struct buf *out, size_t most)
{
	char piece[16384];
	ssize_t got;

	while (out->len <= most) {
		got = read(fd, piece, sizeof(piece));
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return (int)got;
		buf_add(out, piece, (size_t)got);
	}
	return 0;
}

int
signature_read(struct buf *out, const char *path, const char *what, size_t most,
    struct err *err)
{
	/* O_NONBLOCK: a FIFO must not hold up a push. */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	struct stat st;
	int ret = -1;

	if (fd < 0)
		return err_errno(err, "%s '%s'", what, path);
	if (fstat(fd, &st) < 0)
		err_errno(err, "%s '%s'", what, path);
	else if (!S_ISREG(st.st_mode))
		err_set(err, ERR_CONFIG, "%s '%s' is not a regular file", what,
		    path);
	else if ((st.st_mode & (S_IWGRP | S_IWOTH)) != 0)
		err_set(err, ERR_CONFIG,
		    "%s '%s' can be written by others: chmod go-w", what, path);
	else if (read_all(fd, out, most) < 0)
		err_errno(err, "%s '%s'", what, path);
	else if (out->len > most)
		err_set(err, ERR_CONFIG, "%s '%s' has more than %zu bytes",
		    what, path, most);
	else
		ret = 0;
	close(fd);
	return ret;
}

int
signature_ready(const struct signature_rules *rules, struct err *err)
{
	if (rules->keyring != NULL &&
	    signature_keyring_ready(rules->keyring, err) < 0)
		return -1;
	if (rules->revoked != NULL &&
	    signature_revoked_ready(rules->revoked, err) < 0)
		return -1;
	return 0;
}

int
signature_check(struct signature *out, const char *data, size_t len,
    const char *armor, size_t armor_len, const struct signature_rules *rules,
    struct err *err)
{
	enum armor_kind kind;

	memset(out, 0, sizeof(*out));
	if (armor == NULL || armor_len == 0)
		return signature_refuse(out, "absent", "not signed");
	if (len > SIGNATURE_DATA_MAX || armor_len > SIGNATURE_ARMOR_MAX)
		return signature_refuse(out, "malformed",
		    "more than %u bytes signed, or a signature of more than %u",
		    SIGNATURE_DATA_MAX, SIGNATURE_ARMOR_MAX);
	kind = armor_kind(armor, armor_len);
	if (kind == ARMOR_SSH_SIGNATURE)
		out->form = SIGNATURE_SSH;
	else if (kind == ARMOR_PGP_SIGNATURE)
		out->form = SIGNATURE_OPENPGP;
	else
		return signature_refuse(out, "unknown-form",
		    "neither an SSH nor an OpenPGP signature");
	if (armor_marks(armor, armor_len) > 2)
		return signature_refuse(out, "not-one",
		    "more than one signature where one is expected");
	if (out->form == SIGNATURE_SSH)
		return signature_ssh(out, data, len, armor, armor_len, rules,
		    err);
	return signature_openpgp(out, data, len, armor, armor_len, rules, err);
}
