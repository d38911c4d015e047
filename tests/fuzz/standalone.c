/*
 * standalone - runs a fuzzer's corpus without libFuzzer.
 *
 * Each argument is a file or a directory of files.  Every file goes through
 * LLVMFuzzerTestOneInput() whole, and, where it is short, cut at each length:
 * most mistakes of a parser are about an end that comes too soon.  Speaks TAP;
 * a crash or a sanitizer's report ends it before its plan is kept.
 */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum {
	FILE_MAX_BYTES = 4 << 20,
	CUT_MAX_BYTES = 2048
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static unsigned done;
static int failed;

/* A buffer of exactly the length, so that reading past the end is seen. */
static void
feed(const uint8_t *data, size_t len)
{
	uint8_t *copy = calloc(1, len ? len : 1);

	if (!copy)
		abort();
	memcpy(copy, data, len);
	(void)LLVMFuzzerTestOneInput(copy, len);
	free(copy);
}

static void
report(int ok, const char *path)
{
	printf("%sok %u - %s\n", ok ? "" : "not ", ++done, path);
	fflush(stdout);
	failed |= !ok;
}

static void
run_file(const char *path)
{
	uint8_t *data = malloc(FILE_MAX_BYTES);
	FILE *f = fopen(path, "rbe");
	size_t len = 0;

	if (!data || !f) {
		report(0, path);
		goto out;
	}
	len = fread(data, 1, FILE_MAX_BYTES, f);
	feed(data, len);
	for (size_t i = 0; i < len && len <= CUT_MAX_BYTES; i++)
		feed(data, i);
	report(!ferror(f), path);
out:
	if (f)
		fclose(f);
	free(data);
}

static void
run_directory(const char *path)
{
	struct dirent **names = NULL;
	int count = scandir(path, &names, NULL, alphasort);

	if (count < 0)
		report(0, path);
	for (int i = 0; i < count; i++) {
		char file[4096];
		int n = snprintf(file, sizeof(file), "%s/%s", path,
		    names[i]->d_name);

		if (names[i]->d_name[0] != '.' && n > 0 &&
		    (size_t)n < sizeof(file))
			run_file(file);
		free(names[i]);
	}
	free(names);
}

int
main(int argc, char **argv)
{
	feed((const uint8_t *)"", 0);
	report(1, "nothing at all");
	for (int i = 1; i < argc; i++) {
		struct stat st;

		if (stat(argv[i], &st) == 0 && S_ISDIR(st.st_mode))
			run_directory(argv[i]);
		else
			run_file(argv[i]);
	}
	printf("1..%u\n", done);
	return failed;
}
