#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""check_const.py SOURCE_ROOT

Functions that take a const handle may run on one handle in several threads: base.h promises it. Each
of them is called in tests/threads/shared_*.c, which this checks.
"""
import glob
import os
import re
import sys


def read(root, pattern):
    text = ''
    for path in sorted(glob.glob(os.path.join(root, pattern))):
        with open(path, encoding='utf-8') as file:
            text += file.read()
    return text


def main():
    if len(sys.argv) != 2:
        print(__doc__)
        return 2
    headers = read(sys.argv[1], 'include/memqc/*.h')
    promised = re.findall(r'\b(memqc_\w+)\(const memqc_(?:device|crossbar|mlp) \*', headers)
    called = set(re.findall(r'\b(memqc_\w+)\(', read(sys.argv[1], 'tests/threads/*.c')))
    missing = [name for name in promised if name not in called]
    if missing or len(promised) < 70:
        print('FAIL: in no thread:', *missing, sep='\n    ')
        return 1
    print(f'ok: {len(promised)} functions with a const handle')
    return 0


if __name__ == '__main__':
    sys.exit(main())
