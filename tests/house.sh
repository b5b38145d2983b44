#!/bin/sh
# The walls of the house, where include paths cannot see them. usage: house.sh BUILD CC. Prints TAP.
set -u
build=$1; cc=$2
n=0; failed=0
tmp=$(mktemp -d); trap 'rm -rf "$tmp"' EXIT

tell() { # tell STATUS NAME [DETAIL-FILE]
    n=$((n + 1))
    if [ "$1" -eq 0 ]; then echo "ok $n - $2"; else
        echo "not ok $n - $2"; failed=1; [ -n "${3-}" ] && sed 's/^/# /' "$3"; fi
}

walls=$(make -s print-walls BUILD="$build")
dir() { if [ "$1" = program ]; then echo bot; else echo "bot/$1"; fi; }
knows() { echo "$walls" | sed -n "s/^$1: \(.*\) |.*/\1/p"; }
uses() { echo "$walls" | sed -n "s/^$1: .*| *//p"; }
paths() { for r in $1 $(knows "$1"); do printf -- '-iquote %s ' "$(dir "$r")"; done; }

compiles() { # compiles ROOM HEADER
    echo "#include \"$2\"" >"$tmp/try.c"
    # shellcheck disable=SC2046
    $cc -std=c11 -D_GNU_SOURCE $(paths "$1") -fsyntax-only "$tmp/try.c" 2>"$tmp/why"
}

# 1. For every room, every header of a room it may not know is "file not found".
leaks=$tmp/leaks; : >"$leaks"; tried=0
for room in $(echo "$walls" | cut -d: -f1); do
    for other in $(echo "$walls" | cut -d: -f1); do
        case " $room $(knows "$room") " in *" $other "*) continue ;; esac
        for header in "$(dir "$other")"/*.h; do
            [ -e "$header" ] || continue
            tried=$((tried + 1))
            name=$(basename "$header")
            if compiles "$room" "$name"; then echo "$room can include $other/$name" >>"$leaks"
            elif ! grep -qE 'No such file|file not found' "$tmp/why"; then echo "$room: $other/$name fails for another reason" >>"$leaks"; fi
            break # one header tells for its room
        done
    done
done
[ "$tried" -gt 20 ] && [ ! -s "$leaks" ]; tell $? "a forbidden include does not compile ($tried tried)" "$leaks"
compiles pipeline store.h; tell $? "an allowed include compiles" "$tmp/why"

# 2. No way around: no '..' in includes, no header name in two rooms.
grep -nE '#[ ]*include[ ]*[<"][^>"]*/?\.\./' -r bot >"$tmp/dots"; [ ! -s "$tmp/dots" ]; tell $? "no include climbs with .." "$tmp/dots"
grep -nE '#[ ]*include[ ]*"[^"]*/' -r bot >"$tmp/dirs"; [ ! -s "$tmp/dirs" ]; tell $? "own headers are included by bare name" "$tmp/dirs"
find bot -name '*.h' -exec basename {} \; | sort | uniq -d >"$tmp/twice"; [ ! -s "$tmp/twice" ]; tell $? "every header name is used once" "$tmp/twice"

# 3. Third-party headers only in the rooms whose row names the library.
: >"$leaks"
third() { # third HEADER-PATTERN LIBRARY
    for room in $(echo "$walls" | cut -d: -f1); do
        case " $(uses "$room") " in *" $2 "*) continue ;; esac
        grep -nE "#[ ]*include[ ]*<($1)" "$(dir "$room")"/*.[ch] 2>/dev/null | sed "s|^|$room may not use $2: |" >>"$leaks"
    done
}
third 'jansson' jansson; third 'curl/' libcurl; third 'libwebsockets' libwebsockets; third 'sqlite3' sqlite3
third 'openssl/' libcrypto; third 'seccomp' libseccomp; third 'utf8proc' libutf8proc; third 'editline/' libedit
[ ! -s "$leaks" ]; tell $? "third-party headers stay in their rooms" "$leaks"

# 4. The pure rooms call nothing that reads a clock, a file or the network.
grep -nE '\b(clock_gettime|time|gettimeofday|fopen|open|read|write|socket|connect|getenv|random|rand|getrandom|pthread_[a-z]+|clock_now_ms|clock_mono_ms)\(' \
    bot/dialogue/*.c bot/understanding/*.c | grep -vE 'static|^[^:]*:[0-9]*: \*|_read\(|_write\(|_open\(' >"$tmp/impure"
[ ! -s "$tmp/impure" ]; tell $? "dialogue and understanding touch no clock, file or socket" "$tmp/impure"

# 5. dialogue/ and base/ link against libc alone.
echo 'int main(void) { return 0; }' >"$tmp/main.c"
# shellcheck disable=SC2086
$cc "$tmp/main.c" -nodefaultlibs "$build"/bot/dialogue/*.o "$build"/bot/base/*.o -lc -o "$tmp/alone" 2>"$tmp/why"
status=$?
tell $status "dialogue links against libc alone" "$tmp/why"
if [ $status -eq 0 ]; then
    readelf -d "$tmp/alone" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p' | grep -v '^libc\.so' >"$tmp/needed"
    [ ! -s "$tmp/needed" ]; tell $? "and needs no other library" "$tmp/needed"
fi

# 6. What somebody proves himself by is compared in constant time, and in one place.
grep -nE '\b(str|strn|strcase|strncase|mem)cmp\([^()]*(secret|verify|token|signature|proof)' -r bot/channel bot/pipeline bot/http \
    --include='*.c' >"$tmp/hasty"
[ ! -s "$tmp/hasty" ]; tell $? "no secret is compared by strcmp or memcmp" "$tmp/hasty"
[ "$(grep -rl 'CRYPTO_memcmp(' bot)" = bot/channel/secret.c ]; tell $? "secret_equal is the one comparison that does not tell"
for check in 'whatsapp.c.*secret_equal(ours, theirs)' 'whatsapp.c.*secret_equal(token, expected)' 'telegram.c.*secret_equal(header, secret)'; do
    grep -n 'secret_equal(' bot/channel/*.c | grep -q "$check"; tell $? "it is what compares: $(echo "$check" | sed 's/.*secret_equal/secret_equal/')"
done

# 7. What must not be in the repository.
git grep -nIE 'TODO|FIXME|for now' -- bot flows deploy Makefile README.md >"$tmp/notes" 2>/dev/null
[ ! -s "$tmp/notes" ]; tell $? "nothing is left for later" "$tmp/notes"
git ls-files -s 2>/dev/null | grep -E '\.(o|a|so|db|log)$|/node_modules/' >"$tmp/outputs"
[ ! -s "$tmp/outputs" ]; tell $? "no build outputs are kept" "$tmp/outputs"

echo "1..$n"
exit $failed
