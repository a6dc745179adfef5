#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# Saved files of every version load, and what is in them answers as it did.
# usage: check_saved.sh SOURCE_ROOT PROGRAM [ARGUMENT ...]
#
# PROGRAM is the program `saved`, or an emulator with its arguments and the program. tests/golden/saved
# has a folder for each version of the files. The files of the newest are written anew, and must have
# equal bytes: a change of the format is not made by mistake.
set -eu

if [ $# -lt 2 ]; then
    echo "usage: check_saved.sh SOURCE_ROOT PROGRAM [ARGUMENT ...]" >&2
    exit 2
fi
saved=$1/tests/golden/saved
shift
LC_ALL=C
export LC_ALL
written=$(mktemp -d)
trap 'rm -rf "$written"' EXIT

newest=
for folder in $(find "$saved" -mindepth 1 -maxdepth 1 -type d | sort -V); do
    newest=$folder
    "$@" answers "$folder"/*.memqc >"$written/answers"
    diff -u "$folder/answers.txt" "$written/answers" || {
        echo "the files of ${folder##*/} answer otherwise" >&2
        exit 1
    }
done

"$@" again "$newest"/*.memqc
mkdir "$written/files"
"$@" write "$written/files"
cp "$newest/answers.txt" "$written/files"
diff -r "$newest" "$written/files" || {
    echo "new files differ from those of ${newest##*/}: docs/contributing.md says what to do" >&2
    exit 1
}
echo "$(find "$saved" -name '*.memqc' | wc -l) saved files"
