#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""The bars of the update rules: 784-256-10 on MNIST, 10 epochs, means of three seeds, under the
settings that examples/beyond has; of five with $MEMQC_TEST_MANY. Exits 77 (skipped) where it would
use other data.

usage: check_rules.py BEYOND_EXE PAPER_EXE [--seeds N]          data: as they find it, $MEMQC_DATA first
"""
import argparse
import os
import re
import subprocess
import sys

from check_figures import SKIPPED, why_not_mnist

BARS = {  # lowest mean, in %; a pair: so much below another mean
    ("float", "hfox-a"): 98.0,
    ("mixed", "hfox-a"): 97.5,
    ("mixed", "hfox-b"): 97.2,
    ("one-directional", "hfox-a"): 95.0,
    ("transfer-verify", "hfox-a"): (("float", "hfox-a"), 0.5),
}

RESULT = re.compile(r"^result rule=\S+ .* accuracy=(\S+) sd=(\S+) .* pulses=(\S+) energy=(\S+)",
                    re.M)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("beyond")
    parser.add_argument("paper")
    # The bars are three or more standard deviations of such a mean away: docs/rules.md.
    parser.add_argument("--seeds", type=int, default=5 if "MEMQC_TEST_MANY" in os.environ else 3)
    arguments = parser.parse_args()
    other = why_not_mnist(arguments.paper)
    if other:
        print(f"skipped: the bars are for MNIST, and here are other data: {other}")
        return SKIPPED
    means, failed = {}, 0
    for (rule, device), bar in BARS.items():
        command = [arguments.beyond, "--rule", rule, "--device", device, "--law", "measured",
                   "--seeds", str(arguments.seeds)]
        out = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout
        mean, sd, pulses, energy = (float(value) for value in RESULT.search(out).groups())
        means[rule, device] = mean
        least = means[bar[0]] - bar[1] if isinstance(bar, tuple) else bar
        failed += mean < least
        print(f"{rule:16} {device}: {mean:.3f} % +- {sd:.3f}, bar {least:.2f} "
              f"{'ok' if mean >= least else 'FAILED'}; "
              f"{pulses:.4g} pulses, {energy:.4g} J", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
