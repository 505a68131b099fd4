#!/usr/bin/env bash
# Installs the peers that benchmarks measure against (PyPI), into .tools/bench-venv. Run it once; again is a no-op.
set -euo pipefail
cd "$(dirname "$0")/.."
mkdir -p .tools
requirements=bench/requirements.txt
if ! cmp -s "$requirements" .tools/bench-requirements.txt; then
  rm -rf .tools/bench-venv
  python3 -m venv .tools/bench-venv
  .tools/bench-venv/bin/pip install --quiet --disable-pip-version-check -r "$requirements"
  cp "$requirements" .tools/bench-requirements.txt
fi
