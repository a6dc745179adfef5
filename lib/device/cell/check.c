/* SPDX-License-Identifier: BSD-3-Clause */
/* What every public function refuses: bounds between parameters, and bad arguments. */
#include "device/cell/check.h"
#include "core/error.h"
#include "rng/rng.h"

#include <float.h>
#include <math.h>

memqc_status mqc_device_check_order(const memqc_device *d, const char *function, int32_t low,
                                    int32_t high) {
    const struct mqc_key *a = mqc_key_row(&mqc_device_keys, low);
    const struct mqc_key *b = mqc_key_row(&mqc_device_keys, high);
    const double lower = mqc_device_value(d, low), upper = mqc_device_value(d, high);
    if (lower < upper)
        return MEMQC_OK;
    return mqc_fail(MEMQC_ERROR_ARGUMENT, "%s: %s = %g%s%s must be below %s = %g%s%s", function,
                    a->name, lower, *a->unit ? " " : "", a->unit, b->name, upper,
                    *b->unit ? " " : "", b->unit);
}

static memqc_status check_level(const memqc_device *device, const char *function, size_t index,
                                int32_t level) {
    if (level < 1 || level > mqc_device_states(device))
        return mqc_fail(MEMQC_ERROR_ARGUMENT, "%s: levels[%zu] = %d is outside 1 .. %g", function,
                        index, (int)level, mqc_device_states(device));
    return MEMQC_OK;
}

memqc_status mqc_device_check_levels(const memqc_device *device, const char *function, size_t n,
                                     const int32_t *levels) {
    for (size_t i = 0; i < n; i++)
        MQC_TRY(check_level(device, function, i, levels[i]));
    return MEMQC_OK;
}

memqc_status mqc_device_check_cells(const char *function, uint64_t cell, size_t n) {
    const uint64_t cells = n; /* size_t may be too narrow for the limit */
    if (cells > MQC_RNG_CELLS || cell > MQC_RNG_CELLS - cells)
        return mqc_fail(MEMQC_ERROR_ARGUMENT,
                        "%s: cells %llu .. +%zu go beyond the last one, 2^34 - 1", function,
                        (unsigned long long)cell, n);
    return MEMQC_OK;
}

memqc_status mqc_device_check_draw(const memqc_device *device, const char *function,
                                   uint64_t draw) {
    if (device->ops->pulsed && draw >> 40)
        return mqc_fail(MEMQC_ERROR_ARGUMENT,
                        "%s: draw = %llu; for pulsed models allowed is 0 .. 2^40 - 1", function,
                        (unsigned long long)draw);
    return MEMQC_OK;
}

/* A bound of a law that is below the other one. */
static memqc_status check_bounds(const memqc_device *d, const char *function, int32_t low,
                                 int32_t high) {
    if (mqc_device_value(d, low) <= mqc_device_value(d, high))
        return MEMQC_OK;
    return mqc_fail(MEMQC_ERROR_ARGUMENT, "%s: %s = %g must be at most %s = %g", function,
                    mqc_key_row(&mqc_device_keys, low)->name, mqc_device_value(d, low),
                    mqc_key_row(&mqc_device_keys, high)->name, mqc_device_value(d, high));
}

static memqc_status check_drift(const memqc_device *d, const char *function) {
    const double spread = d->value[MQC_DEVICE_AT(DRIFT_NU_SPREAD)];
    int alone = 1;
    for (int32_t key = MEMQC_DEVICE_DRIFT_SPREAD_LOG; key <= MEMQC_DEVICE_DRIFT_SPREAD_3; key++)
        alone &= mqc_device_value(d, key) == 0;
    if (spread < 0 && alone)
        return mqc_fail(MEMQC_ERROR_ARGUMENT,
                        "%s: drift_nu_spread = %g; below 0 it may only be a term beside "
                        "drift_spread_log and drift_spread_1 .. 3",
                        function, spread);
    MQC_TRY(check_bounds(d, function, MEMQC_DEVICE_DRIFT_NU_MIN, MEMQC_DEVICE_DRIFT_NU_MAX));
    return check_bounds(d, function, MEMQC_DEVICE_DRIFT_SPREAD_MIN, MEMQC_DEVICE_DRIFT_SPREAD_MAX);
}

memqc_status mqc_device_check_effects(const memqc_device *d, const char *function) {
    const double on = d->value[MQC_DEVICE_AT(STUCK_ON)], off = d->value[MQC_DEVICE_AT(STUCK_OFF)];
    const double anywhere = d->value[MQC_DEVICE_AT(STUCK_ANYWHERE)];
    if (on + off + anywhere > 1)
        return mqc_fail(MEMQC_ERROR_ARGUMENT,
                        "%s: stuck_on = %g, stuck_off = %g and stuck_anywhere = %g "
                        "are more than 1 together",
                        function, on, off, anywhere);
    return check_drift(d, function);
}

memqc_status mqc_device_check_conductances(const char *function, size_t n, const float *g) {
    if (!mqc_device_kernels()->outside(n, g, 0, 1e6f))
        return MEMQC_OK;
    for (size_t i = 0; i < n; i++)
        if (!(g[i] >= 0 && g[i] <= 1e6f))
            return mqc_fail(MEMQC_ERROR_DATA, "%s: g[%zu] = %g S is outside 0 .. 1e6 S", function,
                            i, (double)g[i]);
    return MEMQC_OK;
}

memqc_status mqc_device_check_duration(const char *function, double seconds) {
    if (!(seconds >= 0 && seconds <= 1e30))
        return mqc_fail(MEMQC_ERROR_ARGUMENT, "%s: seconds = %g s is outside 0 .. 1e30 s", function,
                        seconds);
    return MEMQC_OK;
}

memqc_status mqc_device_check_states(const memqc_device *d, const char *function, size_t n,
                                     const float *state) {
    const float most = d->ops->pulsed ? FLT_MAX : (float)mqc_device_states(d);
    int bad = mqc_device_kernels()->outside(n, state, d->ops->pulsed ? 0 : 1, most);
    for (size_t i = 0; !d->ops->pulsed && i < n; i++)
        bad |= state[i] != rintf(state[i]);
    for (size_t i = 0; bad && i < n; i++) {
        if (d->ops->pulsed && !(state[i] >= 0 && state[i] <= most))
            return mqc_fail(MEMQC_ERROR_DATA,
                            "%s: state[%zu] = %g S; allowed is any finite conductance from 0 on",
                            function, i, (double)state[i]);
        if (!d->ops->pulsed && !(state[i] >= 1 && state[i] <= most && state[i] == rintf(state[i])))
            return mqc_fail(MEMQC_ERROR_DATA, "%s: state[%zu] = %g; allowed is a level, 1 .. %g",
                            function, i, (double)state[i], mqc_device_states(d));
    }
    return MEMQC_OK;
}
