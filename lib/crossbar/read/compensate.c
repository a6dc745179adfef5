/* SPDX-License-Identifier: BSD-3-Clause */
/* Global drift compensation: Joshi et al., Nat. Commun. 11 (2020) 2473; as coded in aihwkit (Rasch
 * et al., AICAS 2021), whose calibration vectors are the rows of the unit matrix.
 *
 *     factor = sum of |y| when the array was young / sum of |y| / factor now
 *
 * over the outputs y of the calibration vectors: vector v of n drives the rows v, v + n, v + 2 n,
 * ... Where all cells drift by one exponent, the factor undoes the drift exactly. The sum is kept
 * in the units of compensated outputs, so that cells that were written since do not change it. */
#include "crossbar/read/compensate.h"

#include "core/alloc.h"
#include "core/error.h"
#include "crossbar/array/ready.h"
#include "crossbar/cells/age.h"
#include "crossbar/cells/plane.h"
#include "crossbar/cells/sums.h"
#include "crossbar/mapping/matrix.h"
#include "crossbar/read/arrays.h"
#include "crossbar/read/product.h"
#include "crossbar/read/reads.h"
#include "device/cell/check.h"

#include <math.h>
#include <string.h>

enum { VECTORS_AT_ONCE = 64 };

/* The cells of an array as they were before time passed. */
struct past {
    float *cells;
    double *sums[2]; /* NULL: there were none */
    double clock;
    int ages;
};

/* The calibration of an array. */
struct calibration {
    size_t vectors;
    float *x, *y;
    struct past own, of_fast; /* of Tiki-Taka, beside the array */
};

static void forget(struct past *past) {
    mqc_free(past->cells);
    mqc_free(past->sums[0]);
    mqc_free(past->sums[1]);
}

static void release(struct calibration *c) {
    mqc_free(c->x);
    mqc_free(c->y);
    forget(&c->own);
    forget(&c->of_fast);
}

static size_t all_cells(const memqc_crossbar *xb) {
    const struct mqc_plane *plane;
    size_t n = 0;
    for (size_t p = 0; (plane = mqc_crossbar_any_plane(xb, p)) != NULL; p++)
        n += plane->n;
    return n;
}

/* Keeps conductances and flicker of all cells, or puts them back. */
static void swap_cells(memqc_crossbar *xb, float *kept, int back) {
    struct mqc_plane *plane;
    for (size_t p = 0; (plane = mqc_crossbar_any_plane(xb, p)) != NULL; p++) {
        float *const arrays[] = {plane->g, plane->flicker};
        for (size_t a = 0; a < 2; a++, kept += plane->n)
            if (arrays[a])
                memcpy(back ? arrays[a] : kept, back ? kept : arrays[a], plane->n * sizeof *kept);
    }
}

static memqc_status keep(memqc_crossbar *xb, struct past *past) {
    const size_t inputs[] = {xb->shape.rows, xb->shape.cols};
    if (!(past->cells = mqc_alloc(all_cells(xb), 2 * sizeof *past->cells)))
        return MEMQC_ERROR_NOMEM;
    for (int way = 0; way < 2; way++) {
        const double *const sums = mqc_cells_kept_sums(xb, way);
        if (!sums)
            continue;
        if (!(past->sums[way] = mqc_alloc(inputs[way], sizeof *sums)))
            return MEMQC_ERROR_NOMEM;
        memcpy(past->sums[way], sums, inputs[way] * sizeof *sums);
    }
    swap_cells(xb, past->cells, 0);
    past->clock = xb->account.clock;
    past->ages = mqc_crossbar_ages(xb);
    return MEMQC_OK;
}

static void put_back(memqc_crossbar *xb, const struct past *past) {
    xb->account.clock = past->clock;
    swap_cells(xb, past->cells, 1);
    mqc_crossbar_drop_ages(xb, past->ages);
    mqc_cells_changed(xb);
    mqc_crossbar_refresh(xb, xb->shape.cells, 0, NULL);
    for (int way = 0; way < 2; way++)
        mqc_cells_take_sums(xb, way, past->sums[way]);
}

static memqc_status make(memqc_crossbar *xb, struct calibration *c) {
    const double wanted = mqc_crossbar_value(xb, MEMQC_CROSSBAR_DRIFT_COMPENSATION);
    c->vectors = wanted < (double)xb->shape.rows ? (size_t)wanted : xb->shape.rows;
    const size_t at_once = c->vectors < VECTORS_AT_ONCE ? c->vectors : VECTORS_AT_ONCE;
    c->x = mqc_alloc(at_once * xb->shape.rows, sizeof *c->x);
    c->y = mqc_alloc(at_once * xb->shape.cols, sizeof *c->y);
    if (!c->x || !c->y)
        return MEMQC_ERROR_NOMEM;
    MQC_TRY(keep(xb, &c->own));
    return xb->update.fast ? keep(xb->update.fast, &c->of_fast) : MEMQC_OK;
}

/* The sum of the magnitudes of all outputs. */
static memqc_status measure(memqc_crossbar *xb, const char *function, const struct calibration *c,
                            double *sum) {
    const size_t rows = xb->shape.rows, cols = xb->shape.cols;
    const float full = (float)mqc_crossbar_value(xb, MEMQC_CROSSBAR_INPUT_RANGE);
    const struct mqc_product_arrays arrays = {"x", "y", c->x, rows, c->y, cols};
    *sum = 0;
    for (size_t first = 0; first < c->vectors; first += VECTORS_AT_ONCE) {
        const size_t left = c->vectors - first, n = left < VECTORS_AT_ONCE ? left : VECTORS_AT_ONCE;
        memset(c->x, 0, n * rows * sizeof *c->x);
        for (size_t v = 0; v < n; v++)
            for (size_t i = first + v; i < rows; i += c->vectors)
                c->x[v * rows + i] = full;
        MQC_TRY(mqc_product_run(xb, function, 0, n, &arrays));
        for (size_t i = 0; i < n * cols; i++)
            *sum += fabs((double)c->y[i]);
    }
    return MEMQC_OK;
}

/* Does the reference hold for the cells as they are, but for their age? */
static int has_reference(const memqc_crossbar *xb) {
    const struct mqc_compensation *known = &xb->account.compensation;
    return known->reference > 0 && known->generation == xb->cells.generation &&
           known->vectors == mqc_crossbar_value(xb, MEMQC_CROSSBAR_DRIFT_COMPENSATION);
}

static memqc_status find_reference(memqc_crossbar *xb, const char *function,
                                   const struct calibration *c, double *reference) {
    *reference = xb->account.compensation.reference;
    if (has_reference(xb))
        return MEMQC_OK;
    MQC_TRY(measure(xb, function, c, reference));
    if (!(*reference > 0))
        return mqc_fail(
            MEMQC_ERROR_DATA,
            "%s: drift_compensation = %g: all outputs of the calibration are 0; drive more "
            "rows at once by fewer vectors, or use a finer ADC",
            function, mqc_crossbar_value(xb, MEMQC_CROSSBAR_DRIFT_COMPENSATION));
    return MEMQC_OK;
}

static memqc_status advance(memqc_crossbar *xb, const char *function, double seconds,
                            const struct calibration *c) {
    struct mqc_compensation *const known = &xb->account.compensation;
    double reference, now = 0;
    MQC_TRY(find_reference(xb, function, c, &reference));
    MQC_TRY(mqc_crossbar_age(xb, seconds));
    MQC_TRY(measure(xb, function, c, &now));
    known->reference = reference;
    known->vectors = mqc_crossbar_value(xb, MEMQC_CROSSBAR_DRIFT_COMPENSATION);
    known->generation = xb->cells.generation;
    known->factor *= now > 0 ? reference / now : 1;
    return MEMQC_OK;
}

/* The array, its fast array and their reads as they were. A reference that held still does. */
static void undo(memqc_crossbar *xb, const struct calibration *c, const struct mqc_reads *reads,
                 uint64_t generation, memqc_status status) {
    const int aged = xb->cells.generation != generation;
    if (aged)
        put_back(xb, &c->own);
    if (aged && xb->update.fast)
        put_back(xb->update.fast, &c->of_fast);
    (void)mqc_reads_finish(xb, reads, status);
    if (aged && reads->account.compensation.generation == generation)
        xb->account.compensation.generation = xb->cells.generation;
}

static memqc_status advance_compensated(memqc_crossbar *xb, const char *function, double seconds) {
    struct calibration c = {.x = NULL};
    struct mqc_reads reads;
    const uint64_t generation = xb->cells.generation;
    mqc_reads_keep(xb, &reads);
    memqc_status status = make(xb, &c);
    if (status == MEMQC_OK)
        status = mqc_fail_in(function, advance(xb, function, seconds, &c));
    if (status != MEMQC_OK)
        undo(xb, &c, &reads, generation, status);
    release(&c);
    return status;
}

memqc_status memqc_crossbar_advance(memqc_crossbar *crossbar, double seconds) {
    MQC_NOT_NULL(crossbar);
    MQC_TRY(mqc_crossbar_idle(crossbar, __func__));
    MQC_TRY(mqc_device_check_duration(__func__, seconds));
    MQC_TRY(mqc_crossbar_ready(crossbar, __func__));
    if (!(crossbar->account.clock + seconds <= 1e30))
        return mqc_fail(MEMQC_ERROR_ARGUMENT,
                        "%s: seconds = %g s at a clock of %g s; the sum may be 1e30 s at most",
                        __func__, seconds, crossbar->account.clock);
    if (mqc_crossbar_value(crossbar, MEMQC_CROSSBAR_DRIFT_COMPENSATION) > 0)
        return advance_compensated(crossbar, __func__, seconds);
    return mqc_crossbar_age(crossbar, seconds);
}

memqc_status memqc_crossbar_get_compensation(const memqc_crossbar *crossbar, double *factor) {
    MQC_NOT_NULL(crossbar);
    MQC_NOT_NULL(factor);
    const int on = mqc_crossbar_value(crossbar, MEMQC_CROSSBAR_DRIFT_COMPENSATION) > 0;
    *factor = on ? crossbar->account.compensation.factor : 1;
    return MEMQC_OK;
}

/* --- copies and files --- */

void mqc_compensation_copy(memqc_crossbar *to, const memqc_crossbar *from) {
    const struct mqc_compensation *known = &from->account.compensation;
    to->account.compensation = *known;
    to->account.compensation.generation =
        known->generation == from->cells.generation ? to->cells.generation : 0;
}

enum { NUMBERS = 3 };

void mqc_compensation_write(const memqc_crossbar *xb, struct mqc_writer *writer) {
    const struct mqc_compensation *known = &xb->account.compensation;
    const int holds = known->generation == xb->cells.generation;
    const double numbers[NUMBERS] = {known->factor, holds ? known->reference : 0, known->vectors};
    mqc_write(writer, "xcmp", MQC_F64, NUMBERS, numbers);
}

memqc_status mqc_compensation_read(struct mqc_reader *reader, memqc_crossbar *xb) {
    double numbers[NUMBERS];
    MQC_TRY(mqc_read(reader, "xcmp", MQC_F64, NUMBERS, numbers));
    xb->account.compensation.factor = numbers[0];
    xb->account.compensation.reference = numbers[1];
    xb->account.compensation.vectors = numbers[2];
    xb->account.compensation.generation = xb->cells.generation;
    return MEMQC_OK;
}
