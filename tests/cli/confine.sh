#!/bin/sh
# What `serve` gives up once it is open, and that it works on without. usage: confine.sh PROGRAM. Prints TAP.
. tests/cli/tap
. tests/cli/server

status_of() { grep -qE "^$1:[[:space:]]*$2\$" "/proc/$server/status"; }
# The kernel keeps most of /proc/PID from all but root when a process may not be read.
unreadable() { [ "$(stat -c %u "/proc/$server/environ")" = 0 ]; }
no_core() { grep -qE '^Max core file size +0 +0 ' "/proc/$server/limits"; }
beneath() { [ "$(sed -n 's/.* landlock=abi\([0-9]*\) .*/\1/p' "$log")" -ge "$1" ] 2>/dev/null; }
skipped() { # skipped NAME REASON
    count=$((count + 1))
    echo "ok $count - $1 # SKIP $2"
}

# ---- what it says and what is so ----

fresh
start
check "it tells what it gave up" logged "at=confined no_new_privs=yes capabilities=none core=none landlock="
check "its calls are filtered" status_of Seccomp 2
check "and it says so" logged "seccomp=yes"
check "no program gives it new privileges" status_of NoNewPrivs 1
check "it has none" status_of CapEff 0000000000000000
check "it leaves no core" no_core
check "and lets nobody look" unreadable
check "it works" until_true answers /readyz 200

# Files are replaced by others of the same name, directories by others, as editors and releases do it.
own locales
cp "$house/flows/mailkeuze.json" "$here/new.json"
rm "$here/flows"
mkdir "$here/flows"
cp "$house/flows/business.json" "$here/flows/"
mv "$here/new.json" "$here/flows/mailkeuze.json"
kill -HUP "$server"
check "a reload reads what was put in the place of its files" until_true logged "at=reload flow=mailkeuze"
check "and nothing kept it from that" not logged "denied"
stop TERM
check "it ends well" exits 0
check "and takes its log into the database" test ! -e "$here/data/mailwijzer.db-wal"

# ---- the setting ----

fresh
start CONFINE=off
check "it may be left as it was started" logged "at=confined confinement=\"off: CONFINE is off\""
check "without a filter" status_of Seccomp 0
check "and with its privileges" status_of NoNewPrivs 0
stop TERM
start CONFINE=log
check "it may be watched" logged "seccomp=log"
check "and works" until_true answers /readyz 200
stop TERM
check "and ends well" exits 0

# ---- TLS, both ways ----

openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=localhost \
    -addext subjectAltName=DNS:localhost,IP:127.0.0.1 -keyout "$work/key.pem" -out "$work/certificate.pem" 2>/dev/null
check "there is a certificate" test -s "$work/certificate.pem"

# A stand-in for Telegram that writes down which methods it was asked for.
cat >"$work/telegram.py" <<'END'
import http.server, ssl, sys
certificate, key, port, asked = sys.argv[1:]
class Telegram(http.server.BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'
    def do_POST(self):
        self.rfile.read(int(self.headers.get('Content-Length', 0)))
        with open(asked, 'a') as f: f.write(self.path.rsplit('/', 1)[1].split('?')[0] + '\n')
        body = b'{"ok":true,"result":[]}'
        self.send_response(200)
        self.send_header('Content-Type', 'application/json')
        self.send_header('Content-Length', str(len(body)))
        self.end_headers()
        self.wfile.write(body)
    do_GET = do_POST
    def log_message(self, *_): pass
server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), Telegram)
tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
tls.load_cert_chain(certificate, key)
server.socket = tls.wrap_socket(server.socket, server_side=True)
with open(port, 'w') as f: f.write('%d\n' % server.server_address[1])
server.serve_forever()
END
python3 "$work/telegram.py" "$work/certificate.pem" "$work/key.pem" "$work/port" "$work/asked" 2>/dev/null &
telegram=$!
trap 'kill "$telegram" 2>/dev/null; end' EXIT
until_true test -s "$work/port"
tls="TLS_CERTIFICATE=$work/certificate.pem TLS_KEY=$work/key.pem TELEGRAM_BOT_TOKEN=700800:hushtoken0123456789abcdefghijklmnop
    TELEGRAM_API_BASE=https://localhost:$(cat "$work/port")"
lives_by_tls() { [ "$(curl -s --noproxy '*' --max-time 20 --cacert "$work/certificate.pem" "https://localhost:$port/healthz" -o /dev/null -w '%{http_code}')" = 200 ]; }
port_told() { logged ",$(cat "$work/port") seccomp=yes"; }

# The name is looked up by a thread of curl's, the certificates are read anew: a stranger's is not taken for theirs.
fresh
# shellcheck disable=SC2086
start $tls
check "it speaks TLS" lives_by_tls
if beneath 4; then check "the API's port is among those it may connect to" port_told
else skipped "the API's port is among those it may connect to" "Landlock of this kernel knows no ports"; fi
check "it comes as far as the API's certificate" until_true logged "certificate"
check "which it looked up among those that it trusts" not logged "error setting certificate"
check "and goes on" lives_by_tls
stop TERM
check "and ends well" exits 0

# Where the machine's certificates are can only be changed for one process where that has mounts of its own.
trusting() { unshare "$@" sh -c 'mount --bind "$0" /etc/ssl/certs/ca-certificates.crt' "$work/certificate.pem" 2>/dev/null; }
how=
if trusting -m; then how=-m; elif trusting -rm; then how=-rm; fi
if [ -n "$how" ]; then
    printf '#!/bin/sh\nexec unshare %s sh -c '\''mount --bind "$0" /etc/ssl/certs/ca-certificates.crt && exec "$@"'\'' %s %s "$@"\n' \
        "$how" "$work/certificate.pem" "$program" >"$work/trusts"
    chmod +x "$work/trusts"
    program=$work/trusts
    # shellcheck disable=SC2086
    start $tls
    check "an API that is trusted is asked, by its name and by TLS" until_true grep -qx getUpdates "$work/asked"
    stop TERM
    check "and it ends well" exits 0
else
    skipped "an API that is trusted is asked, by its name and by TLS" "no mounts of its own for a process here"
fi
finish
