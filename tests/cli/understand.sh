#!/bin/sh
# `understand` on lines of JSON. usage: understand.sh PROGRAM. Prints TAP.
. tests/cli/tap
fresh
input=$work/lines

json() { python3 -c "
import json, sys
lines = [json.loads(line) for line in open('$work/out', encoding='utf-8')]
def fail(why): sys.exit('# ' + why)
$1"; }

cat >"$input" <<'END'
{"id":1,"question":"start","text":"ik wil een mens spreken"}
{"id":"two","question":"team","text":"alleen ik","note":"kept"}

{"id":3,"question":"start","text":"xyzzy plugh"}
END
run "$program" understand
check "lines are labelled" exits 0
check "one object for each, in order" json "
[l['id'] for l in lines] == [1, 'two', 3] or fail(str(lines))"
check "with label and score, and what was there" json "
for l in lines:
    isinstance(l['label'], str) and isinstance(l['score'], float) or fail(str(l))
    'question' in l and 'text' in l or fail(str(l))
lines[1]['note'] == 'kept' or fail(str(lines[1]))"
check "an answer by its id, a command by its name, the rest unclear" json "
[l['label'] for l in lines] == ['command:human', 'alone', 'unclear'] or fail(str(lines))
lines[2]['score'] == 0 or fail(str(lines[2]))"

cat >"$input" <<'END'
{"id":1,"question":"nowhere","text":"x"}
no json
{"id":3,"text":"x"}
{"id":4,"question":"start","text":"hoi"}
END
run "$program" understand
check "a line that is wrong is a failure" exits 1
check "a question that is not in the flow is named" err "line 1: question 'nowhere'"
check "what is no JSON is told by its line" err "line 2: "
check "what lacks a member is told by its line" err "line 3: "
check "and the others are labelled all the same" json "
[l['id'] for l in lines] == [4] or fail(str(lines))"

# What stands on a button is understood when it is typed.
python3 -c "
import json
text = json.load(open('locales/en.json'))['usage.light.label']
print(json.dumps({'id': 1, 'question': 'usage', 'text': text}))" >"$input"
run "$program" understand
check "in each language" json "
lines[0]['label'] == 'light' or fail(str(lines))"

: >"$input"
run "$program" understand
check "nothing to label is nothing wrong" exits 0
check "and nothing is printed" silent out
finish
