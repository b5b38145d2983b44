#!/bin/sh
# The manual page and the completion know what the program knows. usage: manual.sh PROGRAM. Prints TAP.
. tests/cli/tap
fresh

# The page's text: font changes and escaped hyphens away, macros of fonts too.
sed -e 's/\\f[A-Z]//g' -e 's/\\-/-/g' -e 's/^\.\(TP\|B\|BR\|RB\|I\|RI\|IR\) *//' deploy/mailwijzer.1 >"$work/page"
page() { grep -qF -- "$1" "$work/page"; }
heads() { grep -qE -- "^$1( |\$)" "$work/page"; } # a line begins with it

# ---- commands and their options ----

run "$program" --help
commands=$(sed -n 's/^  \([a-z][a-z-]*\)  *.*/\1/p' "$work/out")
check "there are commands to tell of" test "$(echo "$commands" | wc -l)" -ge 6
for command in $commands; do
    check "the page tells of $command" heads "$command"
    run "$program" "$command" --help
    for option in $(sed '/^$/q' "$work/out" | grep -oE -- '--[a-z][a-z-]+'); do
        check "and of its $option" page "$option"
    done
done
run "$program" --version
check "and of this version" grep -qF "$(sed 's/^m/"M/' "$work/out")\"" deploy/mailwijzer.1

# ---- settings: the same names, the same values when not set ----

grep -oE '^#?[A-Z][A-Z0-9_]+=.*' .env.example | sed 's/^#//' | sed 's/^\(TLS_[A-Z]*=\).*/\1/' | sort >"$work/explained"
grep -oE '\b[A-Z][A-Z0-9_]+=[^ ,]*' "$work/page" | sort >"$work/told"
cp "$work/told" "$work/out"
diff "$work/explained" "$work/told" >"$work/err"
check "the page tells of each setting of .env.example, with its value, and of no other" cmp -s "$work/explained" "$work/told"

# ---- as it is read ----

if have man; then
    run MANROFFSEQ= LC_ALL=C.UTF-8 man --warnings=w -l "$house/deploy/mailwijzer.1"
    check "man shows it" out "SYNOPSIS"
    check "and has no complaint" silent err
else
    skip "man shows it" "man is not installed (man-db)"
fi

# ---- completion ----

# completes WORD...: what TAB offers after these, sorted, on one line. The last is being written.
completes() {
    mkdir -p "$work/bin"
    ln -sf "$program" "$work/bin/mailwijzer"
    PATH="$work/bin:$PATH" bash -c '
        . deploy/completion.bash
        COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1))
        _mailwijzer mailwijzer
        printf "%s\n" "${COMPREPLY[@]}" | sort | tr "\n" " "' bash mailwijzer "$@" >"$work/out" 2>"$work/err"
}
offers() { [ "$(cat "$work/out")" = "$1" ]; }

completes ""
for command in $commands; do check "TAB offers $command" grep -qwF -- "$command" "$work/out"; done
completes "und"
check "what is begun is finished" offers "understand "
completes graph ""
check "a command's options are offered" offers "--format --help --locale "
completes graph --format ""
check "and an option's values" offers "dot mermaid "
completes graph --format = m
check "also behind an equals sign" offers "mermaid "
completes graph --format =
check "and directly behind it" offers "dot mermaid "
completes chat --name ""
check "nothing where only its writer knows" offers " "
completes chat --json --n
check "after an option without a value the others" offers "--name "
completes sing ""
check "nothing for a command that is not there" offers " "
check "without a word of complaint" silent err
finish
