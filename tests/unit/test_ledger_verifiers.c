/*
 * The verifiers in contrib/ share no code with the ledger and must come to the
 * same answer.  Run from the root of the source tree.
 */
#include "test_ledger.h"

static const char *const verifiers[] = {
    "contrib/verify-ledger",
    "contrib/verify_ledger.sh",
};

/* What it says, and its exit status. */
static int
verify(const char *program, char said[1024])
{
	int out[2], status;
	size_t len = 0;
	ssize_t n;
	pid_t pid;

	assert_int_equal(pipe(out), 0);
	pid = fork();
	if (pid == 0) {
		dup2(out[1], STDOUT_FILENO);
		execl(program, program, dir, (char *)NULL);
		_exit(127);
	}
	close(out[1]);
	while ((n = read(out[0], said + len, 1023 - len)) > 0)
		len += (size_t)n;
	said[len] = '\0';
	close(out[0]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void
all_say(int status, const char *words)
{
	char said[1024];

	for (size_t i = 0; i < sizeof(verifiers) / sizeof(verifiers[0]); i++) {
		int found = verify(verifiers[i], said);

		if (found == 127)
			skip();
		if (found != status || !strstr(said, words))
			fail_msg("%s: %d, %s", verifiers[i], found, said);
	}
}

static void
a_sound_ledger_is_unaltered_to_all(void **state)
{
	char hex[DIGEST_HEX_SIZE], words[128];
	struct ledger_body odd = {0};
	struct ledger *l;
	struct err err;
	struct seen s;

	(void)state;
	all_say(0, "unaltered: 0 lines");
	append_many(1, 5);
	odd.text =
	    "\"type\":\"a\",\"x\":\"  \\\\ \\\"\xc3\xa4\\u0000 %s $x `x`  \"}";
	odd.len = strlen(odd.text);
	l = opened(LEDGER_APPEND);
	assert_int_equal(ledger_append(l, &odd, 1, NOON, NULL, &err), 0);
	ledger_close(l);
	append_many(7, 12);
	walked(&s);
	text_hex(hex, s.mark[11].digest, DIGEST_SIZE);
	snprintf(words, sizeof(words), "unaltered: 12 lines\nnewest: %s\n",
	    hex);
	all_say(0, words);
}

static void
segments_join_to_all(void **state)
{
	struct buf bytes;
	struct seen s;

	(void)state;
	append_many(1, 5);
	walked(&s);
	bytes = slurp(in_dir(SEGMENT));
	spill(in_dir(SEGMENT), bytes.data, s.mark[3].offset);
	spill(in_dir("00000000000000000004.jsonl"),
	    bytes.data + s.mark[3].offset, bytes.len - s.mark[3].offset);
	all_say(0, "unaltered: 5 lines");
	spill(in_dir(SEGMENT), bytes.data, s.mark[2].offset);
	all_say(1, "dropped: ");
	spill(in_dir(SEGMENT), bytes.data, s.mark[3].offset - 1);
	all_say(1, "another segment follows");
	unlink(in_dir(SEGMENT));
	all_say(1, "dropped: ");
	buf_free(&bytes);
}

static void
a_torn_tail_is_one_at_the_same_byte_to_all(void **state)
{
	static const char nuls[300];
	char words[64];
	struct ledger_end end;
	struct buf bytes;
	struct seen s;

	(void)state;
	append_many(1, 3);
	bytes = slurp(in_dir(SEGMENT));
	spill(in_dir(SEGMENT), bytes.data, bytes.len - 20);
	end = walked(&s);
	snprintf(words, sizeof(words), "torn tail at byte %d of",
	    (int)end.torn_at);
	all_say(0, words);
	buf_add(&bytes, nuls, sizeof(nuls));
	spill(in_dir(SEGMENT), bytes.data, bytes.len);
	end = walked(&s);
	snprintf(words, sizeof(words), "torn tail at byte %d of",
	    (int)end.torn_at);
	all_say(0, words);
	buf_free(&bytes);
}

static void
what_was_tampered_with_is_found_by_all(void **state)
{
	struct buf bytes, less = {0};
	struct seen s;

	(void)state;
	append_many(1, 4);
	walked(&s);
	bytes = slurp(in_dir(SEGMENT));
	for (size_t at = 2; at < s.mark[3].offset - 1; at += 61) {
		bytes.data[at] ^= 1;
		spill(in_dir(SEGMENT), bytes.data, bytes.len);
		bytes.data[at] ^= 1;
		walk_fails_with("");
		all_say(1, "");
	}
	bytes.data[s.mark[1].offset + 100] = '\0';
	spill(in_dir(SEGMENT), bytes.data, bytes.len);
	walk_fails_with("altered: ");
	all_say(1, "altered: ");
	buf_add(&less, bytes.data, s.mark[1].offset);
	buf_add(&less, bytes.data + s.mark[2].offset,
	    bytes.len - s.mark[2].offset);
	spill(in_dir(SEGMENT), less.data, less.len);
	walk_fails_with("dropped or inserted: line 2 of");
	all_say(1, "dropped or inserted: line 2 of");
	buf_free(&bytes);
	buf_free(&less);
}

int
main(void)
{
#define test(f) cmocka_unit_test_setup_teardown(f, new_ledger, no_ledger)
	const struct CMUnitTest tests[] = {
	    test(a_sound_ledger_is_unaltered_to_all),
	    test(segments_join_to_all),
	    test(a_torn_tail_is_one_at_the_same_byte_to_all),
	    test(what_was_tampered_with_is_found_by_all),
	};

	return cmocka_run_group_tests_name("ledger_verifiers", tests, NULL,
	    NULL);
}
