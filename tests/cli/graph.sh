#!/bin/sh
# `graph` as DOT and Mermaid. usage: graph.sh PROGRAM. Prints TAP.
. tests/cli/tap
fresh

# names_all: every state of the flow is in the picture.
names_all() { python3 -c "
import json, sys
flow, text = json.load(open('$here/flows/mailkeuze.json')), open('$work/out').read()
states = flow['states']
ids = list(states) if isinstance(states, dict) else [s['id'] for s in states]
lost = [i for i in ids if i not in text]
sys.exit('# not in it: ' + str(lost) if lost or not ids else 0)"; }

run "$program" graph
check "the flow is drawn" exits 0
check "as DOT unless told otherwise" grep -q '^digraph ' "$work/out"
check "whole" grep -qx '}' "$work/out"
check "with edges" out " -> "
check "with every state" names_all
check "without a word of error" silent err

run "$program" graph --format=mermaid
check "as Mermaid when told" grep -qE '^(flowchart|graph|stateDiagram)' "$work/out"
check "with edges" out "-->"
check "with every state" names_all

run "$program" graph
cp "$work/out" "$work/nl"
run "$program" graph --locale en
check "in another language" exits 0
check "with other words" not cmp -s "$work/out" "$work/nl"
finish
