#include "core/revoked.h"

#include <string.h>

#include "base/text.h"
#include "core/sshkey.h"
#include "core/wire.h"

#define MAGIC "SSHKRL\n"
#define MAGIC_SIZE 8 /* its NUL included */

enum section {
	CERTIFICATES = 1,
	BLOBS = 2,
	SHA1 = 3,
	SIGNATURE = 4,
	SHA256 = 5,
	EXTENSION = 255
};

static bool
same(struct wire_bytes a, const unsigned char *b, size_t len)
{
	return a.len == len && len > 0 && memcmp(a.data, b, len) == 0;
}

/* A row of strings, each `size` long where `size` is not 0. */
static bool
look_in_row(bool *found, struct wire_bytes row, const unsigned char *what,
    size_t len, size_t size)
{
	struct wire w = {.data = row.data, .len = row.len};

	while (!w.failed && w.len > 0) {
		struct wire_bytes one = wire_string(&w);

		if (one.len == 0 || (size != 0 && one.len != size))
			return false;
		*found = *found || same(one, what, len);
	}
	return wire_ended(&w);
}

/* An extension may be passed over unless it says that it matters. */
static bool
may_pass(struct wire_bytes extension)
{
	struct wire w = {.data = extension.data, .len = extension.len};
	unsigned char critical;

	wire_string(&w);
	critical = wire_byte(&w);
	wire_string(&w);
	return wire_ended(&w) && critical == 0;
}

static bool
look_in_section(bool *found, unsigned type, struct wire_bytes body,
    const struct revoked_key *key)
{
	switch (type) {
	case CERTIFICATES:
		return true;
	case BLOBS:
		return look_in_row(found, body, key->blob, key->len, 0);
	case SHA1:
		return look_in_row(found, body, key->sha1, sizeof(key->sha1),
		    sizeof(key->sha1));
	case SHA256:
		return look_in_row(found, body, key->sha256,
		    sizeof(key->sha256), sizeof(key->sha256));
	case EXTENSION:
		return may_pass(body);
	default:
		return false;
	}
}

static int
look_in_krl(bool *revoked, const struct revoked_key *key, struct wire *w,
    struct err *err)
{
	bool found = false;

	wire_raw(w, MAGIC_SIZE);
	if (wire_u32(w) != 1)
		return err_set(err, ERR_CONFIG,
		    "a KRL of another format than 1");
	wire_raw(w, 3 * sizeof(uint64_t)); /* version, time, flags */
	wire_string(w);                    /* reserved */
	wire_string(w);                    /* comment */
	while (!w->failed && w->len > 0) {
		unsigned type = wire_byte(w);
		struct wire_bytes body = wire_string(w);

		if (w->failed || !look_in_section(&found, type, body, key))
			return err_set(err, ERR_CONFIG,
			    "a section of type %u in the KRL is not understood",
			    type);
	}
	if (!wire_ended(w))
		return err_set(err, ERR_CONFIG, "the KRL is cut short");
	*revoked = found;
	return 0;
}

static int
look_at_line(bool *found, const struct revoked_key *key, const char *line,
    size_t len, struct err *err)
{
	struct pool pool = {0};
	struct sshkey listed;
	const char *text;
	int ret = 0;

	while (len > 0 && memchr(" \t", line[0], 2) != NULL) {
		line++;
		len--;
	}
	while (len > 0 && memchr(" \t\r", line[len - 1], 3) != NULL)
		len--;
	if (len == 0 || line[0] == '#')
		return 0;
	if (memchr(line, '\0', len) != NULL)
		return err_set(err, ERR_CONFIG, "a NUL byte in a key line");
	text = pool_textn(&pool, line, len);
	ret = sshkey_parse_line(&listed, &pool, text, err);
	if (ret == 0 && same(listed.blob, key->blob, key->len))
		*found = true;
	pool_free(&pool);
	return ret;
}

static int
look_in_lines(bool *revoked, const struct revoked_key *key, const char *list,
    size_t len, struct err *err)
{
	bool found = false;
	unsigned number = 1;

	for (; len > 0; number++) {
		const char *lf = memchr(list, '\n', len);
		size_t step = lf == NULL ? len : (size_t)(lf - list);

		if (look_at_line(&found, key, list, step, err) < 0)
			return err_within(err, "line %u", number);
		step += lf != NULL;
		list += step;
		len -= step;
	}
	*revoked = found;
	return 0;
}

int
revoked_look(bool *revoked, const struct revoked_key *key, const char *list,
    size_t len, struct err *err)
{
	struct wire w = {.data = (const unsigned char *)list, .len = len};

	if (len >= MAGIC_SIZE && memcmp(list, MAGIC, MAGIC_SIZE) == 0)
		return look_in_krl(revoked, key, &w, err);
	return look_in_lines(revoked, key, list, len, err);
}
