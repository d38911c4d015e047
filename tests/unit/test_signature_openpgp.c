#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <dirent.h>
#include <time.h>

#include "base/text.h"
#include "core/armor.h"
#include "core/pgpsig.h"
#include "core/signed.h"
#include "edge/signature.h"
#include "edge/signature_parts.h"
#include "run.h"

#define DATA "object 1\ntype commit\n\ntext\n"
#define DAY ((int64_t)86400000)
#define T2020 ((int64_t)1577836800000) /* 2020-01-01 */

static char dir[64], home[80], ring[80], scratch[80];
static char exactly_rsa[48]; /* its primary key and not the subkey */
static char print_of[6][41]; /* fingerprints, in the order of `keys` */

/* Made at the beginning of 2020 where they expire. */
static const struct {
	const char *name, *type, *expires, *time;
} keys[] = {
    {"good", "ed25519", "never", "20250101T000000"},
    {"rsa", "rsa2048", "never", "20250101T000000"},
    {"short", "rsa1024", "never", "20250101T000000"},
    {"old", "ed25519", "1y", "20200101T000000"},
    {"revoked", "ed25519", "never", "20250101T000000"},
    {"stranger", "nistp256", "never", "20250101T000000"},
};

enum {
	GOOD,
	RSA,
	SHORT,
	OLD,
	REVOKED,
	STRANGER,
	KEYS
};

static int
gpg(const struct buf *in, struct buf *out, const char *time, const char *a,
    const char *b, const char *c, const char *d, const char *e)
{
	return RUN(dir, in, out, "gpg", "--batch", "--quiet", "--no-tty",
	    "--homedir", home, "--passphrase", "", "--pinentry-mode",
	    "loopback", "--trust-model", "always", "--faked-system-time", time,
	    a, b, c, d, e);
}

static void
read_fingerprint(char print[41], const char *name)
{
	struct buf out = {0};
	const char *at;

	RUN(dir, NULL, &out, "gpg", "--homedir", home, "--batch",
	    "--with-colons", "--list-keys", name);
	at = strstr(buf_text(&out), "\nfpr:::::::::");
	assert_non_null(at);
	memcpy(print, at + strlen("\nfpr:::::::::"), 40);
	print[40] = '\0';
	buf_free(&out);
}

/* gpg keeps a revocation beside each key, made harmless by a colon. */
static int
take_back(const char *print)
{
	struct buf text = {0};
	char name[96];
	char *colon;
	int status;

	snprintf(name, sizeof(name), "openpgp-revocs.d/%s.rev", print);
	get_file(&text, home, name);
	colon = strstr(text.data, "\n:-----BEGIN");
	if (colon == NULL)
		return -1;
	colon[1] = '\n';
	status = gpg(&text, NULL, "20250102T000000", "--import", "-", NULL,
	    NULL, NULL);
	buf_free(&text);
	return status;
}

static int
make_keys(void **state)
{
	struct buf out = {0}, data = {0}, before = {0};

	(void)state;
	buf_put(&data, DATA);
	make_dir(dir, "openpgp");
	snprintf(home, sizeof(home), "%s/home", dir);
	snprintf(ring, sizeof(ring), "%s/ring", dir);
	snprintf(scratch, sizeof(scratch), "%s/scratch", dir);
	if (mkdir(home, 0700) < 0 || mkdir(scratch, 0700) < 0)
		return -1;
	for (size_t i = 0; i < KEYS; i++) {
		if (gpg(NULL, NULL, keys[i].time, "--quick-gen-key",
		        keys[i].name, keys[i].type, "sign",
		        keys[i].expires) != 0)
			return -1;
		read_fingerprint(print_of[i], keys[i].name);
	}
	snprintf(exactly_rsa, sizeof(exactly_rsa), "%s!", print_of[RSA]);
	/* A key whose signatures are made by a subkey. */
	if (gpg(NULL, NULL, keys[RSA].time, "--quick-add-key", print_of[RSA],
	        "ed25519", "sign", "never") != 0 ||
	    gpg(&data, &before, "20250101T120000", "-bau", "revoked", NULL,
	        NULL, NULL) != 0 ||
	    take_back(print_of[REVOKED]) != 0)
		return -1;
	put_file(dir, "before", before.data, before.len);
	buf_free(&before);
	buf_free(&data);
	RUN(dir, NULL, &out, "gpg", "--homedir", home, "--batch", "--export",
	    "good", "rsa", "short", "old", "revoked");
	put_file(dir, "ring", out.data, out.len);
	buf_free(&out);
	return 0;
}

static int
drop_keys(void **state)
{
	(void)state;
	RUN(dir, NULL, NULL, "gpgconf", "--homedir", home, "--kill", "all");
	remove_dir(dir);
	return 0;
}

static void
sign_at(struct buf *armor, const char *key, const char *time, const char *how,
    const char *more)
{
	struct buf in = {0};

	buf_put(&in, DATA);
	buf_clear(armor);
	assert_int_equal(gpg(&in, armor, time, "-au", key, how, more, NULL), 0);
	buf_free(&in);
}

static void
sign(struct buf *armor, const char *key)
{
	sign_at(armor, key, "20250201T000000", "-b", NULL);
}

static struct signature
ask_with(const struct buf *armor, const char *data,
    const struct signature_rules *rules)
{
	struct signature s;
	struct err err = {0};
	DIR *left;
	unsigned names = 0;

	if (signature_check(&s, data, strlen(data), armor->data, armor->len,
	        rules, &err) < 0)
		fail_msg("%s", err.text);
	assert_int_equal(s.good, s.code[0] == '\0');
	assert_true(!s.good || s.intact);
	/* Nothing is left lying about. */
	left = opendir(scratch);
	while (readdir(left) != NULL)
		names++;
	closedir(left);
	assert_int_equal(names, 2);
	return s;
}

static struct signature
ask(const struct buf *armor, const char *data)
{
	struct signature_rules rules = {.keyring = ring, .scratch = scratch};

	return ask_with(armor, data, &rules);
}

static void
assert_key(const struct signature *s, unsigned key)
{
	assert_true(text_starts(s->key, "openpgp:"));
	assert_string_equal(s->key + strlen("openpgp:"), print_of[key]);
}

static void
signatures_by_keys_of_the_keyring_hold(void **state)
{
	struct buf armor = {0};
	struct signature s;

	(void)state;
	sign(&armor, "good");
	s = ask(&armor, DATA);
	assert_true(s.good);
	assert_int_equal(s.form, SIGNATURE_OPENPGP);
	assert_key(&s, GOOD);
	buf_clear(&armor);
	sign(&armor, exactly_rsa);
	s = ask(&armor, DATA);
	assert_true(s.good);
	assert_key(&s, RSA);
	/* By the subkey: the primary key is named. */
	sign(&armor, "rsa");
	s = ask(&armor, DATA);
	assert_true(s.good);
	assert_key(&s, RSA);
	buf_free(&armor);
}

static void
a_signature_over_other_bytes_does_not_hold(void **state)
{
	struct buf armor = {0};
	struct signature s;

	(void)state;
	sign(&armor, "good");
	s = ask(&armor, DATA "x");
	assert_string_equal(s.code, "bad");
	assert_false(s.intact);
	assert_string_equal(s.key, "");
	buf_free(&armor);
}

static void
a_key_that_is_not_in_the_keyring_is_unknown(void **state)
{
	struct buf armor = {0};

	(void)state;
	sign(&armor, "stranger");
	assert_string_equal(ask(&armor, DATA).code, "unknown-key");
	buf_free(&armor);
}

static void
revoked_and_expired_keys_do_not_count_though_gpgv_ends_well(void **state)
{
	struct signature_rules rules = {.keyring = ring, .scratch = scratch};
	struct buf armor = {0};
	struct signature s;

	(void)state;
	get_file(&armor, dir, "before"); /* signed before it was revoked */
	s = ask(&armor, DATA);
	assert_string_equal(s.code, "revoked");
	assert_true(s.intact);
	assert_key(&s, REVOKED);

	sign_at(&armor, "old", "20200201T000000", "-b", NULL);
	s = ask(&armor, DATA);
	assert_string_equal(s.code, "expired");
	assert_true(s.intact);
	assert_key(&s, OLD);
	/* Asked again of a time when the key was in force. */
	rules.now = T2020 + 40 * DAY;
	assert_true(ask_with(&armor, DATA, &rules).good);
	rules.now = T2020 + 364 * DAY;
	assert_true(ask_with(&armor, DATA, &rules).good);
	rules.now = T2020 + 367 * DAY;
	assert_string_equal(ask_with(&armor, DATA, &rules).code, "expired");
	buf_free(&armor);
}

static void
a_signature_that_expires_does_so_at_its_time(void **state)
{
	struct signature_rules rules = {.keyring = ring, .scratch = scratch};
	struct buf armor = {0}, in = {0};
	int64_t signed_at = 1738368000000; /* 2025-02-01 */

	(void)state;
	buf_put(&in, DATA);
	assert_int_equal(gpg(&in, &armor, "20250201T000000",
	                     "--default-sig-expire", "3d", "-bau", "good",
	                     NULL),
	    0);
	assert_string_equal(ask(&armor, DATA).code, "expired");
	rules.now = signed_at + 2 * DAY;
	assert_true(ask_with(&armor, DATA, &rules).good);
	rules.now = signed_at + 3 * DAY;
	assert_string_equal(ask_with(&armor, DATA, &rules).code, "expired");
	buf_free(&armor);
	buf_free(&in);
}

static void
weak_keys_and_hashes_are_refused(void **state)
{
	struct signature_rules rules = {.keyring = ring,
	    .scratch = scratch,
	    .rsa_bits = 1024};
	struct buf armor = {0}, in = {0};

	(void)state;
	sign(&armor, "short");
	assert_string_equal(ask(&armor, DATA).code, "weak");
	assert_true(ask_with(&armor, DATA, &rules).good);
	buf_put(&in, DATA);
	buf_clear(&armor);
	assert_int_equal(gpg(&in, &armor, "20250201T000000", "--digest-algo",
	                     "SHA1", "-bau", exactly_rsa, NULL),
	    0);
	assert_string_equal(ask(&armor, DATA).code, "weak");
	buf_free(&armor);
	buf_free(&in);
}

static void
only_signatures_of_binary_documents_are_taken(void **state)
{
	struct buf armor = {0};

	(void)state;
	sign_at(&armor, "good", "20250201T000000", "-b", "--textmode");
	assert_string_equal(ask(&armor, DATA).code, "unknown-form");
	/* A signed message instead of a signature beside one. */
	sign_at(&armor, "good", "20250201T000000", "-s", NULL);
	assert_string_equal(ask(&armor, DATA).code, "unknown-form");
	buf_free(&armor);
}

static void
rearmor(struct buf *armor, const struct buf *blob)
{
	struct buf digits = {0};

	buf_clear(armor);
	text_base64(&digits, blob->data, blob->len);
	buf_put(armor, "-----BEGIN PGP SIGNATURE-----\n\n");
	for (size_t at = 0; at < digits.len; at += 64)
		buf_printf(armor, "%.64s\n", digits.data + at);
	buf_put(armor, "-----END PGP SIGNATURE-----\n");
	buf_free(&digits);
}

static void
two_signatures_are_refused_in_either_order(void **state)
{
	struct buf good = {0}, other = {0}, both = {0}, blob = {0};

	(void)state;
	sign(&good, "good");
	sign(&other, "stranger");
	for (int i = 0; i < 2; i++) {
		buf_clear(&both);
		buf_put(&both, i ? good.data : other.data);
		buf_put(&both, i ? other.data : good.data);
		assert_string_equal(ask(&both, DATA).code, "not-one");
		buf_clear(&blob);
		assert_true(armor_open(&blob, ARMOR_PGP_SIGNATURE,
		    i ? good.data : other.data, i ? good.len : other.len));
		assert_true(armor_open(&blob, ARMOR_PGP_SIGNATURE,
		    i ? other.data : good.data, i ? other.len : good.len));
		rearmor(&both, &blob);
		assert_string_equal(ask(&both, DATA).code, "not-one");
	}
	buf_clear(&blob);
	assert_true(
	    armor_open(&blob, ARMOR_PGP_SIGNATURE, good.data, good.len));
	rearmor(&both, &blob);
	assert_true(ask(&both, DATA).good);
	buf_add(&blob, "\xb4\x01x", 3); /* a user id packet */
	rearmor(&both, &blob);
	assert_string_equal(ask(&both, DATA).code, "malformed");
	buf_free(&good);
	buf_free(&other);
	buf_free(&both);
	buf_free(&blob);
}

/* A turned bit never makes another signature good, and is never an error. */
static void
with_a_bit_turned_the_signature_does_not_hold(void **state)
{
	struct buf armor = {0}, blob = {0};
	size_t hashed;

	(void)state;
	sign(&armor, "good");
	assert_true(
	    armor_open(&blob, ARMOR_PGP_SIGNATURE, armor.data, armor.len));
	hashed = (size_t)blob.data[7] + 8;
	for (size_t at = 0; at < blob.len; at += 3) {
		blob.data[at] ^= 1;
		rearmor(&armor, &blob);
		/* What lies between is not signed: hints for finding keys. */
		if (at < hashed || at >= blob.len - 68)
			assert_false(ask(&armor, DATA).good);
		blob.data[at] ^= 1;
	}
	for (size_t len = blob.len; len-- > 1;) {
		blob.len = len;
		rearmor(&armor, &blob);
		assert_string_equal(ask(&armor, DATA).code, "malformed");
	}
	buf_free(&armor);
	buf_free(&blob);
}

static void
the_armor_is_whole_and_its_checksum_fits(void **state)
{
	struct buf armor = {0};
	char *sum;

	(void)state;
	sign(&armor, "good");
	sum = strstr(armor.data, "\n=");
	assert_non_null(sum);
	sum[2] = sum[2] == 'A' ? 'B' : 'A';
	assert_string_equal(ask(&armor, DATA).code, "malformed");
	sign(&armor, "good");
	buf_put(&armor, "x");
	assert_string_equal(ask(&armor, DATA).code, "malformed");
	sign(&armor, "good");
	buf_clear(&armor);
	buf_put(&armor,
	    "-----BEGIN PGP SIGNATURE-----\nAAAA\n"
	    "-----END PGP SIGNATURE-----\n");
	assert_string_equal(ask(&armor, DATA).code, "malformed");
	buf_free(&armor);
}

static void
without_a_keyring_openpgp_is_not_configured(void **state)
{
	struct signature_rules rules = {.scratch = scratch};
	struct buf armor = {0};

	(void)state;
	sign(&armor, "good");
	assert_string_equal(ask_with(&armor, DATA, &rules).code,
	    "not-configured");
	buf_free(&armor);
}

static void
cannot_say(const struct buf *armor, const struct signature_rules *rules,
    const char *says)
{
	struct signature s;
	struct err err = {0};

	assert_int_equal(signature_check(&s, DATA, strlen(DATA), armor->data,
	                     armor->len, rules, &err),
	    -1);
	assert_false(s.good);
	assert_non_null(strstr(err.text, says));
}

static void
a_keyring_that_cannot_be_used_is_an_error(void **state)
{
	char path[96];
	struct signature_rules rules = {.keyring = path, .scratch = scratch};
	struct buf armor = {0}, text = {0};
	struct err err = {0};

	(void)state;
	sign(&armor, "good");
	snprintf(path, sizeof(path), "%s/other", dir);
	cannot_say(&armor, &rules, path);
	put_file(dir, "other", "", 0);
	cannot_say(&armor, &rules, "empty");
	assert_int_equal(signature_ready(&rules, &err), -1);
	assert_non_null(strstr(err.text, "empty"));
	assert_int_equal(RUN(dir, NULL, &text, "gpg", "--homedir", home,
	                     "--batch", "--armor", "--export", "good"),
	    0);
	put_file(dir, "other", text.data, text.len);
	assert_true(ask_with(&armor, DATA, &rules).good);
	assert_int_equal(signature_ready(&rules, &err), 0);
	chmod(path, 0620);
	cannot_say(&armor, &rules, "written by others");
	put_file(dir, "other", text.data, text.len - 40);
	cannot_say(&armor, &rules, "damaged");
	buf_put(&text, "x");
	put_file(dir, "other", text.data, text.len);
	cannot_say(&armor, &rules, "more than keys");
	/* Two blocks, one behind the other. */
	text.data[--text.len] = '\0';
	RUN(dir, NULL, &text, "gpg", "--homedir", home, "--batch", "--armor",
	    "--export", "rsa");
	put_file(dir, "other", text.data, text.len);
	assert_true(ask_with(&armor, DATA, &rules).good);
	sign(&armor, "rsa");
	assert_true(ask_with(&armor, DATA, &rules).good);
	buf_free(&armor);
	buf_free(&text);
}

static void
no_directory_to_work_in_is_an_error(void **state)
{
	struct signature_rules rules = {.keyring = ring, .scratch = "/nowhere"};
	struct buf armor = {0};

	(void)state;
	sign(&armor, "good");
	cannot_say(&armor, &rules, "/nowhere");
	buf_free(&armor);
}

#define G "[GNUPG:] "
#define NEW G "NEWSIG\n"
#define FPR "0123456789ABCDEF0123456789ABCDEF01234567"
#define GOODLINE G "GOODSIG 01234567 name\n"
#define VALID_(expires, class, primary)                                        \
	G "VALIDSIG " FPR " 2025-02-01 1738368000 " expires                    \
	  " 4 0 22 8 " class " " primary "\n"
#define VALID VALID_("0", "00", FPR)

static void
status_lines_are_believed_only_where_nothing_contradicts(void **state)
{
	/* `now` in seconds. */
	static const struct {
		const char *lines;
		int exit;
		int64_t now;
		const char *code;
	} cases[] = {
	    {NEW GOODLINE VALID, 0, 0, ""},
	    {NEW G "KEY_CONSIDERED " FPR " 0\n" G "SIG_ID x\n" GOODLINE VALID,
	        0, 0, ""},
	    {"", 0, 0, "bad"},
	    {NEW GOODLINE VALID, 1, 0, "bad"},
	    {GOODLINE VALID, 0, 0, "bad"},
	    {NEW GOODLINE, 0, 0, "bad"},
	    {NEW VALID, 0, 0, "bad"},
	    {NEW NEW GOODLINE VALID, 0, 0, "not-one"},
	    {NEW GOODLINE GOODLINE VALID, 0, 0, "bad"},
	    {NEW GOODLINE VALID VALID, 0, 0, "bad"},
	    {NEW GOODLINE VALID G "BADSIG x\n", 0, 0, "bad"},
	    {NEW GOODLINE VALID G "ERRSIG x\n", 0, 0, "bad"},
	    {NEW GOODLINE VALID G "NO_PUBKEY x\n", 0, 0, "unknown-key"},
	    {NEW GOODLINE VALID G "REVKEYSIG x\n", 0, 0, "bad"},
	    {NEW GOODLINE VALID G "UNHEARD_OF x\n", 0, 0, "bad"},
	    {NEW GOODLINE VALID "gpgv: hello\n", 0, 0, "bad"},
	    {NEW GOODLINE VALID G "SIG_ID", 0, 0, "bad"},
	    {NEW GOODLINE VALID_("0", "01", FPR), 0, 0, "bad"},
	    {NEW GOODLINE VALID_("x", "00", FPR), 0, 0, "bad"},
	    {NEW GOODLINE VALID_("0", "00", FPR "0"), 0, 0, "bad"},
	    {NEW GOODLINE VALID_("0", "00", "0123"), 0, 0, "bad"},
	    {NEW GOODLINE G "VALIDSIG " FPR "\n", 0, 0, "bad"},
	    {NEW G "REVKEYSIG x\n" VALID, 0, 0, "revoked"},
	    {NEW G "EXPKEYSIG x\n" VALID, 0, 0, "expired"},
	    {NEW G "EXPKEYSIG x\n" VALID, 0, 100, "expired"},
	    {NEW G "KEYEXPIRED 200\n" G "EXPKEYSIG x\n" VALID, 0, 0, "expired"},
	    {NEW G "KEYEXPIRED 200\n" G "EXPKEYSIG x\n" VALID, 0, 199, ""},
	    {NEW G "KEYEXPIRED 200\n" G "EXPKEYSIG x\n" VALID, 0, 200,
	        "expired"},
	    {NEW G "KEYEXPIRED 200\n" G "KEYEXPIRED 100\n" G
	           "EXPKEYSIG x\n" VALID,
	        0, 150, "expired"},
	    {NEW G "KEYEXPIRED 200\n" G "KEYEXPIRED x\n" G
	           "EXPKEYSIG x\n" VALID,
	        0, 150, "expired"},
	    {NEW G "EXPSIG x\n" VALID_("200", "00", FPR), 0, 0, "expired"},
	    {NEW G "EXPSIG x\n" VALID_("200", "00", FPR), 0, 199, ""},
	    {NEW G "EXPSIG x\n" VALID_("200", "00", FPR), 0, 200, "expired"},
	    {NEW G "EXPSIG x\n" VALID, 0, 100, "expired"},
	    {NEW GOODLINE VALID_("200", "00", FPR), 0, 0, ""},
	    {NEW GOODLINE VALID_("200", "00", FPR), 0, 200, "expired"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct signature_rules rules = {.now = cases[i].now * 1000};
		struct signature s = {0};
		struct buf lines = {0};

		buf_put(&lines, cases[i].lines);
		openpgp_answer(&s, &lines, cases[i].exit, &rules);
		assert_string_equal(s.code, cases[i].code);
		assert_int_equal(s.good, cases[i].code[0] == '\0');
		buf_free(&lines);
	}
}

/* A program that stands in for gpgv. */
static int
ask_program(struct gpgv *g, const char *script, struct err *err)
{
	static const struct buf nothing;
	char path[96];

	put_file(dir, "program", script, strlen(script));
	snprintf(path, sizeof(path), "%s/program", dir);
	chmod(path, 0700);
	buf_free(&g->status);
	g->program = path;
	g->scratch = scratch;
	g->wait_ms = 300;
	g->keyring = &nothing;
	g->signature = &nothing;
	g->data = "";
	return gpgv_ask(g, err);
}

static void
a_program_that_is_slow_endless_or_killed_is_an_error(void **state)
{
	struct gpgv g = {0};
	struct err err = {0};
	struct timespec before, after;

	(void)state;
	assert_int_equal(ask_program(&g, "#!/bin/sh\necho hi >&3; exit 4\n",
	                     &err),
	    0);
	assert_string_equal(g.status.data, "hi\n");
	assert_int_equal(g.exit, 4);

	clock_gettime(CLOCK_MONOTONIC, &before);
	assert_int_equal(ask_program(&g, "#!/bin/sh\nsleep 20\n", &err), -1);
	assert_int_equal(err.kind, ERR_UNREACHABLE);
	/* Its pipe is closed, and it goes on. */
	assert_int_equal(ask_program(&g,
	                     "#!/bin/sh\nexec 3>&-; exec sleep 20\n", &err),
	    -1);
	assert_int_equal(err.kind, ERR_UNREACHABLE);
	clock_gettime(CLOCK_MONOTONIC, &after);
	assert_true(after.tv_sec - before.tv_sec < 5);

	assert_int_equal(ask_program(&g, "#!/bin/sh\nexec cat /dev/zero >&3\n",
	                     &err),
	    -1);
	assert_int_equal(err.kind, ERR_INPUT);
	assert_int_equal(ask_program(&g, "#!/bin/sh\nkill -9 $$\n", &err), -1);
	assert_int_equal(err.kind, ERR_SYSTEM);
	/* valgrind itself ends where a program cannot be started. */
	if (getenv("UNDER_VALGRIND") == NULL) {
		assert_int_equal(ask_program(&g, "#!/nowhere\n", &err), -1);
		assert_int_equal(err.kind, ERR_SYSTEM);
	}
	assert_int_equal(rmdir(scratch), 0);
	assert_int_equal(mkdir(scratch, 0700), 0);
	buf_free(&g.status);
}

static void
the_program_sees_nothing_of_our_environment(void **state)
{
	struct gpgv g = {0};
	struct err err = {0};

	(void)state;
	setenv("GNUPGHOME", "/nowhere", 1);
	setenv("SECRET", "x", 1);
	assert_int_equal(ask_program(&g,
	                     "#!/bin/sh\n/usr/bin/env >&3\n"
	                     "ls ./home >&3\n",
	                     &err),
	    0);
	unsetenv("GNUPGHOME");
	unsetenv("SECRET");
	assert_null(strstr(g.status.data, "SECRET"));
	assert_null(strstr(g.status.data, "/nowhere"));
	assert_non_null(strstr(g.status.data, "GNUPGHOME=./home\n"));
	buf_free(&g.status);
}

/* `git tag -s`, as an approver makes it. */
static void
git_config(const char *name, const char *value)
{
	assert_int_equal(RUN(dir, NULL, NULL, "git", "-C", "repo", "config",
	                     name, value),
	    0);
}

static struct signature
ask_about_tag(const char *tag, bool spoil)
{
	struct signature_rules rules = {.keyring = ring, .scratch = scratch};
	struct signed_parts parts;
	struct buf object = {0};
	struct signature s;
	struct err err = {0};

	assert_int_equal(RUN(dir, NULL, &object, "git", "-C", "repo",
	                     "cat-file", "tag", tag),
	    0);
	assert_int_equal(signed_split(&parts, object.data, object.len, &err),
	    0);
	assert_non_null(parts.armor);
	if (spoil)
		object.data[7] ^= 1;
	assert_int_equal(signature_check(&s, parts.payload, parts.payload_len,
	                     parts.armor, parts.armor_len, &rules, &err),
	    0);
	buf_free(&object);
	return s;
}

static void
tags_that_git_signs_are_good(void **state)
{
	struct buf shown = {0};
	struct signature s;

	(void)state;
	setenv("GNUPGHOME", home, 1);
	RUN(dir, NULL, NULL, "git", "init", "-q", "repo");
	git_config("user.name", "a");
	git_config("user.email", "a@example.com");
	RUN(dir, NULL, NULL, "git", "-C", "repo", "commit", "-q",
	    "--allow-empty", "-m", "x");
	git_config("user.signingKey", print_of[GOOD]);
	assert_int_equal(RUN(dir, NULL, NULL, "git", "-C", "repo", "tag", "-s",
	                     "-m", "text", "pgp"),
	    0);
	s = ask_about_tag("pgp", false);
	assert_true(s.good);
	assert_key(&s, GOOD);
	assert_string_equal(ask_about_tag("pgp", true).code, "bad");

	RUN(dir, NULL, NULL, "ssh-keygen", "-q", "-t", "ed25519", "-N", "",
	    "-f", "ssh");
	RUN(dir, NULL, &shown, "ssh-keygen", "-l", "-f", "ssh");
	git_config("gpg.format", "ssh");
	git_config("user.signingKey", "../ssh.pub");
	assert_int_equal(RUN(dir, NULL, NULL, "git", "-C", "repo", "tag", "-s",
	                     "-m", "text", "ssh"),
	    0);
	s = ask_about_tag("ssh", false);
	assert_true(s.good);
	assert_non_null(strstr(shown.data, s.key));
	assert_string_equal(ask_about_tag("ssh", true).code, "bad");
	unsetenv("GNUPGHOME");
	buf_free(&shown);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(signatures_by_keys_of_the_keyring_hold),
	    cmocka_unit_test(a_signature_over_other_bytes_does_not_hold),
	    cmocka_unit_test(a_key_that_is_not_in_the_keyring_is_unknown),
	    cmocka_unit_test(
	        revoked_and_expired_keys_do_not_count_though_gpgv_ends_well),
	    cmocka_unit_test(a_signature_that_expires_does_so_at_its_time),
	    cmocka_unit_test(weak_keys_and_hashes_are_refused),
	    cmocka_unit_test(only_signatures_of_binary_documents_are_taken),
	    cmocka_unit_test(two_signatures_are_refused_in_either_order),
	    cmocka_unit_test(with_a_bit_turned_the_signature_does_not_hold),
	    cmocka_unit_test(the_armor_is_whole_and_its_checksum_fits),
	    cmocka_unit_test(without_a_keyring_openpgp_is_not_configured),
	    cmocka_unit_test(a_keyring_that_cannot_be_used_is_an_error),
	    cmocka_unit_test(
	        status_lines_are_believed_only_where_nothing_contradicts),
	    cmocka_unit_test(no_directory_to_work_in_is_an_error),
	    cmocka_unit_test(
	        a_program_that_is_slow_endless_or_killed_is_an_error),
	    cmocka_unit_test(the_program_sees_nothing_of_our_environment),
	    cmocka_unit_test(tags_that_git_signs_are_good),
	};

	return cmocka_run_group_tests(tests, make_keys, drop_keys);
}
