#include "edge/squeeze.h"

#include <limits.h>

#include <zlib.h>

/* Ledger lines are much alike: level 4 takes half the time of 6 for them. */
#define LEVEL 4
#define GZIP_WINDOW (15 + 16) /* the largest window, in gzip's frame */
#define MEMORY 9

void
squeeze(struct buf *out, const void *data, size_t len)
{
	z_stream z = {0};
	unsigned char piece[65536];
	int ret;

	if (len > UINT_MAX)
		err_fatal("more than 4 GiB to compress at once");
	if (deflateInit2(&z, LEVEL, Z_DEFLATED, GZIP_WINDOW, MEMORY,
	        Z_DEFAULT_STRATEGY) != Z_OK)
		err_fatal("out of memory");
	z.next_in = (z_const Bytef *)data;
	z.avail_in = (uInt)len;
	do {
		z.next_out = piece;
		z.avail_out = sizeof(piece);
		ret = deflate(&z, Z_FINISH);
		buf_add(out, piece, sizeof(piece) - z.avail_out);
	} while (ret == Z_OK);
	(void)deflateEnd(&z);
	if (ret != Z_STREAM_END)
		err_fatal("zlib cannot compress");
}
