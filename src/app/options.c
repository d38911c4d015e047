#include "app/options.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "app/cmd.h"
#include "base/text.h"

static int
wrong(const char *command, const char *option, const char *what)
{
	(void)complain(STATUS_USAGE, "%s: %s %s; see 'foureyes help %s'",
	    command, option, what, command);
	return -1;
}

static const struct option *
find(const struct option *options, const char *word, const char **value)
{
	for (const struct option *o = options; o->name != NULL; o++) {
		size_t len = strlen(o->name);

		if (strncmp(word, o->name, len) != 0)
			continue;
		if (word[len] == '=' && word[1] == '-') {
			*value = word + len + 1;
			return o;
		}
		if (word[len] == '\0') {
			*value = NULL;
			return o;
		}
	}
	return NULL;
}

static int
take(const char *command, const struct option *o, const char *value)
{
	if (o->list != NULL) {
		if (*o->count >= o->room)
			return wrong(command, o->name, "stands too often");
		o->list[(*o->count)++] = value;
		return 0;
	}
	if (*o->value != NULL)
		return wrong(command, o->name, "stands twice");
	*o->value = value;
	return 0;
}

/* One option at argv[*at], with its value. */
static int
read_option(int argc, char **argv, int *at, const struct option *options)
{
	const char *value;
	const struct option *o = find(options, argv[*at], &value);

	if (o == NULL)
		return wrong(argv[0], argv[*at], "is no option here");
	if (o->given != NULL) {
		if (value != NULL)
			return wrong(argv[0], o->name, "takes no value");
		*o->given = true;
		return 0;
	}
	if (value == NULL && *at + 1 >= argc)
		return wrong(argv[0], o->name, "needs a value");
	return take(argv[0], o, value != NULL ? value : argv[++*at]);
}

int
options_read(int argc, char **argv, const struct option *options, int least,
    int most)
{
	bool ended = false;
	int left = 0;

	for (int i = 1; i < argc; i++) {
		if (!ended && strcmp(argv[i], "--") == 0) {
			ended = true;
			continue;
		}
		if (ended || argv[i][0] != '-' || argv[i][1] == '\0') {
			argv[++left] = argv[i];
			continue;
		}
		if (read_option(argc, argv, &i, options) < 0)
			return -1;
	}
	if (left >= least && left <= most)
		return left;
	(void)complain(STATUS_USAGE, "%s: too %s words; see 'foureyes help %s'",
	    argv[0], left < least ? "few" : "many", argv[0]);
	return -1;
}

int
option_instant(int64_t *out, const char *option, const char *word,
    struct err *err)
{
	return text_parse_instant(word, out)
	    ? 0
	    : err_set(err, ERR_INPUT,
	          "%s '%s' is no day (2026-01-31) and no instant with an "
	          "offset",
	          option, word);
}

int
option_number(uint64_t *out, const char *option, const char *word,
    struct err *err)
{
	char *end = NULL;

	if (word == NULL)
		return 0;
	errno = 0;
	*out = strtoull(word, &end, 10);
	if (errno != 0 || word[0] < '1' || word[0] > '9' || *end != '\0')
		return err_set(err, ERR_INPUT, "%s '%s' is no number", option,
		    word);
	return 0;
}
