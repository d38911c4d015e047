#include "core/encoding.h"

/* The letters and digits of `name`, small, begin with `word` or are it all. */
static bool
is_named(const char *name, size_t len, const char *word, bool whole)
{
	for (size_t i = 0; i < len && *word != '\0'; i++) {
		char c = name[i];

		if (c == '-' || c == '_')
			continue;
		if (c >= 'A' && c <= 'Z')
			c = (char)(c - 'A' + 'a');
		if (c != *word++)
			return false;
		if (*word == '\0')
			return !whole || i + 1 == len;
	}
	return false;
}

bool
encoding_is_plain(const char *name, size_t len)
{
	static const char *const wholes[] = {"utf8", "ascii", "usascii", "gbk",
	    "gb2312", "gb18030", "big5", "sjis", "shiftjis", "cp932", "cp866",
	    "tis620", "eucjp", "euckr", "euccn", "euctw"};
	static const char *const begins[] = {"iso8859", "latin", "cp125",
	    "windows125", "koi8"};

	for (size_t i = 0; i < sizeof(wholes) / sizeof(wholes[0]); i++)
		if (is_named(name, len, wholes[i], true))
			return true;
	for (size_t i = 0; i < sizeof(begins) / sizeof(begins[0]); i++)
		if (is_named(name, len, begins[i], false))
			return true;
	return false;
}
