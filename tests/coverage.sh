#!/bin/sh
# Lines of bot/ covered by the fast suites, per room; fails below what is asked of bot/ and of dialogue/.
# usage: coverage.sh BUILD COMMAND...   each a suite of that build
# Without confine/: what it does is done in children that can no longer write down which lines they ran.
set -u
build=$1; shift
bot_least=90; dialogue_least=98
sums=$build/cov.sum; status=0

find "$build" -name '*.gcda' -delete
for suite in "$@"; do
    CMOCKA_MESSAGE_OUTPUT=TAP sh -c "$suite" >"$build/cov.log" 2>&1 || { echo "failed: $suite" >&2; status=1; }
done

# room NAME DIRECTORY: "hit all" of its files to the sums, and a line to read.
room() {
    gcov -n -o "$build/$2" "$build/$2"/*.o 2>/dev/null |
        awk -v room="$1" -v dir="$2" -v sums="$sums" '
            /^File / { ours = match($0, "^File ." dir "/[^/]*\\.c.$") }
            /^Lines executed/ && ours { sub(/Lines executed:/, ""); split($0, a, "% of "); hit += a[1] * a[2] / 100; all += a[2]; ours = 0 }
            END { if (all) { printf "%-14s %6.1f %% of %d lines\n", room, 100 * hit / all, all; print room, hit, all >>sums } }'
}

# enough NAME LEAST: is its share of the sums no less? "bot/" is all of them.
enough() {
    awk -v room="$1" -v least="$2" '
        room == "bot/" || $1 == room { hit += $2; all += $3 }
        END { share = all ? 100 * hit / all : 0
              if (room == "bot/") printf "%-14s %6.1f %% of %d lines\n", room, share, all
              if (share >= least) exit 0
              printf "coverage: %s has %.1f %%, expected %d %% or more\n", room, share, least; exit 1 }' "$sums"
}

rm -f "$sums"
for name in base dialogue understanding content channel store http pipeline; do room $name "bot/$name"; done
room program bot
enough bot/ $bot_least || status=1
enough dialogue $dialogue_least || status=1
exit $status
