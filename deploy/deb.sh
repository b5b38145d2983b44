#!/bin/sh
# The Debian package, in plain sight: a tree is laid out and dpkg-deb packs it. Nothing is written but in OUT.
# usage: deb.sh PROGRAM VERSION OUT        prints the package's path
# The same program gives the same bytes: every time is SOURCE_DATE_EPOCH, the changelog's date when not set.
set -eu
program=$(realpath "$1"); version=$2; out=$3
cd "$(dirname "$0")/.."
umask 022

SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(dpkg-parsechangelog -l deploy/debian/changelog -S Timestamp)}
export SOURCE_DATE_EPOCH
mkdir -p "$out"
out=$(realpath "$out")
tree=$out/tree
rm -rf "$tree"
mkdir "$tree"

lay() { # lay MODE DIRECTORY FILE...
    mode=$1; to=$tree$2; shift 2
    mkdir -p "$to"
    install -m "$mode" "$@" "$to"
}
name() { install -D -m "$1" "$3" "$tree$2"; } # name MODE PATH FILE: under another name
# pressed PATH <text: without the name and time that gzip would add.
pressed() { mkdir -p "$tree$(dirname "$1")"; gzip -9n >"$tree$1"; }

doc=/usr/share/doc/mailwijzer
name 755 /usr/bin/mailwijzer "$program"
strip --strip-unneeded --remove-section=.comment "$tree/usr/bin/mailwijzer"

lay 644 /usr/share/mailwijzer/flows flows/*.json
lay 644 /usr/share/mailwijzer/locales locales/*.json
# Whose business it is, is the operator's to say: that file is among the settings.
rm "$tree/usr/share/mailwijzer/flows/business.json"
mkdir -p "$tree/etc/mailwijzer"
sed 's|"\./business\.schema\.json"|"/usr/share/mailwijzer/flows/business.schema.json"|' flows/business.json \
    >"$tree/etc/mailwijzer/business.json"
sed -f deploy/debian/env.sed .env.example >"$tree/etc/mailwijzer/mailwijzer.env"
chmod 640 "$tree/etc/mailwijzer/mailwijzer.env"
# Commands read .env where they are called.
ln -s mailwijzer.env "$tree/etc/mailwijzer/.env"

lay 644 /usr/lib/systemd/system deploy/mailwijzer.service
name 644 /usr/lib/sysusers.d/mailwijzer.conf deploy/debian/sysusers.conf
name 644 /usr/lib/tmpfiles.d/mailwijzer.conf deploy/debian/tmpfiles.conf
pressed /usr/share/man/man1/mailwijzer.1.gz <deploy/mailwijzer.1
name 644 /usr/share/bash-completion/completions/mailwijzer deploy/completion.bash
name 644 /usr/share/lintian/overrides/mailwijzer deploy/debian/lintian-overrides

lay 644 $doc deploy/README.md
pressed $doc/changelog.gz <deploy/debian/changelog
{ cat deploy/debian/copyright.in; sed -n '5,$s/^/ /p' LICENSE | sed 's/^ $/ ./'; } >"$tree$doc/copyright"
lay 644 $doc/examples deploy/Caddyfile deploy/nginx.conf deploy/prometheus/rules.yml deploy/grafana/mailwijzer.json

# What it is linked with names the packages it needs, in the versions of the system it is built on.
mkdir "$out/shlibs" "$out/shlibs/debian" 2>/dev/null || true
: >"$out/shlibs/debian/control"
depends=$(cd "$out/shlibs" && dpkg-shlibdeps -O "$tree/usr/bin/mailwijzer" 2>/dev/null | sed -n 's/^shlibs:Depends=//p')
rm -rf "$out/shlibs"
[ -n "$depends" ] || { echo "deb.sh: dpkg-shlibdeps names no library of $program" >&2; exit 1; }

arch=$(dpkg --print-architecture)
size=$(du -k -s --apparent-size "$tree" | cut -f1)
mkdir "$tree/DEBIAN"
sed -e "s/@VERSION@/$version/" -e "s/@ARCH@/$arch/" -e "s/@SIZE@/$size/" -e "s/@DEPENDS@/$depends/" \
    deploy/debian/control.in >"$tree/DEBIAN/control"
install -m 644 deploy/debian/conffiles "$tree/DEBIAN"
install -m 755 deploy/debian/postinst deploy/debian/prerm deploy/debian/postrm "$tree/DEBIAN"
(cd "$tree" && find usr -type f | LC_ALL=C sort | xargs md5sum) >"$tree/DEBIAN/md5sums"

find "$tree" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +
package=$out/mailwijzer_${version}_$arch.deb
dpkg-deb --root-owner-group -Zxz --build "$tree" "$package" >/dev/null
echo "$package"
