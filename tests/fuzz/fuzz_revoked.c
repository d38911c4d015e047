/* Lists of revoked keys: KRLs and lines. */
#include <stdint.h>
#include <stdlib.h>

#include "core/revoked.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static const unsigned char blob[] = "\0\0\0\x0bssh-ed25519";
	struct revoked_key key = {.blob = blob, .len = sizeof(blob) - 1};
	struct err err = {0};
	bool revoked = false;

	if (revoked_look(&revoked, &key, (const char *)data, len, &err) < 0 &&
	    (revoked || err.kind == ERR_NONE))
		abort();
	return 0;
}
