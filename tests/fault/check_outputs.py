# SPDX-License-Identifier: BSD-3-Clause
"""What the programs of examples/ do where their results cannot be written.

    check_outputs.py BUILD

Standard output on a full disk (/dev/full), and the files of paper --out at every limit of their size:
a failure that says so, and no part of a file. Exit status 1 where one of them does otherwise.
"""
import os
import resource
import signal
import subprocess
import sys
import tempfile

PROGRAMS = ("01_draw", "02_mac", "03_train", "04_crossbar", "05_embed hfox-a 0.1 1 0 100",
            "06_custom_device", "beyond --help",
            "beyond --rule float --images 100 --epochs 1 --seeds 1", "devices", "devices --help",
            "devices --parameters", "fit --generate hfox-a", "fit --help", "limits --help",
            "moves --help", "paper --figure 2d", "paper --figure 3", "paper --help", "paper --version",
            "parameters", "parameters --help", "parameters --markdown")
FILE = "--figure 2d --out"
failed = []


def check(holds, what):
    if not holds:
        failed.append(what)
        print("failed:", what)


def run(build, command, **options):
    name, *rest = command.split()
    return subprocess.run([os.path.join(build, "examples", name), *rest], stderr=subprocess.PIPE,
                          text=True, check=False, **options)


def limited(size):
    """Files of at most so many bytes; a write beyond fails, and does not kill."""
    def limit():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))
    return limit


def standard_output(build):
    for command in PROGRAMS:
        with open("/dev/full", "w", encoding="ascii") as full:
            ended = run(build, command, stdout=full)
        check(ended.returncode == 1, f"{command}: exit status {ended.returncode}")
        check("standard output cannot be written" in ended.stderr, f"{command}: {ended.stderr!r}")


def into(build, folder, size):
    return run(build, f"paper {FILE} {folder}", stdout=subprocess.PIPE, preexec_fn=limited(size),
               restore_signals=False)


def files(build):
    with tempfile.TemporaryDirectory() as folder:
        check(into(build, folder, 1 << 20).returncode == 0, "files: no first file")
        (name,) = os.listdir(folder)
        path = os.path.join(folder, name)
        size = os.path.getsize(path)
        for there in (True, False):
            with open(path, "w", encoding="ascii") as file:
                file.write("old")
            if not there:
                os.remove(path)
            for limit in (0, 1, size // 2, size - 1):
                ended = into(build, folder, limit)
                check(ended.returncode == 1, f"{limit} of {size} bytes: {ended.returncode}")
                check("cannot be written: File too large" in ended.stderr, repr(ended.stderr))
                check(os.listdir(folder) == [name] * there, f"{limit}: {os.listdir(folder)}")
            check(not there or os.path.getsize(path) == 3, "an old file became another")
        check(into(build, folder, size).returncode == 0, "files: not at the size of the file")


if not os.path.exists("/dev/full"):
    print("skipped: no /dev/full")
    sys.exit(77)
os.environ["LC_ALL"] = "C"
standard_output(sys.argv[1])
files(sys.argv[1])
sys.exit(1 if failed else 0)
