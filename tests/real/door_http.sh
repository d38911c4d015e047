#!/bin/sh
# The main job through the door `http`.
. "$(dirname "$0")/lib.sh"
site http
# shellcheck source=tests/real/lib_main_job.sh
. "$src/tests/real/lib_main_job.sh"
done_testing
