/*
 * The library writes rows to temporary files and never asks whether that went
 * well: on a full disk it would make a sound workbook with rows missing.  So
 * its temporary files are ours, and we remember.
 */
#define _GNU_SOURCE /* fopencookie() */
#include "workbook_scratch.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/types.h>

int workbook_scratch_failed;

static void
keep_failure(void)
{
	if (workbook_scratch_failed == 0)
		workbook_scratch_failed = errno != 0 ? errno : EIO;
}

static ssize_t
read_it(void *cookie, char *bytes, size_t len)
{
	size_t n = fread(bytes, 1, len, cookie);

	if (n == 0 && ferror((FILE *)cookie) != 0) {
		keep_failure();
		return -1;
	}
	return (ssize_t)n;
}

static ssize_t
write_it(void *cookie, const char *bytes, size_t len)
{
	size_t n;

	errno = 0;
	n = fwrite(bytes, 1, len, cookie);
	if (n != len)
		keep_failure();
	return (ssize_t)n;
}

static int
seek_it(void *cookie, off64_t *at, int whence)
{
	if (fflush(cookie) != 0 || fseeko(cookie, *at, whence) != 0) {
		keep_failure();
		return -1;
	}
	*at = ftello(cookie);
	return *at < 0 ? -1 : 0;
}

static int
close_it(void *cookie)
{
	int ret = fclose(cookie);

	if (ret != 0)
		keep_failure();
	return ret;
}

FILE *
tmpfileplus(const char *dir, const char *prefix, char **path, int keep)
{
	static const cookie_io_functions_t functions = {.read = read_it,
	    .write = write_it,
	    .seek = seek_it,
	    .close = close_it};
	FILE *under = tmpfile(), *file;

	(void)dir;
	(void)prefix;
	(void)keep;
	if (path != NULL)
		*path = NULL;
	if (under == NULL) {
		keep_failure();
		return NULL;
	}
	file = fopencookie(under, "w+", functions);
	if (file == NULL) {
		keep_failure();
		(void)fclose(under);
	}
	return file;
}
