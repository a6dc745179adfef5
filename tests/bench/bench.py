#!/usr/bin/python3
# SPDX-License-Identifier: BSD-3-Clause
"""Ratios of speed and memory, and whether they meet their bars: `meson test -C build --benchmark -v`.

The workloads of a group of rows run in turns, forwards and backwards. A row's value is the median,
over the rounds, of the ratio of two workloads within a round. Its spread is half the distance of
the quartiles of these ratios. The first round touches memory and is dropped. Seconds are those of
the processor; of rows about threads and workers, those of the clock. Prints a line

    ratio NAME VALUE lower|higher-is-better BAR LIMIT

for each row as it is measured, and then one table. The exit status is 1 where a bar is missed by
more than the spread, where a row failed, or where --compare finds a row that is worse.
"""
import argparse
import json
import os
import pathlib
import platform
import re
import statistics
import sys
import time

for variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = "1"  # NumPy is imported after this

import bench_circuits
import bench_rows
import bench_sweep
import bench_verdict
import bench_work
from bench_verdict import ABSENT, FAILED, SKIPPED, Result

MAKERS = {**bench_work.MAKERS, **bench_circuits.MAKERS, **bench_sweep.MAKERS}


class Context:
    """What workloads need to know."""

    def __init__(self, options):
        self.build = options.build.resolve()
        self.data = bench_work.find_data(options.data)
        self.reference = bench_work.find_reference(options.reference)
        self.peer = os.environ.get("MEMQC_PEER")
        self.path = executable(self.build, "bench")
        self.program = bench_work.Program(self.path, self.data)
        self.made = {}

    @staticmethod
    def say(text):
        print(f"  {text}", flush=True)

    def run(self, name):
        """Seconds of an item: of the processor, of the clock."""
        if name in self.program.names:
            return self.program.run(name)
        if name not in self.made:
            self.made[name] = MAKERS[name](self)
        return self.made[name]()

    def absent(self, row):
        """What the library lacks for a row."""
        try:
            self.program.run(row.base)
        except bench_work.Absent as absent:
            return ABSENT, str(absent)
        return None

    def close_inputs(self):
        """Of the group before. A program that has ended is started again."""
        self.made.clear()
        try:
            self.program.ask("close")
        except bench_work.Broken:
            self.program.close()
            self.program = bench_work.Program(self.path, self.data)


def executable(build, name):
    """Found by name: where a build puts it is the build's business."""
    for path in sorted(build.rglob(name)):
        if path.is_file() and os.access(path, os.X_OK):
            return str(path)
    sys.exit(f"{build}: no {name} in it; configure with benchmarks, then build")


def result_of(row, rounds):
    """Of what a group's workloads took in each round."""
    clock = 1 if row.wall else 0
    ours = [times[row.ours][clock] for times in rounds]
    if not row.base:
        return Result(row.name, ours, ours=statistics.median(ours))
    base = [times[row.base][clock] for times in rounds]
    values = [b / a if row.higher else a / b for a, b in zip(ours, base)]
    return Result(row.name, values, ours=statistics.median(ours), base=statistics.median(base))


def measure_rows(rows, context, rounds):
    """Rows of a group, all of whose workloads can run."""
    names = list(dict.fromkeys(name for row in rows for name in (row.base, row.ours) if name))
    taken = []
    for turn in range(rounds + any(row.first for row in rows)):
        order = names if turn % 2 == 0 else names[::-1]
        taken.append({name: context.run(name) for name in order})
    taken = taken[-rounds:]
    return {row.name: result_of(row, taken) for row in rows}


def measure_able(rows, context, rounds):
    """All rows in turns; where that fails, each alone, so that the others have their values."""
    try:
        return measure_rows(rows, context, rounds or max(row.rounds for row in rows))
    except Exception as error:  # whatever a library that is held against ours may raise
        if len(rows) > 1:
            return {name: result for row in rows
                    for name, result in measure_able([row], context, rounds).items()}
        why = f"{type(error).__name__}: {error}"
        return {rows[0].name: Result(rows[0].name, [], kind=FAILED, why=why)}
    finally:
        context.close_inputs()


def measure_group(rows, context, rounds):
    results, able = {}, []
    for row in rows:
        gone = [text for text in (bench_work.missing(need, context) for need in row.needs) if text]
        why = (SKIPPED, "; ".join(gone)) if gone else None
        if not why and row.key:
            why = context.absent(row)
        if why:
            results[row.name] = Result(row.name, [], kind=why[0], why=why[1])
        else:
            able.append(row)
    return {**results, **(measure_able(able, context, rounds) if able else {})}


def measure(rows, options):
    context, results, groups = Context(options), {}, {}
    bench_work.keep_memory()
    for row in rows:
        groups.setdefault(row.group or row.name, []).append(row)
    for name, group in groups.items():
        start = time.perf_counter()
        fixed = all(row.rounds == 1 for row in group)
        found = measure_group(group, context, 0 if fixed else options.rounds)
        for row in group:
            print(bench_verdict.machine_line(row, found[row.name]), flush=True)
        context.say(f"{name}: {time.perf_counter() - start:.0f} s")
        results.update(found)
    context.program.close()
    return results


def machine():
    """Where the numbers are from."""
    model = ""
    if os.path.exists("/proc/cpuinfo"):
        for line in pathlib.Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                model = line.split(":", maxsplit=1)[1].strip()
                break
    return {"processor": model or platform.machine(), "processors": os.cpu_count(),
            "load": round(os.getloadavg()[0], 1), "date": time.strftime("%Y-%m-%d")}


def save(path, results, known, note):
    data = {"machine": {**known, "note": note or known.get("note", "")},
            "rows": {name: {key: value for key, value in vars(result).items()
                            if key != "name" and (value == value)}
                     for name, result in results.items()}}
    for row in data["rows"].values():
        row["values"] = [float(f"{value:.5g}") for value in row["values"]]
        row.update({key: float(f"{row[key]:.5g}") for key in ("ours", "base") if key in row})
    path.write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")


def load(path):
    data = json.loads(path.read_text(encoding="utf-8"))
    return ({name: Result(name, **row) for name, row in data["rows"].items()}, data["machine"])


def where(known):
    """A line on the machine."""
    note = f"; {known['note']}" if known.get("note") else ""
    return (f"{known['processor']}, {known['processors']} processors, {known['date']}, load "
            f"{known['load']}{note}")


MARKS = re.compile(r"(?s)(<!-- ratios: [^\n]*-->\n).*(<!-- end of ratios -->)")


def on_page(text, rows, results, known):
    """A page with a new table between its marks."""
    shown = (f"\n{where(known)}. {bench_verdict.counts(rows, results)}.\n\n"
             f"{bench_verdict.markdown(rows, results)}\n\n")
    return MARKS.sub(lambda match: match[1] + shown + match[2], text)


def parse():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help="only rows that begin so")
    parser.add_argument("--list", action="store_true", help="list the rows")
    parser.add_argument("--build", type=pathlib.Path, default=bench_work.ROOT / "build",
                        help="build folder (default: build)")
    parser.add_argument("--data", help="folder with MNIST (default: $MEMQC_DATA)")
    parser.add_argument("--reference", help="paper_reference.py (default: $MEMQC_REFERENCE)")
    parser.add_argument("--rounds", type=int, default=0, help="of every row (default: its own)")
    parser.add_argument("--json", type=pathlib.Path, metavar="FILE", help="write what was measured")
    parser.add_argument("--from", type=pathlib.Path, metavar="FILE", dest="source",
                        help="show what --json wrote instead of measuring")
    parser.add_argument("--compare", type=pathlib.Path, metavar="FILE",
                        help="name the rows that are worse than in FILE, which --json wrote")
    parser.add_argument("--markdown", action="store_true", help="the table as Markdown")
    parser.add_argument("--page", type=pathlib.Path, metavar="FILE",
                        help="put that table into a page, between its marks")
    parser.add_argument("--note", default="", help="what --json shall say of the machine")
    return parser.parse_args()


def main():
    options = parse()
    rows = bench_rows.chosen(options.names)
    if not rows:
        print(f"no row begins with {' or '.join(options.names)}; --list lists them")
        return 2
    if options.list:
        for row in rows:
            print(f"{row.name:26} {row.what}")
        return 0
    known = machine()
    if options.source:
        results, known = load(options.source)
    else:
        results = measure(rows, options)
    if options.json:
        save(options.json, results, known, options.note)
    if options.page:
        text = options.page.read_text(encoding="utf-8")
        options.page.write_text(on_page(text, rows, results, known), encoding="utf-8")
    if options.markdown:
        print(bench_verdict.markdown(rows, results))
        return 0
    print(f"\n{where(known)}\n\n{bench_verdict.table(rows, results)}\n\n"
          f"{bench_verdict.summary(rows, results)}")
    failed = bench_verdict.fails(rows, results)
    if options.compare:
        found, unknown = bench_verdict.compare(rows, results, load(options.compare)[0])
        print("\n".join([*found, *(f"not compared: {' '.join(unknown)}" for _ in unknown[:1])]))
        failed = failed or bool(found)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
