/* SPDX-License-Identifier: BSD-3-Clause */
/* memqc_device_fit_level_errors(): how far the levels of a fitted device are known, each by
 * itself. */
#include <memqc/fit.h>

#include "core/error.h"
#include "device/cell/levels.h"
#include "fit/spread.h"

#include <math.h>

static double error_of_mean(const struct mqc_level_errors *errors, size_t i) {
    double sum = (double)errors->mean[i] * (double)errors->mean[i];
    for (size_t k = 0; k < errors->columns; k++) {
        const double root = (double)errors->root[i * errors->columns + k];
        sum += root * root;
    }
    return sqrt(sum);
}

/* Degrees of freedom of the deviation of a level. */
static double freedom_of(const struct mqc_levels *levels, size_t i) {
    double mean, sd = (double)levels->sd[i];
    if (levels->quantiles > 0)
        mqc_levels_moments(levels, i + 1, &mean, &sd);
    const double part = sd / (double)levels->errors->sd[i];
    return part > 0 && part < INFINITY ? 0.5 * part * part : 1e6;
}

memqc_status memqc_device_fit_level_errors(const memqc_device *device, size_t room, float *g,
                                           float *sd, size_t *n) {
    MQC_NOT_NULL(device);
    MQC_NOT_NULL(n);
    *n = 0;
    if (!device->ladder || !device->levels->errors)
        return mqc_fail(MEMQC_ERROR_STATE,
                        "%s: the levels of the device are not those that memqc_device_fit() found "
                        "one by one",
                        __func__);
    const struct mqc_levels *const levels = device->levels;
    *n = levels->n;
    if ((g || sd) && room < *n)
        return mqc_fail(MEMQC_ERROR_ARGUMENT, "%s: room = %zu; the device has %zu levels", __func__,
                        room, *n);
    for (size_t i = 0; i < *n; i++) {
        const double freedom = freedom_of(levels, i);
        if (g)
            g[i] = (float)(mqc_fit_student_factor(freedom) * error_of_mean(levels->errors, i));
        if (sd)
            sd[i] = (float)(mqc_fit_chi_factor(freedom) * (double)levels->errors->sd[i]);
    }
    return MEMQC_OK;
}
