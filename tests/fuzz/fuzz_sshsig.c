/*
 * SSH signatures and keys: the armor and what it holds, and the same bytes as
 * a blob, a key blob and a key line.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/pool.h"
#include "core/sshsig.h"
#include "edge/signature.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void
whole(const uint8_t *data, size_t len)
{
	struct signature_rules rules = {0};
	struct signature s;
	struct err err = {0};

	if (signature_check(&s, "object 1\ntype commit\n\ntext\n", 27,
	        (const char *)data, len, &rules, &err) < 0)
		abort();
	if (s.good && (!s.intact || s.code[0] != '\0' || s.key[0] == '\0'))
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct pool pool = {0};
	struct sshsig sig;
	struct sshkey key;
	struct err err = {0};

	if (len > SIGNATURE_ARMOR_MAX)
		return 0;
	whole(data, len);
	if (sshsig_parse(&sig, data, len, &err) < 0 && sig.fault == NULL)
		abort();
	if (sshkey_parse_blob(&key, data, len, &err) == 0 && key.bits == 0)
		abort();
	if (sshkey_parse_line(&key, &pool,
	        pool_textn(&pool, (const char *)data, len), &err) == 0 &&
	    key.type == SSHKEY_NONE)
		abort();
	pool_free(&pool);
	return 0;
}
