#!/usr/bin/python3
# SPDX-License-Identifier: BSD-3-Clause
"""Benchmarks beside what they are compared with: the C ones of `bench`, NumPy's normals beside the
library's, and one run of the paper's network beside the NumPy reference, epochs of the trainer
beside PyTorch. Everything is measured in turns in one session, on one thread.

usage: bench.py [--build DIR] [--data DIR] [--reference FILE] [--rounds N]
"""
import argparse
import gzip
import os
import pathlib
import re
import statistics
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
# an epoch of nearest level or mixed precision may take so many times PyTorch's in float32, in
# processor time
EPOCH_BAR = 1.2
TRAINED = ("float", "nearest", "mixed", "one-directional", "noise-aware")
BAR = 8  # the network must train so many times faster than the reference, in processor time
PULSE_BAR = 2.5  # a pulse from a table of jumps may take so many times one of soft bounds
NORMALS = 10_000_000
LINE = re.compile(r"^bench name=(\S+) seconds=(\S+) ratio=(\S+) baseline=(\S+) items=(\d+)$", re.M)

ENVIRONMENT = dict(os.environ)
for variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    ENVIRONMENT[variable] = "1"
    os.environ[variable] = "1"  # NumPy is imported after this


def row(name, ours, theirs, ratio, note=""):
    print(f"  {name:38} {ours:>14} {theirs:>14} {ratio:>8}  {note}".rstrip(), flush=True)


def executable(build, name):
    """Found by name: where a build puts it is the build's business."""
    for path in sorted(build.rglob(name)):
        if path.is_file() and os.access(path, os.X_OK):
            return str(path)
    sys.exit(f"{build}: no {name} in it; configure with benchmarks and examples, then build")


def bench(program, *names):
    out = subprocess.run([program, *names], env=ENVIRONMENT, stdout=subprocess.PIPE, text=True,
                         check=True).stdout
    return {name: (float(seconds), ratio, baseline, float(items))
            for name, seconds, ratio, baseline, items in LINE.findall(out)}


def each(seconds, items):
    unit = seconds / items
    return f"{unit * 1e9:.3f} ns" if unit < 1e-6 else f"{unit * 1e6:.3f} us"


def c_benchmarks(program):
    """Returns whether the pulses meet their bar."""
    found, met = bench(program), True
    for name, (seconds, ratio, baseline, items) in found.items():
        theirs = each(found[baseline][0], found[baseline][3]) if baseline in found else "-"
        note = f"of {baseline}" if baseline in found else f"{seconds:.4g} s for {items:.0f}"
        if name.startswith("pulse_jumps"):
            good = float(ratio) <= PULSE_BAR
            met = met and good
            note += f", bar {PULSE_BAR}: {'ok' if good else 'above'}"
        row(name, each(seconds, items), theirs, ratio, note)
    return met


def numpy_normals(program, rounds):
    try:
        import numpy
    except ImportError:
        row("normals beside NumPy", "-", "-", "-", "skipped: no numpy")
        return
    generator = numpy.random.default_rng(1)
    out = numpy.empty(NORMALS, numpy.float32)
    ours, theirs = [], []
    for _ in range(rounds + 1):
        seconds, _, _, items = bench(program, "normals")["normals"]
        start = time.perf_counter()
        generator.standard_normal(dtype=numpy.float32, out=out)
        theirs.append((time.perf_counter() - start) / NORMALS)
        ours.append(seconds / items)
    ours, theirs = ours[1:], theirs[1:]  # the first one touches the memory
    ratio = statistics.median(b / a for a, b in zip(ours, theirs))
    row("normals beside NumPy standard_normal", each(statistics.median(ours), 1),
        each(statistics.median(theirs), 1), f"{ratio:.2f}x",
        f"NumPy {numpy.__version__} over ours")


def timed(command):
    """Wall and processor seconds of a whole process, from start to exit, and what it printed."""
    start = time.perf_counter()
    process = subprocess.Popen(command, env=ENVIRONMENT, stdout=subprocess.PIPE,
                               stderr=subprocess.DEVNULL, text=True)
    out = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"{' '.join(command)}: exit status {process.returncode}\n{out}")
    return time.perf_counter() - start, usage.ru_utime + usage.ru_stime, out


def reference_file(given):
    for path in (given, os.environ.get("MEMQC_REFERENCE")):
        if path:
            return pathlib.Path(path)
    beside = ROOT.parent / "shared" / "reference" / "paper_reference.py"
    return beside if beside.exists() else None


def network(paper, data, reference, rounds):
    """Returns whether the bar is met, True where nothing could be measured."""
    name = "10 epochs, 32 states, A"
    if not reference or not data:
        row(name, "-", "-", "-", "skipped: " + ("no --data DIR or $MEMQC_DATA"
                                                if reference else "no reference script"))
        return True
    ours = [paper, "--figure", "5d", "--samples", "A", "--seeds", "1", "--jobs", "1", "--data",
            data]
    theirs = [sys.executable, str(reference), "--data", data, "--states", "32", "--sample", "A",
              "--epochs", "10", "--seed", "1"]
    times = [(timed(ours), timed(theirs)) for _ in range(rounds)]
    for i, kind in enumerate(("wall", "processor")):
        mine, other = [a[i] for a, _ in times], [b[i] for _, b in times]
        ratio = statistics.median(b / a for a, b in zip(mine, other))
        good = ratio >= BAR
        row(f"{name}: {kind}", f"{statistics.median(mine):.2f} s",
            f"{statistics.median(other):.2f} s", f"{ratio:.1f}x",
            f"reference over ours, bar {BAR}: {'ok' if good else 'FAILED'}"
            if kind == "processor" else "reference over ours")
    return good


def read_idx(folder, name):
    import numpy
    for path in (folder / f"{name}.gz", folder / name):
        if path.exists():
            data = (gzip.open if path.suffix == ".gz" else open)(path, "rb").read()
            sizes = [int.from_bytes(data[4 + 4 * i : 8 + 4 * i], "big") for i in range(data[3])]
            return numpy.frombuffer(data, numpy.uint8, offset=4 + 4 * data[3]).reshape(sizes)
    return None


def torch_trainer(torch, folder):
    """One epoch of 784-256-10 in float32 a call, as examples/beyond trains it; returns its
    processor seconds."""
    pixels = read_idx(folder, "train-images-idx3-ubyte").reshape(-1, 784)
    x = torch.from_numpy(pixels.astype("float32") / 255)
    labels = torch.from_numpy(read_idx(folder, "train-labels-idx1-ubyte").astype("int64"))
    network = torch.nn.Sequential(torch.nn.Linear(784, 256), torch.nn.ReLU(),
                                  torch.nn.Linear(256, 10))
    loss, optimizer = torch.nn.CrossEntropyLoss(), torch.optim.SGD(network.parameters(), lr=0.2)

    def epoch():
        start = time.process_time()
        order = torch.randperm(len(x))
        for first in range(0, len(x), 32):
            batch = order[first : first + 32]
            optimizer.zero_grad()
            loss(network(x[batch]), labels[batch]).backward()
            optimizer.step()
        return time.process_time() - start

    return epoch


def training(beyond, data, rounds):
    """Epochs of ours and PyTorch's in turns. Returns whether the bar is met, True where nothing
    could be measured."""
    name = "epoch, 784-256-10"
    try:
        import torch
    except ImportError:
        torch = None
    if not torch or not data:
        row(name, "-", "-", "-", "skipped: " + ("no --data DIR or $MEMQC_DATA"
                                                if torch else "no torch"))
        return True
    torch.set_num_threads(1)
    epoch = torch_trainer(torch, pathlib.Path(data))
    epoch()  # the first one touches the memory
    times, good = {rule: [] for rule in TRAINED}, False
    for _ in range(rounds):
        for rule in TRAINED:
            out = subprocess.run([beyond, "--rule", rule, "--seeds", "1", "--epochs", "2", "--data",
                                  data], env=ENVIRONMENT,
                                 stdout=subprocess.PIPE, text=True, check=True).stdout
            times[rule].append((float(re.search(r"^seed .* seconds=(\S+)", out, re.M)[1]), epoch()))
    for rule in TRAINED:
        ratio = statistics.median(ours / theirs for ours, theirs in times[rule])
        met = ratio <= EPOCH_BAR
        good = good or (met and rule in ("nearest", "mixed"))
        ours, theirs = (statistics.median(pair) for pair in zip(*times[rule]))
        row(f"{name}: {rule}", f"{ours:.3f} s", f"{theirs:.3f} s", f"{ratio:.2f}x",
            f"ours over PyTorch {torch.__version__}, "
            f"processor time, bar {EPOCH_BAR}: {'ok' if met else 'above'}")
    return good


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", type=pathlib.Path, default=ROOT / "build",
                        help="build folder (default: build)")
    parser.add_argument("--data", default=os.environ.get("MEMQC_DATA"),
                        help="folder with MNIST (default: $MEMQC_DATA)")
    parser.add_argument(
        "--reference",
        help="paper_reference.py (default: $MEMQC_REFERENCE, or shared/reference beside the checkout)")
    parser.add_argument("--rounds", type=int, default=3,
                        help="interleaved repetitions of the slow comparisons (default: 3)")
    arguments = parser.parse_args()
    program, paper = executable(arguments.build, "bench"), executable(arguments.build, "paper")
    print(f"  {'benchmark':38} {'ours':>14} {'theirs':>14} {'ratio':>8}")
    pulses = c_benchmarks(program)
    numpy_normals(program, arguments.rounds)
    trained = training(executable(arguments.build, "beyond"), arguments.data, arguments.rounds)
    return 0 if network(paper, arguments.data, reference_file(arguments.reference),
                        arguments.rounds) and trained and pulses else 1


if __name__ == "__main__":
    sys.exit(main())
