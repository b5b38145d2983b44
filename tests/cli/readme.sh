#!/bin/sh
# What README.md shows is what the program says. usage: readme.sh MAILWIJZER. Prints TAP.
set -u
tmp=$(mktemp -d); trap 'rm -rf "$tmp"' EXIT
sed -n '/^```mermaid$/,/^```$/p' README.md | sed '1d;$d' >"$tmp/shown"
"$1" graph --format mermaid >"$tmp/drawn" || echo "graph failed" >>"$tmp/drawn"
if diff "$tmp/shown" "$tmp/drawn" >"$tmp/diff"; then echo "ok 1 - README shows the flow as it is"; bad=0
else echo "not ok 1 - README shows the flow as it is"; sed 's/^/# /' "$tmp/diff"; bad=1; fi
echo "1..1"
exit $bad
