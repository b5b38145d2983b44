#!/bin/sh
# `chat` with a script, in words and as JSON. usage: chat.sh PROGRAM. Prints TAP.
. tests/cli/tap
fresh

# json PYTHON: `turns` is what was printed, an object a line.
json() { python3 -c "
import json, sys
turns = [json.loads(line) for line in open('$work/out', encoding='utf-8')]
def fail(why): sys.exit('# ' + why)
$1"; }

script() { printf '%s\n' "$@" >"$work/script"; input=$work/script; }

script hoi 'ik wil advies' ':tap 1' ':tap 1' ':wait 2m' ':tap 1' ':tap 1' ':tap 1' ':tap 1' '' ':media voice' ':react x' bedankt
run "$program" chat --json
check "a script of a whole conversation is played" exits 0
check "one object for each line that causes a turn" json "
len(turns) == 11 or fail(str(len(turns)))"
check "each has exactly these members" json "
for t in turns:
    list(t) == ['in', 'out', 'state', 'answers', 'advice', 'lean'] or fail(str(list(t)))
    isinstance(t['out'], list) and isinstance(t['answers'], dict) or fail(str(t))
    for o in t['out']:
        set(o) - {'footer'} == {'text', 'choices', 'link'} or fail(str(o))
        o['link'] is None or o['link'].startswith('https://') or fail(o['link'])
        for c in o['choices']: set(c) == {'id', 'title'} or fail(str(c))"
check "each tells the line it answers" json "
[t['in'] for t in turns[:3]] == ['hoi', 'ik wil advies', ':tap 1'] or fail(str(turns[2]['in']))"
check "it stands at the start, then at questions, then after the advice" json "
turns[0]['state'] == 'start' or fail(turns[0]['state'])
turns[1]['state'] not in ('start', 'after') or fail(turns[1]['state'])
turns[7]['state'] == 'after' or fail(turns[7]['state'])"
check "answers add up, one a tap" json "
[len(t['answers']) for t in turns[1:8]] == [0, 1, 2, 3, 4, 5, 6] or fail(str([len(t['answers']) for t in turns]))"
check "the advice comes with the last of them, and stays" json "
[t['advice'] for t in turns[:7]] == [None] * 7 or fail(str(turns[6]))
turns[7]['advice'] and turns[10]['advice'] == turns[7]['advice'] or fail(str(turns[7]))"
check "a reaction is not answered" json "
turns[9]['out'] == [] or fail(str(turns[9]['out']))"

script hoi
run "$program" chat
check "without --json it prints words" out "> hoi"
check "and choices by number" out "  [1] "
check "and no codes for a terminal" not grep -q "$(printf '\033')" "$work/out"

script hoi
run "$program" chat --name 'Ana K'
check "--name gives the person a name" out "Ana K"

script ':tap x' ':sing' hoi
run "$program" chat --json
check "a command that is not known ends the script as a failure" exits 1
check "with its line" err "line 2: ':sing'"
for bad in ':tap' ':media song' ':wait 5' ':edit x'; do
    script "$bad"
    run "$program" chat --json
    check "'$bad' is refused" exits 1
    check "'$bad' is named with its line" err "line 1: '$bad': expected "
done

script hoi :quit hoi
run "$program" chat --json
check ":quit ends it" test "$(wc -l <"$work/out")" -eq 1
input=
run "$program" chat --json
check "an empty script is a short conversation" exits 0

printf 'h\377oi\001 \342\202\n' >"$work/script"
input=$work/script
run "$program" chat --json
check "bytes that are no text do no harm" json "
len(turns) == 1 or fail(str(turns))"
finish
