/*
 * The helper that git asks for a token: "protocol=" and "host=" lines come in,
 * "username=" and "password=" go out, for the one address it is meant for.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/cmd.h"
#include "app/mirror.h"
#include "base/text.h"

#define LINE_MAX_SIZE 4096
#define LINES_MAX 64

static void
take(char *out, size_t room, const char *line, const char *key)
{
	size_t len = strlen(line), skip = strlen(key);

	if (text_starts(line, key) && len - skip < room)
		memcpy(out, line + skip, len - skip + 1);
}

/* Is it asked for by the address that it is for? */
static bool
is_for(const char *address)
{
	char line[LINE_MAX_SIZE], protocol[16] = "", host[300] = "";
	char asked[400];

	for (unsigned i = 0; i < LINES_MAX; i++) {
		if (fgets(line, sizeof(line), stdin) == NULL)
			break;
		line[strcspn(line, "\n")] = '\0';
		if (line[0] == '\0')
			break;
		take(protocol, sizeof(protocol), line, "protocol=");
		take(host, sizeof(host), line, "host=");
	}
	(void)snprintf(asked, sizeof(asked), "%s://%s", protocol, host);
	return strcmp(asked, address) == 0;
}

int
mirror_credential(int argc, char **argv)
{
	const char *number = getenv("FOUREYES_CREDENTIAL_FD");
	const char *address = getenv("FOUREYES_CREDENTIAL_FOR");
	const char *user = getenv("FOUREYES_CREDENTIAL_USER");
	char token[MIRROR_TOKEN_MAX + 1];
	ssize_t n;

	if (argc != 2 || number == NULL || address == NULL || user == NULL)
		return complain(STATUS_USAGE,
		    "this is what git asks for a token; it is not run by hand");
	if (strcmp(argv[1], "get") != 0)
		return STATUS_YES;
	if (!is_for(address))
		return STATUS_NO;
	n = read((int)strtol(number, NULL, 10), token, sizeof(token) - 1);
	if (n <= 0)
		return STATUS_NO;
	token[n] = '\0';
	if (strpbrk(token, "\r\n") == NULL && strlen(token) == (size_t)n)
		(void)printf("username=%s\npassword=%s\n", user, token);
	explicit_bzero(token, sizeof(token));
	return STATUS_YES;
}
