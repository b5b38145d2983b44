#!/bin/sh
# Alert rules and dashboard, over what a running bot tells. usage: watch.sh PROGRAM. Prints TAP.
. tests/cli/tap
. tests/cli/server
rules=deploy/prometheus/rules.yml
dashboard=deploy/grafana/mailwijzer.json

# judged RULES DASHBOARD
judged() { python3 tests/deploy/watch.py "$work/metrics" "$1" "$2" tests/deploy/*.test.yml >"$work/out" 2>"$work/err"; }

fresh
start
curl -s --noproxy '*' --max-time 20 "http://127.0.0.1:$admin/metrics" >"$work/metrics"
stop TERM
check "the bot tells how it fares" grep -q '^mailwijzer_messages_total{channel="whatsapp"} 0$' "$work/metrics"
check "rules and dashboard name what it tells and nothing else, and each rule is tried" judged $rules $dashboard

sed 's/mailwijzer_waiting/mailwijzer_waits/' $rules >"$work/rules.yml"
check "a rule over what it does not tell would be seen" not judged "$work/rules.yml" $dashboard
check "by name" out "MailwijzerCustomerWaits: mailwijzer_waits is not told by the program"
sed 's/state="dead"/state="lost"/' $rules >"$work/rules.yml"
check "so would a value that it never has" not judged "$work/rules.yml" $dashboard
check "by name as well" out 'mailwijzer_replies_total never has state="lost"'
sed 's/mailwijzer_rounds_total/mailwijzer_turns_total/' $dashboard >"$work/dashboard.json"
check "and in the dashboard" not judged $rules "$work/dashboard.json"
check "with its panel" out "'Rounds of the desk': mailwijzer_turns_total is not told by the program"
: >"$work/err"

if have promtool; then
    cp $rules tests/deploy/*.test.yml "$work/"
    promtool check rules "$work/rules.yml" >"$work/out" 2>"$work/err"
    status=$?
    check "promtool: the rules are rules" exits 0
    (cd "$work" && promtool test rules ./*.test.yml) >"$work/out" 2>"$work/err"
    status=$?
    check "promtool: each speaks when it should, and on a good day none does" exits 0
    promtool check metrics <"$work/metrics" >"$work/out" 2>"$work/err"
    status=$?
    check "promtool: what the bot tells is well told" exits 0
else
    skip "the rules are rules, and speak when they should" "promtool is not installed (prometheus)"
    skip "what the bot tells is well told" "promtool is not installed (prometheus)"
fi
finish
