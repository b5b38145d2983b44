#!/bin/sh
# A new Debian in a directory, and in it what README.md and deploy/README.md tell one to do. Prints TAP; takes minutes.
# usage: fresh-root.sh DIR [RELEASE]     DIR must not exist; RELEASE is this system's own when not named
# For root on Debian or Ubuntu, with debootstrap; with systemd-nspawn (systemd-container) the root is booted as well and
# the unit is tried in it. Packages come from where this system's come from. Nothing outside DIR is written to, and
# what it started ends with it. DIR is left to look at: rm -rf --one-file-system DIR
set -eu
if [ $# -lt 1 ] || [ $# -gt 2 ]; then sed -n '2,7s/^# //p' "$0"; exit 2; fi
root=$(realpath -m "$1")
if [ "${FRESH_ROOT_INSIDE-}" != yes ]; then
    [ "$(id -u)" = 0 ] || { echo "fresh-root.sh: only root can do this" >&2; exit 1; }
    command -v debootstrap >/dev/null || { echo "fresh-root.sh: debootstrap is not installed" >&2; exit 1; }
    [ ! -e "$root" ] || { echo "fresh-root.sh: $root exists already" >&2; exit 1; }
    # Mounts and processes of its own: they are gone when it ends, however it ends.
    FRESH_ROOT_INSIDE=yes exec unshare --mount --pid --fork --kill-child --mount-proc sh "$0" "$@"
fi
cd "$(dirname "$0")/.."
release=${2-$(. /etc/os-release && echo "$VERSION_CODENAME")}
export DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8

count=0
failed=0
told() { # told STATUS NAME
    count=$((count + 1))
    if [ "$1" -eq 0 ]; then echo "ok $count - $2"; else echo "not ok $count - $2"; failed=1; fi
}
try() { # try NAME COMMAND...
    name=$1; shift
    if "$@" >"$root.log" 2>&1; then told 0 "$name"; else told 1 "$name"; tail -20 "$root.log" | sed 's/^/# /'; fi
}
inside() { chroot "$root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/srv/try LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive "$@"; }
at_home() { inside sh -c "cd /srv/try/mailwijzer && $1"; }
as_bot() { inside runuser -u mailwijzer -- sh -c "cd /etc/mailwijzer && $1"; }
# line FILE PATTERN: waits for it, a quarter of an hour at most.
line() {
    tries=0
    until grep -q -- "$2" "$1" 2>/dev/null; do
        tries=$((tries + 1))
        [ "$tries" -lt 900 ] || return 1
        sleep 1
    done
}
get() { curl -sf --noproxy '*' --max-time 60 "$@"; }
mode() { [ "$(inside stat -c '%a %U:%G' "$1")" = "$2" ]; }

# ---- the root ----

mirror=$(apt-get indextargets --format '$(RELEASE) $(REPO_URI)' 'Created-By: Packages' |
    sed -n "s/^$(. /etc/os-release && echo "$VERSION_CODENAME") //p" | head -1)
[ -n "$mirror" ] || { echo "fresh-root.sh: apt names no place to get packages from" >&2; exit 1; }
debootstrap --variant=minbase --include=make "$release" "$root" "$mirror" >"$root.log" 2>&1 || {
    tail -20 "$root.log" >&2; exit 1; }
mount -t proc proc "$root/proc"
cp -L /etc/resolv.conf "$root/etc/"
# No service is to start by being installed.
printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d"
chmod 755 "$root/usr/sbin/policy-rc.d"
mkdir -p "$root/srv/try/mailwijzer"
git ls-files -z | tar --null -T - -c | tar -x -C "$root/srv/try/mailwijzer"
echo "# Debian $(inside cat /etc/debian_version), $(inside dpkg-query -f '.' -W | wc -c) packages, with make"

# ---- README: make run ----

run_log=$root/srv/try/run.log
started=$(date +%s)
at_home "exec make run" >"$run_log" 2>&1 &
running=$!
if line "$run_log" "practice phone ready: "; then told 0 "make run comes up"; else told 1 "make run comes up"; tail -20 "$run_log" | sed 's/^/# /'; fi
echo "# after $(($(date +%s) - started)) s, packages included: $(grep 'practice phone ready' "$run_log")"
page=$(sed -n 's/.*practice phone ready: \(http[^ ]*\).*/\1/p' "$run_log")
try "its page opens" get "$page"
try "a customer writes" get "${page}control/send" -d '{"customer":"sanne","text":"hoi"}'
get "${page}control/messages?customer=sanne&from=bot&after=0&wait_ms=30000" >"$root.said" || true
try "and is answered" grep "automatische assistent" "$root.said"
kill -INT "$(pgrep -x practice-phone | head -1)" || true
ended=0; wait "$running" || ended=$?
told "$ended" "it stops when it is told to"

echo hoi | at_home "build/mailwijzer chat" >"$root.said" || true
try "chat answers" grep "automatische assistent" "$root.said"
try "check is content" at_home "build/mailwijzer check"

# ---- the package ----

try "make deb makes the package" at_home "make deb"
deb=$(cd "$root" && ls root/mailwijzer/build/deb/*.deb)
try "which make does not stumble over" at_home "make"
try "it installs" inside apt-get install -y --no-install-recommends "/$deb"
try "its settings are root's to write and the bot's to read" mode /etc/mailwijzer/mailwijzer.env "640 root:mailwijzer"
try "its data is the bot's alone" mode /var/lib/mailwijzer "700 mailwijzer:mailwijzer"
try "the manual page is there" test -e "$root/usr/share/man/man1/mailwijzer.1.gz"
try "nothing was enabled" sh -c "! find '$root/etc/systemd/system' -name 'mailwijzer*' 2>/dev/null | grep ."
try "nothing was started" sh -c "! pgrep -x mailwijzer"
try "the packaged settings and texts pass" as_bot "mailwijzer check"

# As the unit starts it, on its own settings instead of a copy and on ports of the system's choosing.
command=$(sed -n 's/^ExecStart=//p' "$root/usr/lib/systemd/system/mailwijzer.service")
as_bot "HTTP_LISTEN=127.0.0.1:0 ADMIN_LISTEN=127.0.0.1:0 CREDENTIALS_DIRECTORY=/etc/mailwijzer exec $command" >"$root/srv/try/serve.log" 2>&1 &
running=$!
line "$root/srv/try/serve.log" "at=ready" || true
echo "# $(cat "$root/srv/try/serve.log")"
port=$(sed -n 's/.* at=ready listen=127\.0\.0\.1:\([0-9]*\) .*/\1/p' "$root/srv/try/serve.log")
try "the service's command is ready with the packaged paths" get "http://127.0.0.1:$port/readyz"
try "its database is where it belongs, for it alone" mode /var/lib/mailwijzer/mailwijzer.db "600 mailwijzer:mailwijzer"
try "and nothing to be warned of" sh -c "! grep level=warn '$root/srv/try/serve.log'"
kill -TERM "$(pgrep -x mailwijzer | head -1)" || true
ended=0; wait "$running" || ended=$?
told "$ended" "and stops well"

# ---- booted: the unit itself ----

if command -v systemd-nspawn >/dev/null; then
    try "systemd installs" inside apt-get install -y --no-install-recommends systemd systemd-sysv dbus
    sed 's/^Version: .*/Version: 99/' "$root/srv/try/mailwijzer/build/deb/tree/DEBIAN/control" >"$root/srv/try/control"
    at_home "cp -a build/deb/tree /srv/try/newer && mv /srv/try/control /srv/try/newer/DEBIAN/control &&
        dpkg-deb --root-owner-group --build /srv/try/newer /srv/try/newer.deb" >/dev/null
    rm "$root/usr/sbin/policy-rc.d"
    cp deploy/fresh-root-booted.sh "$root/srv/try/booted.sh"
    cat >"$root/etc/systemd/system/booted.service" <<END
[Unit]
After=multi-user.target
[Service]
Type=oneshot
Environment=FIRST=/$deb NEWER=/srv/try/newer.deb $(sed -n 's/.* at=confined .*\(landlock=\)\([^ ]*\).*/LANDLOCK=\1\2/p' "$root/srv/try/serve.log")
ExecStart=/bin/sh -c 'sh /srv/try/booted.sh >/srv/try/booted.tap 2>/srv/try/booted.err'
ExecStopPost=systemctl --no-block poweroff
[Install]
WantedBy=default.target
END
    inside systemctl enable booted.service >/dev/null 2>&1
    umount "$root/proc"
    # It knows no Landlock by itself, and would refuse the calls.
    timeout 300 systemd-nspawn --quiet --register=no --keep-unit --private-network \
        --system-call-filter="landlock_create_ruleset landlock_add_rule landlock_restrict_self" -D "$root" --boot \
        </dev/null >"$root/srv/try/boot.log" 2>&1 || true
    cat "$root/srv/try/booted.err" >&2 || true
    while read -r verdict; do
        case $verdict in
        "ok "*) told 0 "booted: ${verdict#ok }" ;;
        "not ok "*) told 1 "booted: ${verdict#not ok }" ;;
        *) echo "$verdict" ;;
        esac
    done <"$root/srv/try/booted.tap"
    grep -q '^# done$' "$root/srv/try/booted.tap"; told $? "booted: it came to its end"
else
    count=$((count + 1))
    echo "ok $count - the unit itself # SKIP systemd-nspawn is not installed (systemd-container)"
fi
rm -f "$root.log" "$root.said"
echo "1..$count"
exit $failed
