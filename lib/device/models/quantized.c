/* SPDX-License-Identifier: BSD-3-Clause */
/* Conductance quantization, Chen et al., Micromachines 2020, 11, 427. With n = 1 + (PULSES - 1) x /
 * (N - 1), x = level - 1,
 *
 *     printed           G = (1 - k n) (mu + sigma f)       Eq. (1) letter by letter
 *     linear, measured  G = mu + (1 - k n) sigma f         f = N(0, 1), mu = G_MAX - x STEP
 *     polynomial        G = mu + max(0, p(mu / G_MAX)) f   p of degree 3
 *
 * levels: mu and the sd, or the quantiles, of each level from the table of device/cell/levels.h.
 * measured: sigma and k solved from sd(n) = FWHM(n) / (2 sqrt(2 ln 2)) = sigma (1 - k n) at two
 * pulses. */
#include "core/error.h"
#include "device/cell/check.h"
#include "device/cell/levels.h"
#include "device/models/models.h"
#include "device/models/quantized_pulses.h"

#include <float.h>
#include <math.h>

static const double fwhm_per_sd = 2.3548200450309493; /* 2 sqrt(2 ln 2) */

static memqc_status check_pulses(const memqc_device *d, const char *function) {
    const double pulses = d->value[MQC_DEVICE_AT(PULSES)];
    MQC_TRY(mqc_device_check_order(d, function, MEMQC_DEVICE_PULSE_EARLY, MEMQC_DEVICE_PULSE_LATE));
    MQC_TRY(mqc_device_check_order(d, function, MEMQC_DEVICE_RAMP_KNEE_PULSE, MEMQC_DEVICE_PULSES));
    if (!(d->value[MQC_DEVICE_AT(RAMP_KNEE_PULSE)] > 1))
        return mqc_fail(MEMQC_ERROR_ARGUMENT,
                        "%s: ramp_knee_pulse = %g must be above 1 and below pulses = %g", function,
                        d->value[MQC_DEVICE_AT(RAMP_KNEE_PULSE)], pulses);
    if (d->value[MQC_DEVICE_AT(PULSE_LATE)] > pulses)
        return mqc_fail(MEMQC_ERROR_ARGUMENT, "%s: pulse_late = %g must be at most pulses = %g",
                        function, d->value[MQC_DEVICE_AT(PULSE_LATE)], pulses);
    return MEMQC_OK;
}

/* The levels one by one are as the parameters say. */
static memqc_status check_ladder(const memqc_device *d, const char *function) {
    const struct mqc_levels *levels = d->levels;
    if (!levels)
        return mqc_fail(MEMQC_ERROR_ARGUMENT,
                        "%s: law = levels, and the device has none; call memqc_device_set_levels",
                        function);
    if (mqc_device_states(d) != (double)levels->n)
        return mqc_fail(MEMQC_ERROR_ARGUMENT,
                        "%s: states = %g; under law = levels it is the number of them, %zu",
                        function, mqc_device_states(d), levels->n);
    const double ends[] = {(double)levels->g[0], (double)levels->g[levels->n - 1]};
    if (mqc_device_g_max(d) != ends[0] || mqc_device_g_min(d) != ends[1])
        return mqc_fail(MEMQC_ERROR_ARGUMENT,
                        "%s: the window %g .. %g S; under law = levels it is that of the levels, "
                        "%g .. %g S: call memqc_device_set_levels",
                        function, mqc_device_g_min(d), mqc_device_g_max(d), ends[1], ends[0]);
    return MEMQC_OK;
}

/* sigma and k in force. */
static memqc_status solve_noise(memqc_device *d, const char *function) {
    const double pulses = d->value[MQC_DEVICE_AT(PULSES)];
    d->sigma = d->value[MQC_DEVICE_AT(SIGMA)];
    d->k = d->value[MQC_DEVICE_AT(K)];
    if (d->ladder) {
        d->sigma = mqc_levels_sigma(d->levels);
        d->k = 0;
        return MEMQC_OK;
    }
    if (d->value[MQC_DEVICE_AT(LAW)] == MEMQC_DEVICE_LAW_POLYNOMIAL) {
        d->k = 0;
        d->sigma = 0; /* no bound, but above 0 where there is noise */
        for (int32_t key = MEMQC_DEVICE_PROGRAM_NOISE_0; key <= MEMQC_DEVICE_PROGRAM_NOISE_3; key++)
            d->sigma += fabs(mqc_device_value(d, key));
        return MEMQC_OK;
    }
    if (d->value[MQC_DEVICE_AT(LAW)] == MEMQC_DEVICE_LAW_MEASURED) {
        const double early = d->value[MQC_DEVICE_AT(PULSE_EARLY)],
                     late = d->value[MQC_DEVICE_AT(PULSE_LATE)];
        const double sd_early = d->value[MQC_DEVICE_AT(FWHM_EARLY)] / fwhm_per_sd;
        const double sd_late = d->value[MQC_DEVICE_AT(FWHM_LATE)] / fwhm_per_sd;
        const double slope = (sd_early - sd_late) / (late - early); /* sigma k */
        d->sigma = sd_early + slope * early;
        d->k = d->sigma > 0 ? slope / d->sigma : 0;
        if (d->sigma < 0 || d->sigma * (1 - d->k * pulses) < 0 || (d->sigma == 0 && slope != 0))
            return mqc_fail(MEMQC_ERROR_ARGUMENT,
                            "%s: fwhm_early = %g S at pulse %g and fwhm_late = %g S "
                            "at pulse %g would make the "
                            "noise negative between pulses 1 and %g",
                            function, d->value[MQC_DEVICE_AT(FWHM_EARLY)], early,
                            d->value[MQC_DEVICE_AT(FWHM_LATE)], late, pulses);
        return MEMQC_OK;
    }
    if (d->k * pulses > 1)
        return mqc_fail(MEMQC_ERROR_ARGUMENT,
                        "%s: k = %g 1/pulse makes 1 - k n negative at pulse %g; "
                        "allowed is at most %g 1/pulse",
                        function, d->k, pulses, 1 / pulses);
    return MEMQC_OK;
}

/* The sd of LAW_POLYNOMIAL as a polynomial in y, by which mu is low + step y. */
static void expand_noise(const memqc_device *d, double low, double step, float sd[4]) {
    const double *const p = &d->value[MQC_DEVICE_AT(PROGRAM_NOISE_0)];
    const double a = low / mqc_device_g_max(d), b = step / mqc_device_g_max(d);
    sd[0] = (float)(p[0] + a * (p[1] + a * (p[2] + a * p[3])));
    sd[1] = (float)(b * (p[1] + a * (2 * p[2] + a * 3 * p[3])));
    sd[2] = (float)(b * b * (p[2] + a * 3 * p[3]));
    sd[3] = (float)(b * b * b * p[3]);
}

static double polynomial_sd(const memqc_device *d, double g) {
    const double *const p = &d->value[MQC_DEVICE_AT(PROGRAM_NOISE_0)];
    const double x = g / mqc_device_g_max(d);
    return fmax(0, p[0] + x * (p[1] + x * (p[2] + x * p[3])));
}

static memqc_status prepare(memqc_device *d, const char *function) {
    MQC_TRY(mqc_device_check_order(d, function, MEMQC_DEVICE_G_MIN, MEMQC_DEVICE_G_MAX));
    MQC_TRY(check_pulses(d, function));
    const int by_levels = d->value[MQC_DEVICE_AT(LAW)] == MEMQC_DEVICE_LAW_LEVELS;
    if (by_levels)
        MQC_TRY(check_ladder(d, function));
    d->ladder = by_levels ? d->levels->g : NULL;
    d->uneven = by_levels && !d->levels->even;
    MQC_TRY(solve_noise(d, function));
    d->memory = mqc_memory_make(d->value[MQC_DEVICE_AT(CYCLE_CORRELATION)],
                                d->value[MQC_DEVICE_AT(SET_RESET_CORRELATION)]);
    const double step = mqc_device_step(d), low = mqc_device_g_min(d),
                 states = mqc_device_states(d);
    const double pulses = d->value[MQC_DEVICE_AT(PULSES)];
    /* 1 - k n = shrink + per_level y, y = N - level */
    const double shrink = fmax(0, 1 - d->k * pulses),
                 per_level = d->k * (pulses - 1) / (states - 1);
    struct mqc_staircase *s = &d->stairs;
    const int printed = d->value[MQC_DEVICE_AT(LAW)] == MEMQC_DEVICE_LAW_PRINTED;
    s->last = (float)states;
    s->mean[0] = (float)(printed ? shrink * low : low);
    s->mean[1] = (float)(printed ? shrink * step + per_level * low : step);
    s->mean[2] = (float)(printed ? per_level * step : 0);
    s->sd[0] = (float)(d->sigma * shrink);
    s->sd[1] = (float)(d->sigma * per_level);
    s->sd[2] = s->sd[3] = 0;
    s->least = -FLT_MAX;
    if (d->value[MQC_DEVICE_AT(LAW)] == MEMQC_DEVICE_LAW_POLYNOMIAL) {
        expand_noise(d, low, step, s->sd);
        s->least = 0;
    }
    return MEMQC_OK;
}

/* STEP as a view of STATES. */
static memqc_status set_step(memqc_device *d, const char *function, double step, int agree) {
    const double range = mqc_device_g_max(d) - mqc_device_g_min(d);
    const double steps = range / step, whole = rint(steps);
    if (fabs(steps - whole) > 1e-6 || whole < 1 || whole > 4095)
        return mqc_fail(MEMQC_ERROR_ARGUMENT,
                        "%s: step = %g S divides the range %g .. %g S into %g steps; allowed is a "
                        "whole number of them, 1 .. 4095",
                        function, step, mqc_device_g_min(d), mqc_device_g_max(d), steps);
    if (agree && whole + 1 != mqc_device_states(d))
        return mqc_fail(MEMQC_ERROR_ARGUMENT,
                        "%s: step = %g S makes %g levels of the range, and states = %g", function,
                        step, whole + 1, mqc_device_states(d));
    d->value[MQC_DEVICE_AT(STATES)] = whole + 1;
    return MEMQC_OK;
}

/* Moments of a normal variable cut at zero: its negative part moved to 0 (clamped), or left out
 * (drawn again). */
static void cut_moments(double mu, double s, int redraw, double *mean, double *sd) {
    if (!(s > 0)) {
        *mean = mu > 0 ? mu : 0;
        *sd = 0;
        return;
    }
    const double a = mu / s, density = exp(-0.5 * a * a) / 2.5066282746310002,
                 above = 0.5 * erfc(-a * 0.70710678118654752);
    if (redraw) {
        const double hazard = density / above;
        *mean = mu + s * hazard;
        *sd = s * sqrt(fmax(0, 1 - hazard * (hazard + a)));
        return;
    }
    const double first = mu * above + s * density,
                 second = (mu * mu + s * s) * above + mu * s * density;
    *mean = first;
    *sd = sqrt(fmax(0, second - first * first));
}

static void level_moments(const memqc_device *d, double level, double *nominal, double *mean,
                          double *sd) {
    const double x = level - 1, top = mqc_device_g_max(d), mu = top - x * mqc_device_step(d);
    const double n = 1 + (d->value[MQC_DEVICE_AT(PULSES)] - 1) * x / (mqc_device_states(d) - 1);
    const double shrink = 1 - d->k * n;
    const int printed = d->value[MQC_DEVICE_AT(LAW)] == MEMQC_DEVICE_LAW_PRINTED;
    if (d->ladder) {
        *nominal = mqc_device_level_g(d, level);
        if (d->levels->quantiles)
            mqc_levels_moments(d->levels, (size_t)level, mean, sd);
        else
            cut_moments(*nominal, (double)d->levels->sd[(size_t)level - 1],
                        d->value[MQC_DEVICE_AT(BELOW_ZERO)] == MEMQC_DEVICE_REDRAW, mean, sd);
        return;
    }
    const int polynomial = d->value[MQC_DEVICE_AT(LAW)] == MEMQC_DEVICE_LAW_POLYNOMIAL;
    *nominal = mu;
    cut_moments(printed ? shrink * mu : mu,
                polynomial ? polynomial_sd(d, mu) : fmax(0, shrink * d->sigma),
                d->value[MQC_DEVICE_AT(BELOW_ZERO)] == MEMQC_DEVICE_REDRAW, mean, sd);
}

const struct mqc_device_ops mqc_device_quantized = {
    .name = "quantized",
    .model = MEMQC_DEVICE_QUANTIZED,
    .prepare = prepare,
    .set_step = set_step,
    .level = level_moments,
    .look_up = mqc_quantized_look_up,
    .draw = mqc_quantized_draw_cells,
    .draw_in_cycles = mqc_quantized_draw_in_cycles,
    .program = mqc_quantized_program,
    .write = mqc_quantized_write,
    .correction = mqc_quantized_correction,
    .correct = mqc_quantized_correct,
    .pulse = mqc_quantized_pulse,
    .apply = mqc_quantized_apply,
    .middle_step = mqc_quantized_step,
};
