#include "core/url.h"

#include <stddef.h>
#include <string.h>

#include "base/text.h"

static const char *const loopbacks[] = {"127.0.0.1", "localhost", "[::1]"};

bool
url_is_plain(const char *url)
{
	const char *slashes = text_find(url, strlen(url), "://");
	const char *c = slashes != NULL ? slashes + 3 : url;
	bool colon = false;

	if (strlen(url) > URL_MAX)
		return false;
	for (const char *at = url; *at != '\0'; at++)
		if ((unsigned char)*at <= ' ' || *at == 0x7f || *at == '"' ||
		    *at == '\'' || *at == '\\')
			return false;
	for (; slashes != NULL && *c != '\0' && *c != '/' && *c != '@'; c++)
		colon = colon || *c == ':';
	return !(colon && *c == '@');
}

/* Behind the name of a host. */
static const char *
behind_loopback(const char *host)
{
	for (size_t i = 0; i < sizeof(loopbacks) / sizeof(loopbacks[0]); i++)
		if (text_starts(host, loopbacks[i]))
			return host + strlen(loopbacks[i]);
	return NULL;
}

bool
url_is_local(const char *url)
{
	static const char HTTP[] = "http://";
	const char *rest;

	if (!text_starts(url, HTTP))
		return false;
	rest = behind_loopback(url + strlen(HTTP));
	return rest != NULL &&
	    (*rest == ':' || *rest == '/' || *rest == '\0') &&
	    strchr(rest, '@') == NULL;
}

static bool
is_of_host(char c, bool bracket)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	    (c >= '0' && c <= '9') ||
	    (bracket ? c == ':' || c == '.' : c == '-' || c == '.');
}

/* ":PORT", or nothing where it may be left out. */
static bool
is_port(const char *text, bool needed)
{
	size_t digits = 0;

	if (*text == '\0')
		return !needed;
	if (*text++ != ':')
		return false;
	while (text[digits] >= '0' && text[digits] <= '9')
		digits++;
	return digits > 0 && digits <= 5 && text[digits] == '\0';
}

bool
url_is_host(const char *url, const char *scheme, bool local)
{
	const char *host, *rest;
	bool bracket;

	if (!text_starts(url, scheme))
		return false;
	host = url + strlen(scheme);
	rest = behind_loopback(host);
	if (local)
		return rest != NULL && is_port(rest, true);
	bracket = *host == '[';
	rest = host + bracket;
	while (is_of_host(*rest, bracket))
		rest++;
	if (rest == host + bracket || (bracket && *rest++ != ']'))
		return false;
	return is_port(rest, false);
}
