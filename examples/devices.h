/* SPDX-License-Identifier: BSD-3-Clause */
/* What the curves of the two files of this example share. */
#ifndef DEVICES_H
#define DEVICES_H

#include <memqc/memqc.h>

#include <stddef.h>

enum { CELLS = 1000, TRACES = 3 };

struct setting {
    int32_t key;
    double value;
};

/* A device of a model with some parameters, up to a key of 0. Ends the program if that fails. */
memqc_device *new_device(int32_t model, const struct setting *settings);

/* Ends the program where a call failed. */
void must(memqc_status status);

/* Lines of CSV for one x: mean and sd of the cells, and the first of them one by one. */
void print_cells(const char *picture, const char *curve, double x, const float *g);

/* After programming (devices_after.c). */
void print_effects(void);

#endif
