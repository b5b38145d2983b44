#!/bin/sh
# `serve` as an operator meets it: starting, refusing to start, stopping. usage: serve.sh PROGRAM. Prints TAP.
. tests/cli/tap
. tests/cli/server

metrics() { curl -s --noproxy '*' --max-time 20 "http://127.0.0.1:$admin/metrics" >"$work/out"; }
# The head and body of an answer, into out.
head_of() { curl -s -i --noproxy '*' --max-time 20 "$@" >"$work/out"; }
nameless() { ! grep -qiE '^server:|libwebsockets|mailwijzer|[0-9]+\.[0-9]+\.[0-9]+' "$work/out"; }
rebound() { [ "$(curl -s --noproxy '*' --max-time 20 -o /dev/null -w '%{http_code}' -H "Host: rebound.example:$admin" "http://127.0.0.1:$admin$1")" = 403 ]; }
mode() { [ "$(stat -c %a "$here/$1")" = "$2" ]; }
all_private() { ! find "$here/data" -type f ! -perm 600 | grep -q .; }

whatsapp="WHATSAPP_VERIFY_TOKEN=hushverify WHATSAPP_APP_SECRET=hushsecret WHATSAPP_ACCESS_TOKEN=hushtoken
    WHATSAPP_PHONE_NUMBER_ID=700800 WHATSAPP_API_BASE=http://127.0.0.1:9"

# ---- a good life ----

fresh
start
check "it starts without a setting" test -n "$port"
check "it tells that no channel is on" logged "whatsapp=off"
check "it lives" answers /healthz 200
check "it is ready" until_true answers /readyz 200
check "a channel that is off is not there" answers /webhook/whatsapp 404
check "the public door tells nobody how it fares" answers /metrics 404
check "it writes nothing to the output" silent out
check "a page that is not there is refused" head_of "http://127.0.0.1:$port/none"
check "with a 404" out "HTTP/1.1 404 Not Found"
check "that tells neither program nor version" nameless
check "a broken request is refused" head_of -X 'BAD(' "http://127.0.0.1:$port/"
check "with a 400" out "HTTP/1.1 400 Bad Request"
check "that tells neither program nor version" nameless
check "it says where it does" test -n "$admin"
check "there it tells nothing to a browser that was led there by a name" rebound /metrics
check "nor who waits" rebound /report
check "and the log says that it refused" logged "at=admin refused=host"
check "on this machine alone it warns of nothing" sh -c '! grep -q "at=admin listen=" "$1"' - "$log"
check "there it tells" metrics
check "its version" out 'mailwijzer_build_info{version="'
check "and what it took in" out 'mailwijzer_messages_total{channel="telegram"} 0'
check "its directory is the owner's alone" mode data 700
check "and so is the database, with its log" all_private

# ---- beside one that runs ----

first=$server
run HTTP_LISTEN=127.0.0.1:0 ADMIN_LISTEN=127.0.0.1:0 "$program" serve
check "a second one on the same database is refused" exits 1
check "and told why" err "data/mailwijzer.db: held by another process"
run HTTP_LISTEN="127.0.0.1:$port" ADMIN_LISTEN=127.0.0.1:0 DATABASE_URL=sqlite:other.db "$program" serve
check "one on a port in use is refused" exits 1
check "and told which" err "127.0.0.1:$port: cannot listen"
run HTTP_LISTEN=127.0.0.1:0 ADMIN_LISTEN="127.0.0.1:$admin" DATABASE_URL=sqlite:other.db "$program" serve
check "one whose admin port is in use is refused as well" exits 1
check "and told which setting names it" err "ADMIN_LISTEN: 127.0.0.1:$admin: cannot listen"
check "before it says that it is ready" not err at=ready
echo "a diary, and no database at all" >"$here/diary.db"
cp "$here/diary.db" "$work/diary.db"
run HTTP_LISTEN=127.0.0.1:0 ADMIN_LISTEN=127.0.0.1:0 DATABASE_URL=sqlite:diary.db "$program" serve
check "one on a file that is no database is refused" exits 1
check "and told what to do" err "diary.db: not a database, or damaged: put a backup in its place"
check "the file stays as it is" cmp -s "$here/diary.db" "$work/diary.db"
server=$first
check "the first never noticed" answers /readyz 200

kill -HUP "$server"
check "a hangup reads the content anew" until_true logged "at=reload flow=mailkeuze"
own locales
echo '{}' >"$here/locales/nl.json"
kill -HUP "$server"
check "content that is broken changes nothing" until_true logged "the old flow stays"
check "and it goes on" answers /readyz 200
rm -r "$here/locales"
ln -s "$house/locales" "$here/locales"

stop TERM
check "told to stop it ends well" exits 0
check "and says so" err "at=stopped status=ok"
check "the port is free again" not answers /healthz 200

# ---- again, with a channel ----

# shellcheck disable=SC2086
start $whatsapp
check "it starts again on its database" test -n "$port"
check "with the channel on" logged "whatsapp=on"
check "who knows the word gets the challenge" test "$(curl -s --noproxy '*' --max-time 20 \
    "http://127.0.0.1:$port/webhook/whatsapp?hub.mode=subscribe&hub.verify_token=hushverify&hub.challenge=42")" = 42
check "who does not, does not" answers "/webhook/whatsapp?hub.mode=subscribe&hub.verify_token=x&hub.challenge=42" 403
check "an unsigned webhook is refused" test "$(curl -s --noproxy '*' --max-time 20 -o /dev/null -w '%{http_code}' \
    -d '{}' "http://127.0.0.1:$port/webhook/whatsapp")" = 401
stop INT
check "an interrupt stops it as well" exits 0
check "no secret is in its log" not grep -q hush "$log"

start ADMIN_LISTEN=
check "it starts without an admin listener when none is wanted" logged "admin=off"
check "and works" answers /readyz 200
stop TERM
check "and ends well" exits 0

# The one listener here that is not on the loopback, and on a port of the system's choosing.
start ADMIN_LISTEN=0.0.0.0:0
check "an admin listener that others reach is warned of" logged 'level=warn at=admin listen=0.0.0.0 open="to whoever reaches this address, unasked"'
stop TERM

start LOG_FORMAT=json
stop TERM
check "its log is JSON when wanted" python3 -c "
import json
for line in open('$log'): json.loads(line)"

# ---- what it will not start on ----

untouched() { [ "$(cksum <"$here/data/mailwijzer.db")" = "$sum" ]; }

# The version of the schema is a big-endian number at byte 60 of an SQLite file.
printf '\000\000\003\347' | dd of="$here/data/mailwijzer.db" bs=1 seek=60 conv=notrunc 2>/dev/null
sum=$(cksum <"$here/data/mailwijzer.db")
run HTTP_LISTEN=127.0.0.1:0 ADMIN_LISTEN=127.0.0.1:0 "$program" serve
check "a database of a newer program is refused" exits 1
check "and named with its version" err "schema version 999"
check "and left alone" untouched

fresh
mkdir "$here/data"
echo "these are the books of the bakery" >"$here/data/mailwijzer.db"
sum=$(cksum <"$here/data/mailwijzer.db")
run HTTP_LISTEN=127.0.0.1:0 ADMIN_LISTEN=127.0.0.1:0 "$program" serve
check "a file that is no database is refused" exits 1
check "and named" err "data/mailwijzer.db"
check "and left alone" untouched

fresh
own locales
echo '{}' >"$here/locales/nl.json"
run HTTP_LISTEN=127.0.0.1:0 ADMIN_LISTEN=127.0.0.1:0 "$program" serve
check "content that is broken is refused" exits 1
check "with its faults" err "locales/nl.json"
check "before a database is made" test ! -e "$here/data"

fresh
start LOG_LEVEL=debug
check "at debug it tells what comes" answers /healthz 200
check "and goes" until_true logged "level=debug at=http"
check "but not each conversation that the proof has held" sh -c '! grep -q "at=conversation" "$1"' - "$log"
stop TERM

fresh
run HTTP_LISTEN=192.0.2.1:80 ADMIN_LISTEN=127.0.0.1:0 "$program" serve
check "an address that is not this machine's is refused" exits 1
check "and named" err "192.0.2.1:80: cannot listen"

fresh
run HTTP_LISTEN=127.0.0.1:0 ADMIN_LISTEN=127.0.0.1:0 TLS_CERTIFICATE=none.pem TLS_KEY=none.pem "$program" serve
check "a certificate that is not there is refused" exits 1
check "and named" err "none.pem"
finish
