#!/bin/sh
# The main job through the door `ssh`.
. "$(dirname "$0")/lib.sh"
site ssh
# shellcheck source=tests/real/lib_main_job.sh
. "$src/tests/real/lib_main_job.sh"
done_testing
