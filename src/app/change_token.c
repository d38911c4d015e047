#include "app/change_token.h"

#include <string.h>

#include "app/secret_file.h"
#include "base/buf.h"
#include "base/digest.h"
#include "base/text.h"

int
change_token_key(struct change_token_key *key, const struct receiver *r,
    struct err *err)
{
	char bytes[SECRET_FILE_MAX + 1];
	size_t len;

	*key = (struct change_token_key){0};
	if (r->token_key_file == NULL)
		return 0;
	if (secret_file_read(bytes, &len, r->token_key_file, err) < 0)
		return -1;
	if (len < CHANGE_TOKEN_KEY_MIN || len > sizeof(key->bytes)) {
		explicit_bzero(bytes, sizeof(bytes));
		return err_set(err, ERR_CONFIG,
		    "'%s' has fewer than %d bytes: head -c 32 /dev/urandom | "
		    "base64",
		    r->token_key_file, CHANGE_TOKEN_KEY_MIN);
	}
	memcpy(key->bytes, bytes, len);
	key->len = (unsigned)len;
	explicit_bzero(bytes, sizeof(bytes));
	return 0;
}

/* What a URL may hold as it is. */
static void
plain_in_url(char *text)
{
	for (; *text != '\0'; text++)
		if (*text == '+')
			*text = '-';
		else if (*text == '/')
			*text = '_';
}

void
change_token(char out[CHANGE_TOKEN_SIZE], const struct change_token_key *key,
    const char *change)
{
	static const char purpose[] = "foureyes change\n";
	unsigned char mac[DIGEST_SIZE];
	struct buf text = {0};

	digest_hmac_two(mac, key->bytes, key->len, purpose, sizeof(purpose) - 1,
	    change, strlen(change));
	text_base64(&text, mac, sizeof(mac));
	memcpy(out, buf_text(&text), CHANGE_TOKEN_SIZE - 1);
	out[CHANGE_TOKEN_SIZE - 1] = '\0';
	plain_in_url(out);
	buf_free(&text);
}

bool
change_token_is(const struct change_token_key *key, const char *change,
    const char *token)
{
	char right[CHANGE_TOKEN_SIZE];

	if (key->len == 0 || strlen(token) != CHANGE_TOKEN_SIZE - 1)
		return false;
	change_token(right, key, change);
	return digest_same(right, token, CHANGE_TOKEN_SIZE - 1);
}

static void
put_escaped(struct buf *out, const char *text)
{
	for (; *text != '\0'; text++)
		if ((*text >= 'a' && *text <= 'z') ||
		    (*text >= 'A' && *text <= 'Z') ||
		    (*text >= '0' && *text <= '9') ||
		    strchr("-._~/", *text) != NULL)
			buf_char(out, *text);
		else
			buf_printf(out, "%%%02X", (unsigned char)*text);
}

const char *
change_address(struct pool *pool, const struct receiver *r,
    const struct change_token_key *key, const char *change)
{
	char token[CHANGE_TOKEN_SIZE];
	struct buf out = {0};
	const char *address;
	size_t len;

	if (r->page == NULL || key->len == 0 || change == NULL ||
	    strlen(change) > CHANGE_ID_MAX)
		return NULL;
	len = strlen(r->page);
	while (len > 0 && r->page[len - 1] == '/')
		len--;
	change_token(token, key, change);
	buf_add(&out, r->page, len);
	buf_printf(&out, "/change/%s?id=", token);
	put_escaped(&out, change);
	address = pool_text(pool, buf_text(&out));
	buf_free(&out);
	return address;
}
