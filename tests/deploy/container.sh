#!/bin/sh
# The image and its neighbours, as far as they can be tried without a daemon. usage: container.sh PROGRAM BUILD VERSION.
# Prints TAP.
. tests/cli/tap
. tests/cli/server
version=$3
file=deploy/Dockerfile

# The file with its continued lines joined and its comments gone; then its last stage.
sed '/^ *#/d' $file | sed -e ':a' -e '/\\$/N; s/\\\n//; ta' >"$work/all"
awk '/^FROM/ {n++} {print n "\t" $0}' "$work/all" | awk -F'\t' '{s[NR]=$1; l[NR]=$2} END {for (i=1;i<=NR;i++) if (s[i]==s[NR]) print l[i]}' \
    >"$work/last"
cp "$work/last" "$work/out"; : >"$work/err"
all() { grep -qE -- "$1" "$work/all"; }
last() { grep -qE -- "$1" "$work/last"; }
user_is_last() { [ "$(grep -nE '^(USER|RUN)' "$work/last" | tail -1 | cut -d: -f2 | cut -d' ' -f1)" = USER ]; }

# ---- the image ----

check "it is built in stages" test "$(grep -c '^FROM' "$work/all")" -gt 1
check "each on a base that is named with its release" not grep -qE '^FROM +[^: ]+( |$)|^FROM .*:latest' "$work/all"
check "nothing is fetched but packages" not all '^ADD|curl |wget |https?://'
check "no secret is in it" not all '^(ENV|ARG) .*(TOKEN|SECRET|PASSWORD|KEY)'
grep 'apt-get install' "$work/all" | grep -v -- --no-install-recommends >"$work/out"
check "and none is installed with what it recommends" silent out
check "the lists of packages are not left in it" last 'rm -rf .*/var/lib/apt/lists'
check "the compiler stays behind" not last 'packages\.sh|gcc|make'
check "it runs as a number that is not root" last '^USER 1[0-9]{4}:1[0-9]{4}$'
check "and nothing is run as root after that" user_is_last
check "it is stopped as it likes to be" last '^STOPSIGNAL SIGTERM$'
check "it is started without a shell between" last '^ENTRYPOINT \["/usr/bin/mailwijzer"\]$'
check "it is asked how it is" last '^HEALTHCHECK .*CMD \["/usr/local/bin/healthcheck"\]$'
check "its data has a place of its own" last '^VOLUME /var/lib/mailwijzer$'
check "it says what it is" last '^LABEL .*org\.opencontainers\.image\.licenses="MIT"'

# ---- the health check, by itself ----

healthy() { HTTP_LISTEN=$1 bash deploy/healthcheck.bash >"$work/out" 2>"$work/err"; }
fresh
start
check "who is ready is healthy" until_true healthy "0.0.0.0:$port"
stop TERM
check "who is gone is not" not healthy "0.0.0.0:$port"
log=$work/refuser
python3 -c '
import http.server
class Refuser(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(503)
        self.end_headers()
server = http.server.HTTPServer(("127.0.0.1", 0), Refuser)
print(server.server_port, flush=True)
server.serve_forever()' >"$log" 2>"$work/refused" &
server=$!
until_true test -s "$log"
check "nor is who answers that it is not ready" not healthy "0.0.0.0:$(cat "$log")"
check "which was asked for" grep -q 'GET /readyz' "$work/refused"
kill "$server"; server=

# ---- what the daemon is given: enough, and no more ----

# deb.sh beside this makes the package of what is let in.
check "all is left out that is not named" test "$(grep -v '^#' .dockerignore | head -1)" = '*'
check "what is secret is left out again" test "$(grep -cxE '\*\*/\.env|\*\*/mailwijzer\.env|\*\*/\*\.db' .dockerignore)" -eq 3
check "no test, no build and no history is let in" not grep -qE '^!(tests|build|\.git)' .dockerignore

# ---- with its neighbours ----

: >"$work/err"
python3 tests/deploy/compose.py deploy/compose.yaml >"$work/out" 2>"$work/err"
status=$?
check "compose.yaml is what Compose knows, and keeps its fences" exits 0
check "the image bears this version" grep -qF "image: mailwijzer:$version" deploy/compose.yaml
if docker compose version >/dev/null 2>&1; then
    cp deploy/compose.yaml "$work/compose.yaml"
    touch "$work/mailwijzer.env"
    SITE=bot.example.org docker compose -f "$work/compose.yaml" config --quiet >"$work/out" 2>"$work/err"
    status=$?
    check "docker compose reads it" exits 0
else
    skip "docker compose reads it" "docker compose is not installed"
fi
finish
