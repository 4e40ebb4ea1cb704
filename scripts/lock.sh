#!/bin/sh
# Writes the hashed requirements from pyproject.toml. They name no index, so any mirror will do.
set -eu

pin() {
    output=$1
    shift
    .venv/bin/uv pip compile "$@" --quiet --universal --python-version 3.11 --generate-hashes \
        --no-header --no-annotate --no-emit-index-url ${UPGRADE:+--upgrade} --output-file "$output"
    printf '%-28s %s packages\n' "$output" "$(grep -c '==' "$output")"
}

# The test environment is pinned first and constrains the rest: one version of each everywhere.
pin requirements-dev.txt pyproject.toml --group pyproject.toml:build --group pyproject.toml:dev
pin requirements.txt pyproject.toml --constraints requirements-dev.txt
pin requirements-bootstrap.txt --group pyproject.toml:bootstrap --constraints requirements-dev.txt
pin requirements-node.txt --group pyproject.toml:node
