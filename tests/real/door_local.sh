#!/bin/sh
# The main job through the door `local`.
. "$(dirname "$0")/lib.sh"
site local
# shellcheck source=tests/real/lib_main_job.sh
. "$src/tests/real/lib_main_job.sh"
done_testing
