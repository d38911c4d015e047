/*
 * signatures SECONDS <tag - how many signatures of a tag object are checked in
 * a second: parted, framing parsed, key made, hashed and verified.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "core/signed.h"
#include "edge/signature.h"

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static bool
check(const char *raw, size_t len)
{
	struct signature_rules rules = {0};
	struct signature signature = {0};
	struct signed_parts parts;
	struct err err = {0};

	return signed_split(&parts, raw, len, &err) == 0 &&
	    signature_check(&signature, parts.payload, parts.payload_len,
	        parts.armor, parts.armor_len, &rules, &err) == 0 &&
	    signature.good;
}

int
main(int argc, char **argv)
{
	double seconds = argc > 1 ? strtod(argv[1], NULL) : 1, begin, end;
	static char raw[65536];
	ssize_t len = read(STDIN_FILENO, raw, sizeof(raw));
	unsigned long count = 0;

	if (len <= 0 || !check(raw, (size_t)len)) {
		(void)fputs("no tag with a good signature\n", stderr);
		return 1;
	}
	begin = now();
	do {
		for (unsigned i = 0; i < 50; i++, count++)
			if (!check(raw, (size_t)len))
				return 1;
		end = now();
	} while (end - begin < seconds);
	printf("%.1f\n", (double)count / (end - begin));
	return 0;
}
