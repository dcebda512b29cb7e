#!/bin/sh
# Writes requirements.lock anew: every package with its hash, and no address of an index in it.
set -eu
cd "$(dirname "$0")/.."
exec .cache/uv/bin/uv pip compile pyproject.toml --extra dev --python-version 3.10 \
  --generate-hashes --no-emit-index-url --no-emit-find-links --no-header \
  --custom-compile-command "scripts/lock.sh" --quiet -o requirements.lock "$@"
