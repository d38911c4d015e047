#include "core/reflog.h"

#include <string.h>

#include "base/text.h"

#define OID_LEN ((size_t)40)
#define HEAD_LEN (2 * (OID_LEN + 1)) /* both ids, a blank behind each */
#define SECONDS_MAX 253402300799     /* the end of the year 9999 */

static bool
read_oid(char out[REFLOG_OID_SIZE], const char *text)
{
	memcpy(out, text, OID_LEN);
	out[OID_LEN] = '\0';
	return text[OID_LEN] == ' ' && text_is_oid(out);
}

/* Behind the last '>' of what stands before the message. */
static const char *
find_seconds(const char *line, size_t len, size_t *left)
{
	const char *tab = memchr(line, '\t', len);
	size_t end = tab == NULL ? len : (size_t)(tab - line);

	for (size_t i = end; i > HEAD_LEN; i--)
		if (line[i - 1] == '>') {
			if (i >= end || line[i] != ' ')
				return NULL;
			*left = end - i - 1;
			return line + i + 1;
		}
	return NULL;
}

static bool
read_seconds(int64_t *time, const char *text, size_t len)
{
	int64_t seconds = 0;
	size_t i = 0;

	for (; i < len && text[i] >= '0' && text[i] <= '9'; i++) {
		seconds = seconds * 10 + (text[i] - '0');
		if (seconds > SECONDS_MAX)
			return false;
	}
	*time = seconds * 1000;
	return i > 0 && i < len && text[i] == ' ';
}

bool
reflog_read(struct reflog *out, const char *line, size_t len)
{
	const char *seconds;
	size_t left;

	memset(out, 0, sizeof(*out));
	if (len <= HEAD_LEN || memchr(line, '\0', len) != NULL ||
	    !read_oid(out->old, line) ||
	    !read_oid(out->new, line + OID_LEN + 1))
		goto bad;
	seconds = find_seconds(line, len, &left);
	if (seconds != NULL && read_seconds(&out->time, seconds, left))
		return true;
bad:
	memset(out, 0, sizeof(*out));
	return false;
}
