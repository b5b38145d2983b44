#!/bin/sh
# What becomes of wrong settings. usage: settings.sh PROGRAM. Prints TAP.
. tests/cli/tap

for command in check serve; do
    fresh
    run LOG_LEVEL=loud RETAIN_TEXT_DAYS=0 WHATSAPP_APP_SECRET=hush DATABASE_URL=postgresql://me:hush@db/x "$program" $command
    check "$command refuses wrong settings" exits 2
    check "$command names the first" err "LOG_LEVEL: 'loud' is not debug, info, warn or error"
    check "$command names the second" err "RETAIN_TEXT_DAYS: '0' is not a number of days from 1 to 3650"
    check "$command names what is missing" err "WHATSAPP_ACCESS_TOKEN: missing"
    check "$command shows no secret" not grep -q hush "$work/err"
    check "$command says where each is explained" err ".env.example"

    fresh
    printf 'LOG_LEVEL=loud\nLOG_FORMAT=json # or logfmt\nnonsense\n' >"$here/.env"
    run "$program" $command
    check "$command reads .env" err "LOG_LEVEL: 'loud' is not debug"
    check "$command names a broken line of it by number" err ".env: line 3: expected NAME=value"
    check "$command takes the others" not grep -q LOG_FORMAT "$work/err"
    check "$command refuses it" exits 2

    fresh
    mkdir "$here/.env"
    run "$program" $command
    check "$command refuses a .env that cannot be read" exits 2
    check "$command names it" err ".env: "
done

fresh
echo LOG_LEVEL=loud >"$here/.env"
run LOG_LEVEL=info "$program" check
check "the environment wins over .env" exits 0

fresh
run LOG_LEVEL=loud "$program" serve
check "nothing is made before the settings are right" test ! -e "$here/data"
finish
