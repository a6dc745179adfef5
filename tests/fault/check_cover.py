#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""check_cover.py SOURCE_ROOT STATIC_LIBRARY

Every exported function is either called in a scenario of tests/fault/test_alloc_*.c, where its
allocations fail, or stands in no_memory.txt as one that cannot allocate. That is proved by what its
code refers to: by calls, by addresses, by tables of functions, however far. A function that reaches
mqc_alloc() in this way, or calls through a pointer, does not belong into the list.

A new function without either fails, and so does a line that is no longer true. The last step builds
four functions, of which three may allocate, and expects to be told so.

OBJDUMP and CC choose other tools. Exit status: 0, 1 where the check failed, 2 for wrong usage, 77
(skipped) on machines whose instructions it does not know.
"""
import bisect
import collections
import glob
import os
import platform
import re
import shlex
import subprocess
import sys
import tempfile

ALLOCATE = 'mqc_alloc'
HEAP = {'malloc', 'calloc', 'realloc', 'posix_memalign', 'aligned_alloc', 'strdup'}


def run(tool, *arguments):
    command = shlex.split(os.environ.get(tool.upper(), '')) or [tool]
    return subprocess.run(command + list(arguments), check=True, capture_output=True,
                          text=True).stdout


def members(text):
    """The lines of objdump, each with the object that they are of."""
    member = None
    for line in text.splitlines():
        match = re.match(r'(\S+\.o):\s+file format', line)
        if match:
            member = match[1]
        else:
            yield member, line


class Graph:
    """What the functions and tables of a library refer to."""

    def __init__(self, archive):
        self.places = collections.defaultdict(list)  # (object, section): (start, end, node)
        self.nodes = {}  # (object, name): node, of static ones; (None, name) of the others
        self.edges = collections.defaultdict(set)
        self.blind = set()  # call through a pointer
        self.read_symbols(archive)
        for place in self.places.values():
            place.sort()
        self.read_references(archive)
        self.read_calls(archive)

    def read_symbols(self, archive):
        for member, line in members(run('objdump', '-t', archive)):
            match = re.match(r'([0-9a-f]+) (.{7}) (\S+)\s+([0-9a-f]+)\s+(?:\.\w+ )?(\S+)$', line)
            if not match or match[3] == '*UND*' or match[2][6] not in 'FO ':
                continue
            start, size, name = int(match[1], 16), int(match[4], 16), match[5]
            owner = None if match[2][0] in 'gu' else member
            node = name if owner is None else f'{member}:{name}'
            if size:
                self.nodes[owner, name] = node
                self.places[member, match[3]].append((start, start + size, node))

    def named(self, member, name):
        return self.nodes.get((member, name)) or self.nodes.get((None, name)) or name

    def at(self, member, section, offset):
        places = self.places.get((member, section), [])
        i = bisect.bisect_right(places, (offset, float('inf'), '')) - 1
        return places[i][2] if i >= 0 and offset < places[i][1] else None

    def read_references(self, archive):
        section = ''
        for member, line in members(run('objdump', '-r', archive)):
            match = re.match(r'RELOCATION RECORDS FOR \[(.*)\]:', line)
            if match:
                section = match[1]
                continue
            match = re.match(r'([0-9a-f]+) (R_\S+)\s+(\S+?)(?:([+-])0x([0-9a-f]+))?$', line)
            if not match or section.startswith(('.debug', '.eh_frame')):
                continue
            source = self.at(member, section, int(match[1], 16))
            offset = int((match[4] or '+') + (match[5] or '0'), 16)
            if re.search('PC32|PLT32|PCREL', match[2]):  # counted from the end of four bytes
                offset += 4
            target = match[3]
            target = (self.at(member, target, offset) if target.startswith('.')
                      else self.named(member, target))
            if source and target:
                self.edges[source].add(target)

    def read_calls(self, archive):
        """Calls within an object, which need no relocation, and those through pointers."""
        node = None
        for member, line in members(run('objdump', '-d', '--no-show-raw-insn', archive)):
            match = re.match(r'[0-9a-f]+ <(.*)>:', line)
            if match:
                node = self.named(member, match[1])
                continue
            if re.search(r'\s(call|jmp)q?\s+\*', line) and 'notrack' not in line:
                self.blind.add(node)
            match = re.search(r'\s(?:call|j[a-z]+)q?\s+[0-9a-f]+ <([^+>]*)(\+0x[0-9a-f]+)?>', line)
            if match and node:
                self.edges[node].add(self.named(member, match[1]))

    def reached(self, start):
        seen, todo = {start: None}, [start]
        for node in todo:
            for other in self.edges.get(node, ()):
                if other not in seen:
                    seen[other] = node
                    todo.append(other)
        return seen

    def why(self, function):
        """How a function may come to allocate; None where it cannot."""
        seen = self.reached(function)
        ends = [node for node in seen if node == ALLOCATE or node in HEAP]
        ends += [node for node in seen if node in self.blind]
        if not ends:
            return None
        path, node = [], ends[0]
        while node:
            path.append(node)
            node = seen[node]
        text = ' -> '.join(reversed(path))
        return text if ends[0] not in self.blind else text + ' -> through a pointer'


def exported(root):
    with open(os.path.join(root, 'lib', 'memqc.map'), encoding='ascii') as file:
        return re.findall(r'^\s+(memqc_\w+);', file.read(), re.M)


def written(root):
    with open(os.path.join(root, 'tests/fault/no_memory.txt'), encoding='ascii') as file:
        return [line.strip() for line in file if line.strip() and line[0] != '#']


def without_checked(body):
    """A body without the calls that must succeed: OK(...) is preparation, not what is tried."""
    while True:
        start = body.find('OK(')
        if start < 0:
            return body
        depth, end = 0, start + 2
        while True:
            depth += {'(': 1, ')': -1}.get(body[end], 0)
            end += 1
            if depth == 0:
                break
        body = body[:start] + body[end:]


def tried(root):
    """Functions of the library that the scenarios call while allocations fail."""
    found = set()
    for path in glob.glob(os.path.join(root, 'tests/fault/test_alloc_*.c')):
        with open(path, encoding='utf-8') as file:
            text = file.read()
        bodies = re.findall(r'^static memqc_status \w+\(struct world \*world\) \{\n(.*?)^\}', text,
                            re.M | re.S)
        for body in bodies:
            found.update(re.findall(r'\b(memqc_\w+)\(', without_checked(body)))
    return found


def check(functions, scenarios, listed, why):
    """What is wrong, a line each."""
    wrong = [f'no_memory.txt: {name} is not exported' for name in listed if name not in functions]
    wrong += [f'no_memory.txt: {name} stands there twice' for name in sorted(set(listed))
              if listed.count(name) > 1]
    for name in functions:
        if name in listed:
            reason = why(name)
            if reason:
                wrong.append(f'{name} may allocate: {reason}')
        elif name not in scenarios:
            wrong.append(f'{name} is neither in a scenario nor in no_memory.txt')
    return wrong


def self_test():
    text = '''
void *mqc_alloc(unsigned long n);
static void *deep(void) { return mqc_alloc(1); }
static void *(*const table[])(void) = {deep};
void *a(void);
void *b(int i);
void *c(void *(*f)(void));
int d(int i);
void *a(void) { char *p = deep(); return p ? p + 1 : 0; }
void *b(int i) { return table[i](); }
void *c(void *(*f)(void)) { char *p = f(); return p ? p + 1 : 0; }
int d(int i) { return 3 * i; }
'''
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, 'x.c')
        with open(path, 'w', encoding='ascii') as file:
            file.write(text)
        run('cc', '-O1', '-fPIC', '-c', path, '-o', os.path.join(folder, 'x.o'))
        run('ar', 'rc', os.path.join(folder, 'x.a'), os.path.join(folder, 'x.o'))
        graph = Graph(os.path.join(folder, 'x.a'))
    wrong = check(['a', 'b', 'c', 'd', 'e'], set(), ['a', 'b', 'c', 'd'], graph.why)
    if [line.split()[0] for line in wrong] != ['a', 'b', 'c', 'e']:
        sys.exit(f'the check does not find what was put in for it: {wrong}')


def main():
    if len(sys.argv) != 3:
        print(__doc__)
        return 2
    root, archive = sys.argv[1:]
    if platform.machine() != 'x86_64':
        print(f'skipped: calls through pointers are not known on {platform.machine()}')
        return 77
    self_test()
    functions, scenarios, listed = exported(root), tried(root), written(root)
    graph = Graph(archive)
    wrong = check(functions, scenarios, listed, graph.why)
    if wrong:
        print('FAIL:', *wrong, sep='\n    ')
        return 1
    print(f'ok: {len(functions)} functions, {len(listed)} of which cannot allocate')
    return 0


if __name__ == '__main__':
    sys.exit(main())
