/* SPDX-License-Identifier: BSD-3-Clause */
/* Stuck cells: a cell is stuck at its upper bound with probability STUCK_ON, at its lower bound
 * with STUCK_OFF, at a conductance uniform between the two with STUCK_ANYWHERE, for life. The kinds
 * and their shares in a measured array: C.-Y. Chen et al., IEEE Trans. Comput. 64 (2015) 180. */
#include "device/effects/faults.h"
#include "core/error.h"
#include "device/cell/check.h"
#include "device/cell/effect_kernels.h"
#include "device/cell/spread.h"

enum { CHUNK = MQC_DEVICE_CHUNK };

/* Attempt numbers of MQC_STREAM_FAULT: frozen. KIND_LOW continues KIND to 48 bits, for yields of
 * parts in a million and less. */
enum quantity { Q_KIND, Q_WHERE, Q_KIND_LOW };

static void kinds_of(const memqc_device *d, const struct mqc_draws *where, size_t first, size_t n,
                     int32_t *kinds) {
    const double on = d->value[MQC_DEVICE_AT(STUCK_ON)],
                 off = d->value[MQC_DEVICE_AT(STUCK_OFF)] + on;
    const double anywhere = d->value[MQC_DEVICE_AT(STUCK_ANYWHERE)] + off;
    float high[CHUNK], low[CHUNK];
    mqc_draws_uniforms(where, MQC_STREAM_ATTEMPT(MQC_STREAM_FAULT, Q_KIND), MQC_FOR_LIFE, first, n,
                       high);
    mqc_draws_uniforms(where, MQC_STREAM_ATTEMPT(MQC_STREAM_FAULT, Q_KIND_LOW), MQC_FOR_LIFE, first,
                       n, low);
    for (size_t i = 0; i < n; i++) {
        const double u = (double)high[i] + 0x1p-24 * (double)low[i];
        kinds[i] = u < anywhere ? MEMQC_DEVICE_FAULT_ANYWHERE : MEMQC_DEVICE_FAULT_NONE;
        if (u < off)
            kinds[i] = MEMQC_DEVICE_FAULT_OFF;
        if (u < on)
            kinds[i] = MEMQC_DEVICE_FAULT_ON;
    }
}

static void stick(const memqc_device *d, const struct mqc_draws *where, size_t first, size_t n,
                  const int32_t *kinds, float *g) {
    float lo[CHUNK], hi[CHUNK], u[CHUNK];
    mqc_device_windows(d, where, first, n, lo, hi);
    mqc_draws_uniforms(where, MQC_STREAM_ATTEMPT(MQC_STREAM_FAULT, Q_WHERE), MQC_FOR_LIFE, first, n,
                       u);
    for (size_t i = 0; i < n; i++) {
        float part = kinds[i] == MEMQC_DEVICE_FAULT_ON ? 1 : u[i];
        if (kinds[i] == MEMQC_DEVICE_FAULT_OFF)
            part = 0;
        if (kinds[i] != MEMQC_DEVICE_FAULT_NONE)
            g[i] = lo[i] * (1 - part) + hi[i] * part;
    }
}

void mqc_device_fault_cells(const memqc_device *d, const struct mqc_draws *where, size_t n,
                            int32_t *kinds, float *g) {
    const double *v = d->value;
    const int any = v[MQC_DEVICE_AT(STUCK_ON)] > 0 || v[MQC_DEVICE_AT(STUCK_OFF)] > 0 ||
                    v[MQC_DEVICE_AT(STUCK_ANYWHERE)] > 0;
    int32_t here[CHUNK];
    for (size_t i = 0; i < CHUNK; i++)
        here[i] = MEMQC_DEVICE_FAULT_NONE;
    for (size_t first = 0; first < n; first += CHUNK) {
        const size_t m = n - first < CHUNK ? n - first : CHUNK;
        if (any)
            kinds_of(d, where, first, m, here);
        if (any && g)
            stick(d, where, first, m, here, g + first);
        for (size_t i = 0; kinds && i < m; i++)
            kinds[first + i] = here[i];
    }
}

memqc_status memqc_device_faults(const memqc_device *device, uint64_t cell, size_t n,
                                 int32_t *kinds, float *g) {
    MQC_NOT_NULL(device);
    if (!kinds && !g && n > 0)
        return mqc_fail(MEMQC_ERROR_ARGUMENT, "%s: kinds and g are both NULL", __func__);
    MQC_TRY(mqc_device_check_cells(__func__, cell, n));
    const struct mqc_draws where = {device->seed, cell, 0, NULL, NULL};
    mqc_device_fault_cells(device, &where, n, kinds, g);
    return MEMQC_OK;
}
