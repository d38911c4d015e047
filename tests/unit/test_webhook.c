#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "base/digest.h"
#include "base/text.h"
#include "core/webhook.h"

#define NOW ((int64_t)1614265330 * 1000)
#define HEADS 6

struct head {
	const char *name, *value;
};

struct sent {
	struct head heads[HEADS];
};

static const char *
find(const void *ctx, const char *name)
{
	const struct sent *s = ctx;
	const char *value = NULL;

	for (size_t i = 0; i < HEADS && s->heads[i].name != NULL; i++)
		if (strcasecmp(s->heads[i].name, name) == 0)
			value = value == NULL ? s->heads[i].value : "";
	return value;
}

static struct webhook_known
check(enum source_kind kind, const char *const *secrets, size_t count,
    const struct sent *sent, const char *body)
{
	struct webhook_secret list[WEBHOOK_SECRETS];
	struct webhook_known known;

	for (size_t i = 0; i < count; i++)
		list[i] =
		    (struct webhook_secret){secrets[i], strlen(secrets[i])};
	webhook_check(&known,
	    &(struct webhook){kind, list, count, find, sent, body, strlen(body),
	        NOW});
	return known;
}

/* ---- hex: GitHub and those like it ---- */

#define SECRET "It's a Secret to Everybody"
#define BODY "Hello, World!"
#define RIGHT "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"
#define UPPER "757107EA0EB2509FC211221CCE984B8A37570B6D7586C22C46F4379C8B043E17"
#define WRONG "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e18"
#define SHA1 "sha1=01dc10d0c83e72ed246219cdd91669667fe2ca59"
#define E4 "\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9"
#define E16 E4 E4 E4 E4
#define E64 E16 E16 E16 E16

static const struct hex_case {
	const char *what;
	enum source_kind kind;
	struct sent sent;
	bool right;
} hex_cases[] = {
    {"github", SOURCE_GITHUB, {{{"X-Hub-Signature-256", "sha256=" RIGHT}}},
        true},
    {"upper case", SOURCE_GITHUB, {{{"x-hub-signature-256", "sha256=" UPPER}}},
        true},
    {"another digit", SOURCE_GITHUB,
        {{{"X-Hub-Signature-256", "sha256=" WRONG}}}, false},
    {"none", SOURCE_GITHUB, {{{NULL, NULL}}}, false},
    {"empty", SOURCE_GITHUB, {{{"X-Hub-Signature-256", ""}}}, false},
    {"the prefix alone", SOURCE_GITHUB, {{{"X-Hub-Signature-256", "sha256="}}},
        false},
    {"63 digits", SOURCE_GITHUB,
        {{{"X-Hub-Signature-256",
            "sha256="
            "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e1"}}},
        false},
    {"65 digits", SOURCE_GITHUB,
        {{{"X-Hub-Signature-256", "sha256=" RIGHT "0"}}}, false},
    {"64 letters of two bytes", SOURCE_GITHUB,
        {{{"X-Hub-Signature-256", "sha256=" E64}}}, false},
    {"a blank behind", SOURCE_GITHUB,
        {{{"X-Hub-Signature-256", "sha256=" RIGHT " "}}}, false},
    {"another prefix", SOURCE_GITHUB,
        {{{"X-Hub-Signature-256", "sha512=" RIGHT}}}, false},
    {"bare", SOURCE_GITHUB, {{{"X-Hub-Signature-256", RIGHT}}}, false},
    {"twice the same", SOURCE_GITHUB,
        {{{"X-Hub-Signature-256", "sha256=" RIGHT},
            {"X-Hub-Signature-256", "sha256=" RIGHT}}},
        false},
    {"SHA-1 alone", SOURCE_GITHUB, {{{"X-Hub-Signature", SHA1}}}, false},
    {"SHA-1 beside it", SOURCE_GITHUB,
        {{{"X-Hub-Signature-256", "sha256=" RIGHT}, {"X-Hub-Signature", SHA1}}},
        true},
    {"a wrong SHA-1 beside it", SOURCE_GITHUB,
        {{{"X-Hub-Signature-256", "sha256=" RIGHT},
            {"X-Hub-Signature",
                "sha1=01dc10d0c83e72ed246219cdd91669667fe2ca50"}}},
        false},
    {"gitea", SOURCE_GITEA, {{{"X-Gitea-Signature", RIGHT}}}, true},
    {"gitea, and GitHub's", SOURCE_GITEA,
        {{{"X-Gitea-Signature", RIGHT},
            {"X-Hub-Signature-256", "sha256=" RIGHT},
            {"X-Gogs-Signature", RIGHT}, {"X-Hub-Signature", SHA1}}},
        true},
    {"gitea, and GitHub's wrong", SOURCE_GITEA,
        {{{"X-Gitea-Signature", RIGHT},
            {"X-Hub-Signature-256", "sha256=" WRONG}}},
        false},
    {"gitea wrong, and GitHub's", SOURCE_GITEA,
        {{{"X-Gitea-Signature", WRONG},
            {"X-Hub-Signature-256", "sha256=" RIGHT}}},
        false},
    {"gitea, and Gogs's wrong", SOURCE_GITEA,
        {{{"X-Gitea-Signature", RIGHT}, {"X-Gogs-Signature", WRONG}}}, false},
    {"gitea by GitHub's alone", SOURCE_GITEA,
        {{{"X-Hub-Signature-256", "sha256=" RIGHT}}}, false},
    {"gitea without a secret", SOURCE_GITEA, {{{"X-Gitea-Signature", ""}}},
        false},
    {"forgejo", SOURCE_FORGEJO,
        {{{"X-Forgejo-Signature", RIGHT}, {"X-Gitea-Signature", RIGHT}}}, true},
    {"forgejo by gitea's alone", SOURCE_FORGEJO,
        {{{"X-Gitea-Signature", RIGHT}}}, false},
    {"bitbucket", SOURCE_BITBUCKET, {{{"X-Hub-Signature", "sha256=" RIGHT}}},
        true},
    {"bitbucket-dc", SOURCE_BITBUCKET_DC,
        {{{"X-Hub-Signature", "sha256=" RIGHT}}}, true},
    {"bitbucket by SHA-1", SOURCE_BITBUCKET, {{{"X-Hub-Signature", SHA1}}},
        false},
    {"github with another forge's token", SOURCE_GITHUB,
        {{{"X-Hub-Signature-256", "sha256=" RIGHT},
            {"X-Gitlab-Token", "something else"}}},
        false},
    {"github with a signature that is none", SOURCE_GITHUB,
        {{{"X-Hub-Signature-256", "sha256=" RIGHT},
            {"webhook-signature", "v1,AAAA"}}},
        false},
    {"an id twice", SOURCE_GITHUB,
        {{{"X-Hub-Signature-256", "sha256=" RIGHT}, {"X-GitHub-Delivery", "a"},
            {"X-GitHub-Delivery", "a"}}},
        false},
    {"an event twice", SOURCE_GITHUB,
        {{{"X-Hub-Signature-256", "sha256=" RIGHT}, {"X-GitHub-Event", "a"},
            {"X-GitHub-Event", "a"}}},
        false},
};

static void
a_body_is_signed_in_hex(void **state)
{
	const char *secrets[] = {SECRET};

	(void)state;
	for (size_t i = 0; i < sizeof(hex_cases) / sizeof(hex_cases[0]); i++) {
		const struct hex_case *c = &hex_cases[i];
		struct webhook_known k =
		    check(c->kind, secrets, 1, &c->sent, BODY);

		if ((k.why == NULL) != c->right)
			print_message("case: %s\n", c->what);
		assert_int_equal(k.why == NULL, c->right);
	}
}

static void
it_is_over_the_bytes_as_they_came(void **state)
{
	static const char *const bodies[] = {"{\"a\": 1}", "{\"a\":1}",
	    "{\"a\":1.0}", "{\"\\u0061\":1}", "{\"a\":1}\n"};
	const char *secrets[] = {SECRET};
	unsigned char mac[DIGEST_SIZE];
	char value[80] = "sha256=";

	(void)state;
	for (size_t i = 0; i < 5; i++)
		for (size_t k = 0; k < 5; k++) {
			const struct sent sent = {
			    {{"X-Hub-Signature-256", value}}};

			digest_hmac_sha256(mac, SECRET, strlen(SECRET),
			    bodies[i], strlen(bodies[i]));
			text_hex(value + 7, mac, sizeof(mac));
			assert_int_equal(check(SOURCE_GITHUB, secrets, 1, &sent,
			                     bodies[k])
			                     .why == NULL,
			    i == k);
		}
}

static void
each_of_several_secrets_counts_until_it_is_gone(void **state)
{
	const struct sent sent = {{{"X-Hub-Signature-256", "sha256=" RIGHT}}};
	const char *both[] = {"another secret, and long", SECRET};
	struct webhook_known k;

	(void)state;
	k = check(SOURCE_GITHUB, both, 2, &sent, BODY);
	assert_null(k.why);
	assert_int_equal(k.secret, 1);
	assert_non_null(check(SOURCE_GITHUB, both, 1, &sent, BODY).why);
	assert_non_null(check(SOURCE_GITHUB, both, 0, &sent, BODY).why);
}

static void
the_id_and_the_event_are_the_kinds_own(void **state)
{
	const struct sent sent = {{{"X-Hub-Signature-256", "sha256=" RIGHT},
	    {"X-GitHub-Delivery", "d-1"}, {"X-GitHub-Event", "push"},
	    {"X-Gitea-Event", "issues"}}};
	const char *secrets[] = {SECRET};
	struct webhook_known k = check(SOURCE_GITHUB, secrets, 1, &sent, BODY);

	(void)state;
	assert_null(k.why);
	assert_string_equal(k.id, "d-1");
	assert_string_equal(k.event, "push");
	assert_false(k.by_id);
}

/* ---- Standard Webhooks, and GitLab ---- */

#define WHSEC "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
#define MSG "msg_p5jXN8AQM9LWM0D4loKWxJek"
#define V1 "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
#define TEST "{\"test\": 2432232314}"
#define V0 "v1,AAhM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
#define STANDARD(id, stamp, signature)                                         \
	{                                                                      \
		{                                                              \
			{"webhook-id", id}, {"webhook-timestamp", stamp},      \
			{                                                      \
				"webhook-signature", signature                 \
			}                                                      \
		}                                                              \
	}

static const struct {
	const char *what;
	struct sent sent;
	int64_t late; /* ms */
	bool right;
} standard_cases[] = {
    {"the specification's own", STANDARD(MSG, "1614265330", V1), 0, true},
    {"among others", STANDARD(MSG, "1614265330", "v1a,xx " V0 " " V1), 0, true},
    {"just in time", STANDARD(MSG, "1614265330", V1), WEBHOOK_SKEW, true},
    {"too late", STANDARD(MSG, "1614265330", V1), WEBHOOK_SKEW + 1, false},
    {"too early", STANDARD(MSG, "1614265330", V1), -WEBHOOK_SKEW - 1, false},
    {"wrong", STANDARD(MSG, "1614265330", V0), 0, false},
    {"another id", STANDARD("msg_2", "1614265330", V1), 0, false},
    {"another time", STANDARD(MSG, "1614265331", V1), 0, false},
    {"a time that is none", STANDARD(MSG, "1614265330x", V1), 0, false},
    {"a time before all", STANDARD(MSG, "-1614265330", V1), 0, false},
    {"a time beyond all", STANDARD(MSG, "99999999999999999999", V1), 0, false},
    {"no version", STANDARD(MSG, "1614265330", "g0hM9SsE+OTPJTGt/tmI"), 0,
        false},
    {"another version",
        STANDARD(MSG, "1614265330",
            "v2,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="),
        0, false},
    {"nothing", STANDARD(MSG, "1614265330", ""), 0, false},
    {"no id", STANDARD("", "1614265330", V1), 0, false},
    {"a header twice",
        {{{"webhook-id", MSG}, {"webhook-timestamp", "1614265330"},
            {"webhook-signature", V1}, {"webhook-signature", V1}}},
        0, false},
    {"the id twice",
        {{{"webhook-id", MSG}, {"webhook-timestamp", "1614265330"},
            {"webhook-signature", V1}, {"webhook-id", MSG}}},
        0, false},
};

static void
standard_webhooks_are_checked(void **state)
{
	const struct webhook_secret secret = {WHSEC, strlen(WHSEC)};

	(void)state;
	for (size_t i = 0;
	     i < sizeof(standard_cases) / sizeof(standard_cases[0]); i++) {
		struct webhook_known k;

		webhook_check(&k,
		    &(struct webhook){SOURCE_GENERIC, &secret, 1, find,
		        &standard_cases[i].sent, TEST, strlen(TEST),
		        NOW + standard_cases[i].late});
		if ((k.why == NULL) != standard_cases[i].right)
			print_message("case: %s\n", standard_cases[i].what);
		assert_int_equal(k.why == NULL, standard_cases[i].right);
		if (k.why == NULL)
			assert_true(k.by_id);
	}
}

static void
gitlab_never_falls_back_from_a_signature_to_the_token(void **state)
{
	static const char *const secrets[] = {WHSEC, "the token of gitlab"};
	struct sent sent = {{{"webhook-id", MSG},
	    {"webhook-timestamp", "1614265330"}, {"webhook-signature", V0},
	    {"X-Gitlab-Token", "the token of gitlab"}}};
	struct webhook_known k;

	(void)state;
	assert_non_null(check(SOURCE_GITLAB, secrets, 2, &sent, TEST).why);
	sent.heads[2].value = V1;
	k = check(SOURCE_GITLAB, secrets, 2, &sent, TEST);
	assert_null(k.why);
	assert_int_equal(k.secret, 0);
	assert_string_equal(k.id, MSG);
	sent.heads[3].value = "the token of another";
	assert_non_null(check(SOURCE_GITLAB, secrets, 2, &sent, TEST).why);
}

static void
gitlab_is_known_by_its_token(void **state)
{
	static const char *const secrets[] = {"the token of gitlab"};
	struct sent sent = {{{"X-Gitlab-Token", "the token of gitlab"},
	    {"X-Gitlab-Event", "Merge Request Hook"},
	    {"Idempotency-Key", "k-1"}}};
	struct webhook_known k;

	(void)state;
	k = check(SOURCE_GITLAB, secrets, 1, &sent, "{}");
	assert_null(k.why);
	assert_string_equal(k.id, "k-1");
	assert_string_equal(k.event, "Merge Request Hook");
	sent.heads[0].value = "the token of gitla";
	assert_non_null(check(SOURCE_GITLAB, secrets, 1, &sent, "{}").why);
	sent.heads[0].value = "the token of gitlab ";
	assert_non_null(check(SOURCE_GITLAB, secrets, 1, &sent, "{}").why);
	/* A secret in the body proves nothing. */
	sent.heads[0].name = "X-Other";
	assert_non_null(check(SOURCE_GITLAB, secrets, 1, &sent,
	    "{\"secret\":\"the token of gitlab\"}")
	                    .why);
}

static void
no_reason_tells_of_a_secret(void **state)
{
	const char *secrets[] = {SECRET};
	const struct sent sent = {{{"X-Hub-Signature-256", "sha256=" WRONG}}};
	struct webhook_known k = check(SOURCE_GITHUB, secrets, 1, &sent, BODY);

	(void)state;
	assert_string_equal(k.why, "the signature is wrong");
	assert_null(k.id);
}

static void
a_secret_that_is_too_weak_is_refused(void **state)
{
	static const struct {
		enum source_kind kind;
		const char *bytes;
		size_t len;
		bool fit;
	} cases[] = {
	    {SOURCE_GITHUB, "", 0, false},
	    {SOURCE_GITHUB, "fifteen bytes..", 15, false},
	    {SOURCE_GITHUB, "sixteen bytes...", 16, true},
	    {SOURCE_GITHUB, "sixteen bytes...\n", 17, false},
	    {SOURCE_GITHUB, "sixteen by\0es...", 16, false},
	    {SOURCE_GENERIC, WHSEC, sizeof(WHSEC) - 1, true},
	    {SOURCE_GENERIC, "whsec_", 6, false},
	    {SOURCE_GENERIC, "whsec_AAAAAAAAAAAA", 18, false},
	    {SOURCE_GENERIC, "whsec_!!!!!!!!!!!!!!!!!!!!!!", 28, false},
	    {SOURCE_GENERIC, "sixteen bytes...", 16, true},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct webhook_secret s = {cases[i].bytes, cases[i].len};

		assert_int_equal(webhook_secret_unfit(cases[i].kind, &s) ==
		        NULL,
		    cases[i].fit);
	}
}

/* RFC 4231 and RFC 2202, keys longer than a block included. */
static void
hmac_is_that_of_the_rfcs(void **state)
{
	unsigned char mac[DIGEST_SIZE], key[131];
	char hex[DIGEST_HEX_SIZE];

	(void)state;
	digest_hmac_sha256(mac, "Jefe", 4, "what do ya want for nothing?", 28);
	text_hex(hex, mac, DIGEST_SIZE);
	assert_string_equal(hex,
	    "5bdcc146bf60754e6a042426089575c7"
	    "5a003f089d2739839dec58b964ec3843");
	digest_hmac_two(mac, "Jefe", 4, "what do ya ", 11, "want for nothing?",
	    17);
	text_hex(hex, mac, DIGEST_SIZE);
	assert_string_equal(hex,
	    "5bdcc146bf60754e6a042426089575c7"
	    "5a003f089d2739839dec58b964ec3843");
	memset(key, 0xaa, sizeof(key));
	digest_hmac_sha256(mac, key, sizeof(key),
	    "Test Using Larger Than Block-Size Key - Hash Key First", 54);
	text_hex(hex, mac, DIGEST_SIZE);
	assert_string_equal(hex,
	    "60e431591ee0b67f0d8a26aacbf5b77f"
	    "8e0bc6213728c5140546040f0ee37f54");
	digest_hmac_sha1(mac, key, 80,
	    "Test Using Larger Than Block-Size Key - Hash Key First", 54);
	text_hex(hex, mac, DIGEST_SHA1_SIZE);
	assert_string_equal(hex, "aa4ae5e15272d00e95705637ce8a3b55ed402112");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_body_is_signed_in_hex),
	    cmocka_unit_test(it_is_over_the_bytes_as_they_came),
	    cmocka_unit_test(each_of_several_secrets_counts_until_it_is_gone),
	    cmocka_unit_test(the_id_and_the_event_are_the_kinds_own),
	    cmocka_unit_test(standard_webhooks_are_checked),
	    cmocka_unit_test(
	        gitlab_never_falls_back_from_a_signature_to_the_token),
	    cmocka_unit_test(gitlab_is_known_by_its_token),
	    cmocka_unit_test(no_reason_tells_of_a_secret),
	    cmocka_unit_test(a_secret_that_is_too_weak_is_refused),
	    cmocka_unit_test(hmac_is_that_of_the_rfcs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
