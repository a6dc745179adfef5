# SPDX-License-Identifier: BSD-3-Clause
"""What the pairs of times of a row mean: a value, its spread, a verdict; and how that is shown."""
import dataclasses
import math
import statistics

ALLOWED = 0.05  # a row may be so much worse than in an earlier run, beside the spread of both
OK, MISSED, WITHIN, OPEN = "ok", "missed", "missed within spread", "no bar"
SKIPPED, ABSENT, FAILED = "skipped", "not there yet", "failed"


@dataclasses.dataclass
class Row:
    """A ratio of what `ours` takes to what `base` takes, the other way round where higher is
    better, or what ours takes where there is no base."""
    name: str
    what: str  # for people
    ours: str  # a workload
    base: str = ""
    higher: bool = False
    bar: float = None
    limit: float = None
    against: str = ""  # what the limit is, or what it is held against
    unit: str = ""  # of a row without a base
    rounds: int = 5
    group: str = ""  # rows of a group are measured in turns with each other
    wall: bool = False  # threads and processes: seconds of the clock
    needs: tuple = ()  # what may not be there
    key: bool = False  # a parameter of the library may not be there
    first: bool = True  # the first pair touches memory and is dropped


@dataclasses.dataclass
class Result:
    name: str
    values: list  # of each pair, in the order in which they were measured
    why: str = ""  # there are no values
    kind: str = OPEN  # SKIPPED, ABSENT or FAILED where there are no values
    ours: float = math.nan  # median seconds an item
    base: float = math.nan

    @property
    def value(self):
        return statistics.median(self.values) if self.values else math.nan

    @property
    def spread(self):
        return half_interquartile(self.values) if self.values else math.nan


def half_interquartile(values):
    """Half the distance of the quartiles, found between the sorted values in proportion."""
    ordered, last = sorted(values), len(values) - 1

    def quantile(p):
        low = math.floor(p * last)
        high = min(low + 1, last)
        return ordered[low] + (p * last - low) * (ordered[high] - ordered[low])

    return (quantile(0.75) - quantile(0.25)) / 2


def verdict(row, result):
    if not result.values:
        return result.kind
    if row.bar is None:
        return OPEN
    missing = row.bar - result.value if row.higher else result.value - row.bar
    if missing <= 0:
        return OK
    return WITHIN if missing <= result.spread else MISSED


def worse(row, now, before):
    """By which fraction a row is worse than before, and the one that is allowed; None where it
    cannot be said."""
    if not now.values or not before.values or not before.value or not now.value:
        return None
    ratio = before.value / now.value if row.higher else now.value / before.value
    spread = now.spread / now.value + before.spread / before.value
    return ratio - 1, ALLOWED + spread


def compare(rows, now, before):
    """Lines on the rows that are worse than in an earlier run, and on those that cannot be told."""
    found, unknown = [], []
    for row in rows:
        if row.name not in now:
            continue
        told = worse(row, now[row.name], before[row.name]) if row.name in before else None
        if told is None:
            unknown.append(row.name)
        elif told[0] > told[1]:
            found.append(f"worse {row.name} {number(now[row.name].value)} was "
                         f"{number(before[row.name].value)}: {100 * told[0]:.1f} % worse, "
                         f"{100 * told[1]:.1f} % allowed")
    return found, unknown


def number(value):
    """Three digits, without an exponent where people would not write one."""
    if value is None or math.isnan(value):
        return "-"
    if value == 0 or 1e-3 <= abs(value) < 1e5:
        digits = 2 - math.floor(math.log10(abs(value))) if value else 2
        return f"{value:.{max(0, digits)}f}"
    return f"{value:.3g}"


def duration(seconds):
    """Such as 1.23 ms."""
    if math.isnan(seconds):
        return "-"
    for unit, size in (("s", 1), ("ms", 1e-3), ("us", 1e-6)):
        if seconds >= size:
            return f"{number(seconds / size)} {unit}"
    return f"{number(seconds / 1e-9)} ns"


def machine_line(row, result):
    """For programs: ratio NAME VALUE lower|higher-is-better BAR LIMIT."""
    way = "higher-is-better" if row.higher else "lower-is-better"
    return f"ratio {row.name} {number(result.value)} {way} {number(row.bar)} {number(row.limit)}"


def cells(row, result):
    """What a row of a table says."""
    sign = (">= " if row.higher else "<= ") if row.bar is not None else ""
    said = verdict(row, result)
    value = number(result.value) + (f" {row.unit}" if row.unit and result.values else "")
    return [row.name, value, number(result.spread), sign + number(row.bar), number(row.limit),
            f"{said}: {result.why}" if result.why else said, row.against]


HEAD = ["row", "value", "spread", "bar", "limit", "verdict", "held against"]


def table(rows, results):
    lines = [HEAD] + [cells(row, results[row.name]) for row in rows if row.name in results]
    widths = [max(len(line[i]) for line in lines) for i in range(len(HEAD) - 1)]
    return "\n".join("  ".join([*(text.ljust(width) for text, width in zip(line, widths)),
                                line[-1]]).rstrip() for line in lines)


def markdown(rows, results):
    """The table of docs/performance.md."""
    lines = ["| row | what | value ± spread | bar | limit | of the limit | verdict | held against | "
             "ours takes |", "|---|---|---|---|---|---|---|---|---|"]
    for row in rows:
        if row.name not in results:
            continue
        result = results[row.name]
        name, value, spread, bar, limit, said, against = cells(row, result)
        measured = f"{value} ± {spread}" if result.values else "-"
        lines.append(f"| `{name}` | {row.what} | {measured} | {bar} | {limit} | "
                     f"{distance(row, result)} | {said} | {against} | "
                     f"{'-' if row.unit == 'bytes' else duration(result.ours)} |")
    return "\n".join(lines)


def distance(row, result):
    """How far it is to the limit, as a factor."""
    if not result.values or not row.limit:
        return "-"
    factor = row.limit / result.value if row.higher else result.value / row.limit
    return f"{number(factor)} x"


def by_verdict(rows, results):
    said = {}
    for row in rows:
        if row.name in results:
            said.setdefault(verdict(row, results[row.name]), []).append(row.name)
    return said


def counts(rows, results):
    said = by_verdict(rows, results)
    return ", ".join(f"{len(said[kind])} {kind}" for kind in (OK, WITHIN, MISSED, OPEN, SKIPPED,
                                                               ABSENT, FAILED) if kind in said)


def summary(rows, results):
    """How many rows ended how; those whose bar is missed by name."""
    said = by_verdict(rows, results)
    return "\n".join([counts(rows, results),
                      *(f"{kind}: {' '.join(said[kind])}"
                        for kind in (MISSED, WITHIN, FAILED, ABSENT, SKIPPED) if kind in said)])


def fails(rows, results):
    return any(verdict(row, results[row.name]) in (MISSED, FAILED) for row in rows
               if row.name in results)
