/* SPDX-License-Identifier: BSD-3-Clause */
/* What the effects share: their kernels, their random numbers, their checks. */
#include "device/effects/effects.h"
#include "core/error.h"
#include "rng/rng.h"

enum { CHUNK = MQC_DEVICE_CHUNK };

const struct mqc_effect_kernels *mqc_effect_kernels(void) {
    static const struct mqc_effect_kernels *const tables[MQC_ISA_COUNT] =
        MQC_KERNEL_TABLES(mqc_effect_kernels);
    return tables[mqc_isa()];
}

struct mqc_draws mqc_draws_from(const struct mqc_draws *where, size_t first) {
    struct mqc_draws cells = *where;
    cells.cell += first;
    if (where->cells) {
        cells.cells += first;
        cells.draws += first;
    }
    return cells;
}

static uint64_t shifted(uint64_t draw, int shift) {
    return shift < MQC_FOR_LIFE ? draw >> shift : 0;
}

/* The draws of a list, shifted. */
static void shift_draws(const struct mqc_draws *where, int shift, size_t first, size_t n,
                        uint64_t *draws) {
    for (size_t i = 0; i < n; i++)
        draws[i] = shifted(where->draws[first + i], shift);
}

void mqc_draws_shifted_normals(const struct mqc_draws *where, uint32_t stream, int shift,
                               size_t first, size_t n, float *z) {
    const struct mqc_rng rng = mqc_rng_make(where->seed, stream);
    uint64_t draws[CHUNK];
    if (!where->cells) {
        mqc_rng_kernels()->normal(&rng, where->cell + first, shifted(where->draw, shift), n, z);
        return;
    }
    for (size_t i = 0; i < n; i += CHUNK) {
        const size_t m = n - i < CHUNK ? n - i : CHUNK;
        shift_draws(where, shift, first + i, m, draws);
        mqc_rng_kernels()->normal_list(&rng, where->cells + first + i, draws, m, z + i);
    }
}

void mqc_draws_uniforms(const struct mqc_draws *where, uint32_t stream, int shift, size_t first,
                        size_t n, float *u) {
    const struct mqc_rng rng = mqc_rng_make(where->seed, stream);
    uint64_t draws[CHUNK];
    if (!where->cells) {
        mqc_rng_kernels()->uniform(&rng, where->cell + first, shifted(where->draw, shift), n, u);
        return;
    }
    for (size_t i = 0; i < n; i += CHUNK) {
        const size_t m = n - i < CHUNK ? n - i : CHUNK;
        shift_draws(where, shift, first + i, m, draws);
        mqc_rng_kernels()->uniform_list(&rng, where->cells + first + i, draws, m, u + i);
    }
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

int mqc_device_effect_varies(int32_t key) {
    return key == MEMQC_DEVICE_RTN_TIME_HIGH || key == MEMQC_DEVICE_RTN_TIME_LOW ||
           key == MEMQC_DEVICE_DRIFT_NU;
}

void mqc_device_effect_values(const memqc_device *d, int32_t key, const struct mqc_draws *where,
                              size_t n, float *values) {
    if (key == MEMQC_DEVICE_DRIFT_NU)
        mqc_device_drift_exponents(d, where, n, values);
    else
        mqc_device_trap_times(d, where, key == MEMQC_DEVICE_RTN_TIME_LOW, n, values);
}
