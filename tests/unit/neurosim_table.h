/* SPDX-License-Identifier: BSD-3-Clause */
/* The devices of MLP+NeuroSim as its manual lists them: pulses up and down, labels of nonlinearity,
 * on-resistance, ratio of the bounds, and noise of a pulse as a share of the window. */
#ifndef MEMQC_TESTS_NEUROSIM_TABLE_H
#define MEMQC_TESTS_NEUROSIM_TABLE_H

#include <stddef.h>

static const struct published {
    const char *name;
    size_t up_pulses, down_pulses;
    double up, down, ohm, on_off, c2c;
} neurosim[] = {
    {"ag-asi", 97, 100, 2.4, -4.88, 26e6, 12.5, 0.035},
    {"taox-hfox", 128, 128, 0.04, -0.63, 100e3, 10, 0.037},
    {"pcmo", 50, 50, 3.68, -6.76, 23e6, 6.84, 0.01},
    {"alox-hfo2", 40, 40, 1.94, -0.61, 16.9e3, 4.43, 0.05},
    {"epiram", 64, 64, 0.5, -0.5, 81e3, 50.2, 0.02},
    {"hzo-fefet", 32, 32, 1.75, 1.46, 559e3, 45, 0.005},
    {"gst-pcm", 100, 100, 0.105, 2.4, 4.71e3, 19.8, 0.015},
    {"taox-tio2", 102, 102, 1.85, -1.79, 5e6, 2, 0.01},
};

#endif
