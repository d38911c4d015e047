/* OpenPGP signatures before gpgv sees them: the armor and the packet. */
#include <stdint.h>
#include <stdlib.h>

#include "core/armor.h"
#include "core/pgpsig.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct buf blob = {0};
	struct pgpsig sig;
	struct err err = {0};

	if (armor_open(&blob, ARMOR_PGP_SIGNATURE, (const char *)data, len) &&
	    pgpsig_parse(&sig, (unsigned char *)blob.data, blob.len, &err) <
	        0 &&
	    sig.fault == NULL)
		abort();
	if (pgpsig_parse(&sig, data, len, &err) < 0 && sig.fault == NULL)
		abort();
	buf_free(&blob);
	return 0;
}
