/* SPDX-License-Identifier: BSD-3-Clause */
/* What an array may be: a valid device, parameters that go together, cells in states that they can
 * have, weights that their cells can hold, numbers that products can work with. What load refuses,
 * no call may leave behind. */
#include "crossbar/valid.h"
#include "core/error.h"
#include "crossbar/array/params.h"
#include "crossbar/cells/plane.h"
#include "crossbar/cells/sums.h"
#include "crossbar/initial.h"
#include "crossbar/mapping/mapping.h"
#include "crossbar/read/plan.h"
#include "crossbar/update/update.h"
#include "device/valid.h"

#include <float.h>
#include <math.h>
#include <string.h>

static const double longest = 1e30; /* s, that a clock shows */
/* Far beyond any difference of two conductances of cells. */
static const float most_siemens = 1e30f;

static size_t scales_of(const memqc_crossbar *xb) {
    return mqc_crossbar_by_column(xb) ? xb->shape.cols : 1;
}

/* --- parameters and accounts --- */

static const char *flaw_of_parameters(const memqc_crossbar *xb) {
    for (size_t i = 0; i < MQC_CROSSBAR_KEYS; i++) {
        const int32_t key = mqc_crossbar_keys.rows[i].key;
        if (mqc_keys_check(&mqc_crossbar_keys, "load", key, xb->value[i]) != MEMQC_OK ||
            mqc_crossbar_check_value("load", key, xb->value[i]) != MEMQC_OK)
            return "a crossbar's parameter is out of its range";
    }
    return mqc_mapping_check("load", xb->value, xb->device) == MEMQC_OK
               ? NULL
               : "a crossbar's parameters do not fit together";
}

static const char *flaw_of_account(const struct mqc_account *account) {
    const struct mqc_compensation *const c = &account->compensation;
    int good = 1;
    if (!(account->clock >= 0 && account->clock <= longest))
        return "a crossbar's clock is out of its range";
    for (size_t i = 0; i < MQC_CROSSBAR_COSTS; i++)
        good &= account->cost[i] >= 0 && isfinite(account->cost[i]);
    if (!good)
        return "a crossbar's costs are none";
    good = c->factor > 0 && isfinite(c->factor) && c->reference >= 0 && isfinite(c->reference);
    return good ? NULL : "a crossbar's drift compensation is none";
}

/* --- cells --- */

/* The parts that not every plane has. */
static int has_good_options(const memqc_crossbar *xb, const struct mqc_plane *plane) {
    int good = 1;
    for (size_t i = 0; plane->flicker && i < plane->n; i++)
        good &= isfinite(plane->flicker[i]) && plane->flicker[i] >= 0;
    for (size_t i = 0; plane->stuck && i < plane->n; i++)
        good &= isfinite(plane->stuck[i]) != 0;
    for (size_t i = 0; plane->g0 && i < plane->n; i++)
        good &= isfinite(plane->g0[i]) && plane->g0[i] >= 0 && plane->born[i] >= 0 &&
                plane->born[i] <= xb->account.clock;
    return good;
}

static const char *flaw_of_plane(const memqc_crossbar *xb, const struct mqc_plane *plane) {
    const double last = mqc_device_states(xb->device);
    int good = 1;
    for (size_t i = 0; i < plane->n; i++)
        good &= isfinite(plane->g[i]) && plane->g[i] >= 0 && plane->level[i] >= 1 &&
                (double)plane->level[i] <= last;
    return good && has_good_options(xb, plane)
               ? NULL
               : "a cell of a crossbar is in a state that it cannot have";
}

static const char *flaw_of_cells(const memqc_crossbar *xb) {
    const struct mqc_plane *plane;
    const char *flaw = NULL;
    for (size_t p = 0; !flaw && (plane = mqc_crossbar_any_plane(xb, p)) != NULL; p++)
        flaw = flaw_of_plane(xb, plane);
    return flaw;
}

/* --- weights --- */

static const char *flaw_of_weights(const memqc_crossbar *xb) {
    const struct mqc_weights *const weights = &xb->weights;
    int good = weights->map.slices == (size_t)mqc_crossbar_value(xb, MEMQC_CROSSBAR_SLICES) &&
               weights->map.kind == (int)mqc_crossbar_value(xb, MEMQC_CROSSBAR_MAPPING);
    for (size_t j = 0; j < scales_of(xb); j++)
        good &= isfinite(weights->scale[j]) && weights->scale[j] > 0 && isfinite(weights->slope[j]);
    for (size_t i = 0; weights->position && i < xb->shape.cells; i++)
        good &= weights->position[i] >= weights->ladder.lo &&
                weights->position[i] <= weights->ladder.hi &&
                weights->position[i] == floorf(weights->position[i]);
    return good ? NULL : "a weight of a crossbar is one that it cannot hold";
}

/* --- what reading keeps --- */

static const char *flaw_of_ranges(const memqc_crossbar *xb) {
    int good = 1;
    for (int way = 0; way < 2; way++) {
        const float *const range = xb->readout.range[way];
        if (range && xb->readout.ranges[way] != mqc_readout_ranges(xb, way))
            return "a crossbar with ranges of other converters than its own";
        for (size_t i = 0; range && i < xb->readout.ranges[way]; i++)
            good &= isfinite(range[i]) && range[i] > 0;
    }
    return good ? NULL : "a range of a crossbar's converters is none";
}

/* The conductances behind an input of a direction. */
static double sum_behind(const memqc_crossbar *xb, int transposed, size_t input) {
    const size_t cols = xb->shape.cols, first = transposed ? input : input * cols;
    const size_t n = transposed ? xb->shape.rows : cols, stride = transposed ? cols : 1;
    double sum = 0;
    for (size_t p = 0; p < xb->cells.planes; p++)
        for (size_t i = 0; i < n; i++)
            sum += (double)xb->cells.plane[p].g[first + i * stride];
    for (size_t slice = 0; slice < xb->weights.map.slices && !transposed; slice++)
        sum += xb->cells.reference[slice].g ? (double)xb->cells.reference[slice].g[input] : 0;
    return sum;
}

/* Kept sums may be off by what rounding did to them. */
static const char *flaw_of_sums(const memqc_crossbar *xb) {
    const double high = mqc_device_g_max(xb->device);
    int good = 1;
    for (int way = 0; way < 2; way++) {
        const size_t n = way ? xb->shape.cols : xb->shape.rows, behind = xb->shape.cells / n;
        const double *const total = mqc_cells_kept_sums(xb, way);
        for (size_t i = 0; total && i < n; i++) {
            const double sum = sum_behind(xb, way, i);
            good &= fabs(total[i] - sum) <= 1e-4 * (high * (double)behind + sum);
        }
    }
    return good ? NULL : "sums of conductances that are not those of the cells";
}

/* --- what the update rule keeps --- */

static int are_within(size_t n, const float *values, float most) {
    int good = 1;
    for (size_t i = 0; i < n; i++)
        good &= fabsf(values[i]) <= most; /* no NaN is */
    return good;
}

static const char *flaw_of_update(const memqc_crossbar *xb) {
    const struct mqc_update *const update = &xb->update;
    const struct mqc_update_rule *const rule = mqc_update_rule_of(xb);
    if ((update->gathered && !rule->gathers) || (update->zero && !rule->fast) ||
        (update->fast && !update->zero))
        return "what an update rule keeps is another rule's";
    if ((update->gathered && !are_within(xb->shape.cells, update->gathered, FLT_MAX)) ||
        (update->zero && !are_within(xb->shape.cells, update->zero, most_siemens)))
        return "an update rule's state is out of its range";
    return NULL;
}

/* Are the parameters of a fast array the initial ones, but for those that its array and a device, which
 * may have been another then, gave it? */
static int has_initial_values(const memqc_crossbar *fast) {
    double initial[MQC_CROSSBAR_KEYS];
    mqc_keys_initial(&mqc_crossbar_keys, initial);
    mqc_crossbar_take_of_device(initial, fast->value);
    initial[MEMQC_CROSSBAR_MAPPING - MQC_CROSSBAR_FIRST] =
        mqc_crossbar_value(fast, MEMQC_CROSSBAR_MAPPING);
    initial[MEMQC_CROSSBAR_W_MAX - MQC_CROSSBAR_FIRST] =
        mqc_crossbar_value(fast, MEMQC_CROSSBAR_W_MAX);
    return memcmp(initial, fast->value, sizeof initial) == 0 &&
           fast->weights.scale[0] == (float)mqc_crossbar_value(fast, MEMQC_CROSSBAR_W_MAX);
}

static const char *flaw_of_fast(const memqc_crossbar *xb) {
    const memqc_crossbar *const fast = xb->update.fast;
    if (fast->update.fast)
        return "a fast array that has a fast array";
    if (!fast->programmed || fast->shape.rows != xb->shape.rows ||
        fast->shape.cols != xb->shape.cols || !has_initial_values(fast) ||
        fast->weights.map.kind != xb->weights.map.kind || fast->weights.map.slices != 1 ||
        !mqc_device_equal(fast->device, xb->device))
        return "a fast array that does not fit its array";
    return mqc_crossbar_flaw(fast);
}

static const char *flaw_of_programmed(const memqc_crossbar *xb) {
    static const char *(*const parts[])(const memqc_crossbar *) = {
        flaw_of_cells, flaw_of_weights, flaw_of_ranges, flaw_of_sums, flaw_of_update};
    const char *flaw = NULL;
    for (size_t i = 0; !flaw && i < sizeof parts / sizeof *parts; i++)
        flaw = parts[i](xb);
    return !flaw && xb->update.fast ? flaw_of_fast(xb) : flaw;
}

const char *mqc_crossbar_flaw(const memqc_crossbar *xb) {
    const char *flaw = mqc_device_flaw(xb->device);
    if (!flaw)
        flaw = flaw_of_parameters(xb);
    if (!flaw)
        flaw = flaw_of_account(&xb->account);
    return !flaw && xb->programmed ? flaw_of_programmed(xb) : flaw;
}
