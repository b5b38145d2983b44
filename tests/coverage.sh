#!/bin/sh
# Lines of bot/ covered by the fast suites, per room. usage: coverage.sh BUILD BINARY...
# Without confine/: what it does is done in children that can no longer write down which lines they ran.
set -u
build=$1; shift
find "$build" -name '*.gcda' -delete
for b in "$@"; do CMOCKA_MESSAGE_OUTPUT=TAP "$b" >/dev/null 2>&1 || echo "failed: $b" >&2; done
for room in base dialogue understanding content channel store http pipeline; do
    dir=$build/bot/$room
    ls "$dir"/*.gcno >/dev/null 2>&1 || continue
    gcov -n -o "$dir" "$dir"/*.o 2>/dev/null |
        awk -v room="$room" '/^File .bot\// { ours = index($0, "bot/" room "/") && /\.c.$/ } /^Lines executed/ && ours {
            sub(/Lines executed:/, ""); split($0, a, "% of "); hit += a[1] * a[2] / 100; all += a[2]; ours = 0 }
            END { if (all) printf "%-14s %6.1f %% of %d lines\n", room, 100 * hit / all, all; print hit, all > "/dev/stderr" }' 2>>"$build/cov.sum"
done
awk '{ hit += $1; all += $2 } END { printf "%-14s %6.1f %% of %d lines\n", "bot/", 100 * hit / all, all }' "$build/cov.sum"
rm -f "$build/cov.sum"
