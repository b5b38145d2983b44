"""Rules and dashboard against what the program tells. usage: watch.py METRICS RULES DASHBOARD RULES-TEST...
METRICS is what GET /metrics answered. A line for each fault; exit 1 when there is any."""
import json
import re
import sys
import yaml

metrics, rules_file, dashboard_file, *test_files = sys.argv[1:]
faults = []
told = {}  # name: {label: values}
for line in open(metrics, encoding="utf-8"):
    found = re.match(r"([a-z_]+)(?:\{(.*)\})? ", line)
    if found and not line.startswith("#"):
        labels = told.setdefault(found[1], {})
        for key, value in re.findall(r'(\w+)="([^"]*)"', found[2] or ""):
            labels.setdefault(key, set()).add(value)
told["up"] = {}  # Prometheus makes that one itself
FROM_PROMETHEUS = {"job", "instance"}


def judge(where, expression):
    names = re.findall(r"\b(?:mailwijzer_\w+|process_\w+|up)\b(?!\s*\()", re.sub(r'"[^"]*"', '""', expression))
    if not names:
        faults.append(f"{where}: names no metric: {expression}")
    for name in names:
        if name not in told:
            faults.append(f"{where}: {name} is not told by the program")
    for name, matchers in re.findall(r"(\w+)\{([^}]*)\}", expression):
        for key, value in re.findall(r'(\w+)\s*!?=\s*"([^"]*)"', matchers):
            if key not in FROM_PROMETHEUS and value not in told.get(name, {}).get(key, ()):
                faults.append(f"{where}: {name} never has {key}=\"{value}\"")
    for keys in re.findall(r"\b(?:by|without)\s*\(([^)]*)\)", expression):
        for key in keys.split(","):
            if key.strip() not in FROM_PROMETHEUS and not any(key.strip() in told.get(n, {}) for n in names):
                faults.append(f"{where}: no metric in it has the label {key.strip()}")


rules = [r for g in yaml.safe_load(open(rules_file, encoding="utf-8"))["groups"] for r in g["rules"]]
tested = {}
for test in [t for f in test_files for t in yaml.safe_load(open(f, encoding="utf-8"))["tests"]]:
    for case in test["alert_rule_test"]:
        tested.setdefault(case["alertname"], set()).add(bool(case.get("exp_alerts")))
for rule in rules:
    judge(rule["alert"], rule["expr"])
    if tested.get(rule["alert"]) != {True, False}:
        faults.append(f"{rule['alert']}: not seen both to speak and to be silent in {' or '.join(test_files)}")
    if rule["labels"].get("severity") not in ("page", "ticket"):
        faults.append(f"{rule['alert']}: neither page nor ticket")

dashboard = json.load(open(dashboard_file, encoding="utf-8"))
panels = dashboard["panels"]
if len({p["id"] for p in panels}) != len(panels):
    faults.append("dashboard: an id is used twice")
taken = {}
for panel in panels:
    place, title = panel["gridPos"], panel["title"]
    if place["x"] + place["w"] > 24:
        faults.append(f"dashboard: '{title}' is wider than the page")
    for x in range(place["x"], place["x"] + place["w"]):
        for y in range(place["y"], place["y"] + place["h"]):
            if taken.setdefault((x, y), title) != title:
                faults.append(f"dashboard: '{title}' lies over '{taken[x, y]}'")
    if not panel.get("description"):
        faults.append(f"dashboard: '{title}' does not say what it shows")
    for target in panel["targets"]:
        judge(f"dashboard: '{title}'", target["expr"])
        if target["datasource"]["uid"] != "${source}":
            faults.append(f"dashboard: '{title}' asks a source of its own")
for fault in sorted(set(faults)):
    print(fault)
sys.exit(bool(faults))
