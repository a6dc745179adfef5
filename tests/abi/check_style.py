#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""check_style.py SOURCE_ROOT

What a reader sees of lib/, include/, bindings/, examples/ and tests/:
  1. functions of at most 50 lines, from the first line of the head to the closing brace
  2. files of at most 400 lines
  3. no line over 110 columns; below 3 % of the lines of lib/ over 100, none in headers of include/
  4. no conditional operator in another one, in lib/ and include/
  5. C sources as clang-format writes them, where clang-format 14 is installed (with
     MEMQC_STRICT=1 some version must be installed)
  6. public functions of at most 8 parameters
exceptions.txt lists what may stay for a while. CLANG_FORMAT chooses another clang-format.
Exit status: 0, 1 where a check failed, 2 for wrong usage.
"""
import fnmatch
import os
import re
import shutil
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
FOLDERS = ('lib', 'include', 'bindings', 'examples', 'tests')
C_ENDINGS = ('.c', '.h', '.cpp', '.hpp')
ENDINGS = C_ENDINGS + ('.py', '.sh', '.build')
MAX_FUNCTION, MAX_FILE, MAX_COLUMNS, SOFT_COLUMNS, SOFT_SHARE = 50, 400, 110, 100, 0.03
MAX_PARAMETERS = 8
FORMAT_VERSION = 14
TOOLS = ('clang-format', 'clang-format-14')
KINDS = ('lines', 'function', 'columns', 'nested', 'layout', 'parameters')


def sources(root):
    found = []
    for top in FOLDERS:
        for folder, _, names in os.walk(os.path.join(root, top)):
            found += [os.path.relpath(os.path.join(folder, name), root)
                      for name in names if name.endswith(ENDINGS)]
    return sorted(found)


def without_comments(text):
    """The code, with comments, strings and character constants blanked, line for line."""
    pattern = re.compile(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.S)
    return pattern.sub(lambda match: re.sub(r'[^\n]', ' ', match.group()), text)


def functions(code):
    """Name, first line (from 1) and number of lines of each function. In the committed layout, a
    definition begins in column 1, and so does its last brace."""
    head, first, inside = '', 0, False
    for number, line in enumerate(code.split('\n'), 1):
        if inside:
            if line[:1] == '}':
                match = re.search(r'^(?:START_TEST|PROPERTY)\((\w+)|(\w+)\(', head)
                if match and '=' not in head:
                    yield match.group(1) or match.group(2), first, number - first + 1
                head, inside = '', False
        elif line[:1] != '#' and line != 'END_TEST' and (head or line[:1].strip()):
            first = first if head else number
            head += line.strip() + ' '
            inside = '{' in line and '}' not in line
            is_macro = re.match(r'[A-Z_]+\(', head) and head.count('(') == head.count(')')
            if not inside and (is_macro or line.rstrip()[-1:] in (';', '}')):
                head = ''


def nested_conditionals(code):
    """Lines with a conditional operator that is an operand of another one."""
    open_count, line, found = [0], 1, []
    for character in code:
        if character == '\n':
            line += 1
        elif character in '([{':
            open_count.append(0)
        elif character in ')]}' and len(open_count) > 1:
            open_count.pop()
        elif character in ';,':
            open_count[-1] = 0
        elif character == '?':
            if any(open_count):
                found.append(line)
            open_count[-1] += 1
        if character in '{}':
            open_count[-1] = 0
    return found


class Report:
    """What is wrong; and the exceptions, each a list of patterns and the value that they allow."""
    def __init__(self):
        self.wrong, self.used, self.excepted = [], set(), []
        with open(os.path.join(HERE, 'exceptions.txt')) as file:
            for line in file:
                words = line.split()
                if words and words[0] in KINDS:
                    self.excepted.append((tuple(words[:-1]), int(words[-1])))

    def above(self, key, value, limit, text):
        """A value above its limit is wrong, unless an exception allows for it."""
        if value <= limit:
            return
        for patterns, allowed in self.excepted:
            if value <= allowed and len(key) == len(patterns) and all(map(fnmatch.fnmatch, key,
                                                                          patterns)):
                self.used.add(patterns)
                return
        self.wrong.append(text)

    def end(self):
        for patterns, _ in self.excepted:
            if patterns not in self.used:
                print('note: exceptions.txt: no longer needed:', *patterns)
        if self.wrong:
            print('FAIL:', *self.wrong, sep='\n    ')
            sys.exit(1)


def check_lengths(report, path, text):
    lines = text.split('\n')[:-1]
    report.above(('lines', path), len(lines), MAX_FILE, f'{path}: {len(lines)} lines')
    long = [number for number, line in enumerate(lines, 1) if len(line) > MAX_COLUMNS]
    report.above(('columns', path), len(long), 0,
                 f'{path}:{long[0] if long else 0}: {len(long)} lines over {MAX_COLUMNS} columns')
    soft = sum(len(line) > SOFT_COLUMNS for line in lines)
    if path.startswith('include'):
        report.above(('columns', path), soft, 0,
                     f'{path}: {soft} lines over {SOFT_COLUMNS} columns')
    return len(lines), soft


def check_code(report, path, text):
    code = without_comments(text)
    for name, first, count in functions(code):
        report.above(('function', path, name), count, MAX_FUNCTION,
                     f'{path}:{first}: {name} has {count} lines')
    if path.startswith(('lib', 'include')):
        nested = nested_conditionals(code)
        report.above(('nested', path), len(nested), 0,
                     f'{path}: ?: in ?: in line {", ".join(map(str, nested))}')


def check_parameters(report, path, text):
    """Public functions and how many parameters they have."""
    code = without_comments(text)
    for name, inside in re.findall(r'^MEMQC_API [^;{]*?(\w+)\(([^;]*)\);', code, re.M):
        count = re.sub(r'\([^()]*\)', '', inside).count(',') + 1
        report.above(('parameters', path, name), count, MAX_PARAMETERS,
                     f'{path}: {name} has {count} parameters')


def check_layout(report, root, paths):
    tools = [os.environ['CLANG_FORMAT']] if 'CLANG_FORMAT' in os.environ else TOOLS
    versions = {}
    for tool in filter(shutil.which, tools):
        text = subprocess.run([tool, '--version'], capture_output=True, text=True).stdout
        match = re.search(r'version (\d+)', text)
        versions[int(match.group(1)) if match else 0] = tool
    if FORMAT_VERSION not in versions:
        print(f'note: clang-format {FORMAT_VERSION} is not installed, the layout is not checked')
        if not versions and os.environ.get('MEMQC_STRICT') == '1':
            report.wrong.append('clang-format is missing')
        return
    tool = versions[FORMAT_VERSION]
    paths = [path for path in paths if path.endswith(C_ENDINGS)]
    result = subprocess.run([tool, '--dry-run'] + paths, cwd=root, capture_output=True, text=True)
    places = re.findall(r'^(\S+?):(\d+):\d+: warning', result.stderr, re.M)
    for path in sorted({path for path, _ in places}):
        first = next(line for other, line in places if other == path)
        report.above(('layout', path), 1, 0, f'{path}:{first}: not as clang-format writes it')


def self_test():
    """The parts that look for something find what is put in for them."""
    code = 'static int\nf(int a,\n  int b) {\n' + '    a++;\n' * 47 + '}\nstruct s {\n    int a;\n};\n'
    assert list(functions(code)) == [('f', 1, 51)], list(functions(code))
    assert nested_conditionals('a ? b : c ? d : e;') and nested_conditionals('a ? (b ? c : d) : e;')
    report = Report()
    check_parameters(report, 'include', f'MEMQC_API int f({"int a, " * 8}int b);')
    assert len(report.wrong) == 1
    assert not nested_conditionals('f(a ? b : c, d ? e : g); x = a ? b : c; y = d ? e : g;')


def main():
    if len(sys.argv) != 2 or not os.path.isdir(os.path.join(sys.argv[1], 'lib')):
        sys.exit(__doc__)
    self_test()
    root, report = sys.argv[1], Report()
    paths = sources(root)
    total, soft = {}, {}
    for path in paths:
        with open(os.path.join(root, path), encoding='utf-8') as file:
            text = file.read()
        top = path.split(os.sep)[0]
        lines, over = check_lengths(report, path, text)
        total[top] = total.get(top, 0) + lines
        soft[top] = soft.get(top, 0) + over
        if path.endswith(C_ENDINGS):
            check_code(report, path, text)
        if path.startswith('include'):
            check_parameters(report, path, text)
    for top in FOLDERS:
        share = soft[top] / total[top]
        print(f'{top}: {total[top]} lines, {100 * share:.2f} % over {SOFT_COLUMNS} columns')
        if top == 'lib' and share >= SOFT_SHARE:
            report.wrong.append(
                f'lib: {100 * share:.2f} % of the lines over {SOFT_COLUMNS} columns')
    check_layout(report, root, paths)
    report.end()
    print(f'ok: {len(paths)} files')


if __name__ == '__main__':
    main()
