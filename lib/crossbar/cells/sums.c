/* SPDX-License-Identifier: BSD-3-Clause */
/* The generation of the conductances, and their sums. Programming a few cells corrects the sums;
 * after other changes they are made anew when they are needed next. */
#include "crossbar/cells/sums.h"

#include "core/alloc.h"
#include "core/error.h"
#include "crossbar/array/read_kernels.h"

#include <float.h>
#include <math.h>
#include <string.h>

/* A conductance so many times the window takes digits of a sum with it when it goes. Ageing and
 * memqc_crossbar_set_conductances() make such ones. */
static const double far_beyond = 1e3;

void mqc_cells_changed(memqc_crossbar *xb) {
    xb->cells.generation++;
}

/* Is one of n cells so conductive that sums are better made anew when it changes? */
static int is_far_beyond(const memqc_crossbar *xb, const struct mqc_plane *plane, size_t n,
                         size_t first, const uint32_t *index) {
    const float most = (float)fmin(far_beyond * mqc_device_g_max(xb->device), (double)FLT_MAX);
    int found = 0;
    for (size_t i = 0; i < n; i++)
        found |= plane->g[index ? index[i] : first + i] > most;
    return found;
}

/* The sums behind the inputs of n cells that are about to have the conductances g. */
static void correct(memqc_crossbar *xb, int transposed, const struct mqc_plane *plane, size_t n,
                    size_t first, const uint32_t *index, const float *g) {
    struct mqc_sums *sums = &xb->cells.sums[transposed];
    const uint32_t cols = (uint32_t)xb->shape.cols;
    const int reference = plane >= xb->cells.reference && plane < xb->cells.reference + MQC_SLICES;
    for (size_t i = 0; i < n && !(reference && transposed); i++) {
        const uint32_t place = index ? index[i] : (uint32_t)(first + i);
        size_t at = place / cols;
        if (transposed)
            at = place % cols;
        else if (reference)
            at = place;
        sums->total[at] += (double)g[i] - (double)plane->g[place];
        sums->rounded[at] = (float)sums->total[at];
    }
}

void mqc_cells_store(memqc_crossbar *xb, struct mqc_plane *plane, size_t n, size_t first,
                     const uint32_t *index, const float *g) {
    const uint64_t before = xb->cells.generation;
    const int alive[] = {xb->cells.sums[0].generation == before,
                         xb->cells.sums[1].generation == before};
    const int lost = (alive[0] || alive[1]) && is_far_beyond(xb, plane, n, first, index);
    mqc_cells_changed(xb);
    for (int transposed = 0; transposed < 2 && !lost; transposed++) {
        if (!alive[transposed])
            continue;
        correct(xb, transposed, plane, n, first, index, g);
        xb->cells.sums[transposed].generation = xb->cells.generation;
    }
    for (size_t i = 0; index && i < n; i++)
        plane->g[index[i]] = g[i];
    if (!index)
        memcpy(plane->g + first, g, n * sizeof *g);
}

static void add_plane(const memqc_crossbar *xb, int transposed, const float *g, double *total) {
    const size_t rows = xb->shape.rows, cols = xb->shape.cols;
    for (size_t i = 0; i < rows && !transposed; i++)
        total[i] += mqc_readout_kernels()->sum(cols, g + i * cols);
    for (size_t i = 0; i < rows && transposed; i++)
        for (size_t j = 0; j < cols; j++)
            total[j] += (double)g[i * cols + j];
}

static size_t inputs(const memqc_crossbar *xb, int transposed) {
    return transposed ? xb->shape.cols : xb->shape.rows;
}

const double *mqc_cells_kept_sums(const memqc_crossbar *xb, int transposed) {
    const struct mqc_sums *sums = &xb->cells.sums[transposed];
    return sums->generation == xb->cells.generation ? sums->total : NULL;
}

memqc_status mqc_cells_sums_room(memqc_crossbar *xb, int transposed) {
    struct mqc_sums *sums = &xb->cells.sums[transposed];
    const size_t n = inputs(xb, transposed);
    if (!(sums->total || (sums->total = mqc_alloc(n, sizeof *sums->total))) ||
        !(sums->rounded || (sums->rounded = mqc_alloc(n, sizeof *sums->rounded))))
        return MEMQC_ERROR_NOMEM;
    return MEMQC_OK;
}

static void round_sums(memqc_crossbar *xb, int transposed) {
    struct mqc_sums *sums = &xb->cells.sums[transposed];
    for (size_t i = 0; i < inputs(xb, transposed); i++)
        sums->rounded[i] = (float)sums->total[i];
    sums->generation = xb->cells.generation;
}

void mqc_cells_take_sums(memqc_crossbar *xb, int transposed, const double *total) {
    struct mqc_sums *sums = &xb->cells.sums[transposed];
    sums->generation = 0;
    if (!total)
        return;
    memcpy(sums->total, total, inputs(xb, transposed) * sizeof *total);
    round_sums(xb, transposed);
}

memqc_status mqc_cells_sums(memqc_crossbar *xb, int transposed, const float **out) {
    struct mqc_sums *sums = &xb->cells.sums[transposed];
    MQC_TRY(mqc_cells_sums_room(xb, transposed));
    *out = sums->rounded;
    if (sums->generation == xb->cells.generation)
        return MEMQC_OK;
    memset(sums->total, 0, inputs(xb, transposed) * sizeof *sums->total);
    for (size_t plane = 0; plane < xb->cells.planes; plane++)
        add_plane(xb, transposed, xb->cells.plane[plane].g, sums->total);
    for (size_t slice = 0; slice < xb->weights.map.slices && !transposed; slice++)
        for (size_t i = 0; i < xb->shape.rows && xb->cells.reference[slice].g; i++)
            sums->total[i] += (double)xb->cells.reference[slice].g[i];
    round_sums(xb, transposed);
    return MEMQC_OK;
}

void mqc_cells_free_sums(memqc_crossbar *xb) {
    for (int transposed = 0; transposed < 2; transposed++) {
        mqc_free(xb->cells.sums[transposed].total);
        mqc_free(xb->cells.sums[transposed].rounded);
    }
}
