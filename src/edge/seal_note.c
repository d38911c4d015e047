/*
 * Checkpoints as signed notes: the texts are core's, the key is edge/seal.c's.
 */
#include <string.h>

#include "base/pool.h"
#include "core/note.h"
#include "edge/seal.h"

static void
key_id(unsigned char out[NOTE_ID_SIZE], const char *origin,
    const struct seal_public *key)
{
	note_key_id(out, origin, NOTE_ED25519, key->bytes, SEAL_PUBLIC_SIZE);
}

int
seal_sign_also(const struct seal *seal, const struct checkpoint *c,
    struct buf *note, struct err *err)
{
	unsigned char signature[SEAL_SIGNATURE_SIZE], id[NOTE_ID_SIZE];
	struct seal_public key;
	struct buf text = {0};
	int ret;

	checkpoint_text(&text, c);
	ret = seal_bytes(signature, seal, text.data, text.len, err);
	buf_free(&text);
	if (ret < 0)
		return -1;
	seal_public(&key, seal);
	key_id(id, c->origin, &key);
	note_signature_line(note, c->origin, id, signature, sizeof(signature));
	return 0;
}

int
seal_sign(const struct seal *seal, const struct checkpoint *c, struct buf *note,
    struct err *err)
{
	struct checkpoint named = *c;
	size_t before = note->len;

	if (checkpoint_name(&named, c->origin, err) < 0)
		return -1;
	checkpoint_text(note, c);
	buf_char(note, '\n');
	if (seal_sign_also(seal, c, note, err) == 0)
		return 0;
	note->len = before;
	return -1;
}

static int
check_signatures(const struct note *note, const struct seal_public *key,
    const char *origin, struct err *err)
{
	unsigned char id[NOTE_ID_SIZE];
	bool found = false;

	key_id(id, origin, key);
	for (size_t i = 0; i < note->count; i++) {
		const struct note_signature *s = &note->signatures[i];

		if (strcmp(s->name, origin) != 0 ||
		    memcmp(s->id, id, sizeof(id)) != 0)
			continue;
		if (s->len != SEAL_SIGNATURE_SIZE ||
		    !seal_holds(s->bytes, key, note->text, note->len))
			return err_set(err, ERR_TAMPERED,
			    "the checkpoint's signature by '%s' does not hold",
			    origin);
		found = true;
	}
	if (!found)
		return err_set(err, ERR_TAMPERED,
		    "the checkpoint is not signed with the sealing key known "
		    "as '%s'",
		    origin);
	return 0;
}

int
seal_check(struct checkpoint *out, const struct seal_public *key,
    const char *origin, const char *note, size_t len, struct err *err)
{
	struct pool pool = {0};
	struct note parsed;
	struct checkpoint c = {0};
	int ret = -1;

	if (note_parse(&parsed, &pool, note, len, err) < 0 ||
	    check_signatures(&parsed, key, origin, err) < 0 ||
	    checkpoint_parse(&c, parsed.text, parsed.len, err) < 0)
		goto out;
	if (strcmp(c.origin, origin) != 0) {
		err_set(err, ERR_INPUT,
		    "the checkpoint is of '%s', not of '%s'", c.origin, origin);
		goto out;
	}
	*out = c;
	ret = 0;
out:
	pool_free(&pool);
	return ret;
}
