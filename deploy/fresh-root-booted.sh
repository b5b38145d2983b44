#!/bin/sh
# For fresh-root.sh: what is tried in the root when it is booted. FIRST and NEWER are packages, FIRST is
# installed; LANDLOCK is what the program said of it when it was started without the unit.
# A line for each finding, "ok NAME" or "not ok NAME".
set -u
unit=mailwijzer
db=/var/lib/mailwijzer/mailwijzer.db
env=/etc/mailwijzer/mailwijzer.env

try() { # try NAME COMMAND...
    name=$1; shift
    mv /srv/try/try.log /srv/try/before.log
    if "$@" >/srv/try/try.log 2>&1; then echo "ok $name"; else echo "not ok $name"; sed 's/^/# /' /srv/try/try.log | tail -15; fi
}
: >/srv/try/try.log
said() { grep -qF -- "$1" /srv/try/before.log; } # by what was tried just before
not() { ! "$@"; }
until_true() {
    tries=0
    until "$@" >/dev/null 2>&1; do
        tries=$((tries + 1))
        [ "$tries" -lt 300 ] || return 1
        sleep 0.1
    done
}
ready() { HTTP_LISTEN=127.0.0.1:8080 bash /srv/try/mailwijzer/deploy/healthcheck.bash; }
pid() { systemctl show -p MainPID --value $unit; }
logged() { journalctl -u $unit --no-pager -o cat | grep -qF -- "$1"; }
gone() { [ ! -e "$1" ]; }

echo "# $(systemctl --version | head -1), $(systemctl show -p Virtualization --value)"
try "installed, it does not run" not systemctl is-active $unit
echo 'WHATSAPP_APP_SECRET=one-of-four' >>$env
systemctl start $unit
try "with wrong settings it says what is wrong" until_true logged "WHATSAPP_ACCESS_TOKEN: missing"
try "and is not started again and again" test "$(systemctl show -p NRestarts --value $unit)" = 0
sed -i '/one-of-four/d' $env
systemctl reset-failed $unit
chmod 600 $env && chown root:root $env
try "it starts on settings that root alone can read" systemctl enable --now $unit
try "and is ready" until_true ready
try "it is not root" test "$(stat -c %U "/proc/$(pid)")" = mailwijzer
try "no setting is in its environment" not grep -q DATABASE_URL "/proc/$(pid)/environ"
try "its calls are filtered" grep -q '^Seccomp:[[:space:]]*2' "/proc/$(pid)/status"
try "and it could filter them further itself" until_true logged "seccomp=yes"
try "and fence itself in as far as without a unit" logged "${LANDLOCK:-at=ready}"
try "it has no capability" grep -q '^CapBnd:[[:space:]]*0*$' "/proc/$(pid)/status"
try "its database is its own" test "$(stat -c '%a %U' $db)" = "600 mailwijzer"
try "report answers" sh -c "cd /etc/mailwijzer && mailwijzer report"
journalctl -u $unit --no-pager -o cat | grep -E 'at=(ready|confined)' | sed 's/^/# /'
chmod 640 $env && chown root:mailwijzer $env

try "it takes a reload" systemctl reload $unit
try "which reads flow and texts anew" until_true logged "at=reload flow=mailkeuze"
before=$(pid)
kill -KILL "$before"
try "killed, it is started again" until_true sh -c "[ \$(systemctl show -p MainPID --value $unit) -gt 0 ] && [ \$(systemctl show -p MainPID --value $unit) != $before ]"
try "and is ready again" until_true ready

echo 'HUMAN_HOURS=11' >>$env
before=$(pid)
try "a newer package installs over it" dpkg -i "$NEWER"
try "the settings stay as the operator wrote them" grep -qx HUMAN_HOURS=11 $env
try "and whose they are" test "$(stat -c '%a %U:%G' $env)" = "640 root:mailwijzer"
try "the new version runs" test "$(pid)" -gt 0 -a "$(pid)" != "$before"
try "and is ready" until_true ready

cp /etc/mailwijzer/business.json /srv/try/business.json
echo '{}' >/etc/mailwijzer/business.json
before=$(pid)
try "an upgrade over texts that do not pass installs" dpkg -i "$FIRST"
try "and says that it left the old version running" said "The version that runs goes on"
try "which it did" test "$(pid)" = "$before"
try "and which is ready" ready
cp /srv/try/business.json /etc/mailwijzer/business.json
try "mended, it starts: the older program on the newer one's data" sh -c "systemctl restart $unit"
try "and is ready" until_true ready

systemctl stop $unit
try "told to stop it ends well" logged "at=stopped status=ok"
try "and has not failed" not systemctl is-failed $unit
cp $db /srv/try/backup.db
rm -f $db "$db"-*
install -m 600 -o mailwijzer -g mailwijzer /srv/try/backup.db $db
try "it starts on a copy of its database" systemctl start $unit
try "and is ready" until_true ready

try "removing it stops it" sh -c "dpkg -r $unit && ! pgrep -x $unit"
try "and keeps the data" test -e $db
try "and the settings" test -e $env
try "and leaves nothing enabled" sh -c "! find /etc/systemd/system -name '$unit*' | grep ."
try "a purge" dpkg -P $unit
try "says what it takes away" said "conversations and answers are gone"
try "takes the data" gone /var/lib/mailwijzer
try "and the settings" gone /etc/mailwijzer
echo "# done"
