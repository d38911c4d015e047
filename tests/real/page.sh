#!/bin/sh
# The auditor's page in headless Chromium: tests/page/page.js.
set -u
src=${FOUREYES_SRC:-$(cd "$(dirname "$0")/../.." && pwd)}
cd "$src" || exit 3

lacks() {
	echo "1..0 # SKIP $*: contrib/install-deps.sh page"
	exit 0
}
command -v node >/dev/null 2>&1 || lacks "there is no node"
[ -x "${CHROMIUM:-/usr/bin/chromium}" ] || lacks "there is no chromium"
command -v pdftotext >/dev/null 2>&1 || lacks "there is no pdftotext"
for module in playwright-core axe-core; do
	[ -d "build/page/node_modules/$module" ] || lacks "there is no $module"
done
exec node tests/page/page.js
