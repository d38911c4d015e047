/*
 * Headers and a body: what the signature check makes of them.
 *
 * The input's first byte is the kind; then lines "Name: value" until an empty
 * one; the rest is the body.  Nobody who does not know the secret is authentic,
 * and the secret is not in the corpus.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "core/webhook.h"

#define HEADS 16

struct sent {
	char *names[HEADS], *values[HEADS];
	size_t count;
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static const char *
find(const void *ctx, const char *name)
{
	const struct sent *s = ctx;
	const char *value = NULL;

	for (size_t i = 0; i < s->count; i++)
		if (strcasecmp(s->names[i], name) == 0)
			value = value == NULL ? s->values[i] : "";
	return value;
}

/* Cuts `text` into headers; where the body begins. */
static char *
cut(struct sent *s, char *text)
{
	while (s->count < HEADS && *text != '\0' && *text != '\n') {
		char *end = strchr(text, '\n');
		char *colon = strstr(text, ": ");

		if (end == NULL || colon == NULL || colon > end)
			break;
		*end = '\0';
		*colon = '\0';
		s->names[s->count] = text;
		s->values[s->count++] = colon + 2;
		text = end + 1;
	}
	return *text == '\n' ? text + 1 : text;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static const struct webhook_secret secrets[] = {
	    {"\x81 nobody sends this \xfe\x90", 22},
	    {"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", 38},
	};
	struct webhook_known known;
	struct sent sent = {0};
	char *text, *body;

	if (len < 1)
		return 0;
	text = malloc(len);
	if (text == NULL)
		abort();
	memcpy(text, data + 1, len - 1);
	text[len - 1] = '\0';
	body = cut(&sent, text);
	webhook_check(&known,
	    &(struct webhook){(enum source_kind)(data[0] % 8), secrets, 2, find,
	        &sent, body, (size_t)(text + len - 1 - body),
	        (int64_t)1614265330 * 1000});
	if (known.why == NULL && known.secret != 1)
		abort();
	if (known.why == NULL && known.id != NULL &&
	    (known.id[0] == '\0' || strlen(known.id) > WEBHOOK_ID_MAX))
		abort();
	(void)webhook_secret_unfit((enum source_kind)(data[0] % 8),
	    &(struct webhook_secret){body, (size_t)(text + len - 1 - body)});
	free(text);
	return 0;
}
