/* SPDX-License-Identifier: BSD-3-Clause */
/* Device to device: what a cell has of its own. */
#ifndef MQC_DEVICE_SPREAD_H
#define MQC_DEVICE_SPREAD_H

#include "device/cell/inside.h"

/* Does any parameter vary from cell to cell? */
int mqc_device_varies(const memqc_device *device);

/* Do the shapes of cells differ? Otherwise all are that of the first cell. */
int mqc_device_shapes_vary(const memqc_device *device);

/* What n cells have of their own, into arrays of n values. */
void mqc_device_cell_arrays(const memqc_device *device, const struct mqc_draws *where, size_t n,
                            const struct mqc_cell_arrays *out);

/* Bounds of n cells, at most MQC_DEVICE_CHUNK, from the first-th on. */
void mqc_device_windows(const memqc_device *device, const struct mqc_draws *where, size_t first,
                        size_t n, float *lo, float *hi);

/* Arrays of n values in one block of MQC_CELL_ARRAYS n floats. */
enum { MQC_CELL_ARRAYS = 7 };
struct mqc_cell_arrays mqc_cell_arrays_in(float *block, size_t n);

/* Bit a is array a of struct mqc_cell_arrays. Which of them do the cells of a device use, and which
 * of those differ from cell to cell? The others have the same value in all cells. */
unsigned mqc_device_used_arrays(const memqc_device *device);
unsigned mqc_device_varying_arrays(const memqc_device *device);

/* The same arrays from the first-th cell on. */
struct mqc_cell_arrays mqc_cell_arrays_from(const struct mqc_cell_arrays *cells, size_t first);

#endif
