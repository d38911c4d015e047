/* bitbucket-dc. */
#include "payload_parts.h"

static const struct json_want wants[] = {{0}};

static int
read_it(struct payload_reader *r)
{
	return payload_ignore(r, "not read yet");
}

const struct payload_kind payload_bitbucket_dc = {"bitbucket-dc", wants,
    read_it};
