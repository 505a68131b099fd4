#!/usr/bin/env bash
# Installs what the tests use beyond npm, into .tools/: Python readers, an AWS emulator, linters (PyPI) and Node 24 (npm). Run it once; again is a no-op.
set -euo pipefail
cd "$(dirname "$0")/../.."
mkdir -p .tools

# install_python VENV REQUIREMENTS: the packages of a file in test/support, in a virtual environment of their own
install_python() {
  cmp -s "test/support/$2" ".tools/$2" && [ -d ".tools/$1" ] && return
  [ -d ".tools/$1" ] || python3 -m venv ".tools/$1"
  ".tools/$1/bin/pip" install --quiet --disable-pip-version-check -r "test/support/$2"
  cp "test/support/$2" ".tools/$2"
}
install_python venv requirements.txt
# the linters of the deployed template pin libraries that the others need newer
install_python lint-venv lint-requirements.txt
if [ ! -x .tools/node_modules/.bin/node ]; then
  npm install --prefix .tools --no-save --no-package-lock --silent node@24.21.0
fi
