#!/bin/sh
# The program's outside: commands, help, versions, and what is refused. usage: options.sh PROGRAM. Prints TAP.
. tests/cli/tap
fresh
commands="serve check chat understand graph report erase"

run "$program"
check "without a command it tells how it is used, as a mistake" exits 2
check "and says so where errors go" err "usage: mailwijzer COMMAND"
check "and nowhere else" silent out

for help in --help -h; do
    run "$program" $help
    check "$help is no mistake" exits 0
    for command in $commands; do check "$help lists $command" out "  $command"; done
    check "$help writes no errors" silent err
done

run "$program" --version
check "--version tells the version" grep -qxE 'mailwijzer [0-9]+\.[0-9]+\.[0-9]+' "$work/out"
check "--version is no mistake" exits 0

run "$program" sing
check "an unknown command is refused" exits 2
check "by its name" err "unknown command 'sing'"
check "with nothing on the output" silent out

for command in $commands; do
    run "$program" "$command" --help
    check "$command --help tells how it is used" out "usage: mailwijzer $command"
    check "$command --help is no mistake" exits 0
    run "$program" "$command" --nonsense
    check "$command refuses an option it does not know" exits 2
    check "$command names that option" err "unknown option '--nonsense'"
    run "$program" "$command" stray
    check "$command refuses a word too many" exits 2
    check "$command names that word" err "unknown argument 'stray'"
done

run "$program" graph --format
check "an option without its value is refused" exits 2
check "and named" err "--format needs a value"
run "$program" chat --json=yes
check "a value for an option that takes none is refused" exits 2
check "and named" err "--json takes no value"
run "$program" graph --format svg
check "a value that is not known is refused" exits 2
check "with those that are" err "--format is 'svg', expected dot or mermaid"

check "nothing was left behind" test "$(find "$here" -mindepth 1 | wc -l)" -eq 2
finish
