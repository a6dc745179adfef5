/* SPDX-License-Identifier: BSD-3-Clause */
/* Reading a cell: noise, and the current that a voltage drives.
 *
 *     read      G + sd f, cut at 0,   sd^2 = READ_NOISE^2 + (READ_NOISE_RELATIVE G)^2
 *     white     f = N(0, 1)
 *     1/f-like  f = (f_0 + f_1 + ... + f_k) / sqrt(k + 1),   f_j = N(0, 1), drawn anew every 2^j reads
 *     slow      READ_NOISE_SLOW (s_0 f_0 + s_1 f_1 + ... ), added to either
 *     current   I = G V_r sinh(a V) / sinh(a V_r)
 *
 * A sum of processes whose corner frequencies are an octave apart has a spectrum that falls as 1/f
 * between the slowest and the fastest: Voss and Clarke, J. Acoust. Soc. Am. 63 (1978) 258. As the
 * j-th is drawn at (draw >> j), the noise of a read is a function of its number, whatever was read
 * before. A part that changes every T reads has the correlation 1 - k / T over k < T reads, in the
 * mean over the T reads from which one may count. The shares s_j make the sum's correlation a line
 * through phi^k at k = 1, 2, 4, ..., where phi is READ_NOISE_CORRELATION.
 *
 * The sinh is the field dependence of hopping and tunnelling: Mott and Gurney, Electronic Processes
 * in Ionic Crystals, 1940; for HfOx cells Guan, Yu and Wong, IEEE Electron Device Lett. 33 (2012)
 * 1405. */
#include "device/effects/read.h"
#include "core/error.h"
#include "device/cell/check.h"
#include "device/cell/effect_kernels.h"

#include <math.h>
#include <string.h>

enum { CHUNK = MQC_DEVICE_CHUNK };

static float squared(double x) {
    return (float)(x * x);
}

/* The slope of phi^k between k = 2^(j - 1) and 2^j, or from 0 to 1. */
static double slope_of(double phi, int j) {
    if (j == 0)
        return phi - 1;
    return (pow(phi, ldexp(1, j)) - pow(phi, ldexp(1, j - 1))) / ldexp(1, j - 1);
}

struct mqc_slow mqc_slow_make(double correlation) {
    const double gone = 1e-3;
    struct mqc_slow slow = {1, {1}};
    while (pow(correlation, ldexp(1, slow.parts - 1)) > gone && slow.parts < MQC_SLOW_PARTS)
        slow.parts++;
    double all = 0;
    for (int pass = 0; pass < 2; pass++)
        for (int j = 0; j < slow.parts; j++) {
            const double next = j + 1 < slow.parts ? slope_of(correlation, j + 1) : 0;
            const double variance = fmax(ldexp(next - slope_of(correlation, j), j), 0);
            if (pass)
                slow.share[j] = (float)sqrt(variance / all);
            else
                all += variance;
        }
    return slow;
}

/* READ_NOISE_SLOW times the sum of the parts. */
static void draw_slow(const memqc_device *d, const struct mqc_slow *slow,
                      const struct mqc_draws *where, size_t first, size_t n, float *z, float *sum) {
    const float sd = (float)d->value[MQC_DEVICE_AT(READ_NOISE_SLOW)];
    memset(sum, 0, n * sizeof *sum);
    for (int j = 0; j < slow->parts; j++) {
        const uint32_t attempt = (uint32_t)(MQC_SLOW_ATTEMPT + j);
        mqc_draws_shifted_normals(where, MQC_STREAM_ATTEMPT(MQC_STREAM_READ, attempt), j, first, n,
                                  z);
        mqc_effect_kernels()->add_times(n, sd * slow->share[j], z, sum);
    }
}

void mqc_device_read_cells(const memqc_device *d, const struct mqc_draws *where, size_t n,
                           float *g) {
    const int octaves = (int)d->value[MQC_DEVICE_AT(READ_NOISE_OCTAVES)];
    const float absolute = squared(d->value[MQC_DEVICE_AT(READ_NOISE)]) / (float)(octaves + 1);
    const float relative =
        squared(d->value[MQC_DEVICE_AT(READ_NOISE_RELATIVE)]) / (float)(octaves + 1);
    float sum[CHUNK], z[CHUNK], more[CHUNK];
    const int is_slow = d->value[MQC_DEVICE_AT(READ_NOISE_SLOW)] > 0;
    struct mqc_slow slow = {0, {0}};
    if (!(absolute > 0) && !(relative > 0) && !is_slow)
        return;
    if (is_slow)
        slow = mqc_slow_make(d->value[MQC_DEVICE_AT(READ_NOISE_CORRELATION)]);
    for (size_t first = 0; first < n; first += CHUNK) {
        const size_t m = n - first < CHUNK ? n - first : CHUNK;
        mqc_draws_shifted_normals(where, MQC_STREAM_READ, 0, first, m, sum);
        for (int j = 1; j <= octaves; j++) {
            mqc_draws_shifted_normals(where, MQC_STREAM_ATTEMPT(MQC_STREAM_READ, j), j, first, m,
                                      z);
            mqc_effect_kernels()->add(m, z, sum);
        }
        if (is_slow) {
            draw_slow(d, &slow, where, first, m, z, more);
            mqc_effect_kernels()->slow_noise(m, absolute, relative, sum, more, g + first);
        } else {
            mqc_effect_kernels()->noise(m, absolute, relative, sum, g + first);
        }
    }
}

memqc_status memqc_device_read(const memqc_device *device, uint64_t cell, uint64_t draw, size_t n,
                               const float *g, float *out) {
    MQC_NOT_NULL(device);
    MQC_ARRAY(n, g);
    MQC_ARRAY(n, out);
    MQC_TRY(mqc_device_check_cells(__func__, cell, n));
    MQC_TRY(mqc_device_check_conductances(__func__, n, g));
    const struct mqc_draws where = {device->seed, cell, draw, NULL, NULL};
    if (n && out != g)
        memcpy(out, g, n * sizeof *out);
    mqc_device_read_cells(device, &where, n, out);
    return MEMQC_OK;
}

void mqc_device_effective_volts(const memqc_device *d, size_t n, float *volts) {
    const double a = d->value[MQC_DEVICE_AT(IV_NONLINEARITY)],
                 v_r = d->value[MQC_DEVICE_AT(READ_VOLTAGE)];
    if (a > 0)
        mqc_effect_kernels()->sinh(n, (float)a, (float)(v_r / sinh(a * v_r)), volts);
}

memqc_status mqc_device_check_volts(const memqc_device *d, const char *function, size_t n,
                                    const float *volts) {
    const double a = d->value[MQC_DEVICE_AT(IV_NONLINEARITY)], most = 80;
    for (size_t i = 0; i < n; i++) {
        if (!isfinite(volts[i]))
            return mqc_fail(MEMQC_ERROR_DATA, "%s: volts[%zu] = %g V; voltages must be finite",
                            function, i, (double)volts[i]);
        if (a * fabs((double)volts[i]) > most)
            return mqc_fail(
                MEMQC_ERROR_DATA,
                "%s: volts[%zu] = %g V; at iv_nonlinearity = %g 1/V allowed is %g .. %g V",
                function, i, (double)volts[i], a, -most / a, most / a);
    }
    return MEMQC_OK;
}

memqc_status memqc_device_current(const memqc_device *device, size_t n, const float *g,
                                  const float *volts, float *amps) {
    MQC_NOT_NULL(device);
    MQC_ARRAY(n, g);
    MQC_ARRAY(n, volts);
    MQC_ARRAY(n, amps);
    MQC_TRY(mqc_device_check_conductances(__func__, n, g));
    MQC_TRY(mqc_device_check_volts(device, __func__, n, volts));
    float effective[CHUNK];
    for (size_t first = 0; first < n; first += CHUNK) {
        const size_t m = n - first < CHUNK ? n - first : CHUNK;
        memcpy(effective, volts + first, m * sizeof *effective);
        mqc_device_effective_volts(device, m, effective);
        for (size_t i = 0; i < m; i++)
            amps[first + i] = g[first + i] * effective[i];
    }
    return MEMQC_OK;
}
