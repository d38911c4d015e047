/* Files that hold a token for somebody else's interface. */
#include <ctype.h>
#include <string.h>
#include <sys/stat.h>

#include "app/daemon.h"
#include "app/files.h"

#define TOKEN_MAX 4096

int
daemon_token(struct buf *out, const char *path, struct err *err)
{
	struct stat st;

	if (stat(path, &st) < 0)
		return err_errno(err, "the token '%s'", path);
	if ((st.st_mode & (S_IRWXO | S_IWGRP)) != 0)
		return err_set(err, ERR_CONFIG,
		    "the token '%s' is open to others: chmod 0400", path);
	if (file_read_plain(out, path, TOKEN_MAX, NULL, err) < 0)
		return -1;
	while (out->len > 0 && out->data[out->len - 1] == '\n')
		out->data[--out->len] = '\0';
	for (size_t i = 0; i < out->len; i++)
		if (!isgraph((unsigned char)out->data[i]))
			return err_set(err, ERR_CONFIG,
			    "the token '%s' is not one word", path);
	return out->len > 0
	    ? 0
	    : err_set(err, ERR_CONFIG, "the token '%s' is empty", path);
}
