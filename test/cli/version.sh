#!/bin/sh
# version.sh - the program says what it is.
. "$(dirname "$0")/lib.sh"

t_ok "the version is printed" "$KEKIZ" version
t_stdout_has "kekiz "
t_stderr_empty
t_done
