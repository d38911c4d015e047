#include "core/signed.h"

#include <stdbool.h>
#include <string.h>

#include "base/text.h"

/* The lines git knows (gpg-interface.c); it compares the beginning only. */
static const char *const armors[] = {
    "-----BEGIN PGP SIGNATURE-----",
    "-----BEGIN PGP MESSAGE-----",
    "-----BEGIN SIGNED MESSAGE-----",
    "-----BEGIN SSH SIGNATURE-----",
};

static bool
line_starts(const char *line, size_t len, const char *with)
{
	size_t want = strlen(with);

	return len >= want && memcmp(line, with, want) == 0;
}

static bool
begins_armor(const char *line, size_t len)
{
	for (size_t i = 0; i < sizeof(armors) / sizeof(armors[0]); i++)
		if (line_starts(line, len, armors[i]))
			return true;
	return false;
}

/* The bytes of the line at `at`, its LF included. */
static size_t
line_length(const char *at, size_t len)
{
	const char *lf = memchr(at, '\n', len);

	return lf == NULL ? len : (size_t)(lf - at) + 1;
}

static int
check_header(const char *tag, size_t len, struct err *err)
{
	for (size_t at = 0, step; at < len && tag[at] != '\n'; at += step) {
		step = line_length(tag + at, len - at);
		if (line_starts(tag + at, step, "gpgsig"))
			return err_set(err, ERR_INPUT,
			    "the tag has a signature in its header ('gpgsig'), "
			    "which is not taken");
	}
	return 0;
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* Whether the first line that ends an armor is the last of `armor`. */
static bool
ends_once(const char *armor, size_t len)
{
	for (size_t at = 0, step; at < len; at += step) {
		step = line_length(armor + at, len - at);
		if (line_starts(armor + at, step, "-----END "))
			return at + step == len;
	}
	return false;
}

int
signed_split(struct signed_parts *out, const char *tag, size_t len,
    struct err *err)
{
	size_t cut = len, armors_seen = 0;

	if (len > SIGNED_SIZE_MAX)
		return err_set(err, ERR_INPUT, "a tag of more than %u bytes",
		    SIGNED_SIZE_MAX);
	if (check_header(tag, len, err) < 0)
		return -1;
	for (size_t at = 0, step; at < len; at += step) {
		step = line_length(tag + at, len - at);
		if (!begins_armor(tag + at, step))
			continue;
		cut = at;
		armors_seen++;
	}
	if (armors_seen > 1)
		return err_set(err, ERR_INPUT,
		    "the tag holds more than one signature");
	while (len > cut && is_blank(tag[len - 1]))
		len--;
	if (armors_seen == 1 && !ends_once(tag + cut, len - cut))
		return err_set(err, ERR_INPUT,
		    "the signature of the tag does not end, or something "
		    "stands behind it");
	out->payload = tag;
	out->payload_len = cut;
	out->armor = armors_seen == 1 ? tag + cut : NULL;
	out->armor_len = len - cut;
	return 0;
}
