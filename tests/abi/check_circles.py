#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""check_circles.py SOURCE_ROOT STATIC_LIBRARY

Calls between the objects of the library, as nm sees them:
  1. no object file is in a circle of calls with another
  2. calls between rooms (folders of lib/) point down, as rooms.txt says
exceptions.txt may hide calls from both for a while. A last step builds two objects that call each
other, and a caller from below, and expects both to be found: a check that finds nothing is no check.

NM, AR and CC choose other tools. Exit status: 0, 1 where a check failed, 2 for wrong usage, 77
(skipped) where the objects cannot be told apart.
"""
import fnmatch
import os
import re
import shlex
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))


def run(tool, *arguments):
    command = shlex.split(os.environ.get(tool.upper(), '')) or [tool]
    return subprocess.run(command + list(arguments), check=True, capture_output=True,
                          text=True).stdout


def table(name):
    """The lines of a table beside this program, without comments."""
    with open(os.path.join(HERE, name)) as file:
        return [line.strip() for line in file if line.strip() and line[0] != '#']


def rooms_below():
    """For each room, the rooms that it may call."""
    direct = {}
    for line in table('rooms.txt'):
        room, _, below = line.partition(':')
        direct[room] = below.split()
    below = {}

    def close(room, path=()):
        if room in path:
            sys.exit(f'rooms.txt: {room} stands above itself')
        if room not in below:
            below[room] = {room}.union(*(close(other, path + (room,)) for other in direct[room]))
        return below[room]

    for room in direct:
        close(room)
    return below


def sources(root):
    """Names of objects as Meson makes them, and the source that each comes from."""
    found = {}
    for folder, _, files in os.walk(os.path.join(root, 'lib')):
        for name in files:
            if name.endswith('.c'):
                path = os.path.relpath(os.path.join(folder, name), root)
                found[path[len('lib/'):].replace(os.sep, '_') + '.o'] = path
    return found


def calls(archive, source_of):
    """Pairs of sources, the one calling a symbol of the other, with one such symbol."""
    defined, wanted = {}, {}
    for line in run('nm', '-A', '--format=posix', archive).splitlines():
        match = re.match(r'.*\[(.*)\]: (\S+) (\S)', line)
        if not match:
            continue
        member, symbol, kind = match.groups()
        source = source_of.get(member)
        if source is None:
            print(f'skipped: {member} of {archive} is no file of lib/ (a unity build?)')
            sys.exit(77)
        if kind == 'U':
            wanted.setdefault(symbol, set()).add(source)
        elif kind.isupper():
            defined[symbol] = source
    edges = {}
    for symbol, callers in wanted.items():
        for caller in callers:
            if symbol in defined and defined[symbol] != caller:
                edges.setdefault((caller, defined[symbol]), symbol)
    return edges


def circles(edges):
    """Sets of nodes that reach each other (Tarjan)."""
    after = {}
    for a, b in edges:
        after.setdefault(a, []).append(b)
    index, low, stack, found = {}, {}, [], []

    def visit(node):
        index[node] = low[node] = len(index)
        stack.append(node)
        for other in after.get(node, ()):
            if other not in index:
                visit(other)
            if other in stack:
                low[node] = min(low[node], low[other])
        if low[node] == index[node]:
            at = stack.index(node)
            if len(stack) - at > 1:
                found.append(stack[at:])
            del stack[at:]

    for node in list(after):
        if node not in index:
            visit(node)
    return found


def room_of(source):
    return os.path.dirname(source)[len('lib/'):]


def is_excepted(pair, excepted):
    return any(all(map(fnmatch.fnmatch, pair, patterns)) for patterns in excepted)


def check(edges, below, excepted):
    """What is wrong, a line each."""
    wrong = []
    left = {pair: symbol for pair, symbol in edges.items() if not is_excepted(pair, excepted)}
    for circle in circles(left):
        wrong.append('a circle of calls:')
        wrong += [f'    {a} calls {b}: {left[a, b]}' for a in circle for b in circle
                  if (a, b) in left]
    for (a, b), symbol in sorted(left.items()):
        if room_of(b) not in below[room_of(a)]:
            wrong.append(
                f'{a} calls {b}: {symbol}: lib/{room_of(a)} must not look up to lib/{room_of(b)}')
    return wrong


def self_test():
    """Two objects in a circle, and a call from below: three complaints, one of them with two
    lines."""
    texts = {'core_a.c': 'void b(void); void c(void); void a(void) { b(); c(); }',
             'core_b.c': 'void a(void); void b(void) { a(); }',
             'mlp_c.c': 'void c(void) {}'}
    source_of = {name + '.o': 'lib/' + name.replace('_', '/') for name in texts}
    with tempfile.TemporaryDirectory() as folder:
        objects = []
        for name, text in texts.items():
            path = os.path.join(folder, name)
            with open(path, 'w') as file:
                file.write(text)
            run('cc', '-c', path, '-o', path + '.o')
            objects.append(path + '.o')
        archive = os.path.join(folder, 'lib.a')
        run('ar', 'rc', archive, *objects)
        wrong = check(calls(archive, source_of), {'core': {'core'}, 'mlp': {'core', 'mlp'}}, set())
    if len(wrong) != 4 or wrong[0] != 'a circle of calls:' or not wrong[3].startswith(
        'lib/core/a.c calls lib/mlp/c.c'):
        sys.exit(f'the check does not find what was put in for it: {wrong}')


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    root, archive = sys.argv[1:]
    edges = calls(archive, sources(root))
    if not edges:
        sys.exit(f'FAIL: no call is seen in {archive}')
    excepted = {tuple(line.split()[1:3]) for line in table('exceptions.txt')
                if line.startswith('call ')}
    for patterns in sorted(excepted):
        if not any(is_excepted(pair, [patterns]) for pair in edges):
            print('note: exceptions.txt: no longer needed: call', *patterns)
    wrong = check(edges, rooms_below(), excepted)
    if wrong:
        print('FAIL:', *wrong, sep='\n    ')
        sys.exit(1)
    self_test()
    print(f'ok: {len(edges)} pairs of objects, {len(excepted)} exceptions')


if __name__ == '__main__':
    main()
