/* SPDX-License-Identifier: BSD-3-Clause */
/* What every public function refuses: bounds between parameters, and bad arguments. */
#include "device/cell/check.h"
#include "core/error.h"
#include "rng/rng.h"

#include <float.h>
#include <math.h>

memqc_status mqc_device_check_order(const memqc_device *d, int32_t low, int32_t high) {
    const struct mqc_param *a = &mqc_device_params.param[low - 1],
                           *b = &mqc_device_params.param[high - 1];
    if (d->value[low] < d->value[high])
        return MEMQC_OK;
    return mqc_fail(MEMQC_ERROR_ARGUMENT, "memqc_device_set: %s = %g%s%s must be below %s = %g%s%s",
                    a->name, d->value[low], *a->unit ? " " : "", a->unit, b->name, d->value[high],
                    *b->unit ? " " : "", b->unit);
}

memqc_status mqc_device_set_step(memqc_device *d, double step, int whole_steps) {
    const double steps = (mqc_device_g_max(d) - mqc_device_g_min(d)) / step, whole = rint(steps);
    if ((whole_steps && fabs(steps - whole) > 1e-6) || steps < 1 - 1e-6 || steps > 4095 + 1e-6)
        return mqc_fail(MEMQC_ERROR_ARGUMENT,
                        "memqc_device_set: step = %g S divides the range %g .. %g S into %g steps; "
                        "allowed is %s, 1 .. 4095",
                        step, mqc_device_g_min(d), mqc_device_g_max(d), steps,
                        whole_steps ? "a whole number of them" : "any number of them");
    d->value[MEMQC_DEVICE_STATES] = (fabs(steps - whole) > 1e-6 ? steps : whole) + 1;
    return MEMQC_OK;
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
    if (n > MQC_RNG_CELLS || cell > MQC_RNG_CELLS - n)
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

memqc_status mqc_device_check_effects(const memqc_device *d) {
    const double on = d->value[MEMQC_DEVICE_STUCK_ON], off = d->value[MEMQC_DEVICE_STUCK_OFF];
    const double anywhere = d->value[MEMQC_DEVICE_STUCK_ANYWHERE];
    if (on + off + anywhere > 1)
        return mqc_fail(MEMQC_ERROR_ARGUMENT,
                        "memqc_device_set: stuck_on = %g, stuck_off = %g and stuck_anywhere = %g "
                        "are more than 1 together",
                        on, off, anywhere);
    return MEMQC_OK;
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
    const float most = d->ops->pulsed ? FLT_MAX : (float)d->states;
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
                            function, i, (double)state[i], d->states);
    }
    return MEMQC_OK;
}
