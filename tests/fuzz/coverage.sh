#!/bin/sh
# Lines that the corpora reach, by file. usage: coverage.sh BUILD "TARGET CORPUS..."...
set -eu
build=$1; shift
# The tools must be of clang's own version; they stand beside it.
llvm=$(dirname "$(readlink -f "$(command -v clang)")")
tool() { # tool NAME ARGUMENT...
    name=$1; shift
    if [ -x "$llvm/$name" ]; then "$llvm/$name" "$@"; else "$name" "$@"; fi
}

rm -f "$build"/*.profraw
objects=""
for target in "$@"; do
    # shellcheck disable=SC2086
    set -- $target
    name=$1; shift
    seeds=""
    for dir in "$@"; do [ -d "$dir" ] && seeds="$seeds $dir"; done
    # shellcheck disable=SC2086
    LLVM_PROFILE_FILE="$build/$name.profraw" "$build/$name" -runs=0 $seeds 2>"$build/$name.log" ||
        { tail -20 "$build/$name.log"; exit 1; }
    objects="$objects -object $build/$name"
done
tool llvm-profdata merge -sparse "$build"/*.profraw -o "$build/all.profdata"
# Columns: file, regions (3), functions (3), lines, missed, percent.
# shellcheck disable=SC2086
tool llvm-cov report -instr-profile="$build/all.profdata" $objects "$(pwd)/bot" 2>/dev/null |
    awk '$1 ~ /\.c$/ || $1 == "TOTAL" { printf "%-40s %6s of %5d lines\n", $1, $10, $8 }'
