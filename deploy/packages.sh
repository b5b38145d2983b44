#!/bin/sh
# Installs what is missing from Debian 12/13 or Ubuntu 24.04, and says what it installs.
# usage: packages.sh GROUP...   groups: build, test, lint, deb, deep
set -eu

list=""
for group in "$@"; do
    case $group in
    build) list="$list gcc make pkg-config libc6-dev libcurl4-openssl-dev libjansson-dev libwebsockets-dev
                 libsqlite3-dev libseccomp-dev libssl-dev libutf8proc-dev libedit-dev" ;;
    test)  list="$list libcmocka-dev nodejs npm curl python3 python3-yaml binutils faketime openssl dpkg-dev" ;;
    deb)   list="$list dpkg-dev binutils" ;;
    lint)  list="$list clang clang-format clang-tidy cppcheck" ;;
    deep)  list="$list clang llvm libclang-rt-dev valgrind" ;;
    *)     echo "packages.sh: unknown group '$group' (build, test, lint, deb, deep)" >&2; exit 2 ;;
    esac
done

# A tool counts as present wherever it comes from; a library only as its package.
have() {
    case $1 in
    gcc|make|pkg-config|nodejs|npm|curl|python3|faketime|openssl|clang|clang-format|clang-tidy|cppcheck|valgrind)
        tool=$1; [ "$1" = nodejs ] && tool=node
        command -v "$tool" >/dev/null 2>&1 && return 0 ;;
    esac
    dpkg-query -W -f '${Status}' "$1" 2>/dev/null | grep -q 'ok installed'
}

if ! command -v dpkg-query >/dev/null 2>&1; then
    echo "packages.sh: this is no Debian or Ubuntu; install by hand what these packages hold:" $list >&2
    exit 0
fi
missing=""
for package in $list; do have "$package" || missing="$missing $package"; done
# Browser tests need Chromium; Ubuntu has it as a snap only, so there it is not asked for.
case " $* " in
*" test "*)
    if ! command -v chromium >/dev/null 2>&1 && grep -q '^ID=debian' /etc/os-release; then
        missing="$missing chromium"
    fi ;;
esac
[ -z "$missing" ] && exit 0

echo "installing:$missing"
if [ "$(id -u)" = 0 ]; then as_root=""
elif command -v sudo >/dev/null 2>&1; then as_root="sudo"
else
    echo "not root and no sudo here; run this as root, then make again:" >&2
    echo "  apt-get update && apt-get install -y --no-install-recommends$missing" >&2
    exit 1
fi
export DEBIAN_FRONTEND=noninteractive
$as_root apt-get update -qq
$as_root apt-get install -y -qq --no-install-recommends $missing
