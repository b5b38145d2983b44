#!/bin/sh
# The systemd unit, without starting it. usage: service.sh PROGRAM. Prints TAP.
# deploy/fresh-root.sh starts it, where a root can be booted.
. tests/cli/tap
unit=deploy/mailwijzer.service
cp $unit "$work/out"; : >"$work/err"

has() { grep -qxE -- "$1" $unit; }
check "a hangup has it read its content anew" has "ExecReload=.*kill -HUP .*"
check "it gains no privilege" has NoNewPrivileges=yes
check "no secret is in its environment" not grep -qE '^(Environment|EnvironmentFile|PassEnvironment)=' $unit
check "its settings come as a credential, under the name that the program looks for" has "LoadCredential=\.env:/etc/mailwijzer/mailwijzer\.env"
# As systemd calls it: %, $ and quotes mean the same to it here as to a shell.
credentials=$(mktemp -d "$work/XXXXXX")
echo LOG_LEVEL=loud >"$credentials/.env"
sed -n 's/^ExecStart=//p' $unit | sed "s|/usr/bin/mailwijzer|$program|" >"$work/start"
(CREDENTIALS_DIRECTORY=$credentials sh "$work/start") >"$work/out" 2>"$work/err"
status=$?
check "where it stands" err "LOG_LEVEL: 'loud' is not debug"
check "and fails as the program fails" exits 2
(CREDENTIALS_DIRECTORY=$work/none sh "$work/start") >"$work/out" 2>"$work/err"
status=$?
check "without them it does not start at all" not err at=ready
check "and fails" not exits 0
cp $unit "$work/out"; : >"$work/err"
check "wrong settings do not make it start again and again" has "RestartPreventExitStatus=2"
grace=$(sed -n 's/^TimeoutStopSec=//p' $unit)
check "it has the time to stop that the program takes" test "$grace" -gt 12

if ! have systemd-analyze; then
    skip "systemd finds no fault in it" "systemd-analyze is not installed (systemd)"
    skip "and little that is exposed" "systemd-analyze is not installed (systemd)"
    finish
fi
# The program is not installed here, nor is its manual page.
sed "s|/usr/bin/mailwijzer|$program|" $unit >"$work/mailwijzer.service"
systemd-analyze verify --man=no "$work/mailwijzer.service" >"$work/out" 2>"$work/err"
status=$?
check "systemd finds no fault in it" exits 0
check "and says nothing" silent err

# A section that is not known is only warned of, so the verdict is read: "→ Overall exposure level for …: 1.3 OK".
systemd-analyze security --offline=true --no-pager "$work/mailwijzer.service" >"$work/out" 2>"$work/err"
exposure=$(sed -n 's/.*Overall exposure level for .*: \([0-9.]*\) .*/\1/p' "$work/out")
echo "# exposure: ${exposure:-not told}"
check "and little that is exposed: under 2.0" sh -c "echo '$exposure' | grep -qE '^[01]\.[0-9]$'"
finish
