#!/bin/sh
# The real binary, the practice phone and a real browser, as TAP. usage: run.sh BUILD
# Node's packages come from the lock file into BUILD/e2e, never into the tree.
set -eu
build=$(cd "$1" && pwd)
mkdir -p "$build/e2e"
if ! cmp -s tests/e2e/package-lock.json "$build/e2e/package-lock.json" || [ ! -d "$build/e2e/node_modules" ]; then
    rm -f "$build/e2e/package-lock.json"
    cp tests/e2e/package.json "$build/e2e/"
    cp tests/e2e/package-lock.json "$build/e2e/lock.tmp"
    (cd "$build/e2e" && mv lock.tmp package-lock.json && npm ci --no-audit --no-fund --silent) >&2 || {
        rm -f "$build/e2e/package-lock.json"; exit 1; }
fi
BUILD=$build E2E_MODULES=$build/e2e/ exec node --test --test-reporter=tap tests/e2e/*.test.mjs
