#!/bin/sh
# Puts uv into .cache/uv with whatever Python there is: $1, python3 by default.
set -eu
cd "$(dirname "$0")/.."
python=${1:-python3}
rm -rf .cache/uv
mkdir -p .cache
if "$python" -m venv .cache/uv >/dev/null 2>&1; then
  .cache/uv/bin/python -m pip install --quiet --disable-pip-version-check "uv>=0.5"
else # a Python without venv, as Debian packages it
  rm -rf .cache/uv
  "$python" -m pip install --quiet --disable-pip-version-check --target .cache/uv "uv>=0.5"
fi
.cache/uv/bin/uv --version
