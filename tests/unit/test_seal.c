#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "core/note.h"
#include "edge/seal.h"
#include "run.h"

#define ORIGIN "example.com/foureyes"

static char dir[64];
static char path[80];

static int
set_up(void **state)
{
	(void)state;
	make_dir(dir, "seal");
	snprintf(path, sizeof(path), "%s/seal.key", dir);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	remove_dir(dir);
	return 0;
}

static struct seal *
made(struct seal_public *key)
{
	struct err err = {0};
	struct seal *seal = NULL;

	unlink(path);
	assert_int_equal(seal_make(path, &err), 0);
	assert_int_equal(seal_open(&seal, path, &err), 0);
	seal_public(key, seal);
	return seal;
}

static void
a_key_is_made_once_and_for_its_owner_only(void **state)
{
	struct err err = {0};
	struct stat st;

	(void)state;
	umask(0);
	unlink(path);
	assert_int_equal(seal_make(path, &err), 0);
	umask(022);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0400);
	assert_int_equal(seal_make(path, &err), -1);
	assert_int_equal(err.kind, ERR_SYSTEM);
}

static void
openssl_reads_our_key_and_shows_our_fingerprint(void **state)
{
	struct seal_public key, back;
	struct seal *seal = made(&key);
	struct buf pem = {0}, want = {0}, der = {0};
	char print[SEAL_FINGERPRINT_SIZE], hex[DIGEST_HEX_SIZE];
	struct err err = {0};

	(void)state;
	seal_public_pem(&pem, &key);
	assert_int_equal(RUN(dir, NULL, &want, "openssl", "pkey", "-in",
	                     "seal.key", "-pubout"),
	    0);
	assert_string_equal(pem.data, want.data);
	assert_int_equal(RUN(dir, NULL, &der, "openssl", "pkey", "-in",
	                     "seal.key", "-pubout", "-outform", "DER"),
	    0);
	digest_sha256_hex(hex, der.data, der.len);
	seal_fingerprint(print, &key);
	assert_string_equal(print, hex);
	assert_int_equal(seal_public_parse(&back, pem.data, pem.len, &err), 0);
	assert_memory_equal(&back, &key, sizeof(key));
	assert_int_equal(seal_public_parse(&back, pem.data, pem.len - 1, &err),
	    -1);
	buf_put(&pem, want.data);
	assert_int_equal(seal_public_parse(&back, pem.data, pem.len, &err), -1);
	assert_int_equal(seal_public_parse(&back, "", 0, &err), -1);
	seal_close(seal);
	buf_free(&pem);
	buf_free(&want);
	buf_free(&der);
}

static void
we_read_a_key_that_openssl_made(void **state)
{
	struct err err = {0};
	struct seal *seal = NULL;

	(void)state;
	unlink(path);
	assert_int_equal(RUN(dir, NULL, NULL, "openssl", "genpkey",
	                     "-algorithm", "ed25519", "-out", "seal.key"),
	    0);
	assert_int_equal(chmod(path, 0600), 0);
	assert_int_equal(seal_open(&seal, path, &err), 0);
	seal_close(seal);
}

static void
refuses_to_open(const char *file, enum err_kind kind)
{
	struct err err = {0};
	struct seal *seal = NULL;

	assert_int_equal(seal_open(&seal, file, &err), -1);
	assert_int_equal(err.kind, kind);
	assert_null(seal);
}

static void
a_key_file_that_others_could_read_is_refused(void **state)
{
	static const mode_t modes[] = {0440, 0420, 0410, 0404, 0402, 0401};
	struct seal_public key;

	(void)state;
	seal_close(made(&key));
	for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++) {
		assert_int_equal(chmod(path, modes[i]), 0);
		refuses_to_open(path, ERR_CONFIG);
	}
}

static void
whatever_is_no_key_file_is_refused(void **state)
{
	struct seal_public key;
	struct buf pem = {0};
	char other[96];

	(void)state;
	seal_close(made(&key));
	snprintf(other, sizeof(other), "%s/link", dir);
	assert_int_equal(symlink("seal.key", other), 0);
	refuses_to_open(other, ERR_SYSTEM);
	unlink(other);
	assert_int_equal(mkfifo(other, 0400), 0);
	refuses_to_open(other, ERR_CONFIG);
	unlink(other);
	refuses_to_open(other, ERR_SYSTEM);
	refuses_to_open(dir, ERR_CONFIG);

	get_file(&pem, dir, "seal.key");
	put_file(dir, "link", pem.data, pem.len - 1);
	refuses_to_open(other, ERR_CONFIG);
	buf_char(&pem, '\n');
	put_file(dir, "link", pem.data, pem.len);
	refuses_to_open(other, ERR_CONFIG);
	put_file(dir, "link", "", 0);
	refuses_to_open(other, ERR_CONFIG);
	RUN(dir, NULL, NULL, "openssl", "genpkey", "-algorithm", "x25519",
	    "-out", "link");
	assert_int_equal(chmod(other, 0400), 0);
	refuses_to_open(other, ERR_CONFIG);
	buf_free(&pem);
}

static void
a_key_of_another_user_is_refused(void **state)
{
	struct seal_public key;

	(void)state;
	if (geteuid() != 0)
		skip();
	seal_close(made(&key));
	assert_int_equal(chown(path, 12345, 0), 0);
	refuses_to_open(path, ERR_CONFIG);
}

static void
sign(const struct seal *seal, uint64_t size, struct buf *note)
{
	struct checkpoint c = {.size = size};
	struct err err = {0};

	assert_int_equal(checkpoint_name(&c, ORIGIN, &err), 0);
	digest_sha256(c.root, "", 0);
	assert_int_equal(seal_sign(seal, &c, note, &err), 0);
}

/* ERR_NONE: it is taken. */
static enum err_kind
outcome(const struct seal_public *key, const char *origin,
    const struct buf *note)
{
	struct checkpoint c = {0};
	struct err err = {0};

	if (seal_check(&c, key, origin, note->data, note->len, &err) == 0) {
		assert_int_equal(c.size, 42);
		assert_string_equal(c.origin, origin);
		return ERR_NONE;
	}
	assert_int_equal(c.size, 0);
	return err.kind;
}

static void
a_checkpoint_holds_until_any_byte_of_it_is_changed(void **state)
{
	struct seal_public key;
	struct seal *seal = made(&key);
	struct buf note = {0};

	(void)state;
	sign(seal, 42, &note);
	assert_int_equal(outcome(&key, ORIGIN, &note), ERR_NONE);
	for (size_t i = 0; i < note.len; i++)
		for (unsigned bit = 0; bit < 8; bit++) {
			note.data[i] = (char)(note.data[i] ^ 1 << bit);
			assert_int_not_equal(outcome(&key, ORIGIN, &note),
			    ERR_NONE);
			note.data[i] = (char)(note.data[i] ^ 1 << bit);
		}
	while (note.len-- > 0)
		assert_int_equal(outcome(&key, ORIGIN, &note), ERR_INPUT);
	seal_close(seal);
	buf_free(&note);
}

static void
an_unknown_key_is_passed_over_and_a_known_one_must_hold(void **state)
{
	struct seal_public key, stranger;
	struct seal *other = made(&stranger), *seal = made(&key);
	struct buf ours = {0}, theirs = {0}, both = {0}, wrong = {0};
	const char *line;

	(void)state;
	sign(seal, 42, &ours);
	sign(other, 42, &theirs);
	line = strstr(theirs.data, "\n\n") + 2;
	assert_int_equal(outcome(&stranger, ORIGIN, &theirs), ERR_NONE);
	assert_int_equal(outcome(&key, ORIGIN, &theirs), ERR_TAMPERED);
	assert_int_equal(outcome(&key, "example.com/other", &ours),
	    ERR_TAMPERED);
	buf_add(&both, ours.data, ours.len);
	buf_put(&both, line);
	assert_int_equal(outcome(&key, ORIGIN, &both), ERR_NONE);
	assert_int_equal(outcome(&stranger, ORIGIN, &both), ERR_NONE);
	/* A second signature by the known key that does not hold. */
	sign(seal, 43, &wrong);
	buf_put(&ours, strstr(wrong.data, "\n\n") + 2);
	assert_int_equal(outcome(&key, ORIGIN, &ours), ERR_TAMPERED);
	seal_close(seal);
	seal_close(other);
	buf_free(&ours);
	buf_free(&theirs);
	buf_free(&both);
	buf_free(&wrong);
}

/* Something else signed with the sealing key under the same name. */
static void
a_signed_note_that_is_no_checkpoint_of_that_origin_is_refused(void **state)
{
	static const char *const texts[] = {"hello\n",
	    "example.com/other\n42\n"
	    "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n"};
	struct seal_public key;
	struct seal *seal = made(&key);
	struct err err = {0};

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		unsigned char bytes[SEAL_SIGNATURE_SIZE], id[NOTE_ID_SIZE];
		struct buf note = {0};

		assert_int_equal(seal_bytes(bytes, seal, texts[i],
		                     strlen(texts[i]), &err),
		    0);
		note_key_id(id, ORIGIN, NOTE_ED25519, key.bytes,
		    SEAL_PUBLIC_SIZE);
		buf_printf(&note, "%s\n", texts[i]);
		note_signature_line(&note, ORIGIN, id, bytes, sizeof(bytes));
		assert_int_equal(outcome(&key, ORIGIN, &note), ERR_INPUT);
		buf_free(&note);
	}
	seal_close(seal);
}

static void
what_openssl_signed_with_the_key_holds(void **state)
{
	unsigned char bytes[SEAL_SIGNATURE_SIZE];
	struct seal_public key;
	struct seal *seal = made(&key);
	struct buf out = {0}, text = {0};

	(void)state;
	buf_put(&text, "any text");
	put_file(dir, "text", text.data, text.len);
	assert_int_equal(RUN(dir, NULL, &out, "openssl", "pkeyutl", "-sign",
	                     "-inkey", "seal.key", "-rawin", "-in", "text"),
	    0);
	assert_int_equal(out.len, SEAL_SIGNATURE_SIZE);
	memcpy(bytes, out.data, sizeof(bytes));
	assert_true(seal_holds(bytes, &key, text.data, text.len));
	assert_false(seal_holds(bytes, &key, text.data, text.len - 1));
	bytes[63] ^= 0x80;
	assert_false(seal_holds(bytes, &key, text.data, text.len));
	seal_close(seal);
	buf_free(&out);
	buf_free(&text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_key_is_made_once_and_for_its_owner_only),
	    cmocka_unit_test(openssl_reads_our_key_and_shows_our_fingerprint),
	    cmocka_unit_test(we_read_a_key_that_openssl_made),
	    cmocka_unit_test(a_key_file_that_others_could_read_is_refused),
	    cmocka_unit_test(whatever_is_no_key_file_is_refused),
	    cmocka_unit_test(a_key_of_another_user_is_refused),
	    cmocka_unit_test(
	        a_checkpoint_holds_until_any_byte_of_it_is_changed),
	    cmocka_unit_test(
	        an_unknown_key_is_passed_over_and_a_known_one_must_hold),
	    cmocka_unit_test(
	        a_signed_note_that_is_no_checkpoint_of_that_origin_is_refused),
	    cmocka_unit_test(what_openssl_signed_with_the_key_holds),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
