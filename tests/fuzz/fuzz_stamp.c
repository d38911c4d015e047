/*
 * Answers of a time stamp's authority.  None that was made up stamps this
 * digest; the certificates are a file that is not there, so what gets as far as
 * the chain is refused there.
 */
#include <stdint.h>
#include <stdlib.h>

#include "edge/seal_stamp.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	unsigned char digest[DIGEST_SIZE] = {0x17};
	struct err err = {0};
	int64_t time = 0;

	if (seal_stamp_check(&time, digest, NULL, "/nonexistent/ca.pem", data,
	        len, &err) == 0 ||
	    time != 0)
		abort();
	return 0;
}
