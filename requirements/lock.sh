#!/bin/sh
# Writes the lock files anew from pyproject.toml: hashes for every platform, no download address.
set -eu
cd "$(dirname "$0")/.."
compile() { uv pip compile --universal --python-version 3.11 --generate-hashes --quiet \
    --no-annotate --no-header pyproject.toml "$@"; }
compile --extra dev --extra build --output-file requirements/dev.txt
compile --extra build --constraint requirements/dev.txt --output-file requirements/run.txt
