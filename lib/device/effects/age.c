/* SPDX-License-Identifier: BSD-3-Clause */
/* What becomes of a conductance after it was programmed, G0. In this order:
 *
 *     endurance   G1 = c + (1 + cycles / ENDURANCE_CYCLES)^(-ENDURANCE_EXPONENT) (G0 - c)
 *     relaxation  G2 = G1 + RELAXATION (RELAXATION_G - G1) (1 - e^(-s))
 *                      + RELAXATION_SD sqrt(1 - e^(-2 s)) f
 *     drift       G3 = G2 (t / DRIFT_T0)^(-nu) from DRIFT_T0 on
 *
 * with c = lo + ENDURANCE_CENTRE (hi - lo), s = t / RELAXATION_TIME, nu = DRIFT_NU +
 * DRIFT_NU_SPREAD f' and t = seconds exp(E_a / k_B (1 / 300 K - 1 / T)). f = N(0, 1) is frozen for
 * each (cell, draw), f' for each cell. The window closes before the programming, on which time then
 * acts. Drift acts on the relaxed conductance.
 *
 * Endurance: an empirical curve for windows that close like those of B. Chen et al., IEDM 2011,
 * 12.3. Relaxation: mean and variance of a process of Uhlenbeck and Ornstein, Phys. Rev. 36 (1930)
 * 823, on its way to the stationary law; in HfO2: Fantini et al., IEDM 2015, 7.5. Drift: Pirovano
 * et al., IEEE Trans. Electron Devices 51 (2004) 714. */
#include "device/effects/age.h"
#include "core/error.h"
#include "device/cell/check.h"
#include "device/cell/effect_kernels.h"
#include "device/cell/spread.h"

#include <math.h>
#include <string.h>

enum { CHUNK = MQC_DEVICE_CHUNK };

/* Attempt numbers of MQC_STREAM_AGE: frozen. */
enum quantity { Q_NU, Q_RELAXATION };

static const double boltzmann = 8.617333262e-5; /* eV/K */
static const double reference = 300;            /* K */

/* The time at 300 K that does as much; at most e^600 times as long. */
static double accelerated(const memqc_device *d, double seconds) {
    const double energy = d->value[MQC_DEVICE_AT(ACTIVATION_ENERGY)] / boltzmann,
                 kelvins = d->value[MQC_DEVICE_AT(TEMPERATURE)];
    return seconds * exp(fmin(energy * (1 / reference - 1 / kelvins), 600));
}

static void wear(const memqc_device *d, const struct mqc_draws *where, double cycles, size_t first,
                 size_t n, float *g) {
    const double window = pow(1 + cycles / d->value[MQC_DEVICE_AT(ENDURANCE_CYCLES)],
                              -d->value[MQC_DEVICE_AT(ENDURANCE_EXPONENT)]);
    float lo[CHUNK], hi[CHUNK];
    if (!(window < 1))
        return;
    mqc_device_windows(d, where, first, n, lo, hi);
    mqc_effect_kernels()->wear(n, (float)d->value[MQC_DEVICE_AT(ENDURANCE_CENTRE)], (float)window,
                               lo, hi, g);
}

static void relax(const memqc_device *d, const struct mqc_draws *where, double time, size_t first,
                  size_t n, float *g) {
    const double s = time / d->value[MQC_DEVICE_AT(RELAXATION_TIME)],
                 gone = -expm1(-s) * d->value[MQC_DEVICE_AT(RELAXATION)];
    const double sd = d->value[MQC_DEVICE_AT(RELAXATION_SD)] * sqrt(-expm1(-2 * s));
    float z[CHUNK] = {0};
    if (!(gone > 0) && !(sd > 0))
        return;
    if (sd > 0)
        mqc_draws_shifted_normals(where, MQC_STREAM_ATTEMPT(MQC_STREAM_AGE, Q_RELAXATION), 0, first,
                                  n, z);
    mqc_effect_kernels()->relax(n, (float)(1 - gone),
                                (float)(gone * d->value[MQC_DEVICE_AT(RELAXATION_G)]), (float)sd, z,
                                g);
}

static void drift(const memqc_device *d, const struct mqc_draws *where, double time, size_t first,
                  size_t n, float *g) {
    const double nu = d->value[MQC_DEVICE_AT(DRIFT_NU)],
                 spread = d->value[MQC_DEVICE_AT(DRIFT_NU_SPREAD)];
    const double log_time = log(time / d->value[MQC_DEVICE_AT(DRIFT_T0)]);
    float z[CHUNK] = {0};
    if (!(log_time > 0) || (nu == 0 && !(spread > 0)))
        return;
    if (spread > 0)
        mqc_draws_shifted_normals(where, MQC_STREAM_ATTEMPT(MQC_STREAM_AGE, Q_NU), MQC_FOR_LIFE,
                                  first, n, z);
    mqc_effect_kernels()->drift(n, (float)nu, (float)spread, (float)log_time, z, g);
}

void mqc_device_drift_exponents(const memqc_device *d, const struct mqc_draws *where, size_t n,
                                float *nu) {
    mqc_draws_shifted_normals(where, MQC_STREAM_ATTEMPT(MQC_STREAM_AGE, Q_NU), MQC_FOR_LIFE, 0, n,
                              nu);
    for (size_t i = 0; i < n; i++)
        nu[i] = (float)d->value[MQC_DEVICE_AT(DRIFT_NU)] +
                (float)d->value[MQC_DEVICE_AT(DRIFT_NU_SPREAD)] * nu[i];
}

void mqc_device_age_cells(const memqc_device *d, const struct mqc_draws *where, double seconds,
                          double cycles, size_t n, float *g) {
    const double time = accelerated(d, seconds);
    for (size_t first = 0; first < n; first += CHUNK) {
        const size_t m = n - first < CHUNK ? n - first : CHUNK;
        wear(d, where, cycles, first, m, g + first);
        relax(d, where, time, first, m, g + first);
        drift(d, where, time, first, m, g + first);
    }
}

memqc_status memqc_device_age(const memqc_device *device, uint64_t cell, uint64_t draw,
                              double seconds, double cycles, size_t n, const float *g0, float *g) {
    MQC_NOT_NULL(device);
    MQC_ARRAY(n, g0);
    MQC_ARRAY(n, g);
    MQC_TRY(mqc_device_check_cells(__func__, cell, n));
    MQC_TRY(mqc_device_check_duration(__func__, seconds));
    if (!(cycles >= 0 && cycles <= 1e30))
        return mqc_fail(MEMQC_ERROR_ARGUMENT, "%s: cycles = %g is outside 0 .. 1e30", __func__,
                        cycles);
    MQC_TRY(mqc_device_check_conductances(__func__, n, g0));
    const struct mqc_draws where = {device->seed, cell, draw, NULL, NULL};
    if (n && g != g0)
        memcpy(g, g0, n * sizeof *g);
    mqc_device_age_cells(device, &where, seconds, cycles, n, g);
    return MEMQC_OK;
}
