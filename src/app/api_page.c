#include "api_inside.h"

int
api_page(struct answering *a, struct err *err)
{
	(void)err;
	return api_missing(a, "not yet");
}
