#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""The loop of examples/integration/host.cpp trains as well as the library's network.

Over four seeds the mean difference must be within 2 points. A single difference has a standard
deviation of 0.5 points on Fashion-MNIST and 1.0 on the 1000 synthetic digits.

usage: check_host.py HOST
"""
import re
import subprocess
import sys

SEEDS, LEAST, MOST = (1, 2, 3, 4), 65, 2


def main():
    if len(sys.argv) != 2:
        print(__doc__)
        return 2
    differences = []
    for seed in SEEDS:
        text = subprocess.run([sys.argv[1], "1", str(seed), "6000"], stdout=subprocess.PIPE,
                              text=True, check=True).stdout
        own, library = (float(number) for number in re.findall(r": ([\d.]+) %", text))
        print(text, end="")
        if min(own, library) < LEAST:
            print(f"FAIL: below {LEAST} %")
            return 1
        differences.append(own - library)
    mean = sum(differences) / len(differences)
    print(f"mean difference {mean:.2f} points")
    if abs(mean) > MOST:
        print(f"FAIL: more than {MOST} points")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
