#!/bin/sh
# check_floors.sh - floors, doors and calls that are not made here.
#
# An include names its floor and never one above the file's own; an edge knows
# no other edge and no rule; each library has its door, and none of its types
# is in a header; every include of ours is found under include/.
set -eu
cd "$(dirname "$0")/../.."

# shellcheck disable=SC2016  # the program is awk's
find src include -name '*.[ch]' | sort | xargs awk '
function floor(s) { return index("base core edge app ", s " ") }
function bad(why) { printf "%s:%d: %s\n", FILENAME, FNR, why; fail = 1 }
function family(path) {
	sub(/^.*\//, "", path); sub(/\.[ch]$/, "", path); sub(/_.*/, "", path)
	return path
}
function fits(file, doors,    i, n, d) {
	n = split(doors, d, " ")
	for (i = 1; i <= n; i++)
		if (file ~ ("^" d[i] "$"))
			return 1
	return 0
}
# A header without a floor stands beside its source, for one family of files.
function beside(path,    dir) {
	dir = FILENAME; sub(/[^\/]*$/, "", dir)
	if ((getline junk < (dir path)) < 0)
		bad("no such header: " path)
	close(dir path)
	if (dir !~ /^src\// || family(path) != family(FILENAME))
		bad("a header without a floor is its own family only: " path)
}
BEGIN {
	door["git2"] = "src/edge/repo.*[.][ch] src/edge/no_transports[.]c"
	door["jansson"] = "src/base/tree_json[.]c"
	door["yaml"] = "src/base/tree_yaml[.]c"
	door["openssl"] = "src/base/digest[.]c src/edge/signature.*[.][ch] " \
	    "src/edge/seal.*[.][ch] src/edge/dial_tls[.]c"
	door["sqlite3"] = "src/edge/index.*[.]c"
	door["zlib"] = "src/edge/repo_loose[.]c src/edge/squeeze[.]c"
	door["curl"] = "src/edge/http[.]c"
	door["microhttpd"] = "src/edge/listen.*[.][ch]"
	door["xlsxwriter"] = "src/edge/workbook.*[.]c"
	door["libpq-fe"] = "src/edge/ledger_postgresql.*[.][ch]"
}
/^[ \t]*#[ \t]*include/ {
	line = $0; sub(/^[ \t]*#[ \t]*include[ \t]*/, "", line)
	split(FILENAME, here, "/"); split(line, to, /["<>.\/]/)
	if (line ~ /^"/) {
		path = line; gsub(/"/, "", path); sub(/[ \t].*/, "", path)
		if (path !~ /\//) {
			beside(path)
			next
		}
		if (!floor(to[2]))
			bad("an include names its floor: " line)
		else if (floor(to[2]) > floor(here[2]))
			bad(here[2] " may not include " to[2])
		if ((getline junk < ("include/" path)) < 0)
			bad("no such header: " path)
		close("include/" path)
		if (here[2] == "edge" && to[2] == "edge" &&
		    family(path) != family(FILENAME) &&
		    !(FILENAME ~ /\/forge_/ && path == "edge/http.h"))
			bad("an edge may not include another edge")
		if (here[2] == "edge" && path ~ /^core\/(rule|judge)\.h$/)
			bad("an edge reports facts and holds no opinion")
	}
	if (line ~ /^</ && (to[2] in door) && !fits(FILENAME, door[to[2]]))
		bad("<" to[2] "> may only be included by " door[to[2]])
	next
}
/^(static )?(const )?(git_|json_t|yaml_|sqlite3|EVP_|BIO|CURL|PGconn)/ &&
FILENAME ~ /^include/ { bad("a type of a library in a header") }
/(^|[^a-z_>.])(strcpy|strcat|strncpy|strncat|sprintf|vsprintf|strtok|atoi|atol|gmtime|localtime|ctime|asctime|system|popen|gets|tmpnam|mktemp)\(/ &&
!/^[ \t]*(\/?\*|\/\/)/ { bad("a call that is not made here") }
/^#include|^$/ { next }
END { exit fail }'
