/* SPDX-License-Identifier: BSD-3-Clause */
/* Devices between ideal and as they are.
 *
 * Most properties are a few parameters that are scaled together. The others:
 *
 *     levels      N' - 1 = (N - 1) / factor steps. Where the factor is 0: 4095 (pulsed: 1023, as each
 *                 is a pulse), or the device's own number if that is more. Pulses become smaller or
 *                 larger by the same factor. Their noise is changed so that the same change of
 *                 conductance has the same variance: a sum of n pulses has n times that of one
 *     noise       Tables of jumps: deviations from the mean jump of a node are scaled. The set of
 *                 tables stays as it is
 *     asymmetry   Soft bounds are the linear model with slopes of 1, and slopes are scaled. Steps of
 *                 a table or a function, and mean jumps, are moved from their mean, and so are
 *                 numbers of pulses. The printed law, whose mean leaves the straight staircase,
 *                 becomes the linear one at factor 0. Levels one by one move between where they are
 *                 and an even ladder */
#include "device/property.h"
#include "core/error.h"
#include "device/cell/levels.h"
#include "device/effects/age.h"
#include "device/models/custom.h"
#include "device/models/jumps.h"
#include "device/models/models.h"
#include "device/models/pulsed.h"

#include <math.h>

enum { SAMPLES = 64, AGED = 1024, FINEST = 4095, FINEST_PULSED = 1023, KEYS = 16 };

#define COUNT(array) (sizeof(array) / sizeof *(array))

static const double most_factor = 1048576;

/* The parameters of a property, up to the first 0. */
static const int32_t keys_of[MQC_PROPERTIES][KEYS] = {
    [MQC_PROPERTY_C2C] = {MEMQC_DEVICE_C2C_ABSOLUTE, MEMQC_DEVICE_C2C_RELATIVE,
                          MEMQC_DEVICE_C2C_STEP, MEMQC_DEVICE_SIGMA, MEMQC_DEVICE_FWHM_EARLY,
                          MEMQC_DEVICE_FWHM_LATE, MEMQC_DEVICE_PROGRAM_NOISE_0,
                          MEMQC_DEVICE_PROGRAM_NOISE_1, MEMQC_DEVICE_PROGRAM_NOISE_2,
                          MEMQC_DEVICE_PROGRAM_NOISE_3},
    [MQC_PROPERTY_D2D] = {MEMQC_DEVICE_D2D_G_MAX, MEMQC_DEVICE_D2D_G_MIN, MEMQC_DEVICE_D2D_STEP,
                          MEMQC_DEVICE_D2D_ASYMMETRY, MEMQC_DEVICE_D2D_SHAPE,
                          MEMQC_DEVICE_D2D_NOISE},
    [MQC_PROPERTY_ASYMMETRY] = {MEMQC_DEVICE_ASYMMETRY, MEMQC_DEVICE_SLOPE_UP,
                                MEMQC_DEVICE_SLOPE_DOWN, MEMQC_DEVICE_A_UP, MEMQC_DEVICE_A_DOWN,
                                MEMQC_DEVICE_POWER_UP, MEMQC_DEVICE_POWER_DOWN, MEMQC_DEVICE_NL_UP,
                                MEMQC_DEVICE_NL_DOWN},
    [MQC_PROPERTY_READ_NOISE] = {MEMQC_DEVICE_READ_NOISE, MEMQC_DEVICE_READ_NOISE_RELATIVE,
                                 MEMQC_DEVICE_RTN_AMPLITUDE},
    [MQC_PROPERTY_FAULTS] = {MEMQC_DEVICE_STUCK_ON, MEMQC_DEVICE_STUCK_OFF,
                             MEMQC_DEVICE_STUCK_ANYWHERE},
    [MQC_PROPERTY_DRIFT] = {MEMQC_DEVICE_DRIFT_NU, MEMQC_DEVICE_DRIFT_NU_SPREAD,
                            MEMQC_DEVICE_RELAXATION, MEMQC_DEVICE_RELAXATION_SD,
                            MEMQC_DEVICE_DRIFT_NU_LOG, MEMQC_DEVICE_DRIFT_NU_1,
                            MEMQC_DEVICE_DRIFT_NU_2, MEMQC_DEVICE_DRIFT_NU_3,
                            MEMQC_DEVICE_DRIFT_SPREAD_LOG, MEMQC_DEVICE_DRIFT_SPREAD_1,
                            MEMQC_DEVICE_DRIFT_SPREAD_2, MEMQC_DEVICE_DRIFT_SPREAD_3,
                            MEMQC_DEVICE_FLICKER},
};

/* Bounds of the laws of drift and flicker, which are scaled with them but limit no factor. */
static const int32_t drift_bounds[] = {MEMQC_DEVICE_DRIFT_NU_MIN, MEMQC_DEVICE_DRIFT_NU_MAX,
                                       MEMQC_DEVICE_DRIFT_SPREAD_MIN, MEMQC_DEVICE_DRIFT_SPREAD_MAX,
                                       MEMQC_DEVICE_FLICKER_MAX};

/* --- scaling --- */

static double within(int32_t key, double value) {
    const struct mqc_key *bounds = mqc_key_row(&mqc_device_keys, key);
    return fmin(fmax(value, bounds->min), bounds->max);
}

static double step_count(const memqc_device *d, double factor) {
    const double steps = d->value[MQC_DEVICE_AT(STATES)] - 1,
                 finest = fmax(steps, d->ops->pulsed ? FINEST_PULSED : FINEST);
    return factor > 0 ? fmax(1, fmin(finest, rint(steps / factor))) : finest;
}

static void scale_levels(memqc_device *d, double factor) {
    double *v = d->value;
    const double steps = step_count(d, factor), finer = steps / (v[MQC_DEVICE_AT(STATES)] - 1);
    v[MQC_DEVICE_AT(STATES)] = steps + 1;
    v[MQC_DEVICE_AT(STEP)] = within(MEMQC_DEVICE_STEP, v[MQC_DEVICE_AT(STEP)] / finer);
    v[MQC_DEVICE_AT(C2C_ABSOLUTE)] =
        within(MEMQC_DEVICE_C2C_ABSOLUTE, v[MQC_DEVICE_AT(C2C_ABSOLUTE)] / sqrt(finer));
    v[MQC_DEVICE_AT(C2C_RELATIVE)] =
        within(MEMQC_DEVICE_C2C_RELATIVE, v[MQC_DEVICE_AT(C2C_RELATIVE)] / sqrt(finer));
    v[MQC_DEVICE_AT(C2C_STEP)] =
        within(MEMQC_DEVICE_C2C_STEP, v[MQC_DEVICE_AT(C2C_STEP)] * sqrt(finer));
    v[MQC_DEVICE_AT(PULSES_UP)] =
        within(MEMQC_DEVICE_PULSES_UP, rint(v[MQC_DEVICE_AT(PULSES_UP)] * finer));
    v[MQC_DEVICE_AT(PULSES_DOWN)] =
        within(MEMQC_DEVICE_PULSES_DOWN, rint(v[MQC_DEVICE_AT(PULSES_DOWN)] * finer));
    for (int down = 0; down < 2; down++)
        for (int32_t i = 0; i < d->table[down].n; i++)
            d->table[down].step[i] /= (float)finer;
    const struct mqc_jump_scale jumps = {0, 1 / finer, 1 / sqrt(finer)};
    if (d->jumps)
        mqc_jumps_scale(d, &jumps);
    d->custom.move /= finer;
    d->custom.noise *= sqrt(finer);
}

static void scale_table(struct mqc_table table[2], double factor) {
    double sum = 0, n = 0;
    for (int down = 0; down < 2; down++)
        for (int32_t i = 0; i < table[down].n; i++, n++)
            sum += (double)table[down].step[i];
    for (int down = 0; down < 2; down++)
        for (int32_t i = 0; i < table[down].n; i++)
            table[down].step[i] =
                (float)fmax(0, sum / n + factor * ((double)table[down].step[i] - sum / n));
}

/* The numbers of pulses for both directions, moved from their mean. */
static void scale_pulses(double *v, double factor) {
    const double mean = 0.5 * (v[MQC_DEVICE_AT(PULSES_UP)] + v[MQC_DEVICE_AT(PULSES_DOWN)]);
    const double half =
        0.5 * factor * (v[MQC_DEVICE_AT(PULSES_UP)] - v[MQC_DEVICE_AT(PULSES_DOWN)]);
    v[MQC_DEVICE_AT(PULSES_UP)] = within(MEMQC_DEVICE_PULSES_UP, rint(mean + half));
    v[MQC_DEVICE_AT(PULSES_DOWN)] = within(MEMQC_DEVICE_PULSES_DOWN, rint(mean - half));
}

/* The steps of a function, moved from their mean over the window and both directions. */
static void scale_function(memqc_device *d, double factor) {
    const double low = mqc_device_g_min(d), range = mqc_device_g_max(d) - low;
    if (d->custom.uneven == 1) {
        d->custom.mean_step = 0;
        for (size_t i = 0; i < 2 * SAMPLES; i++)
            d->custom.mean_step +=
                mqc_custom_step(d, i % 2, low + range * (double)(i / 2) / (SAMPLES - 1)) /
                (2 * SAMPLES);
    }
    d->custom.uneven *= factor;
}

static void scale_shape(memqc_device *d, double factor) {
    if (d->ops == &mqc_device_soft_bounds) {
        d->ops = &mqc_device_linear;
        d->value[MQC_DEVICE_AT(SLOPE_UP)] = d->value[MQC_DEVICE_AT(SLOPE_DOWN)] = fmin(factor, 1);
    } else if (d->ops == &mqc_device_table) {
        scale_table(d->table, factor);
    } else if (d->jumps) {
        const struct mqc_jump_scale jumps = {mqc_jumps_common(d), factor, 1};
        mqc_jumps_scale(d, &jumps);
    } else if (d->ops == &mqc_device_custom) {
        scale_function(d, factor);
    } else if (d->ops == &mqc_device_neurosim) {
        scale_pulses(d->value, factor);
    } else if (d->value[MQC_DEVICE_AT(LAW)] == MEMQC_DEVICE_LAW_PRINTED && factor == 0) {
        d->value[MQC_DEVICE_AT(LAW)] = MEMQC_DEVICE_LAW_LINEAR;
    }
}

/* Levels one by one: their table becomes another one. Their ends stay. */
static memqc_status scale_ladder(memqc_device *d, enum mqc_property property, double factor) {
    memqc_status status = MEMQC_OK;
    if (property == MQC_PROPERTY_LEVELS)
        status = mqc_levels_resample(d, (size_t)step_count(d, factor) + 1);
    if (property == MQC_PROPERTY_C2C)
        status = mqc_levels_scale_noise(d, factor);
    if (property == MQC_PROPERTY_ASYMMETRY)
        status = mqc_levels_scale_unevenness(d, factor);
    return status;
}

memqc_status mqc_property_scale(memqc_device *device, enum mqc_property property, double factor) {
    if (factor == 1)
        return MEMQC_OK;
    if (device->ladder)
        MQC_TRY(scale_ladder(device, property, factor));
    if (property == MQC_PROPERTY_C2C || property == MQC_PROPERTY_LEVELS ||
        property == MQC_PROPERTY_ASYMMETRY)
        MQC_TRY(mqc_jumps_own(device));
    for (const int32_t *key = keys_of[property]; *key; key++)
        device->value[*key - MEMQC_DEVICE_MODEL] =
            within(*key, factor * mqc_device_value(device, *key));
    const struct mqc_jump_scale noise = {0, 1, factor};
    if (property == MQC_PROPERTY_C2C && device->jumps)
        mqc_jumps_scale(device, &noise);
    for (size_t i = 0; property == MQC_PROPERTY_DRIFT && i < COUNT(drift_bounds); i++)
        device->value[drift_bounds[i] - MEMQC_DEVICE_MODEL] =
            within(drift_bounds[i], factor * mqc_device_value(device, drift_bounds[i]));
    if (property == MQC_PROPERTY_LEVELS)
        scale_levels(device, factor);
    if (property == MQC_PROPERTY_ASYMMETRY)
        scale_shape(device, factor);
    if (property == MQC_PROPERTY_C2C)
        device->custom.noise *= factor;
    return device->ops->prepare(device, "a device whose properties are scaled");
}

double mqc_property_most(const memqc_device *device, enum mqc_property property) {
    const double *v = device->value;
    double most = most_factor;
    if (property == MQC_PROPERTY_LEVELS)
        return v[MQC_DEVICE_AT(STATES)] - 1;
    if (property == MQC_PROPERTY_ASYMMETRY &&
        (device->ops == &mqc_device_soft_bounds || device->ops == &mqc_device_quantized))
        return 1;
    if (property == MQC_PROPERTY_FAULTS)
        return fmin(most, 1 / mqc_property_value(device, property, 0));
    for (const int32_t *key = keys_of[property]; *key; key++) {
        const struct mqc_key *bounds = mqc_key_row(&mqc_device_keys, *key);
        const double value = mqc_device_value(device, *key);
        if (mqc_device_model_uses(device->ops->model, *key) && value != 0)
            most = fmin(most, (value > 0 ? bounds->max : bounds->min) / value);
    }
    return fmax(1, most);
}

/* --- how much there is --- */

/* Conductance of the i-th of n levels, which need not be whole, from the top down. */
static double sample_g(const memqc_device *d, size_t i, size_t n) {
    const double part = ((double)i + 0.5) / (double)n;
    return mqc_device_g_max(d) - part * (mqc_device_g_max(d) - mqc_device_g_min(d));
}

static double programming_noise(const memqc_device *d) {
    const size_t states = (size_t)mqc_device_states(d), n = states < SAMPLES ? states : SAMPLES;
    double sum = 0, nominal, mean, sd;
    for (size_t i = 0; i < n; i++) {
        d->ops->level(d, 1 + rint((double)(i * (states - 1)) / (double)(n - 1)), &nominal, &mean,
                      &sd);
        sum += sd * sd;
    }
    return sqrt(sum / (double)n);
}

static double largest(const memqc_device *d, enum mqc_property property) {
    double most = 0;
    for (const int32_t *key = keys_of[property]; *key; key++)
        most = fmax(most, mqc_device_value(d, *key));
    return most;
}

/* The mean step from a level to the next, as the law has it; or one pulse. */
static double sample_step(const memqc_device *d, int down, size_t i) {
    const double part = (double)i / (SAMPLES - 1), y = part * (mqc_device_states(d) - 2);
    if (d->ops->pulsed)
        return mqc_device_nominal_step(
            d, down, mqc_device_g_min(d) + part * (mqc_device_g_max(d) - mqc_device_g_min(d)));
    if (d->ladder)
        return mqc_device_level_g(d, mqc_device_states(d) - rint(y) - 1) -
               mqc_device_level_g(d, mqc_device_states(d) - rint(y));
    return (double)d->stairs.mean[1] + (2 * y + 1) * (double)d->stairs.mean[2];
}

static double unevenness(const memqc_device *d) {
    double sum = 0, most = 0;
    for (size_t i = 0; i < 2 * SAMPLES; i++)
        sum += sample_step(d, i % 2, i / 2) / (2 * SAMPLES);
    for (size_t i = 0; i < 2 * SAMPLES && sum > 0; i++)
        most = fmax(most, fabs(sample_step(d, i % 2, i / 2) / sum - 1));
    return most > 1e-9 ? most : 0;
}

static double read_noise(const memqc_device *d) {
    const double *v = d->value,
                 full = v[MQC_DEVICE_AT(RTN_TIME_LOW)] /
                        (v[MQC_DEVICE_AT(RTN_TIME_HIGH)] + v[MQC_DEVICE_AT(RTN_TIME_LOW)]);
    const double trap =
        v[MQC_DEVICE_AT(RTN_AMPLITUDE)] * sqrt(full * (1 - full) * v[MQC_DEVICE_AT(RTN_YIELD)]);
    double sum = 0;
    for (size_t i = 0; i < SAMPLES; i++) {
        const double g = sample_g(d, i, SAMPLES), a = v[MQC_DEVICE_AT(READ_NOISE)],
                     b = g * v[MQC_DEVICE_AT(READ_NOISE_RELATIVE)];
        sum += a * a + b * b + g * g * trap * trap;
    }
    return sqrt(sum / SAMPLES);
}

static double change(const memqc_device *d, double seconds) {
    const struct mqc_draws where = {0, 0, 0, NULL, NULL};
    float g[AGED];
    double sum = 0;
    for (size_t i = 0; i < AGED; i++)
        g[i] = (float)sample_g(d, i, AGED);
    mqc_device_age_cells(d, &where, seconds, 0, AGED, g, NULL);
    for (size_t i = 0; i < AGED; i++) {
        const double by = (double)g[i] - (double)(float)sample_g(d, i, AGED);
        sum += by * by;
    }
    return sqrt(sum / AGED) / (mqc_device_g_max(d) - mqc_device_g_min(d));
}

double mqc_property_value(const memqc_device *device, enum mqc_property property, double seconds) {
    const double *v = device->value;
    switch (property) {
    case MQC_PROPERTY_LEVELS:
        return v[MQC_DEVICE_AT(STATES)];
    case MQC_PROPERTY_C2C:
        return programming_noise(device);
    case MQC_PROPERTY_ASYMMETRY:
        return unevenness(device);
    case MQC_PROPERTY_READ_NOISE:
        return read_noise(device);
    case MQC_PROPERTY_FAULTS:
        return v[MQC_DEVICE_AT(STUCK_ON)] + v[MQC_DEVICE_AT(STUCK_OFF)] +
               v[MQC_DEVICE_AT(STUCK_ANYWHERE)];
    case MQC_PROPERTY_DRIFT:
        return change(device, seconds);
    default:
        return largest(device, property);
    }
}

/* --- something to begin with --- */

int mqc_property_begin(memqc_device *device, enum mqc_property property) {
    double *v = device->value;
    const double percent = 0.01 * (mqc_device_g_max(device) - mqc_device_g_min(device));
    switch (property) {
    case MQC_PROPERTY_C2C:
        if (device->jumps)
            return 0;
        v[MQC_DEVICE_AT(C2C_STEP)] = 1;
        v[MQC_DEVICE_AT(SIGMA)] = v[MQC_DEVICE_AT(PROGRAM_NOISE_0)] = percent;
        v[MQC_DEVICE_AT(FWHM_EARLY)] = v[MQC_DEVICE_AT(FWHM_LATE)] = 2.3548200450309493 * percent;
        break;
    case MQC_PROPERTY_D2D:
        v[MQC_DEVICE_AT(D2D_G_MAX)] = v[MQC_DEVICE_AT(D2D_G_MIN)] = 0.01;
        break;
    case MQC_PROPERTY_ASYMMETRY:
        v[MQC_DEVICE_AT(ASYMMETRY)] = 0.1;
        v[MQC_DEVICE_AT(NL_UP)] = 1;
        v[MQC_DEVICE_AT(NL_DOWN)] = -1;
        break;
    case MQC_PROPERTY_READ_NOISE:
        v[MQC_DEVICE_AT(READ_NOISE_RELATIVE)] = 0.01;
        break;
    case MQC_PROPERTY_FAULTS:
        v[MQC_DEVICE_AT(STUCK_ON)] = v[MQC_DEVICE_AT(STUCK_OFF)] = 0.0005;
        break;
    case MQC_PROPERTY_DRIFT:
        v[MQC_DEVICE_AT(DRIFT_NU)] = 0.01;
        break;
    default:
        return 0;
    }
    return (property != MQC_PROPERTY_ASYMMETRY || device->ops->pulsed) &&
           device->ops->prepare(device, "a device whose properties are scaled") == MEMQC_OK;
}

int mqc_device_is_deterministic(const memqc_device *device) {
    const double *v = device->value;
    return !device->custom.host && programming_noise(device) == 0 &&
           largest(device, MQC_PROPERTY_D2D) == 0 &&
           largest(device, MQC_PROPERTY_READ_NOISE) == 0 &&
           largest(device, MQC_PROPERTY_FAULTS) == 0 && !mqc_device_drift_scatters(device) &&
           v[MQC_DEVICE_AT(RELAXATION_SD)] == 0 && v[MQC_DEVICE_AT(FLICKER)] == 0 &&
           !(device->jumps && device->jumps->n > 1);
}
