#!/bin/sh
# Runs suites that print TAP and counts. usage: run.sh LOGDIR NAME=COMMAND...
# Ends with one line: "N passed, N failed" (and ", N skipped" with the reasons above it).
set -u
logs=$1; shift
mkdir -p "$logs"
passed=0; failed=0; skipped=0
export CMOCKA_MESSAGE_OUTPUT=TAP

for suite in "$@"; do
    name=${suite%%=*}; command=${suite#*=}; log=$logs/$name.log
    sh -c "$command" >"$log" 2>"$log.err"
    status=$?
    # Some versions of cmocka say "not ok" of what they skip.
    skip=$(grep -cE '^ *(not )?ok .*# (SKIP|skip)' "$log")
    ok=$(grep -E '^ *ok [0-9]' "$log" | grep -cvE '# (SKIP|skip)')
    bad=$(grep -E '^ *not ok [0-9]' "$log" | grep -cvE '# (SKIP|skip)')
    # A suite that died, or ran nothing, is a failure of its own.
    if [ "$bad" -eq 0 ] && { [ "$status" -ne 0 ] || [ $((ok + skip)) -eq 0 ]; }; then bad=1; died=" (exit $status)"; else died=""; fi
    printf '%-28s %4d passed' "$name" "$ok"
    [ "$bad" -gt 0 ] && printf ', %d FAILED%s' "$bad" "$died"
    [ "$skip" -gt 0 ] && printf ', %d skipped' "$skip"
    printf '\n'
    [ "$skip" -gt 0 ] && grep -E '^ *(not )?ok .*# (SKIP|skip)|^skipped: ' "$log" | sed 's/^/    /'
    if [ "$bad" -gt 0 ]; then
        grep -E -A12 '^ *not ok [0-9]' "$log" | head -60 | sed 's/^/    /'
        tail -30 "$log.err" | sed 's/^/    /'
        [ -n "$died" ] && tail -10 "$log" | sed 's/^/    /'
    fi
    passed=$((passed + ok)); failed=$((failed + bad)); skipped=$((skipped + skip))
done
if [ "$skipped" -gt 0 ]; then echo "$passed passed, $failed failed, $skipped skipped"
else echo "$passed passed, $failed failed"; fi
[ "$failed" -eq 0 ]
