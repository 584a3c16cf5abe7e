#!/bin/sh
# lint.sh - the project's own rules hold; one result a rule.
exec python3 "$KZ_ROOT/tools/lint" --tap
