#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""A programmed array in ngspice: its netlist, and its currents beside those of memqc.

usage: spice.py [NETLIST]
"""
import shutil
import sys

import numpy as np

import memqc
import memqc.spice

rng = np.random.default_rng(1)
crossbar = memqc.Crossbar(memqc.Device("hfox-a", states=64), rng.uniform(-1, 1, (16, 8)), seed=1,
                          mapping="differential", word_resistance=2, bit_resistance=2,
                          driver_resistance=100, sense_resistance=50, iv_nonlinearity=5)
volts = rng.uniform(0, crossbar.read_voltage, 16)

if len(sys.argv) > 1:
    with open(sys.argv[1], "w", encoding="ascii") as file:
        file.write(memqc.spice.netlist(crossbar, volts))
    print(f"{sys.argv[1]}: both planes of the array; ngspice -b {sys.argv[1]} solves it")

if shutil.which("ngspice") is None:
    sys.exit("ngspice is not installed (Debian: apt install ngspice): nothing to compare with")
print("plane  bit line   ngspice, A   relative difference of memqc")
for plane in range(crossbar.planes):
    amps = memqc.spice.currents(crossbar, volts, plane)
    off = crossbar.currents(volts, plane) / amps - 1
    for line in range(8):
        print(f"{plane:5d}  {line:8d}   {amps[line]:10.4e}   {off[line]:+.1e}")
