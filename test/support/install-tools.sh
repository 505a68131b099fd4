#!/usr/bin/env bash
# Installs what the tests use beyond npm, into .tools/: Python readers and an AWS emulator (PyPI) and Node 24 (npm). Run it once; again is a no-op.
set -euo pipefail
cd "$(dirname "$0")/../.."
mkdir -p .tools
requirements=test/support/requirements.txt
if ! cmp -s "$requirements" .tools/requirements.txt; then
  [ -d .tools/venv ] || python3 -m venv .tools/venv
  .tools/venv/bin/pip install --quiet --disable-pip-version-check -r "$requirements"
  cp "$requirements" .tools/requirements.txt
fi
if [ ! -x .tools/node_modules/.bin/node ]; then
  npm install --prefix .tools --no-save --no-package-lock --silent node@24.21.0
fi
