#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Makes the tables of docs/reproduction.md from runs of `paper`, `moves` and `beyond`. What ran is
kept as CSV files in the folder --out, and not run again: an interrupted run goes on where it was.
All of it takes some 12 processor minutes on MNIST.

usage: reproduction.py BUILD/examples [--out DIR] [--page docs/reproduction.md] [--only PART] ...
                       [--data DIR] [--kept] [--quick]
"""
import argparse
import csv
import math
import pathlib
import re
import statistics
import subprocess
import sys

PAPER = {  # accuracy after 10 epochs in %, by figure, sample and states
    ("5c", "A", 4): 10.0,
    ("5c", "A", 16): 71.2,
    ("5c", "A", 32): 86.8,
    ("5c", "A", 64): 93.5,
    ("5d", "ideal", 32): 86.1,
    ("5d", "A", 32): 86.0,
    ("5d", "B", 32): 84.0,
}
NOTES = {("5c", "A", 4): "about 10", ("5c", "A", 16): "71.2 at its best, then about 10",
         ("5d", "B", 32): "about 2 below"}
G0 = 77.5e-6  # S
INPUTS = ["full inputs", "1-bit inputs"]
STATES = [4, 16, 32, 64]

# What the paper leaves open; each setting is one for all cells. Names are options of paper.
DOCUMENTED = {"hidden": "16,16", "lr": 10, "input-bits": 1, "loss": "squared-error",
              "schedule": "constant", "law": "linear"}
SEARCH = (
    [{"lr": lr} for lr in (2, 4, 6, 10, 15)]
    + [{"lr": lr, "schedule": "cosine"} for lr in (10, 15)]
    + [{"lr": lr, "input-bits": 0} for lr in (6, 10)]
    + [{"lr": lr, "input-bits": 0, "schedule": "cosine"} for lr in (6, 10)]
    + [{"law": law} for law in ("measured", "printed")]
    + [{"lr": 3, "hidden": "256", "loss": "cross-entropy"}]
)
FLOAT = [{"rule": "float", "lr": lr, "schedule": "cosine", "input-bits": bits}
         for lr, bits in ((1, 1), (1, 0))]
SEEDS, SEARCH_SEEDS, WIDE_SEEDS = 10, 3, 1
COSINE = {"schedule": "cosine"}
TOLD = [{**DOCUMENTED, **setting}
        for setting in ({}, COSINE, {**COSINE, "lr": 15})]  # with all seeds
STEADY = [{}, COSINE]  # where sample A with the measured noise is held against ideal

FAILING = [(20, 16), (30, 16), (30, 4)]  # rates, and the states that fail under them

RULES = ["nearest", "stochastic", "sign", "mixed", "one-directional", "noise-aware", "transfer",
         "transfer-verify", "pulse-trains",
         "tiki-taka"]
DEVICES = [("ideal", "linear"), ("hfox-a", "linear"), ("hfox-a", "measured"), ("hfox-b", "linear"),
           ("hfox-b", "measured")]
BEYOND_SEEDS, BEYOND_EPOCHS = 1, 2

PARTS = ["device", "figures", "search", "steady", "moves", "beyond"]


class Runs:
    """Runs the programs, or reads what they wrote the last time."""

    def __init__(self, arguments):
        self.programs, self.out = pathlib.Path(arguments.programs), pathlib.Path(arguments.out)
        self.quick = arguments.quick
        self.kept = arguments.kept
        self.data = ["--data", arguments.data] if arguments.data else []
        self.said = self.out / "data.txt"
        self.out.mkdir(parents=True, exist_ok=True)

    def run(self, program, *options):
        command = [str(self.programs / program), *map(str, options), *self.data]
        print(" ".join(command[:1] + list(map(str, options))), file=sys.stderr, flush=True)
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True)
        if done.returncode != 0:
            sys.exit(f"reproduction.py: {' '.join(command)}: exit status {done.returncode}")
        self.same_data(re.search(r"^data: (.*)$", done.stdout, re.M)[1])
        return done.stdout

    def same_data(self, said):
        """All tables are of one data set, whose name the folder keeps."""
        name = re.sub(r"( in /[^:]*)?(: \d+ training.*)?$", "", said)
        if not self.said.exists():
            self.said.write_text(name + "\n", encoding="utf-8")
        elif self.said.read_text(encoding="utf-8").strip() != name:
            held = self.said.read_text(encoding="utf-8").strip()
            sys.exit(f"reproduction.py: {self.out} holds results on {held}, not on {name}")

    def paper(self, figure, seeds, setting, **cells):
        """{(sample, states): {seed: [accuracy of each epoch]}}"""
        options = {**DOCUMENTED, **setting, **cells}
        folder = self.out / "_".join([figure, f"seeds={seeds}"]
                                     + [f"{k}={v}" for k, v in options.items()])
        name = folder / f"figure{figure}.csv"
        if not name.exists():
            words = [word for k, v in options.items() for word in (f"--{k}", v)]
            small = ["--train", 500, "--test", 200, "--epochs", 2] if self.quick else []
            self.run("paper", "--figure", figure, "--seeds", seeds, "--jobs", 1, *words, *small,
                     "--out", folder)
        result = {}
        for row in rows_of(name):
            seed = result.setdefault((row["sample"], int(row["states"])),
                                     {}).setdefault(int(row["seed"]), [])
            seed.append(float(row["test_accuracy"]))
        return result

    def switching(self):
        """The tables of Figures 2a to 2d, which need no data."""
        folder = self.out / "switching"
        if not (folder / "figure2d.csv").exists():
            command = [str(self.programs / "paper"), "--figure", "2a,2b,2c,2d", "--out",
                       str(folder)]
            print(" ".join(command[:3]), file=sys.stderr, flush=True)
            if subprocess.run(command, stdout=subprocess.DEVNULL).returncode != 0:
                sys.exit(f"reproduction.py: {' '.join(command)} failed")
        return {name: rows_of(folder / f"figure{name}.csv")
                for name in ("2a", "2b", "2c-steps", "2d")}

    def table(self, program, name, *options):
        """The CSV lines that the program prints after the one that names its data."""
        path = self.out / f"{name}.csv"
        if not path.exists():
            text = self.run(program, *options)
            temporary = path.with_suffix(".tmp")
            temporary.write_text(text[text.index("\n", text.index("data: ")) + 1:],
                                 encoding="utf-8")
            temporary.rename(path)
        return rows_of(path)

    def beyond(self, rule, device, law, seeds):
        """Text of the accuracy; "-" where it has not run and only what has run is wanted."""
        path = self.out / f"beyond_{rule}_{device}_{law}_seeds={seeds}_epochs={BEYOND_EPOCHS}.csv"
        if self.kept and not path.exists():
            return "-"
        if not path.exists():
            small = ["--images", 500, "--epochs", 1] if self.quick else ["--epochs", BEYOND_EPOCHS]
            text = self.run("beyond", "--rule", rule, "--device", device, "--law", law, "--seeds",
                            seeds, *small)
            found = re.findall(
                r"^seed rule=\S+ seed=(\S+) accuracy=(\S+) pulses=(\S+) energy=(\S+)", text, re.M)
            temporary = path.with_suffix(".tmp")
            temporary.write_text("seed,accuracy,pulses,energy\n"
                                 + "".join(",".join(row) + "\n" for row in found), encoding="utf-8")
            temporary.rename(path)
        return spread([float(row["accuracy"]) for row in rows_of(path)], 2)


def rows_of(path):
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def spread(values, digits=1):
    sd = f" ± {statistics.stdev(values):.{digits}f}" if len(values) > 1 else ""
    return f"{statistics.mean(values):.{digits}f}{sd}"


def last(cell):
    return [epochs[-1] for epochs in cell.values()]


def best(cell):
    return [max(epochs) for epochs in cell.values()]


def markdown(heading, rows):
    lines = [heading, ["---"] * len(heading), *rows]
    return "".join("| " + " | ".join(map(str, line)) + " |\n" for line in lines)


def name_of(setting):
    s = {**DOCUMENTED, **setting}
    loss = "" if s["loss"] == "squared-error" else f", {s['loss']}"
    schedule = "" if s["schedule"] == "constant" else f", {s['schedule']}"
    net = f"784-{s['hidden'].replace(',', '-')}-10"
    return f"{net}, rate {s['lr']}{schedule}, {INPUTS[s['input-bits']]}{loss}, {s.get('rule', s['law'])}"


def both_figures(runs, setting, seeds):
    """Of all cells of PAPER."""
    found = {("5c", *key): cell for key, cell in runs.paper("5c", seeds, setting).items()}
    found["5d", "A", 32] = found["5c", "A", 32]  # the same runs
    found.update({("5d", *key): cell
                  for key, cell in runs.paper("5d", seeds, setting, samples="ideal,B").items()})
    return found


def read(rows, limit, top, half):
    """What a cell conducts in G0 after the SET (half 0) or the RESET (half 1) of each cycle of a
    loop of Figure 2a: from the last point at 0.1 V or -0.1 V, on the way back."""
    found = {}
    for row in rows:
        if (row["limit_ma"], row["top_v"]) == (limit, top):
            if float(row["voltage_v"]) == (-0.1 if half else 0.1):
                found[row["cycle"]] = float(row["current_a"]) / float(row["voltage_v"]) / G0
    return list(found.values())


def device(runs):
    tables = runs.switching()
    on, off = ([float(row[name]) for row in tables["2b"]] for name in ("r_on_ohm", "r_off_ohm"))
    ratio = [b / a for a, b in zip(on, off)]
    range_g0 = [1 / (statistics.mean(ohms) * G0) for ohms in (off, on)]
    most = max(float(row["current_a"]) for row in tables["2a"] if row["limit_ma"] == "10")
    g = {sample: [float(row["conductance_g0"]) for row in tables["2c-steps"]
                  if row["sample"] == sample] for sample in ("ideal", "A")}
    nominal = [float(row["conductance_g0"]) for row in tables["2d"]]
    equal = sum(a == b for a, b in zip(g["ideal"], nominal))
    steps = {sample: [b - a for a, b in zip(values, values[1:])] for sample, values in g.items()}
    slope = statistics.linear_regression(range(32), g["A"]).slope
    small = [1 / (value * G0) for value in read(tables["2a"], "5", "2", 0)]
    gentle = [read(tables["2a"], "5", "1", half) for half in (0, 1)]
    rows = [
        ["R_on, SET to 2 V with 10 mA", "300 Ω", f"{spread(on, 0)} Ω"],
        ["R_off, RESET to -1.5 V", "35 kΩ", f"{spread([ohms / 1e3 for ohms in off])} kΩ"],
        ["R_off / R_on", "exceeds 10³; 35 kΩ / 300 Ω is 117",
         f"{spread(ratio, 0)}; {min(ratio):.0f} .. {max(ratio):.0f}"],
        ["the same in conductance", "0.5 .. 50 G0", f"{range_g0[0]:.2f} .. {range_g0[1]:.1f} G0"],
        ["spread of R_on and R_off over the cycles", "a narrow range",
         " and ".join(f"{100 * statistics.stdev(r) / statistics.mean(r):.1f} %" for r in (on, off))
         + f" over {len(on)} cycles"],
        ["largest current of the loop with 10 mA", "-", f"{1e3 * most:.1f} mA"],
        ["R_on, SET to 2 V with 5 mA", "-", f"{spread(small, 0)} Ω"],
        ["SET to 1 V with 5 mA", "16 G0", f"{spread(gentle[0])} G0"],
        ["then RESET to -1.5 V", "2 G0 (Figure 2d, -1.48 V)", f"{spread(gentle[1])} G0"],
        ["staircase of scans: first and last", "16 and 0.5 G0",
         f"{g['ideal'][0]:g} and {g['ideal'][-1]:g} G0"],
        ["states of the staircase, its step", "32, 0.5 G0",
         f"{len(g['ideal'])}, {-statistics.mean(steps['ideal']):.3f} G0"],
        ["scans against pulses (2c, 2d)", "alike", f"equal in {equal} of {len(nominal)}"],
        ["staircase of sample A: slope, one step", "not each step of 0.5 G0",
         f"{slope:.3f} G0 a scan, {spread(steps['A'], 2)} G0"],
    ]
    return markdown(["quantity", "paper", "here"], rows)


def figures(runs):
    columns = [both_figures(runs, setting, 2 if runs.quick else SEEDS) for setting in ({}, COSINE)]
    rows = []
    for key, value in PAPER.items():
        row = [f"{key[0]}: {key[1]}, {key[2]} states", NOTES.get(key, value)]
        for found in columns:
            row += [spread(last(found[key])), f"{statistics.mean(last(found[key])) - value:+.1f}",
                    spread(best(found[key]))]
        rows.append(row)
    heading = ["figure: sample, states", "paper, %", "documented setting, %", "off by",
               "best epoch, %"]
    return markdown(heading + ["falling rate, %", "off by", "best epoch, %"], rows)


def search(runs):
    settings = SEARCH[:2] if runs.quick else SEARCH
    rows, choices, floats = [], {}, []
    for setting in settings:
        seeds = WIDE_SEEDS if setting.get("hidden") == "256" else SEARCH_SEEDS
        seeds = 2 if runs.quick else SEEDS if {**DOCUMENTED, **setting} in TOLD else seeds
        found = runs.paper("5c", seeds, setting)
        off = {states: statistics.mean(last(found["A", states])) - PAPER["5c", "A", states]
               for states in STATES}
        for states in STATES:
            choices.setdefault(states, []).append((abs(off[states]), name_of(setting), off[states]))
        worst = max(off, key=lambda states: abs(off[states]))
        root = math.sqrt(statistics.mean(value**2 for value in off.values()))
        cells = [spread(last(found["A", states])) for states in STATES]
        cells += [spread(best(found["A", 16])), f"{off[worst]:+.1f} ({worst})", f"{root:.1f}"]
        rows.append((abs(off[worst]), [name_of(setting), seeds, *cells]))
    rows = [row for _, row in sorted(rows, key=lambda row: row[0])]
    heading = ["setting", "seeds", *(f"{states} states, %" for states in STATES), "16, best epoch",
               "farthest off (states)",
               "rms off"]
    nearest = ["the paper", "", *(PAPER["5c", "A", states] for states in STATES), "71.2", "", ""]
    text = markdown(heading, [nearest] + rows)
    text += "\nA setting of its own for each number of states, which is not one setting:\n\n"
    for setting in FLOAT:
        cell = runs.paper("5d", 2 if runs.quick else SEARCH_SEEDS, setting)["float", 0]
        floats.append([name_of(setting), spread(last(cell)), spread(best(cell))])
    picks = [[f"{states}", min(choices[states])[1], f"{min(choices[states])[2]:+.1f}"]
             for states in STATES]
    text += markdown(["states", "nearest of the settings above", "off by, points"], picks)
    text += "\nWithout a device, float weights:\n\n"
    return text + markdown(["setting", "accuracy, %", "best epoch, %"], floats)


def steady(runs):
    rows = []
    for setting in STEADY:
        seeds = 2 if runs.quick else SEEDS
        found = both_figures(runs, setting, seeds)
        measured = runs.paper("5d", seeds, {**setting, "law": "measured"}, samples="A,B")
        ideal = last(found["5d", "ideal", 32])
        row = [name_of(setting).rsplit(",", 1)[0], spread(ideal)]
        for cell in (found["5d", "A", 32], measured["A", 32], found["5d", "B", 32],
                     measured["B", 32]):
            below = [i - c for i, c in zip(ideal, last(cell))]
            error = statistics.stdev(below) / math.sqrt(seeds)
            row += [spread(last(cell)), f"{statistics.mean(below):.2f} (± {error:.2f})"]
        rows.append(row)
    heading = ["setting, 32 states", "ideal, %"]
    for sample in ("A linear", "A measured", "B linear", "B measured"):
        heading += [f"{sample}, %", "below ideal (standard error)"]
    return markdown(heading, rows)


COLUMNS = {"accuracy": "accuracy, %", "classes": "classes predicted",
           "reach": "longest step, half levels",
           "still": "minibatches moving none, %", "kept": "weights moved a minibatch, %",
           "ends": "weights at an end, %",
           "saturated": "hidden units saturated, %"}


def moves_row(group):
    values = {column: [float(row[column]) for row in group] for column in COLUMNS}
    return [spread(values[column], 3 if column == "kept" else 1) for column in COLUMNS]


def moves(runs):
    small = ["--seeds", SEARCH_SEEDS]
    if runs.quick:
        small = ["--images", 500, "--epochs", 2, "--seeds", 1]
    groups = {}
    for row in runs.table("moves", "moves", *small):
        groups.setdefault((int(row["states"]), int(row["epoch"])), []).append(row)
    last_epoch = max(epoch for _, epoch in groups)
    rows = [[*key, *moves_row(group)] for key, group in groups.items()
            if key[1] in (0, 1, last_epoch)]
    text = markdown(["states", "epoch", *COLUMNS.values()], rows)
    text += "\nAt greater rates, each run by itself after the last epoch:\n\n"
    rows = []
    for lr, states in FAILING:
        found = runs.table("moves", f"moves_{states}_lr={lr}", "--lr", lr, "--states", states,
                           *small)
        rows += [[lr, states, row["seed"], *moves_row([row])] for row in found
                 if int(row["epoch"]) == last_epoch]
    return text + markdown(["rate", "states", "seed", *COLUMNS.values()], rows)


def known(page):
    """Texts of accuracies in docs/rules.md, which are means of five seeds, by rule, device and law."""
    result, rule = {}, None
    for what, accuracy in re.findall(r"^\| (`[^|]*|the same[^|]*) \| ([0-9.]+ \+- [0-9.]+) \|",
                                     page, re.M):
        rule = rule if what.startswith("the same") else re.match("`(.*?)`", what)[1]
        device = "hfox-b" if "`hfox-b`" in what else "hfox-a"
        result[rule, device, "measured"] = accuracy.replace("+-", "±")
    return result


def beyond(runs):
    told = known(
        (pathlib.Path(__file__).parent.parent / "docs/rules.md").read_text(encoding="utf-8"))
    rows = []
    for rule in RULES[::5] if runs.quick else RULES:
        cells = [runs.beyond(rule, *device, BEYOND_SEEDS) for device in DEVICES]
        longer = [told.get((rule, device, "measured"), "-") for device in ("hfox-a", "hfox-b")]
        rows.append([f"`{rule}`", *cells, *longer])
    heading = ["rule", "ideal, %", "A, linear", "A, measured", "B, linear", "B, measured"]
    return markdown(heading + ["A, measured, 10 epochs", "B, measured, 10 epochs"], rows)


def fill(page, name, text):
    """The page with the text between the marks of a table."""
    begin, end = f"<!-- table {name} -->\n", f"<!-- end {name} -->"
    if page.count(begin) != 1 or page.count(end) != 1:
        sys.exit(f"reproduction.py: the page has no place for the table {name}")
    return page[:page.index(begin)] + begin + text + page[page.index(end):]


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("programs", help="folder with paper, moves and beyond")
    parser.add_argument("--out", default="out/reproduction", help="folder for what the runs gave")
    parser.add_argument("--page", help="file whose tables are replaced; else they are printed")
    parser.add_argument("--only", choices=PARTS, action="append",
                        help="one of the tables; may be repeated")
    parser.add_argument("--data", help="folder with the data, as for paper")
    parser.add_argument("--quick", action="store_true",
                        help="tiny runs that only show that all works")
    parser.add_argument("--kept", action="store_true", help="run none of beyond, show what has run")
    arguments = parser.parse_args()
    runs = Runs(arguments)
    for part in arguments.only or PARTS:
        text = globals()[part](runs)
        if not arguments.page:
            print(f"{part}, {runs.said.read_text(encoding='utf-8').strip()}:\n\n{text}")
            continue
        path = pathlib.Path(arguments.page)
        path.write_text(fill(path.read_text(encoding="utf-8"), part, text), encoding="utf-8")


if __name__ == "__main__":
    main()
