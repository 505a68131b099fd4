#!/usr/bin/env bash
# Installs what the tests use beyond npm, into .tools/: Python readers, AWS emulators, linters, Java (PyPI), Node 24 (npm)
# and Trino, the engine inside Athena (Maven, half a gigabyte). Run it once; again is a no-op.
set -euo pipefail
cd "$(dirname "$0")/../.."
mkdir -p .tools

# fetch COORDINATES: an artifact of Maven's into .tools/download
fetch() {
  mvn -q org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy -Dartifact="$1" -DoutputDirectory="$PWD/.tools/download" -Dmdep.useBaseVersion=true
}
install_trino() {
  [ -d .tools/trino-476 ] && return
  command -v mvn > /dev/null || { echo 'skipped: Trino, which needs mvn'; return; }
  rm -rf .tools/download
  fetch io.trino:trino-server-core:476:tar.gz
  fetch io.trino:trino-hive:476:zip
  tar xzf .tools/download/trino-server-core-476.tar.gz -C .tools/download
  python3 -m zipfile -e .tools/download/trino-hive-476.zip .tools/download
  # without the plugins that no test needs it is up sooner
  rm -r .tools/download/trino-server-core-476/plugin/*
  mv .tools/download/trino-hive-476 .tools/download/trino-server-core-476/plugin/hive
  mv .tools/download/trino-server-core-476 .tools/trino-476
  rm -r .tools/download
}
# the largest download goes on beside the others
install_trino &
trino=$!

# install_python VENV REQUIREMENTS: the packages of a file in test/support, in a virtual environment of their own
install_python() {
  cmp -s "test/support/$2" ".tools/$2" && [ -d ".tools/$1" ] && return
  [ -d ".tools/$1" ] || python3 -m venv ".tools/$1"
  # what is imported is compiled then; compiling all of it takes longer than the tests need it
  ".tools/$1/bin/pip" install --quiet --disable-pip-version-check --no-compile -r "test/support/$2"
  cp "test/support/$2" ".tools/$2"
}
install_python venv requirements.txt
# the linters of the deployed template pin libraries that the others need newer
install_python lint-venv lint-requirements.txt
if [ ! -x .tools/node_modules/.bin/node ]; then
  npm install --prefix .tools --no-save --no-package-lock --silent node@24.21.0
fi

# moto holds the tables and files that Trino reads; the Java that runs Trino comes as a Python package; awswrangler and
# DuckDB, with its extensions for S3, ask as users do (of other versions than the readers above)
install_python trino-venv trino-requirements.txt
wait "$trino"
