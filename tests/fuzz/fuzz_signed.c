/* Tag objects cut into what was signed and the signature. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/signed.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct signed_parts parts = {0};
	const char *tag = (const char *)data;
	struct err err = {0};

	if (signed_split(&parts, tag, len, &err) < 0)
		return 0;
	if (parts.payload != tag || parts.payload_len > len)
		abort();
	if (parts.armor == NULL) {
		if (parts.payload_len != len || parts.armor_len != 0)
			abort();
		return 0;
	}
	if (parts.armor != tag + parts.payload_len ||
	    parts.payload_len + parts.armor_len > len ||
	    memcmp(parts.armor, "-----BEGIN ", 11) != 0)
		abort();
	return 0;
}
