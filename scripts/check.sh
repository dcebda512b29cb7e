#!/bin/sh
# What a change must pass before it is tested. Every step runs; the first fault decides the exit.
set -u
cd "$(dirname "$0")/.."
bin=.venv/bin
failed=0
step() {
  name=$1
  shift
  if output=$("$@" 2>&1); then
    printf '  ok    %s\n' "$name"
  else
    printf '  FAULT %s\n%s\n' "$name" "$output"
    failed=1
  fi
}
step "format" $bin/ruff format --check .
step "lint" $bin/ruff check .
step "types" $bin/mypy
step "import rules" $bin/lint-imports
step "knowledge" $bin/onestop knowledge check
step "rasa data validate" scripts/validate.sh
exit $failed
