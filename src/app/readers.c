#include "app/readers.h"

#include <string.h>

#include "app/secret_file.h"

static int
add_line(struct readers *r, const char *line, size_t len, const char *path,
    struct err *err)
{
	if (len > 0 && line[len - 1] == '\r')
		len--;
	if (len == 0 || line[0] == '#')
		return 0;
	if (r->count == READERS_MAX)
		return err_set(err, ERR_CONFIG,
		    "'%s': there are more than %d tokens of readers", path,
		    READERS_MAX);
	if (!bearer_token(r->digests[r->count], line, len))
		return err_set(err, ERR_CONFIG,
		    "'%s': a reader's token is a line of %d to %d letters, "
		    "digits and -._~+/=: openssl rand -hex 32",
		    path, BEARER_MIN, BEARER_MAX);
	r->count++;
	return 0;
}

static int
read_file(struct readers *r, const char *path, struct err *err)
{
	char text[SECRET_FILE_MAX + 1];
	const char *at = text, *end;
	size_t len = 0;
	int ret = secret_file_read(text, &len, path, err);

	while (ret == 0 && at < text + len) {
		end = memchr(at, '\n', (size_t)(text + len - at));
		if (end == NULL)
			end = text + len;
		ret = add_line(r, at, (size_t)(end - at), path, err);
		at = end + 1;
	}
	explicit_bzero(text, sizeof(text));
	return ret;
}

int
readers_read(struct readers *out, struct pool *pool, const struct texts *files,
    struct err *err)
{
	struct readers r = {0};

	r.digests = pool_array(pool, READERS_MAX, sizeof(*r.digests));
	for (size_t i = 0; i < files->count; i++)
		if (read_file(&r, files->list[i], err) < 0)
			return err_within(err, "reader_files");
	*out = r;
	return 0;
}

bool
readers_have(const struct readers *r, const char *authorization)
{
	unsigned char own[DIGEST_SIZE];
	bool found = false;

	if (!bearer_read(own, authorization))
		return false;
	for (size_t i = 0; i < r->count; i++)
		found = digest_same(own, r->digests[i], DIGEST_SIZE) || found;
	return found;
}
