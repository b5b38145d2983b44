#!/bin/sh
# The reverse proxies' settings, by the proxies themselves, with the bot behind them. usage: proxy.sh PROGRAM. Prints TAP.
. tests/cli/tap
. tests/cli/server
proxy=

# asked CURL-ARGUMENT...: $status is what the proxy answers, on a socket of its own.
asked() {
    status=$(curl -s -k --noproxy '*' --max-time 20 --unix-socket "$work/socket" -o "$work/out" -D "$work/err" -w '%{http_code}' "$@")
}
is() { [ "$status" = "$1" ]; }
up() { asked "$1/healthz"; is 200; }
close_proxy() { kill "$proxy"; wait "$proxy" 2>/dev/null; rm -f "$work/socket"; }

# passes NAME BASE: what goes through, and what does not.
passes() {
    check "$1: who asks whether it lives is told" until_true up "$2"
    asked "$2/readyz"
    check "$1: and whether it is ready" is 200
    asked "$2/webhook/whatsapp?hub.mode=subscribe&hub.verify_token=word&hub.challenge=42"
    check "$1: Meta's question is passed on" is 200
    check "$1: with its query" out 42
    asked --data-binary "@$work/large" "$2/webhook/whatsapp"
    check "$1: a webhook of 3 MB reaches the bot, which refuses it unsigned" is 401
    asked --data-binary "@$work/larger" "$2/webhook/whatsapp"
    check "$1: a larger one than the bot takes does not" is 413
    asked "$2/healthz"
    check "$1: nobody is told which version of what this is" not grep -qiE '^server: .*[0-9]' "$work/err"
}

# shuts NAME BASE: behind it somebody who says yes to everything.
shuts() {
    check "$1: whoever is behind it, what is asked for reaches them" until_true up "$2"
    for path in /metrics /report / /webhook /webhook/whatsapp/x /healthz/x; do
        asked "$2$path"
        check "$1: but $path does not" is 404
    done
}

head -c 3000000 /dev/zero >"$work/large"
head -c 4300000 /dev/zero >"$work/larger"
fresh
start WHATSAPP_VERIFY_TOKEN=word WHATSAPP_APP_SECRET=hush WHATSAPP_ACCESS_TOKEN=hush WHATSAPP_PHONE_NUMBER_ID=700800 \
    WHATSAPP_API_BASE=http://127.0.0.1:9
python3 -c '
import http.server
class Yes(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()
server = http.server.HTTPServer(("127.0.0.1", 0), Yes)
print(server.server_port, flush=True)
server.serve_forever()' >"$work/yes" 2>"$work/yes.err" &
yes=$!
until_true test -s "$work/yes"

if have nginx && have openssl; then
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 1 -subj /CN=bot.example.org \
        -keyout "$work/key.pem" -out "$work/cert.pem" 2>"$work/err"
    # Its own file but for the places: of the listeners one, a socket, and a certificate of today.
    site() {
        sed -e "s|127.0.0.1:8080|127.0.0.1:$1|" -e "s|listen 443 ssl|listen unix:$work/socket ssl|" \
        -e "s|listen 80;|listen unix:$work/plain;|" -e '/listen \[::\]/d' \
            -e "s|ssl_certificate /.*;|ssl_certificate $work/cert.pem;|" -e "s|ssl_certificate_key /.*;|ssl_certificate_key $work/key.pem;|" \
            deploy/nginx.conf >"$work/site.conf"
    }
    site "$port"
    # Everything that nginx writes, here; in front, so that it can be waited for.
    cat >"$work/nginx.conf" <<END
daemon off;
master_process off;
pid $work/nginx.pid;
error_log $work/nginx.log;
events {}
http {
    access_log off;
    client_body_temp_path $work/body;
    proxy_temp_path $work/proxied;
    fastcgi_temp_path $work/fastcgi;
    uwsgi_temp_path $work/uwsgi;
    scgi_temp_path $work/scgi;
    include $work/site.conf;
}
END
    : >"$work/out"
    nginx -q -t -c "$work/nginx.conf" -e "$work/nginx.log" 2>"$work/err"
    status=$?
    check "nginx: it finds no fault" exits 0
    check "nginx: and has no complaint" silent err
    open_nginx() {
        rm -f "$work/socket" "$work/plain"
        nginx -c "$work/nginx.conf" -e "$work/nginx.log" 2>"$work/nginx.err" &
        proxy=$!
    }
    open_nginx
    passes nginx https://bot.example.org
    close_proxy
    site "$(cat "$work/yes")"
    open_nginx
    shuts nginx https://bot.example.org
    close_proxy
else
    skip "nginx has no fault to find and passes what it should" "nginx or openssl is not installed"
fi

if have caddy; then
    # On a socket, without the certificate that it would ask for.
    { printf '{\n\tadmin off\n\tauto_https off\n}\n'; sed "s|^{\$SITE.*|&\n\tbind unix/$work/socket|" deploy/Caddyfile; } >"$work/Caddyfile"
    caddy_here() { HOME=$work XDG_DATA_HOME=$work XDG_CONFIG_HOME=$work SITE=http://bot.example.org BOT=127.0.0.1:$to exec caddy "$@"; }
    to=$port
    (caddy_here validate --adapter caddyfile --config "$house/deploy/Caddyfile") >"$work/out" 2>"$work/err"
    status=$?
    check "caddy: it finds no fault" exits 0
    (caddy_here fmt - <deploy/Caddyfile) >"$work/out" 2>"$work/err"
    check "caddy: it would not write it otherwise" cmp -s deploy/Caddyfile "$work/out"
    open_caddy() {
        (caddy_here run --adapter caddyfile --config "$work/Caddyfile") >"$work/caddy.log" 2>&1 &
        proxy=$!
    }
    open_caddy
    passes caddy http://bot.example.org
    close_proxy
    to=$(cat "$work/yes")
    open_caddy
    shuts caddy http://bot.example.org
    close_proxy
else
    skip "caddy has no fault to find and passes what it should" "caddy is not installed"
fi
kill "$yes"
stop TERM
finish
