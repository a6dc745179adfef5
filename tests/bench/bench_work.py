# SPDX-License-Identifier: BSD-3-Clause
"""Workloads: those of the program `bench`, and what they are held against in Python. Each is run by
its name and gives seconds of an item, of the processor and of the clock."""
import ctypes
import gzip
import importlib.util
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
NORMALS, PRODUCTS, SMALL, BATCH = 10_000_000, 1000, 64, 32
IMAGES = "train-images-idx3-ubyte", "t10k-images-idx3-ubyte"


class Absent(Exception):
    """The library cannot do that yet."""


class Broken(Exception):
    """A workload failed, or gave a wrong answer."""


def keep_memory():
    """As bench.c does it: freed memory is used again."""
    libc = ctypes.CDLL(None)
    if hasattr(libc, "mallopt"):
        libc.mallopt(-3, 32 << 20)  # M_MMAP_THRESHOLD
        libc.mallopt(-1, 1 << 30)  # M_TRIM_THRESHOLD


def timed(work, items):
    """(processor, wall) seconds of an item."""
    wall, processor = time.perf_counter(), time.process_time()
    work()
    processor = time.process_time() - processor
    return processor / items, (time.perf_counter() - wall) / items


class Program:
    """The workloads in C."""

    def __init__(self, path, data):
        self.process = subprocess.Popen([path, *([data] if data else [])], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, text=True)
        self.names = set()
        self.process.stdin.write("list\n")
        self.process.stdin.flush()
        for line in iter(self.process.stdout.readline, "end\n"):
            if not line:
                raise Broken("bench does not list its workloads")
            self.names.add(line.split()[1])

    def ask(self, command):
        try:
            self.process.stdin.write(f"{command}\n")
            self.process.stdin.flush()
            answer = self.process.stdout.readline()
        except BrokenPipeError:
            answer = ""
        if not answer:
            raise Broken(f"bench ended at: {command}")
        return answer.strip()

    def run(self, name):
        answer = self.ask(f"run {name}")
        kind, rest = answer.split(" ", maxsplit=1)
        if kind == "absent":
            raise Absent(rest)
        found = {key: float(value) for key, value in re.findall(r"(\w+)=(\S+)", rest)}
        if kind == "counted":
            return (found["number"] / found["items"],) * 2
        return found["processor"] / found["items"], found["wall"] / found["items"]

    def answers(self):
        return [float(text) for text in self.ask("answers").split()[1:]]

    def close(self):
        try:
            self.process.stdin.close()
        except BrokenPipeError:
            pass  # it has ended
        self.process.wait()
        self.process.stdout.close()


def find_data(given):
    """The folder with MNIST, or None."""
    cache = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    for folder in (given, os.environ.get("MEMQC_DATA"), os.path.join(cache, "memqc/mnist")):
        if folder and all(os.path.exists(os.path.join(folder, name)) or
                          os.path.exists(os.path.join(folder, f"{name}.gz")) for name in IMAGES):
            return folder
    return None


def find_reference(given):
    beside = ROOT.parent / "shared" / "reference" / "paper_reference.py"
    for path in (given, os.environ.get("MEMQC_REFERENCE"), str(beside)):
        if path and os.path.exists(path):
            return path
    return None


def read_idx(folder, name):
    import numpy
    path = pathlib.Path(folder) / name
    data = path.read_bytes() if path.exists() else gzip.open(f"{path}.gz").read()
    sizes = [int.from_bytes(data[4 + 4 * i:8 + 4 * i], "big") for i in range(data[3])]
    return numpy.frombuffer(data, numpy.uint8, offset=4 + 4 * data[3]).reshape(sizes)


def read_set(folder, part):
    pixels = read_idx(folder, f"{part}-images-idx3-ubyte")
    return pixels.reshape(len(pixels), -1), read_idx(folder, f"{part}-labels-idx1-ubyte")


# --- makers: each gives a function that measures once ---


def numpy_normals(_):
    import numpy
    generator, out = numpy.random.default_rng(1), numpy.empty(NORMALS, numpy.float32)
    return lambda: timed(lambda: generator.standard_normal(dtype=numpy.float32, out=out), NORMALS)


def torch_epoch(context):
    """784-256-10 in float32, as the example `beyond` trains it."""
    import torch
    torch.set_num_threads(1)
    pixels, labels = read_set(context.data, "train")
    x, y = torch.from_numpy(pixels.astype("float32") / 255), torch.from_numpy(labels.astype("int64"))
    network = torch.nn.Sequential(torch.nn.Linear(784, 256), torch.nn.ReLU(),
                                  torch.nn.Linear(256, 10))
    loss, optimizer = torch.nn.CrossEntropyLoss(), torch.optim.SGD(network.parameters(), lr=0.2)

    def epoch():
        order = torch.randperm(len(x))
        for first in range(0, len(x), BATCH):
            pick = order[first:first + BATCH]
            optimizer.zero_grad()
            loss(network(x[pick]), y[pick]).backward()
            optimizer.step()

    return lambda: timed(epoch, 1)


def reference_epoch(context):
    """An epoch and a test of the paper's network, sample A, 32 states."""
    import numpy
    spec = importlib.util.spec_from_file_location("paper_reference", context.reference)
    reference = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(reference)
    data = []
    for part in ("train", "t10k"):
        pixels, labels = read_set(context.data, part)
        data.append(((pixels > 127).astype(numpy.float32), labels))

    def epoch():
        with numpy.errstate(over="ignore"):
            reference.train(data, 32, "A", "linear", 1, 1)

    return lambda: timed(epoch, 1)


def python_products(context, batch):
    """The array of bench_arrays.c, by the package for Python."""
    import numpy
    sys.path.insert(0, str(ROOT / "bindings/python"))
    os.environ["MEMQC_LIBRARY"] = str(context.build / "lib/libmemqc.so.0")
    import memqc
    count = numpy.arange(SMALL * SMALL)
    crossbar = memqc.Crossbar(memqc.Device("hfox-a"), ((count % 13 - 6) / 6).reshape(SMALL, SMALL),
                              seed=1)
    x = ((count % 7) / 7).reshape(SMALL, SMALL).astype(numpy.float32)[:batch]
    x = x[0] if batch == 1 else x

    def products():
        for _ in range(PRODUCTS):
            x @ crossbar

    return lambda: timed(products, PRODUCTS)


def peer_samples(context):
    """$MEMQC_PEER is a command that trains 784-256-10 by pulse trains sample by sample and prints
    `samples=N seconds=S`, S of the processor, for one epoch."""
    command = shlex.split(context.peer)

    def epoch():
        out = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout
        found = dict(re.findall(r"\b(samples|seconds)=(\S+)", out))
        return (float(found["seconds"]) / float(found["samples"]),) * 2

    return epoch


MAKERS = {
    "numpy_normals": numpy_normals,
    "torch_epoch": torch_epoch,
    "reference_epoch": reference_epoch,
    "python_vector": lambda context: python_products(context, 1),
    "python_batch": lambda context: python_products(context, SMALL),
    "peer_samples": peer_samples,
}


def has(module):
    return importlib.util.find_spec(module) is not None


def missing(need, context):
    """Why something that a row needs is not there; "" where it is."""
    if need == "mnist":
        return "" if context.data else "no MNIST: --data DIR or $MEMQC_DATA"
    if need == "reference":
        return "" if context.reference else "no reference script: --reference or $MEMQC_REFERENCE"
    if need == "peer":
        return "" if context.peer else "no $MEMQC_PEER"
    if need == "mpi":
        if not has("mpi4py"):
            return "no mpi4py"
        return "" if shutil.which("mpiexec") else "no mpiexec"
    return "" if has(need) else f"no {need}"
