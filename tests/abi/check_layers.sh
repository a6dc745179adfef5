#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# check_layers.sh SOURCE_ROOT
#
# The shape of the sources:
#   1. includes point down only, as rooms.txt says. A file of lib/ names another as "room/x.h" (from
#      lib/) or "x.h" (its own folder), and a public header as <memqc/x.h>. A layer sees the public
#      headers up to its own. What exceptions.txt lists may stay for a while
#   2. memory comes from lib/core/alloc.c only, and BLAS is called in lib/la/ only
#   3. nothing in lib/ prints, exits, asserts, or looks at environment, locale, signals or the C
#      library's rand
#   4. nothing above lib/device and lib/fit asks for the model of a device
#   5. no build file asks for -ffast-math
#   6. in a git checkout: the top level holds the allowed entries only
# Comments and strings do not count. Exit status: 0, 1 where a check failed, 2 for wrong usage.
set -eu
LC_ALL=C
export LC_ALL

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
# Each public header, and the layers that may see it.
public='base.h: core rng la circuit device fit crossbar mlp
device_keys.h: device fit crossbar mlp
device.h: device fit crossbar mlp
device_effects.h: device fit crossbar mlp
device_custom.h: device fit crossbar mlp
device_measured.h: device fit crossbar mlp
fit.h: fit mlp
crossbar_keys.h: crossbar mlp
crossbar.h: crossbar mlp
mlp_keys.h: mlp
mlp.h: mlp
study.h: mlp
memqc.h:'
# It reads all public headers for their numbers, and calls nothing.
sees_all=lib/core/constants.c
allowed='^(meson\.build|meson_options\.txt|README\.md|COPYING|include|lib|examples|tests|bindings|docs|\..*)$'

if [ $# -ne 1 ] || [ ! -d "${1-}/lib" ]; then
    echo "usage: $0 SOURCE_ROOT (the folder that holds lib/)" >&2
    exit 2
fi
cd "$1"

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
trap 'exit 1' HUP INT TERM
: >"$tmp/failures"

# complain TITLE: reads the offenders on stdin, one a line; none is a pass.
complain() {
    cat >"$tmp/offenders"
    [ -s "$tmp/offenders" ] || return 0
    echo "FAIL: $1:"
    sed 's/^/    /' "$tmp/offenders"
    echo "$1" >>"$tmp/failures"
}

find lib -type f | sort >"$tmp/files"
grep -E '\.(c|h|inc|def)$' "$tmp/files" >"$tmp/sources" || true
[ -s "$tmp/sources" ] || echo "no C source" | complain "lib/"

# --- includes -------------------------------------------------------------------------------------

while read -r file; do
    sed -nE 's/^[[:space:]]*#[[:space:]]*include[[:space:]]*([<"][^>"]*[>"]).*/\1/p' "$file" |
        sed "s|^|$file |"
done <"$tmp/sources" >"$tmp/includes"
ROOMS=$here/rooms.txt EXCEPTIONS=$here/exceptions.txt PUBLIC=$public SEES_ALL=$sees_all awk '
    # What room may include, in below[room, *]: the rooms that stand below those below it, too.
    function close_over(room, part,    n, i, other, word) {
        if (room in closed) return
        if (room in open_rooms) {
            print "rooms.txt: " room " stands above itself"
            return
        }
        open_rooms[room] = 1
        n = split(part[room], word, " ")
        for (i = 1; i <= n; i++) {
            if (!(word[i] in part)) print "rooms.txt: " room " stands on " word[i] ", which is no room"
            close_over(word[i], part)
            below[room, word[i]] = 1
            for (other in part) if ((word[i], other) in below) below[room, other] = 1
        }
        delete open_rooms[room]
        closed[room] = 1
    }
    function bad(why) {
        if (($1, what) in excepted) used[$1, what] = 1
        else print $1 ": #include " $2 ": " why
    }
    BEGIN {
        while ((getline line < ENVIRON["ROOMS"]) > 0)
            if (line !~ /^(#|$)/) {
                at = index(line, ":")
                known[substr(line, 1, at - 1)] = substr(line, at + 1)
            }
        for (room in known) {
            close_over(room, known)
            below[room, room] = 1
            split(room, path, "/")
            layer_known[path[1]] = 1
        }
        while ((getline line < ENVIRON["EXCEPTIONS"]) > 0)
            if (split(line, word, " ") == 3 && word[1] == "include") excepted[word[2], word[3]] = 1
        n = split(ENVIRON["PUBLIC"], line_of, "\n")
        for (i = 1; i <= n; i++) {
            m = split(line_of[i], word, /:? +|:$/)
            known_public[word[1]] = 1
            for (j = 2; j <= m; j++) sees[word[j], word[1]] = 1
        }
    }
    {
        n = split($1, path, "/")
        layer = path[2]
        room = substr($1, 5, length($1) - 5 - length(path[n]))
        what = substr($2, 2, length($2) - 2)
        quoted = substr($2, 1, 1) == "\""
        n = split(what, part, "/")
        target = n > 1 ? substr(what, 1, length(what) - 1 - length(part[n])) : room
        if (!(room in known)) bad("lib/" room " is no room")
        else if (n == 2 && part[1] == "memqc") {
            if (!(part[2] in known_public)) bad("no such public header is known here")
            else if (!((layer, part[2]) in sees) && $1 != ENVIRON["SEES_ALL"])
                bad("lib/" layer " stands below what that declares")
        } else if (!quoted) {
            if (part[1] in layer_known) bad("files of lib/ are included with quotes")
            else if (what ~ /blas/ && layer != "la") bad("BLAS is called in lib/la only")
        } else if (n == 1) print "need lib/" room "/" what, $1 >needs
        else if (!(target in known)) bad("not of the form \"room/x.h\" with a room of lib/")
        else {
            if (!((room, target) in below)) bad("lib/" room " must not look up to lib/" target)
            print "need lib/" what, $1 >needs
        }
    }
    END {
        for (pair in excepted)
            if (!(pair in used)) {
                split(pair, word, SUBSEP)
                print "note: exceptions.txt: no longer needed: include", word[1], word[2] >"/dev/stderr"
            }
    }' needs="$tmp/needs" "$tmp/includes" | complain "an include that does not point down"
while read -r file; do
    case ${file#lib/} in
    */*) ;;
    *) echo "$file: belongs into a room" ;;
    esac
done <"$tmp/sources" | complain "a source in the wrong place"
touch "$tmp/needs"
while read -r _ wanted file; do
    [ -e "$wanted" ] || echo "$file includes $wanted"
done <"$tmp/needs" | complain "an included file that does not exist"

# --- words of the code ----------------------------------------------------------------------------

# shellcheck disable=SC2016  # a program in awk
xargs awk '
    BEGIN {
        n = split("malloc calloc realloc reallocarray free aligned_alloc posix_memalign " \
                  "memalign valloc pvalloc alloca strdup strndup mmap sbrk", word, " ")
        for (i = 1; i <= n; i++) memory[word[i]] = 1
        n = split("exit _exit _Exit quick_exit atexit abort raise signal sigaction longjmp " \
                  "assert printf fprintf dprintf sprintf snprintf asprintf vprintf vfprintf " \
                  "vsprintf vsnprintf vasprintf puts fputs putchar fputc putc perror scanf " \
                  "fscanf sscanf vsscanf getenv secure_getenv setenv unsetenv putenv " \
                  "setlocale newlocale uselocale localeconv rand rand_r srand random srandom " \
                  "drand48 erand48 lrand48 srand48 atof strtod strtof strtold time clock " \
                  "gettimeofday system popen", word, " ")
        for (i = 1; i <= n; i++) call[word[i]] = 1
        object["stdout"] = object["stderr"] = object["stdin"] = object["environ"] = 1
    }
    FNR == 1 { comment = 0 }
    # The line without comments, strings and character constants.
    {
        line = $0
        code = ""
        while (line != "") {
            if (comment) {
                at = index(line, "*/")
                if (!at) break
                comment = 0
                line = substr(line, at + 2)
            } else if (match(line, /\/\*|\/\/|"|\047/)) {
                what = substr(line, RSTART, RLENGTH)
                code = code substr(line, 1, RSTART - 1) " "
                line = substr(line, RSTART + RLENGTH)
                if (what == "//") break
                if (what == "/*") comment = 1
                else while (line != "") {
                    c = substr(line, 1, 1)
                    line = substr(line, c == "\\" ? 3 : 2)
                    if (c == what) break
                }
            } else {
                code = code line
                break
            }
        }
    }
    {
        before = ""
        while (match(code, /[A-Za-z_][A-Za-z0-9_]*/)) {
            name = substr(code, RSTART, RLENGTH)
            before = before substr(code, 1, RSTART - 1)
            code = substr(code, RSTART + RLENGTH)
            member = before ~ /(\.|->)[ \t]*$/
            where = FILENAME ":" FNR ": " name
            if (name in memory && !member && FILENAME != "lib/core/alloc.c") print "memory", where
            if (name in call && !member && code ~ /^[ \t]*\(/) print "call", where
            if (name in object && !member) print "call", where
            if (name ~ /^(cblas_|openblas_|goto_|Cblas|CBLAS_)/ && FILENAME !~ /^lib\/la\//)
                print "blas", where
            if (FILENAME ~ /^lib\/(circuit|crossbar|mlp)\// &&
                (name == "pulsed" || name ~ /^MEMQC_DEVICE_(QUANTIZED|CONSTANT|LINEAR|SOFT_BOUNDS)$/ ||
                 name ~ /^MEMQC_DEVICE_(EXPONENTIAL|POWER|NEUROSIM|TABLE)$/))
                print "model", where
            before = name
        }
    }' <"$tmp/sources" >"$tmp/words"
sed -n 's/^memory //p' "$tmp/words" | complain "memory is had and given back in lib/core/alloc.c only"
sed -n 's/^blas //p' "$tmp/words" | complain "BLAS is called in lib/la only"
sed -n 's/^model //p' "$tmp/words" |
    complain "what a device does is its operations' business, whatever its model"
sed -n 's/^call //p' "$tmp/words" | complain "a call that the library must not make"

# --- files and folders ----------------------------------------------------------------------------

find . -name meson.build -not -path './.*' -exec sh -c '
    for file; do
        sed "s/#.*//" "$file" | grep -nE -e "-ffast-math|-Ofast|-funsafe-math" |
            sed "s|^|${file#./}:|"
    done
' sh {} + | complain "arithmetic must stay as written"
if command -v git >/dev/null && up=$(git rev-parse --show-cdup 2>/dev/null) && [ -z "$up" ]; then
    git ls-files | sed 's|/.*||' | sort -u | grep -vE "$allowed" |
        complain "an entry of the top level that is not among those of docs/contributing.md"
else
    echo "note: not the top of a git checkout, its entries are not checked"
fi

[ ! -s "$tmp/failures" ] || exit 1
echo "ok: $(wc -l <"$tmp/sources" | tr -d ' ') sources"
