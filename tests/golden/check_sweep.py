#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""examples/sweep under MPI: one, two and three ranks write the same bytes, and a file that cannot be
written fails.

usage: check_sweep.py BUILD/examples/sweep
"""
import pathlib
import shutil
import subprocess
import sys
import tempfile


def run(program, ranks, path):
    return subprocess.run(["mpiexec", "-n", str(ranks), "--allow-run-as-root", "--oversubscribe",
                           program, str(path)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          text=True)


def main():
    if len(sys.argv) != 2:
        print(__doc__)
        return 2
    if not shutil.which("mpiexec"):
        print("skipped: no mpiexec (Debian: openmpi-bin)")
        return 77
    with tempfile.TemporaryDirectory() as folder:
        texts = []
        for ranks in (1, 2, 3):
            path = pathlib.Path(folder, f"{ranks}.csv")
            result = run(sys.argv[1], ranks, path)
            if result.returncode != 0:
                print(f"FAIL: {ranks} ranks: status {result.returncode}\n{result.stdout}")
                return 1
            texts.append(path.read_text(encoding="utf-8"))
        rows = [line.split(",") for line in texts[0].splitlines()[1:]]
        points = {tuple(row[:3]) for row in rows}
        if len(rows) != 24 or len(points) != 24 or texts.count(texts[0]) != 3:
            print("FAIL: a point is missing or doubled, or ranks change numbers")
            return 1
        if not all(0 < float(row[3]) < 1 for row in rows) or len({row[3] for row in rows}) < 20:
            print(f"FAIL: losses\n{texts[0]}")
            return 1
        result = run(sys.argv[1], 2, pathlib.Path(folder, "nowhere", "a.csv"))
        if result.returncode == 0 or "No such file" not in result.stdout:
            print(f"FAIL: no error for a folder that is not there\n{result.stdout}")
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
