#!/bin/sh
# The practice phone's own tests, as TAP. usage: test.sh BUILD
PRACTICE_PHONE=$(cd "$1" && pwd)/practice-phone exec node --test --test-reporter=tap tests/simulator/test/*.test.mjs
