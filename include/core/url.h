/*
 * url - addresses that a configuration may name.
 *
 * None holds what a program or a header could take for something else, or a
 * password; and what is not encrypted stays on this machine.  Pure.
 */
#ifndef CORE_URL_H
#define CORE_URL_H

#include <stdbool.h>

#define URL_MAX 2048

/* No blanks, quotes, backslashes or control characters; no password. */
bool url_is_plain(const char *url);
/* "http://" to this machine: 127.0.0.1, localhost or [::1]. */
bool url_is_local(const char *url);
/*
 * SCHEME and then HOST, HOST:PORT or [ADDRESS]:PORT, and nothing behind it.
 * `scheme` is as "tls://".  `local`: that host is this machine, and there is a
 * port.
 */
bool url_is_host(const char *url, const char *scheme, bool local);

#endif
