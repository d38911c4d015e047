#include "app/cmd.h"

#include <stdio.h>

#include "base/buf.h"
#include "base/text.h"

int
complain(int status, const char *format, ...)
{
	struct buf text = {0}, safe = {0};
	va_list ap;

	va_start(ap, format);
	buf_vprintf(&text, format, ap);
	va_end(ap);
	text_safe(&safe, buf_text(&text), text.len, true);
	(void)fflush(stdout);
	(void)fprintf(stderr, "foureyes: %s\n", buf_text(&safe));
	buf_free(&text);
	buf_free(&safe);
	return status;
}

int
complain_err(const struct err *err)
{
	return complain(err->kind == ERR_INPUT ? STATUS_USAGE : STATUS_UNKNOWN,
	    "%s", err->text);
}
