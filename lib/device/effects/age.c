/* SPDX-License-Identifier: BSD-3-Clause */
/* What becomes of a conductance after it was programmed, G0. In this order:
 *
 *     endurance   G1 = c + (1 + cycles / ENDURANCE_CYCLES)^(-ENDURANCE_EXPONENT) (G0 - c)
 *     relaxation  G2 = G1 + RELAXATION (RELAXATION_G - G1) (1 - e^(-s))
 *                      + RELAXATION_SD sqrt(1 - e^(-2 s)) f
 *     drift       G3 = G2 (t' / DRIFT_T0)^(-nu) from DRIFT_T0 on
 *     flicker     G4 = G3 (1 + q f" sqrt(ln((t" + FLICKER_TIME) / (2 FLICKER_TIME)))) from
 *                 FLICKER_TIME on, q = min(FLICKER / x^FLICKER_POWER, FLICKER_MAX)
 *
 * with c = lo + ENDURANCE_CENTRE (hi - lo), s = t / RELAXATION_TIME, nu = DRIFT_NU +
 * DRIFT_NU_SPREAD f', t = seconds exp(E_a / k_B (1 / 300 K - 1 / T)), t' = t + LAST_READ and
 * t" = seconds + LAST_READ. Mean and spread of nu may be functions of x = G2 / G_MAX: terms in ln x,
 * x, x^2 and x^3. f, f" = N(0, 1) are frozen for each (cell, draw), f' for each cell. The window
 * closes before the programming, on which time then acts. Drift acts on the relaxed conductance.
 *
 * Endurance: an empirical curve for windows that close like those of B. Chen et al., IEDM 2011,
 * 12.3. Relaxation: mean and variance of a process of Uhlenbeck and Ornstein, Phys. Rev. 36 (1930)
 * 823, on its way to the stationary law; in HfO2: Fantini et al., IEDM 2015, 7.5. Drift: Pirovano
 * et al., IEEE Trans. Electron Devices 51 (2004) 714. Its dependence on the state, and flicker: Joshi
 * et al., Nat. Commun. 11 (2020) 2473. */
#include "device/effects/age.h"
#include "core/error.h"
#include "device/cell/check.h"
#include "device/cell/effect_kernels.h"
#include "device/cell/spread.h"

#include <math.h>
#include <string.h>

enum { CHUNK = MQC_DEVICE_CHUNK };

/* Attempt numbers of MQC_STREAM_AGE: frozen. */
enum quantity { Q_NU, Q_RELAXATION, Q_FLICKER };

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

/* The law that begins with the constant term `at` and goes on with the six keys from `first` on. */
static struct mqc_state_law law_of(const memqc_device *d, size_t at, size_t first) {
    const double *const v = d->value + first;
    const struct mqc_state_law law = {(float)d->value[at],
                                      (float)v[0],
                                      {(float)v[1], (float)v[2], (float)v[3]},
                                      (float)v[4],
                                      (float)v[5]};
    return law;
}

static struct mqc_state_law nu_law(const memqc_device *d) {
    return law_of(d, MQC_DEVICE_AT(DRIFT_NU), MQC_DEVICE_AT(DRIFT_NU_LOG));
}

static struct mqc_state_law spread_law(const memqc_device *d) {
    return law_of(d, MQC_DEVICE_AT(DRIFT_NU_SPREAD), MQC_DEVICE_AT(DRIFT_SPREAD_LOG));
}

static int depends(const struct mqc_state_law *law) {
    return law->log != 0 || law->slope[0] != 0 || law->slope[1] != 0 || law->slope[2] != 0;
}

/* A law of the state that is none: within its bounds, the constant term. */
static float constant_of(const struct mqc_state_law *law) {
    return fminf(fmaxf(law->constant, law->low), law->high);
}

int mqc_device_drift_scatters(const memqc_device *d) {
    const struct mqc_state_law spread = spread_law(d);
    return depends(&spread) ? spread.high > 0 : constant_of(&spread) > 0;
}

/* Drift whose exponent is a function of the state. */
static void drift_by_state(const memqc_device *d, const struct mqc_draws *where, double log_time,
                           size_t first, size_t n, float *g) {
    const struct mqc_state_law nu = nu_law(d), spread = spread_law(d);
    const float share = (float)(1 / mqc_device_g_max(d));
    float z[CHUNK], mean[CHUNK], sd[CHUNK];
    mqc_draws_shifted_normals(where, MQC_STREAM_ATTEMPT(MQC_STREAM_AGE, Q_NU), MQC_FOR_LIFE, first,
                              n, z);
    mqc_effect_kernels()->state_law(n, &nu, share, g, mean);
    mqc_effect_kernels()->state_law(n, &spread, share, g, sd);
    mqc_effect_kernels()->drift_by(n, (float)log_time, mean, sd, z, g);
}

/* Flicker at a time since the programming; where it has not begun, `grown` is 0. */
static struct mqc_flicker flicker_law(const memqc_device *d, double seconds) {
    const double read = d->value[MQC_DEVICE_AT(FLICKER_TIME)],
                 log_time = log((seconds + read) / (2 * read));
    const struct mqc_flicker law = {
        (float)d->value[MQC_DEVICE_AT(FLICKER)], (float)d->value[MQC_DEVICE_AT(FLICKER_POWER)],
        (float)d->value[MQC_DEVICE_AT(FLICKER_MAX)], (float)sqrt(fmax(0, log_time)),
        (float)(1 / mqc_device_g_max(d))};
    return law;
}

static void flicker(const memqc_device *d, const struct mqc_draws *where, double seconds,
                    size_t first, size_t n, const float *state, float *g) {
    const struct mqc_flicker law = flicker_law(d, seconds);
    float z[CHUNK];
    if (!(law.grown > 0))
        return;
    mqc_draws_shifted_normals(where, MQC_STREAM_ATTEMPT(MQC_STREAM_AGE, Q_FLICKER), 0, first, n, z);
    mqc_effect_kernels()->flicker(n, &law, state, z, g);
}

static void drift(const memqc_device *d, const struct mqc_draws *where, double time, size_t first,
                  size_t n, float *g) {
    const struct mqc_state_law mean = nu_law(d), scatter = spread_law(d);
    const double nu = (double)constant_of(&mean), spread = (double)constant_of(&scatter);
    const double log_time = log(time / d->value[MQC_DEVICE_AT(DRIFT_T0)]);
    float z[CHUNK] = {0};
    if (log_time > 0 && (depends(&mean) || depends(&scatter))) {
        drift_by_state(d, where, log_time, first, n, g);
        return;
    }
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
    const struct mqc_state_law mean = nu_law(d), spread = spread_law(d);
    const float top = 1;
    float centre, sd;
    mqc_effect_kernels()->state_law(1, &mean, 1, &top, &centre);
    mqc_effect_kernels()->state_law(1, &spread, 1, &top, &sd);
    for (size_t i = 0; i < n; i++)
        nu[i] = centre + sd * nu[i];
}

int mqc_device_flickers_in_reads(const memqc_device *d) {
    return d->value[MQC_DEVICE_AT(FLICKER)] > 0 &&
           d->value[MQC_DEVICE_AT(FLICKER_DRAWN)] == MEMQC_DEVICE_FLICKER_PER_READ;
}

/* Standard deviation of flicker, S, of cells at g that drift acted on at state[]. */
static void flicker_sd(const memqc_device *d, double seconds, size_t n, const float *state,
                       const float *g, float *sd) {
    const struct mqc_flicker law = flicker_law(d, seconds);
    mqc_effect_kernels()->flicker_sd(n, &law, state, sd);
    for (size_t i = 0; i < n; i++)
        sd[i] *= g[i];
}

void mqc_device_age_cells(const memqc_device *d, const struct mqc_draws *where, double seconds,
                          double cycles, size_t n, float *g, float *sd) {
    const double time = accelerated(d, seconds), before = d->value[MQC_DEVICE_AT(LAST_READ)];
    const int in_reads = mqc_device_flickers_in_reads(d),
              flickers = d->value[MQC_DEVICE_AT(FLICKER)] > 0 && !in_reads;
    float state[CHUNK];
    for (size_t first = 0; first < n; first += CHUNK) {
        const size_t m = n - first < CHUNK ? n - first : CHUNK;
        wear(d, where, cycles, first, m, g + first);
        relax(d, where, time, first, m, g + first);
        if (flickers || in_reads)
            memcpy(state, g + first, m * sizeof *state);
        drift(d, where, time + before, first, m, g + first);
        if (flickers)
            flicker(d, where, seconds + before, first, m, state, g + first);
        if (in_reads && sd)
            flicker_sd(d, seconds + before, m, state, g + first, sd + first);
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
    mqc_device_age_cells(device, &where, seconds, cycles, n, g, NULL);
    return MEMQC_OK;
}

memqc_status memqc_device_flicker(const memqc_device *device, uint64_t cell, uint64_t draw,
                                  double seconds, size_t n, const float *g2, float *g) {
    MQC_NOT_NULL(device);
    MQC_ARRAY(n, g2);
    MQC_ARRAY(n, g);
    MQC_TRY(mqc_device_check_cells(__func__, cell, n));
    MQC_TRY(mqc_device_check_duration(__func__, seconds));
    MQC_TRY(mqc_device_check_conductances(__func__, n, g2));
    MQC_TRY(mqc_device_check_conductances(__func__, n, g));
    if (device->value[MQC_DEVICE_AT(FLICKER_DRAWN)] != MEMQC_DEVICE_FLICKER_PER_READ)
        return mqc_fail(
            MEMQC_ERROR_STATE,
            "%s: flicker_drawn = %d (per-programming): memqc_device_age() has the flicker; "
            "set it to %d (per-read)",
            __func__, MEMQC_DEVICE_FLICKER_PER_PROGRAMMING, MEMQC_DEVICE_FLICKER_PER_READ);
    const struct mqc_flicker law =
        flicker_law(device, seconds + device->value[MQC_DEVICE_AT(LAST_READ)]);
    const struct mqc_draws where = {device->seed, cell, draw, NULL, NULL};
    float z[CHUNK];
    for (size_t first = 0; first < n && law.size > 0 && law.grown > 0; first += CHUNK) {
        const size_t m = n - first < CHUNK ? n - first : CHUNK;
        mqc_draws_normals(&where, MQC_STREAM_ATTEMPT(MQC_STREAM_READ, MQC_FLICKER_ATTEMPT), first,
                          m, 0, z);
        mqc_effect_kernels()->flicker(m, &law, g2 + first, z, g + first);
    }
    return MEMQC_OK;
}
