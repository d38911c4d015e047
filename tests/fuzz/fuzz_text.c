/*
 * fuzz_text - the small rules about characters, against what they promise.
 *
 * The first byte picks the rule.  Globs are compared with the plainest matcher
 * there is, on inputs short enough for it.
 */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void
must(bool holds)
{
	if (!holds)
		abort();
}

static bool
plain_glob(const char *pattern, const char *name)
{
	bool any = pattern[0] == '*' && pattern[1] == '*';

	if (*pattern == '\0')
		return *name == '\0';
	if (*pattern != '*')
		return *pattern == *name && plain_glob(pattern + 1, name + 1);
	if (plain_glob(pattern + (any ? 2 : 1), name))
		return true;
	return *name != '\0' && (any || *name != '/') &&
	    plain_glob(pattern, name + 1);
}

/* "pattern\nname" */
static void
try_glob(char *text)
{
	char *name = strchr(text, '\n');
	bool matched;

	if (name == NULL)
		return;
	*name++ = '\0';
	matched = text_glob(text, name);
	if (strlen(text) <= 8 && strlen(name) <= 12)
		must(matched == plain_glob(text, name));
}

static void
try_times(const char *text)
{
	char written[TEXT_INSTANT_SIZE], told[32];
	int64_t time, again;

	if (text_parse_instant(text, &time)) {
		must(time > 0);
		text_instant(written, time);
		must(strlen(written) == TEXT_INSTANT_SIZE - 1);
		must(text_parse_instant(written, &again) && again == time);
	}
	if (text_parse_duration(text, &time)) {
		must(time >= 0 && time <= TEXT_DURATION_MAX);
		text_duration(told, time);
		must(strlen(told) < sizeof(told));
	}
}

/* Canonical: only one text for the same bytes, white space aside. */
static void
try_base64(const char *text, size_t len)
{
	struct buf bytes = {0}, wrapped = {0}, again = {0};

	if (text_parse_base64(&bytes, text, len, false)) {
		text_base64(&again, bytes.data, bytes.len);
		must(again.len == len && memcmp(again.data, text, len) == 0);
		must(text_parse_base64(&wrapped, text, len, true));
		must(wrapped.len == bytes.len);
	}
	buf_clear(&bytes);
	buf_clear(&again);
	text_base64(&again, text, len);
	must(text_parse_base64(&bytes, again.data, again.len, false));
	must(bytes.len == len && memcmp(bytes.data, text, len) == 0);
	buf_free(&bytes);
	buf_free(&wrapped);
	buf_free(&again);
}

static void
try_armor(const char *text, size_t len)
{
	struct buf armored = {0}, back = {0};

	text_armor(&armored, text, len);
	must(text_is_utf8(armored.data, armored.len));
	text_unarmor(&back, armored.data, armored.len);
	must(back.len == len && memcmp(back.data, text, len) == 0);
	buf_free(&armored);
	buf_free(&back);
}

static void
try_safe(const char *text, size_t len)
{
	struct buf once = {0}, twice = {0};
	struct pool pool = {0};
	const char *copy;

	text_safe(&once, text, len, false);
	must(text_is_utf8(once.data, once.len));
	for (size_t i = 0; i < once.len; i++)
		must((unsigned char)once.data[i] >= 0x20);
	text_safe(&twice, once.data, once.len, false);
	must(strcmp(once.data, twice.data) == 0);
	copy = text_safe_copy(&pool, text, len, 20);
	must(strlen(copy) <= 20 * 4 + 3);
	if (!text_ends(copy, "..."))
		must(strcmp(copy, once.data) == 0);
	buf_free(&once);
	buf_free(&twice);
	pool_free(&pool);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	char *text;

	if (len == 0)
		return 0;
	text = malloc(len);
	must(text != NULL);
	memcpy(text, data + 1, len - 1);
	text[len - 1] = '\0';
	switch (data[0] % 5) {
	case 0:
		try_glob(text);
		break;
	case 1:
		try_times(text);
		break;
	case 2:
		try_base64(text, len - 1);
		break;
	case 3:
		try_armor(text, len - 1);
		break;
	default:
		try_safe(text, len - 1);
		break;
	}
	free(text);
	return 0;
}
