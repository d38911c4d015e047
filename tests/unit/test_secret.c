/*
 * What is found, what is passed over, and that it costs little.  No secret
 * stands here: each is made when the test runs.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "../../src/core/secret_inside.h"
#include "base/text.h"

static struct pool pool;
static uint32_t dice;

static int
set_up(void **state)
{
	(void)state;
	dice = 7;
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	pool_free(&pool);
	return 0;
}

static unsigned
roll(unsigned sides)
{
	dice = dice * 1664525 + 1013904223;
	return (dice >> 8) % sides;
}

static char
character_of(char class)
{
	for (;;) {
		char c = (char)(33 + roll(94));

		if (secret_is_in(class, (unsigned char)c) && c != '-' &&
		    c != '_' && c != '=')
			return c;
	}
}

static void
add_random(struct buf *out, char class, size_t count)
{
	for (size_t i = 0; i < count; i++)
		buf_char(out, character_of(class));
}

/* A text that fits a form, as short as it may be. */
static void
add_fitting(struct buf *out, const char *form, size_t less)
{
	while (*form != '\0') {
		char class = form[1];
		size_t least;
		char *end;

		if (*form == '%') {
			least = strtoul(form + 2, &end, 10);
			if (*end == '-' && end[1] >= '0' && end[1] <= '9')
				(void)strtoul(end + 1, &end, 10);
			add_random(out, class,
			    least - (*end == '\0' ? less : 0));
			form = end;
			continue;
		}
		buf_put(out, *form == '~' ? "= \"" : "");
		buf_put(out, *form == '^' ? "\r\n" : "");
		if (*form != '~' && *form != '^')
			buf_char(out, *form);
		form++;
	}
}

static const char *
made(const struct secret_shape *p, const char *before, const char *after,
    size_t less)
{
	struct buf text = {0};
	const char *ret;

	if ((p->flags & SECRET_WEB_KEY) != 0)
		buf_put(&text, "{\"kty\":\"EC\",\n");
	else
		buf_put(&text, "first line\n");
	buf_put(&text, before);
	if ((p->flags & SECRET_BOT_BEFORE) != 0)
		buf_put(&text, "314159265");
	buf_put(&text, p->prefix);
	add_fitting(&text, p->form, less);
	buf_put(&text, after);
	ret = pool_text(&pool, buf_text(&text));
	buf_free(&text);
	return ret;
}

static struct secret_hits
look(const char *text)
{
	struct secret_hits hits;

	secret_scan(&hits, &pool, text, strlen(text));
	return hits;
}

static void
expect_found(const char *text, const char *kind, unsigned line)
{
	struct secret_hits hits = look(text);

	if (hits.count != 1 || strcmp(hits.list[0].kind, kind) != 0)
		fail_msg("%zu found, of kind %s, not %s: %s", hits.count,
		    hits.count > 0 ? hits.list[0].kind : "none", kind, text);
	assert_int_equal(hits.list[0].line, line);
	assert_int_equal(strlen(hits.list[0].digest), 64);
	assert_false(hits.more);
}

static void
expect_nothing(const char *text)
{
	struct secret_hits hits = look(text);

	if (hits.count != 0)
		fail_msg("%s: %s", hits.list[0].kind, text);
}

/* ---- tokens ---- */

static void
each_shape_is_found_where_it_stands_alone(void **state)
{
	static const char *const around[][2] = {{"key = ", "\n"}, {"\"", "\""},
	    {"", ""}, {"(", ")"}, {"x='", "'; y"}, {"\\n", "\\n"}, {"%3D", "&"},
	    {"\xc3\xa9", "\xc3\xa9"}};

	(void)state;
	for (size_t i = 0; i < secret_shape_count; i++)
		for (size_t k = 0; k < sizeof(around) / sizeof(around[0]); k++)
			expect_found(made(&secret_shapes[i], around[k][0],
			                 around[k][1], 0),
			    secret_shapes[i].kind, 2);
}

static void
one_character_less_is_no_secret(void **state)
{
	(void)state;
	for (size_t i = 0; i < secret_shape_count; i++)
		if (strchr("=&",
		        secret_shapes[i]
		            .form[strlen(secret_shapes[i].form) - 1]) == NULL)
			expect_nothing(made(&secret_shapes[i], "", "", 1));
}

static void
a_token_in_the_middle_of_a_word_is_none(void **state)
{
	(void)state;
	for (size_t i = 0; i < secret_shape_count; i++) {
		const struct secret_shape *p = &secret_shapes[i];

		if ((p->flags & (SECRET_ANYWHERE | SECRET_KEY)) == 0 &&
		    secret_is_word((unsigned char)p->prefix[0]))
			expect_nothing(made(p, "word", "", 0));
		if ((p->flags & SECRET_KEY) == 0)
			expect_nothing(made(p, "",
			    "0000000000" /* runs on */
			    "0000000000000000000000000000000000000"
			    "0000000000000000000000000000000000000"
			    "0000000000000000000000000000000000_",
			    0));
		if ((p->flags & SECRET_NO_DASH) != 0)
			expect_nothing(made(p, "-", "", 0));
	}
}

static void
shapes_with_one_first_byte_stand_together(void **state)
{
	bool seen[256] = {false};

	(void)state;
	for (size_t i = 0; i < secret_shape_count; i++) {
		unsigned char c = (unsigned char)secret_shapes[i].prefix[0];

		if (i > 0 && (char)c == secret_shapes[i - 1].prefix[0])
			continue;
		assert_false(seen[c]);
		seen[c] = true;
	}
	assert_true(secret_shape_count < 255);
}

static void
a_bot_is_known_by_the_number_before(void **state)
{
	static const char *const numbers[] = {"", "1234567", "31415926535",
	    "a314159265", "x "};
	struct buf tail = {0};

	(void)state;
	buf_put(&tail, ":AA");
	add_random(&tail, 'a', 33);
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		expect_nothing(
		    pool_printf(&pool, "%s%s", numbers[i], buf_text(&tail)));
	expect_found(pool_printf(&pool, "31415926%s", buf_text(&tail)),
	    "a Telegram bot token", 1);
	buf_free(&tail);
}

static void
placeholders_and_samples_pass(void **state)
{
	static const char *const split[][2] = {
	    {"AKIA", "IOSFODNN7EXAMPLE"},
	    {"AKIA", "XXXXXXXXXXXXXXXX"},
	    {"AKIA", "ABCDEFGHIJKLMNOP"},
	    {"ASIA", "AAAABBBBCCCCDDDD"},
	    {"ghp_", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"},
	    {"ghp_", "abcdefghijklmnopqrstuvwxyz0123456789"},
	    {"ghp_", "0000000000000000000000000000000000000"},
	    {"gho_", "16C7e42F292c6912E7710c838347Ae178B4a"},
	    {"ghr_", "1B4a2e77838347a7E420ce178F2E7c6912E1692"},
	    {"glpat-", "XXXXXXXXXXXXXXXXXXXX"},
	    {"glpat-", "your_access_token_here"},
	    {"xoxb-", "1234-56789abcdefghijklmnop"},
	    {"xoxp-", "your-token-goes-right-here-7"},
	    {"hooks.slack.com/services/",
	        "T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX"},
	    {"sk_live_", "placeholder1234567890abc"},
	    {"sk_test_", "4eC39HqLyjWDarjtT1zdp7dc"},
	    {"pk_live_", "4eC39HqLyjWDarjtT1zdp7dc"},
	    {"SG.",
	        "xxxxxxxxxxxxxxxxxxxxxx.xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
	        "xxxxxxxxxx"},
	    {"npm_", "config_registry_that_is_long_enough_to_count"},
	    {"hf_", "hubdownloadfromwhereitstandsmostly"},
	    {"key-", "d41d8cd98f00b204e9800998ecf8427"},
	    {"SK", "00000000000000000000000000000000"},
	    {"110201543:AA", "HdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"},
	    {"AccountKey=",
	        "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I"
	        "6tq/K1SZFPTOtr/KBHBeksoGMGw=="},
	    {"aws_secret_access_key = ",
	        "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"},
	    {"aws_secret_access_key = ", "${AWS_SECRET_ACCESS_KEY}"},
	    {"eyJhbGciOiJIUzI1NiJ9", ".eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJl"},
	    {"\"d\": \"", "M10 10 L20 20 Z\", \"kty\": 1"},
	    {"password = ", "hunter2"},
	    {"postgres://user:", "secret@db.example.com/live"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(split) / sizeof(split[0]); i++)
		expect_nothing(
		    pool_printf(&pool, "%s%s\n", split[i][0], split[i][1]));
}

/* What GitHub and npm make: six digits of a CRC-32 behind thirty characters. */
static void
a_right_checksum_is_excused_by_nothing(void **state)
{
	static const char body[] = "zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ";
	static const char poor[] = "000000000000000000000000000000";

	(void)state;
	assert_true(
	    secret_checks(pool_printf(&pool, "%s%s", body, "0mLq17"), 36));
	assert_false(
	    secret_checks(pool_printf(&pool, "%s%s", body, "0mLq18"), 36));
	expect_found(pool_printf(&pool, "%s_%s%s", "ghp", body, "0mLq17"),
	    "a GitHub token", 1);
	expect_found(pool_printf(&pool, "%s_%s%s", "ghs", poor, "2C8GjS"),
	    "a GitHub token", 1);
	expect_nothing(pool_printf(&pool, "%s_%s%s", "ghs", poor, "2C8GjT"));
}

/* ---- keys ---- */

static const char *
body_of(size_t len, const char *line_end)
{
	struct buf text = {0};
	const char *ret;

	for (size_t i = 0; i < len; i++) {
		if (i > 0 && i % 64 == 0)
			buf_put(&text, line_end);
		buf_char(&text, character_of('a'));
	}
	ret = pool_text(&pool, buf_text(&text));
	buf_free(&text);
	return ret;
}

#define DASHES "-----"
#define BEGIN(label) DASHES "BEGIN " label DASHES
#define END(label) DASHES "END " label DASHES

static const char *
pem(const char *label, const char *nl, const char *headers, size_t len)
{
	return pool_printf(&pool, "%sBEGIN %s%s%s%s%s%s%sEND %s%s", DASHES,
	    label, DASHES, nl, headers, body_of(len, nl), nl, DASHES, label,
	    DASHES);
}

static void
each_label_of_a_private_key_is_known(void **state)
{
	static const char *const labels[][2] = {
	    {"PRIVATE KEY", "a private key"},
	    {"ENCRYPTED PRIVATE KEY", "a private key"},
	    {"RSA PRIVATE KEY", "a private key"},
	    {"DSA PRIVATE KEY", "a private key"},
	    {"EC PRIVATE KEY", "a private key"},
	    {"ANY PRIVATE KEY", "a private key"},
	    {"ENCRYPTED COSIGN PRIVATE KEY", "a private key"},
	    {"OPENSSH PRIVATE KEY", "an OpenSSH private key"},
	    {"PGP PRIVATE KEY BLOCK", "a PGP private key"},
	    {"OpenVPN Static key V1", "an OpenVPN static key"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(labels) / sizeof(labels[0]); i++) {
		expect_found(pool_printf(&pool, "a\nb\n%s\n",
		                 pem(labels[i][0], "\n", "", 300)),
		    labels[i][1], 3);
		expect_found(pem(labels[i][0], "\n", "", 64), labels[i][1], 1);
	}
}

static void
other_armour_is_no_private_key(void **state)
{
	static const char *const labels[] = {"PUBLIC KEY", "CERTIFICATE",
	    "RSA PUBLIC KEY", "EC PARAMETERS", "DH PARAMETERS",
	    "PGP PUBLIC KEY BLOCK", "PGP SIGNATURE", "PGP MESSAGE",
	    "SSH SIGNATURE", "CERTIFICATE REQUEST", "PRIVATE KEYS", ""};

	(void)state;
	for (size_t i = 0; i < sizeof(labels) / sizeof(labels[0]); i++)
		expect_nothing(pem(labels[i], "\n", "", 300));
}

static void
a_key_is_known_however_it_was_put(void **state)
{
	static const char kind[] = "a private key";
	const char *ways[] = {
	    pem("RSA PRIVATE KEY", "\n", "", 400),
	    pem("RSA PRIVATE KEY", "\r\n", "", 400),
	    pem("RSA PRIVATE KEY", "\n    ", "", 400),
	    pem("RSA PRIVATE KEY", "\\n", "", 400),
	    pem("RSA PRIVATE KEY", "\\\\n", "", 400),
	    pem("RSA PRIVATE KEY", "\\n\" +\n\t\"", "", 400),
	    pem("RSA PRIVATE KEY", "\n# ", "", 400),
	    pem("RSA PRIVATE KEY", "\n> ", "", 400),
	    pem("RSA PRIVATE KEY", " ", "", 400),
	    pem("RSA PRIVATE KEY", "\n",
	        "Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\n", 400),
	    pem("RSA PRIVATE KEY", "\\n",
	        "Proc-Type: 4,ENCRYPTED\\nDEK-Info: AES-128-CBC,00\\n\\n", 400),
	    /* cut off, or short and closed */
	    pool_printf(&pool, "%s\n%s", BEGIN("PRIVATE KEY"),
	        body_of(56, "\n")),
	    pem("PRIVATE KEY", "\n", "", 24),
	    pool_printf(&pool, "%s\n%s...", BEGIN("PRIVATE KEY"),
	        body_of(64, "\n")),
	};

	(void)state;
	for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++)
		expect_found(ways[i], kind, 1);
	expect_found(pool_printf(&pool, "%s%s%s", "---- ",
	                 "BEGIN SSH2 ENCRYPTED PRIVATE KEY ----\n",
	                 body_of(128, "\n")),
	    "an SSH2 private key", 1);
}

static void
a_header_without_a_plausible_body_is_no_key(void **state)
{
	const char *texts[] = {
	    BEGIN("RSA PRIVATE KEY"),
	    BEGIN("RSA PRIVATE KEY") "\n...\n" END("RSA PRIVATE KEY"),
	    BEGIN("PRIVATE KEY") "\n" END("PRIVATE KEY"),
	    BEGIN("PRIVATE KEY") "\nMIIEpAIBAAKCAQEA...\n" END("PRIVATE KEY"),
	    BEGIN("PRIVATE KEY") "\n<your key>\n" END("PRIVATE KEY"),
	    BEGIN("PRIVATE KEY") "\nREDACTEDREDACTEDREDACTED0192\n" END(
	        "PRIVATE KEY"),
	    BEGIN("PRIVATE KEY") "\nxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
	                         "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\n" END(
	                             "PRIVATE KEY"),
	    pool_printf(&pool, "%s\n%s...", BEGIN("PRIVATE KEY"),
	        body_of(55, "\n")),
	    pool_printf(&pool, "%s\n%s\n%s", BEGIN("PRIVATE KEY"),
	        body_of(23, "\n"), END("PRIVATE KEY")),
	    "if (strstr(line, \"" BEGIN("PRIVATE KEY") "\") != NULL) return;",
	    "a: " BEGIN("PRIVATE KEY") "\na-very-long-name-that-is-no-header-"
	                               "of-a-key: 1",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		expect_nothing(texts[i]);
}

static void
a_file_in_base64_is_looked_into(void **state)
{
	const char *key = pem("RSA PRIVATE KEY", "\n", "", 400);
	const char *other = pem("CERTIFICATE", "\n", "", 400);
	struct buf text = {0};

	(void)state;
	buf_put(&text, "client-key-data: ");
	text_base64(&text, key, strlen(key));
	expect_found(buf_text(&text), "a private key", 1);
	buf_clear(&text);
	buf_put(&text, "client-certificate-data: ");
	text_base64(&text, other, strlen(other));
	expect_nothing(buf_text(&text));
	buf_clear(&text);
	text_base64(&text, key, strlen(BEGIN("RSA PRIVATE KEY")));
	expect_nothing(buf_text(&text));
	buf_free(&text);
}

static const char *
widened(const char *text, bool big, bool mark, size_t *len)
{
	struct buf out = {0};
	const char *ret;

	if (mark)
		buf_add(&out, big ? "\xfe\xff" : "\xff\xfe", 2);
	for (size_t i = 0; text[i] != '\0'; i++) {
		buf_char(&out, big ? '\0' : text[i]);
		buf_char(&out, big ? text[i] : '\0');
	}
	*len = out.len;
	ret = pool_copy(&pool, out.data, out.len);
	buf_free(&out);
	return ret;
}

static void
text_in_utf_16_is_read_with_and_without_a_mark(void **state)
{
	const char *key = pool_printf(&pool, "one\ntwo\n%s\n",
	    pem("PRIVATE KEY", "\r\n", "", 200));
	const char *token = made(&secret_shapes[4], "", "", 0), *wide;
	struct secret_hits hits;
	size_t len;

	(void)state;
	for (int i = 0; i < 4; i++) {
		wide = widened(key, i % 2 == 1, i > 1, &len);
		secret_scan(&hits, &pool, wide, len);
		assert_int_equal(hits.count, 1);
		assert_int_equal(hits.list[0].line, 3);
		wide = widened(token, i % 2 == 1, i > 1, &len);
		secret_scan(&hits, &pool, wide, len);
		assert_int_equal(hits.count, 1);
	}
	/* A mark in front of other text hides nothing. */
	expect_found(pool_printf(&pool, "\xff\xfe%s", key), "a private key", 3);
	expect_found(pool_printf(&pool, "\xfe\xff%s", key), "a private key", 3);
	expect_found(pool_printf(&pool, "\xef\xbb\xbf%s", key), "a private key",
	    3);
}

static void
binary_does_not_hide_a_token(void **state)
{
	char data[400];
	const char *token = made(&secret_shapes[4], "", "", 0) + 11;
	struct secret_hits hits;

	(void)state;
	for (size_t i = 0; i < sizeof(data); i++)
		data[i] = (char)(roll(4) == 0 ? 0 : roll(256) | 0x80);
	memcpy(data + 100, token, strlen(token));
	data[99] = data[100 + strlen(token)] = '\0';
	secret_scan(&hits, &pool, data, sizeof(data));
	assert_int_equal(hits.count, 1);
}

/* ---- lines and limits ---- */

static void
the_digest_is_that_of_the_lines_it_stands_on(void **state)
{
	const char *token = made(&secret_shapes[4], "id: ", "", 0) + 11;
	const char *key = pem("PRIVATE KEY", "\n", "", 200);
	char wanted[DIGEST_HEX_SIZE];
	struct secret_hits hits;

	(void)state;
	digest_sha256_hex(wanted, token, strlen(token));
	for (int i = 0; i < 3; i++) {
		static const char *const ends[] = {"", "\nmore\n", "\r\n"};

		hits = look(pool_printf(&pool, "a\n%s%s", token, ends[i]));
		assert_int_equal(hits.count, 1);
		assert_int_equal(hits.list[0].line, 2);
		assert_string_equal(hits.list[0].digest, wanted);
	}
	digest_sha256_hex(wanted, key, strlen(key));
	hits = look(pool_printf(&pool, "\n%s\nmore", key));
	assert_int_equal(hits.list[0].line, 2);
	assert_string_equal(hits.list[0].digest, wanted);
}

static void
each_line_is_named_once(void **state)
{
	const char *a = made(&secret_shapes[4], "", "", 0) + 11;
	const char *b = made(&secret_shapes[5], "", "", 0) + 11;
	struct secret_hits hits =
	    look(pool_printf(&pool, "%s %s\n%s\n\n%s", a, b, b, a));

	(void)state;
	assert_int_equal(hits.count, 3);
	assert_int_equal(hits.list[0].line, 1);
	assert_int_equal(hits.list[1].line, 2);
	assert_int_equal(hits.list[2].line, 4);
}

static void
what_is_beyond_the_limits_is_not_looked_at(void **state)
{
	const char *token = made(&secret_shapes[4], "", "", 0) + 11;
	size_t len = strlen(token), size = SECRET_BLOB_MAX + 100;
	char *data = pool_alloc(&pool, size);
	struct secret_hits hits;
	struct buf many = {0};

	(void)state;
	memset(data, '.', size);
	memcpy(data + SECRET_BLOB_MAX - len, token, len);
	secret_scan(&hits, &pool, data, size);
	assert_int_equal(hits.count, 1);
	memset(data, '.', size);
	memcpy(data + SECRET_BLOB_MAX - len + 1, token, len);
	secret_scan(&hits, &pool, data, size);
	assert_int_equal(hits.count, 0);
	for (int i = 0; i < SECRET_HITS_MAX; i++)
		buf_printf(&many, "%s\n", token);
	hits = look(buf_text(&many));
	assert_int_equal(hits.count, SECRET_HITS_MAX);
	assert_false(hits.more);
	buf_printf(&many, "%s\n", token);
	hits = look(buf_text(&many));
	assert_int_equal(hits.count, SECRET_HITS_MAX);
	assert_true(hits.more);
	buf_free(&many);
}

/* Each would take minutes if any piece were looked at again and again. */
static void
hostile_texts_take_no_longer_than_their_length(void **state)
{
	static const char *const pieces[] = {
	    BEGIN("PRIVATE KEY"),
	    BEGIN("PRIVATE KEY") "a:",
	    BEGIN("PRIVATE KEY") "a:\\n",
	    BEGIN("PRIVATE KEY") "                                        ",
	    BEGIN("PRIVATE KEY") "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
	    DASHES "BEGIN ",
	    "-",
	    "+LS0tLS1CRUdJTi",
	    "/MIIabcIBAAKCA",
	    "-glrt-",
	    "-ATATT3",
	    " secret_access_key",
	    "\"d\":\"abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRS023456789\"",
	    " AKIA2345WXYZ6677QQRS",
	    "9",
	    ":AA",
	    "\\n",
	};
	char *data = pool_alloc(&pool, SECRET_BLOB_MAX);
	struct secret_hits hits;
	clock_t start;

	(void)state;
	for (size_t i = 0; i < sizeof(pieces) / sizeof(pieces[0]); i++) {
		size_t len = strlen(pieces[i]);

		for (size_t at = 0; at < SECRET_BLOB_MAX; at++)
			data[at] = pieces[i][at % len];
		start = clock();
		secret_scan(&hits, &pool, data, SECRET_BLOB_MAX);
		if (clock() - start > 10 * CLOCKS_PER_SEC)
			fail_msg("too slow: %s", pieces[i]);
		if (getenv("SHOW_TIMES") != NULL)
			print_message("%7ld us  %s\n",
			    (long)((clock() - start) * 1000000 /
			        CLOCKS_PER_SEC),
			    pieces[i]);
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(each_shape_is_found_where_it_stands_alone),
	    TEST(one_character_less_is_no_secret),
	    TEST(a_token_in_the_middle_of_a_word_is_none),
	    TEST(shapes_with_one_first_byte_stand_together),
	    TEST(a_bot_is_known_by_the_number_before),
	    TEST(placeholders_and_samples_pass),
	    TEST(a_right_checksum_is_excused_by_nothing),
	    TEST(each_label_of_a_private_key_is_known),
	    TEST(other_armour_is_no_private_key),
	    TEST(a_key_is_known_however_it_was_put),
	    TEST(a_header_without_a_plausible_body_is_no_key),
	    TEST(a_file_in_base64_is_looked_into),
	    TEST(text_in_utf_16_is_read_with_and_without_a_mark),
	    TEST(binary_does_not_hide_a_token),
	    TEST(the_digest_is_that_of_the_lines_it_stands_on),
	    TEST(each_line_is_named_once),
	    TEST(what_is_beyond_the_limits_is_not_looked_at),
	    TEST(hostile_texts_take_no_longer_than_their_length),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
