#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""update_constants.py SOURCE_ROOT [--check]

Writes what is made from the enumerations of the public headers: tests/abi/constants_NOUN.h  an
assertion of the value of every constant lib/core/constants_NOUN.h   the names of the constants that
are numbered in blocks, for error texts Run it when constants were added. Before 1.0 it may also be
run when they changed; from then on, a change of a line is a break. --check writes nothing and fails
where a file is not up to date. Both fail where a number of the blocks means two things. CC chooses
another compiler. Exit status: 0, 1 where a file is not up to date, 2 for wrong usage.
"""
import os
import re
import shlex
import subprocess
import sys

NOUNS = ('base', 'device', 'crossbar', 'mlp')
# The blocks of each noun's numbers. Smaller ones are status codes, and indexes into a caller's array.
BLOCKS = {'base': (101, 1000), 'device': (1001, 2000), 'crossbar': (2001, 3000),
          'mlp': (3001, 4000)}
OWN = ('MEMQC_API', 'MEMQC_G0')  # no integers, or no constants


def preprocessed(include, *options):
    headers = sorted(os.listdir(os.path.join(include, 'memqc')))
    source = ''.join(f'#include <memqc/{name}>\n' for name in headers)
    command = shlex.split(os.environ.get('CC', 'cc')) + ['-E', *options, '-I', include, '-x', 'c',
                                                         '-']
    return subprocess.run(command, input=source, check=True, capture_output=True, text=True).stdout


def enumerations(include):
    """The enumerators of each enumeration, in order, as (name, value)."""
    for body in re.findall(r'\benum\b[^{;]*\{([^}]*)\}', preprocessed(include, '-P')):
        items = [item.partition('=') for item in body.split(',') if item.strip()]
        members = [(name.strip(), int(value.strip(), 0)) for name, _, value in items]
        if members[0][0].startswith('MEMQC_'):
            yield members


def macros(include):
    """Macros with a value, without the version: sizes, and what is no enumerator."""
    text = preprocessed(include, '-dM')
    found = re.findall(r'^#define (MEMQC_\w+) (.+)$', text, re.M)
    return sorted((name, value) for name, value in found
                  if name not in OWN and not name.startswith('MEMQC_VERSION_'))


def noun_of(name):
    word = name.split('_')[1].lower()
    return word if word in NOUNS else 'base'


def texts(include):
    """The files, by path, and what they are to hold."""
    values = {noun: '' for noun in NOUNS}
    names = {noun: '' for noun in NOUNS}
    for members in enumerations(include):
        noun = noun_of(members[0][0])
        first, end = BLOCKS[noun]
        values[noun] += ''.join(f'CONSTANT({name}, {value});\n' for name, value in members) + '\n'
        names[noun] += ''.join(f'NAME({name}),\n' for name, value in members
                               if first <= value < end)
    for name, value in macros(include):
        values[noun_of(name)] += f'CONSTANT({name}, {value});\n'
    head = ('/* SPDX-License-Identifier: BSD-3-Clause */\n'
            '/* Written by tests/abi/update_constants.py, for constants.c: ')
    for noun in NOUNS:
        yield (f'tests/abi/constants_{noun}.h',
               head + 'values of public constants. */\n' + values[noun].rstrip('\n') + '\n')
        yield (f'lib/core/constants_{noun}.h',
               head + 'names of public constants. */\n/* clang-format off */\n' + names[noun])


def number_of_repeats(include):
    seen, repeats = {}, 0
    for members in enumerations(include):
        first, end = BLOCKS[noun_of(members[0][0])]
        for name, value in members:
            if first <= value < end and seen.setdefault(value, name) != name:
                print(f'{name} and {seen[value]} are both {value}')
                repeats += 1
    return repeats


def main():
    if len(sys.argv) not in (2, 3) or (len(sys.argv) == 3 and sys.argv[2] != '--check'):
        print(__doc__)
        return 2
    root, check = sys.argv[1], len(sys.argv) == 3
    stale = 0
    repeats = number_of_repeats(os.path.join(root, 'include'))
    for path, text in texts(os.path.join(root, 'include')):
        where = os.path.join(root, path)
        old = open(where).read() if os.path.exists(where) else ''
        if old == text:
            continue
        stale += 1
        print(f'{path}: {"not up to date: run tests/abi/update_constants.py" if check else "written"}')
        if not check:
            with open(where, 'w') as file:
                file.write(text)
    return 1 if repeats or (check and stale) else 0


if __name__ == '__main__':
    sys.exit(main())
