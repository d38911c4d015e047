/*
 * reader - payload_reader KIND EVENT FILE...: what payload_read() makes of
 * them.
 *
 * EVENT "" is none.  One line for each thing observed (payload_told.h); where
 * there are several files, "# FILE" before those of each.  Exit 1: one of the
 * files was refused.  With --times N in front each file is read N
 * times, and the microseconds of the processor are printed that one took, and
 * that base/tree.h, which reads all of it, takes.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/tree_quick.h"
#include "payload_told.h"

static char body[PAYLOAD_MAX + 1];

static size_t
load(const char *path)
{
	FILE *f = fopen(path, "rbe");
	size_t len;

	if (f == NULL) {
		perror(path);
		exit(3);
	}
	len = fread(body, 1, sizeof(body), f);
	fclose(f);
	return len;
}

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static void
measure(enum source_kind kind, const char *event, size_t len, unsigned times)
{
	struct err err = {0};
	double first = now(), second, third;

	for (unsigned i = 0; i < times; i++) {
		struct pool pool = {0};
		struct payload p;

		if (payload_read(&p, &pool, kind, event, body, len, &err) < 0)
			break;
		pool_free(&pool);
	}
	second = now();
	for (unsigned i = 0; i < times; i++) {
		struct pool pool = {0};
		const struct tree *t;

		if (tree_library_json(&t, &pool, body, len, "f", &err) < 0)
			break;
		pool_free(&pool);
	}
	third = now();
	printf("%zu bytes: %.1f us, all of it by the library %.1f us\n", len,
	    (second - first) / times, (third - second) / times);
}

int
main(int argc, char **argv)
{
	enum source_kind kind = SOURCE_GITHUB;
	unsigned times = 0;
	int refused = 0;

	if (argc > 2 && strcmp(argv[1], "--times") == 0) {
		times = (unsigned)strtoul(argv[2], NULL, 10);
		argc -= 2;
		argv += 2;
	}
	if (argc < 4) {
		fputs("usage: payload_reader KIND EVENT FILE...\n", stderr);
		return 2;
	}
	while (strcmp(source_kind_name(kind), argv[1]) != 0)
		if (kind++ == SOURCE_GENERIC) {
			fprintf(stderr, "no such kind: %s\n", argv[1]);
			return 2;
		}
	for (int i = 3; i < argc; i++) {
		const char *event = argv[2][0] == '\0' ? NULL : argv[2];
		size_t len = load(argv[i]);
		struct buf out = {0};

		if (times > 0) {
			measure(kind, event, len, times);
			continue;
		}
		if (argc > 4)
			printf("# %s\n", argv[i]);
		payload_told(&out, kind, event, body, len);
		refused |= text_starts(buf_text(&out), "error");
		fputs(buf_text(&out), stdout);
		buf_free(&out);
	}
	return refused;
}
