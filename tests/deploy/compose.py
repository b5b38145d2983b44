"""compose.yaml against what the Compose specification allows, as far as the file goes, and what must hold in it.
usage: compose.py FILE. A line for each fault; exit 1 when there is any."""
import sys
import yaml

WORDS, MAP, TEXT, FLAG, NUMBER = list, dict, str, bool, int
SERVICE = {
    "build": MAP, "image": TEXT, "restart": TEXT, "env_file": WORDS, "environment": MAP, "volumes": WORDS,
    "stop_grace_period": TEXT, "read_only": FLAG, "tmpfs": WORDS, "cap_drop": WORDS, "cap_add": WORDS,
    "security_opt": WORDS, "pids_limit": NUMBER, "mem_limit": TEXT, "logging": MAP, "depends_on": MAP, "ports": WORDS,
    "healthcheck": MAP, "networks": WORDS, "command": WORDS,
}
TOP = {"name": TEXT, "services": MAP, "volumes": MAP, "networks": MAP}
faults = []


def shape(where, value, allowed):
    for key, inner in value.items():
        if key not in allowed:
            faults.append(f"{where}: '{key}' is not known")
        elif not isinstance(inner, allowed[key]):
            faults.append(f"{where}.{key}: expected {allowed[key].__name__}, is {type(inner).__name__}")


def must(holds, what):
    if not holds:
        faults.append(what)


data = yaml.safe_load(open(sys.argv[1], encoding="utf-8"))
shape("compose", data, TOP)
services = data.get("services", {})
for name, service in services.items():
    shape(name, service, SERVICE)
    must(service.get("read_only") is True, f"{name}: its root can be written to")
    must(service.get("cap_drop") == ["ALL"], f"{name}: keeps capabilities")
    must("no-new-privileges:true" in service.get("security_opt", []), f"{name}: may gain privileges")
    for volume in service.get("volumes", []):
        source = volume.split(":")[0]
        must(source[0] in "./" or source in data["volumes"], f"{name}: volume '{source}' is not declared")
    for other in service.get("depends_on", {}):
        must(other in services, f"{name}: depends on '{other}', which is not there")
    for key, value in service.get("environment", {}).items():
        secret = any(word in key for word in ("TOKEN", "SECRET", "PASSWORD"))
        must(not secret or str(value).startswith("${"), f"{name}: {key} is written in the file")

bot = services.get("mailwijzer", {})
must("ports" not in bot, "mailwijzer: is reachable past the proxy")
must(bot.get("env_file"), "mailwijzer: has no settings")
must(any(v.endswith(":/var/lib/mailwijzer") for v in bot.get("volumes", [])), "mailwijzer: keeps nothing")
for fault in faults:
    print(fault)
sys.exit(bool(faults))
