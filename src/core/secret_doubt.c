/*
 * What looks like a secret and is none: placeholders, samples of manuals,
 * tokens whose checksum decides.
 */
#include "secret_inside.h"

#include <stdint.h>
#include <string.h>

#define ROW_LEN 8 /* of "12345678" or "00000000" */

/* In one case or the other; long enough to be no chance in a random token. */
static const char *const words[] = {"example", "placeholder", "redacted",
    "changeme", "replaceme", "insert", "sample", "dummy", "xxxx", "your_",
    "your-", "yourkey", "yourtoken", "yoursecret", NULL};

/*
 * The manuals' own tokens: docs.github.com, core.telegram.org, and the key of
 * the Azurite emulator, which is the same everywhere.
 */
static const char *const samples[] = {"16C7e42F292c6912E7",
    "1B4a2e77838347a7E4", "HdqTcvCH1vGWJxfSeo", "Eby8vdM02xNOcqFlqU", NULL};

static char
upper(char c)
{
	return c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
}

/* "example" or "EXAMPLE" stands here: one case, so that chance is no excuse. */
static bool
word_here(const char *at, size_t left, const char *word)
{
	size_t len = strlen(word), i = 0;

	if (len > left)
		return false;
	if (memcmp(at, word, len) == 0)
		return true;
	while (i < len && at[i] == upper(word[i]))
		i++;
	return i == len;
}

static bool
has_word(const char *at, size_t len)
{
	for (size_t i = 0; i < len; i++)
		for (size_t k = 0; words[k] != NULL; k++)
			if (word_here(at + i, len - i, words[k]))
				return true;
	return false;
}

/* Eight equal characters, or eight that count up. */
static bool
has_row(const char *at, size_t len)
{
	size_t same = 1, up = 1;

	for (size_t i = 1; i < len; i++) {
		same = at[i] == at[i - 1] ? same + 1 : 1;
		up =
		    at[i] == at[i - 1] + 1 || (at[i] == '0' && at[i - 1] == '9')
		    ? up + 1
		    : 1;
		if (same == ROW_LEN || up == ROW_LEN)
			return true;
	}
	return false;
}

bool
secret_is_placeholder(const char *at, size_t len)
{
	return has_word(at, len) || has_row(at, len);
}

bool
secret_is_sample(const char *tail, size_t len)
{
	for (size_t i = 0; samples[i] != NULL; i++)
		if (len >= strlen(samples[i]) &&
		    memcmp(tail, samples[i], strlen(samples[i])) == 0)
			return true;
	return false;
}

size_t
secret_distinct(const char *at, size_t len)
{
	bool seen[256] = {false};
	size_t count = 0;

	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)at[i];

		count += seen[c] ? 0 : 1;
		seen[c] = true;
	}
	return count;
}

/* CRC-32 of IEEE 802.3, the one of zlib. */
static uint32_t
crc32(const char *at, size_t len)
{
	uint32_t crc = 0xffffffff;

	for (size_t i = 0; i < len; i++) {
		crc ^= (unsigned char)at[i];
		for (int bit = 0; bit < 8; bit++)
			crc = (crc >> 1) ^ (crc & 1 ? 0xedb88320 : 0);
	}
	return crc ^ 0xffffffff;
}

bool
secret_checks(const char *tail, size_t len)
{
	static const char digits[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	                             "abcdefghijklmnopqrstuvwxyz";
	uint32_t crc;

	if (len != 36)
		return false;
	crc = crc32(tail, len - 6);
	for (size_t i = 0; i < 6; i++, crc /= 62)
		if (tail[len - 1 - i] != digits[crc % 62])
			return false;
	return true;
}
