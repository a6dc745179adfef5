/* SPDX-License-Identifier: BSD-3-Clause */
/* Reading a cell: noise, and the current that a voltage drives.
 *
 *     read      G + sd f, cut at 0,   sd^2 = READ_NOISE^2 + (READ_NOISE_RELATIVE G)^2
 *     white     f = N(0, 1)
 *     1/f-like  f = (f_0 + f_1 + ... + f_k) / sqrt(k + 1),   f_j = N(0, 1), drawn anew every 2^j reads
 *     current   I = G V_r sinh(a V) / sinh(a V_r)
 *
 * A sum of processes whose corner frequencies are an octave apart has a spectrum that falls as 1/f
 * between the slowest and the fastest: Voss and Clarke, J. Acoust. Soc. Am. 63 (1978) 258. As the
 * j-th is drawn at (draw >> j), the noise of a read is a function of its number, whatever was read
 * before. The sinh is the field dependence of hopping and tunnelling: Mott and Gurney, Electronic
 * Processes in Ionic Crystals, 1940; for HfOx cells Guan, Yu and Wong, IEEE Electron Device Lett.
 * 33 (2012) 1405. */
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

void mqc_device_read_cells(const memqc_device *d, const struct mqc_draws *where, size_t n,
                           float *g) {
    const int octaves = (int)d->value[MQC_DEVICE_AT(READ_NOISE_OCTAVES)];
    const float absolute = squared(d->value[MQC_DEVICE_AT(READ_NOISE)]) / (float)(octaves + 1);
    const float relative =
        squared(d->value[MQC_DEVICE_AT(READ_NOISE_RELATIVE)]) / (float)(octaves + 1);
    float sum[CHUNK], z[CHUNK];
    if (!(absolute > 0) && !(relative > 0))
        return;
    for (size_t first = 0; first < n; first += CHUNK) {
        const size_t m = n - first < CHUNK ? n - first : CHUNK;
        mqc_draws_shifted_normals(where, MQC_STREAM_READ, 0, first, m, sum);
        for (int j = 1; j <= octaves; j++) {
            mqc_draws_shifted_normals(where, MQC_STREAM_ATTEMPT(MQC_STREAM_READ, j), j, first, m,
                                      z);
            mqc_effect_kernels()->add(m, z, sum);
        }
        mqc_effect_kernels()->noise(m, absolute, relative, sum, g + first);
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
