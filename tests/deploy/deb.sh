#!/bin/sh
# The Debian package, without installing it. usage: deb.sh PROGRAM BUILD VERSION. Prints TAP.
# deploy/fresh-root.sh installs, upgrades and purges it in a root of its own.
. tests/cli/tap
version=$3
touch "$work/out" "$work/err"

if ! have dpkg-deb || ! have dpkg-shlibdeps; then
    skip "the Debian package" "dpkg-dev is not here: this is no Debian or Ubuntu"
    finish
fi

git status --porcelain >"$work/before" 2>/dev/null
sh deploy/deb.sh "$program" "$version" "$work/deb" >"$work/out" 2>"$work/err"
status=$?
check "it is made" exits 0
deb=$(cat "$work/out")
git status --porcelain >"$work/after" 2>/dev/null
check "and leaves nothing in the tree" cmp -s "$work/before" "$work/after"

# What the image is built from (.dockerignore): enough to make it of, and what comes of it is the same.
context=$work/context
mkdir "$context"
sed -n 's/^!//p' .dockerignore | xargs -I{} cp -r {} "$context/"
(cd "$context" && env -u MAKEFLAGS make -s -n BUILD="$work/elsewhere" deb) >"$work/out" 2>"$work/err"
status=$?
check "make finds all it is made of among what an image is built from" exits 0
(cd "$context" && sh deploy/deb.sh "$program" "$version" "$work/again") >"$work/out" 2>"$work/err"
status=$?
check "it can be made of that" exits 0
check "and comes out the same to the byte" cmp -s "$deb" "$(cat "$work/out")"

# ---- what is in it ----

fresh
dpkg-deb -c "$deb" >"$work/list"
cp "$work/list" "$work/out"
tree=$work/deb/tree
holds() { grep -qE -- "^$1 root/root .* \.$2\$" "$work/list"; } # holds MODE PATH
check "the program" holds -rwxr-xr-x /usr/bin/mailwijzer
check "the flow" holds -rw-r--r-- /usr/share/mailwijzer/flows/mailkeuze.json
check "the texts" holds -rw-r--r-- /usr/share/mailwijzer/locales/nl.json
check "the settings, for nobody but root and a group" holds -rw-r----- /etc/mailwijzer/mailwijzer.env
check "the business, among the settings" holds -rw-r--r-- /etc/mailwijzer/business.json
check "and there alone" not holds '.*' /usr/share/mailwijzer/flows/business.json
check "the unit" holds -rw-r--r-- /usr/lib/systemd/system/mailwijzer.service
check "the manual page" holds -rw-r--r-- /usr/share/man/man1/mailwijzer.1.gz
check "the completion" holds -rw-r--r-- /usr/share/bash-completion/completions/mailwijzer
check "the licence" grep -q "Permission is hereby granted" "$tree/usr/share/doc/mailwijzer/copyright"
check "no data of anybody" not holds '.*' /var/.*
check "nothing that is run with more rights than its caller's" not grep -qE '^-..s|^-.....s' "$work/list"
find "$tree/etc" -type f | sed "s|^$tree||" | sort >"$work/out"
check "what is in /etc is the operator's: an upgrade keeps it" cmp -s "$work/out" deploy/debian/conffiles
run "$tree/usr/bin/mailwijzer" --version
check "the program in it runs" exits 0
dpkg-deb -f "$deb" Depends >"$work/out"
for library in $(objdump -p "$program" | sed -n 's/^ *NEEDED *\(.*\)\.so.*/\1/p' | sort -u); do
    case $library in
    libc|libm|libpthread|ld-*) package=libc6 ;;
    libcrypto) package=libssl3 ;;
    *) package=$library ;;
    esac
    check "it needs the package of $library" out "$package"
done
check "the changelog is of this version" test "$(dpkg-parsechangelog -l deploy/debian/changelog -S Version)" = "$version"

# ---- its settings ----

env=$tree/etc/mailwijzer/mailwijzer.env
cp "$env" "$work/out"
same() { # the same settings, in the same order, as .env.example: none is lost on the way
    grep -oE '^#?[A-Z][A-Z0-9_]+=' .env.example | tr -d '#' >"$work/names"
    grep -oE '^#?[A-Z][A-Z0-9_]+=' "$env" | tr -d '#' | cmp -s - "$work/names"
}
check "all settings are explained in it" same
check "it says whose they are, and nothing of a copy to be made" not grep -qE '\.env\.example|Copy to' "$env"
for path in FLOW BUSINESS LOCALES; do
    value=$(sed -n "s/^$path=//p" "$env")
    check "$path is where the package has it" test -n "$value" -a -e "$tree$value"
done
check "the database is where the unit may write" grep -qx 'DATABASE_URL=sqlite:/var/lib/mailwijzer/mailwijzer.db' "$env"
# Read from the tree instead of from the root, everything else as it is.
fresh
rm "$here/flows" "$here/locales"
sed "s|=/usr/share/|=$tree/usr/share/|; s|=/etc/|=$tree/etc/|" "$env" >"$here/.env"
run "$program" check
check "the program is content with them" exits 0

# ---- as Debian judges it ----

if have lintian; then
    lintian --allow-root --fail-on error,warning --tag-display-limit 0 "$deb" >"$work/out" 2>"$work/err"
    status=$?
    check "lintian has neither error nor warning" exits 0
else
    skip "lintian has neither error nor warning" "lintian is not installed"
fi
for script in postinst prerm postrm; do
    sh -n "deploy/debian/$script"
    status=$?
    check "$script is a script" exits 0
done
finish
