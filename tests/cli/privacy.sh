#!/bin/sh
# `erase` and `report --person` where no bot runs; files, environment and log hold nothing for others.
# usage: privacy.sh PROGRAM. Prints TAP.
. tests/cli/tap
fresh
off="ADMIN_LISTEN="

run "$off" "$program" erase
check "erase wants to know whom" exits 2
check "and says so" err "--person is missing"
run "$off" "$program" erase --person
check "a person without a name is refused" exits 2
run "$off" "$program" erase --person +31612345678
check "where nobody can be asked it wants --yes" exits 2
check "and says so" err "--yes says that it is meant"
run "$off" "$program" erase --person "Sanne de Vries" --yes
check "a name is no number, id or username" exits 2
check "it says what is" err "expected a phone number (+31 6 12345678"
run "$off" "$program" erase --person +31612345678 --yes
check "without a bot and a database it fails" exits 1
check "and says what it looked for" err "sqlite:data/mailwijzer.db: there is no such database, and no bot answers at ADMIN_LISTEN"
check "and makes none" test ! -e "$here/data"

run "$off" "$program" report --json
check "report takes --json with a person alone" exits 2
check "and says so" err "--json goes with --person"
run "$off" "$program" report --person +31612345678 --language fr
check "report speaks Dutch and English" exits 2
check "and says so" err "expected nl or en"
run "$off" "$program" report --person +31612345678
check "without a bot and a database it fails as well" exits 1

# A database in which nobody is known: made by the bot, which then stops.
(cd "$here" && exec env -i PATH="$PATH" HTTP_LISTEN=127.0.0.1:0 ADMIN_LISTEN= "$program" serve) 2>"$work/log" &
server=$!
for _ in $(seq 1200); do
    grep -q at=ready "$work/log" && break
    sleep 0.05
done
run "$off" "$program" erase --person +31612345678 --yes
check "a bot that cannot be asked holds its database" exits 1
check "and is named as who does" err "held by another process"
kill -TERM "$server"
wait "$server"
server=

run "$off" "$program" erase --person +31612345678 --yes
check "who is not known is not erased" exits 1
check "which is said in a plain sentence" err "Nobody is known by '+31612345678'."
check "and on the output nothing" silent out
run "$off" "$program" report --person @sanne
check "who is not known is not reported" exits 1
check "which is said likewise" err "Nobody is known by '@sanne'."
printf '+31612345678\n' >"$work/who"
input="$work/who"
run "$off" "$program" report --person -
check "a name from standard input stands on no command line" err "Nobody is known by '+31612345678'."
input=/dev/null
run "$off" "$program" report --person -
check "an empty one is refused" exits 2
run "$off" "$program" erase --person -
check "with a name from there nobody can be asked either" err "--yes says that it is meant"
run "$off" "$program" report
check "who waits is still told" out "waiting=0 human=0"

# ---- secrets ----

for command in serve check chat understand graph report erase; do
    run "$program" "$command" --help
    check "no option of $command takes a secret" not grep -qiE -- '--[a-z-]*(token|secret|password|key)' "$work/out"
done

# The database and what is made beside it are the owner's, whatever the umask says; and what others can read is named.
fresh
printf 'LOG_LEVEL=debug\n' >"$here/.env"
chmod 644 "$here/.env"
(umask 000 && cd "$here" && exec env -i PATH="$PATH" HTTP_LISTEN=127.0.0.1:0 ADMIN_LISTEN= \
    DATABASE_URL=sqlite:deep/er/bot.db WHATSAPP_APP_SECRET=hushsecret WHATSAPP_ACCESS_TOKEN=hushtoken \
    WHATSAPP_VERIFY_TOKEN=hushverify WHATSAPP_PHONE_NUMBER_ID=700800 \
    TELEGRAM_BOT_TOKEN=700900:hushtelegram-token-0123456789abcdef TELEGRAM_WEBHOOK_SECRET=hushhook \
    TELEGRAM_API_BASE=http://127.0.0.1:9 "$program" serve) 2>"$work/log" &
server=$!
for _ in $(seq 1200); do
    grep -q at=ready "$work/log" && break
    sleep 0.05
done
check "directories are 0700" test -z "$(find "$here/deep" -type d ! -perm 700)"
check "files are 0600" test -z "$(find "$here/deep" -type f ! -perm 600)"
check "there are some" test -n "$(find "$here/deep" -type f)"
check "whatever else it makes will be as well" grep -qE '^Umask:[[:space:]]+0077$' "/proc/$server/status"
check "a .env that others can read is named" grep -q 'at=settings file=.env mode=0644 .*chmod 600' "$work/log"
# Where the process is not dumpable nobody may even look.
tr '\0' '\n' <"/proc/$server/environ" >"$work/environ" 2>/dev/null
check "no secret is left in its environment" not grep -q hush "$work/environ"
if [ -r "/proc/$server/environ" ] && [ -s "$work/environ" ]; then
    check "which still holds what is none" grep -q WHATSAPP_PHONE_NUMBER_ID=700800 "$work/environ"
else
    count=$((count + 1))
    echo "ok $count - which still holds what is none # SKIP nobody may read the environment of this process"
fi
if grep -q confined "$work/log"; then
    check "and it dumps no core" grep -qE '^Max core file size +0 +0 ' "/proc/$server/limits"
else
    count=$((count + 1))
    echo "ok $count - and it dumps no core # SKIP this build does not confine itself"
fi
check "nor on its command line" not grep -q hush "/proc/$server/cmdline"
kill -TERM "$server"
wait "$server"
server=
check "nor in its log" not grep -q hush "$work/log"

chmod 600 "$here/.env"
chmod 644 "$here/deep/er/bot.db"
(cd "$here" && exec env -i PATH="$PATH" HTTP_LISTEN=127.0.0.1:0 ADMIN_LISTEN= \
    DATABASE_URL=sqlite:deep/er/bot.db "$program" serve) 2>"$work/log" &
server=$!
for _ in $(seq 1200); do
    grep -q at=ready "$work/log" && break
    sleep 0.05
done
check "a database that others could read is named" grep -q 'at=store file="deep/er/bot.db" mode=0644' "$work/log"
check "and closed" test "$(stat -c %a "$here/deep/er/bot.db")" = 600
check "a .env that they cannot is not" not grep -q at=settings "$work/log"
kill -TERM "$server"
wait "$server"
server=
finish
