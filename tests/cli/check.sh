#!/bin/sh
# `check` on the shipped content and on spoiled copies of it. usage: check.sh PROGRAM. Prints TAP.
. tests/cli/tap

# spoil FILE PYTHON: `d` is the file's JSON.
spoil() { (cd "$here" && python3 -c "
import json
d = json.load(open('$1'))
$2
json.dump(d, open('$1', 'w'))"); }

fresh
run "$program" check
check "the shipped content is proved" exits 0
check "and what was covered is told" grep -qE '^proved: [0-9]+ states, [0-9]+ paths, [0-9]+ combinations of answers, ' "$work/out"
check "without a fault" not grep -qv '^warning: ' "$work/err"

fresh; own locales
spoil locales/nl.json "del d['intro']"
run "$program" check
check "a missing text is refused" exits 1
check "with its file and key" err "locales/nl.json: 'intro' missing"

fresh; own locales
spoil locales/nl.json "del d['intro']; del d['privacy']"
spoil locales/en.json "d['late'] = d['late'] + ' {{nobody}}'"
run "$program" check
check "several faults are all told" exits 1
check "the first" err "locales/nl.json: 'intro'"
check "the second" err "locales/nl.json: 'privacy'"
check "and one of another file" err "locales/en.json: 'late'"

fresh; own locales
spoil locales/en.json "d['intro'] = d['intro'] + 'x' * 5000"
run "$program" check
check "a text that does not fit a message is refused" exits 1
check "with its length" err "characters"
check "and the verdict is told" out "refused: "

fresh; own flows
echo '{"id": "mailkeuze", ' >"$here/flows/mailkeuze.json"
run "$program" check
check "a flow that is no JSON is refused" exits 1
check "with its file" err "flows/mailkeuze.json"

fresh
run FLOW=flows/none.json "$program" check
check "a flow that is not there is refused" exits 1
check "with its name" err "flows/none.json"

fresh
run LOCALE=xx "$program" check
check "a language without a file is refused" exits 1
check "with the file that is missing" err "xx.json"

fresh
cp "$house/.env.example" "$here/.env"
run "$program" check
check "the example of the settings is in order" exits 0
finish
