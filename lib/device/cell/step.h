/* SPDX-License-Identifier: BSD-3-Clause */
/* The step of one pulse, for loops of kernels: the kind of law and whatever else is a constant where
 * these are inlined makes each combination a loop of its own. */
#ifndef MQC_DEVICE_STEP_H
#define MQC_DEVICE_STEP_H

#include "core/math.h"
#include "device/cell/kernels.h"

MQC_INLINE float either(int first, float a, float b) {
    return first ? a : b;
}

/* The step between the nodes around g, by bisection. */
MQC_INLINE float table_step(const struct mqc_table *t, float g) {
    int32_t low = 0, high = t->n - 1; /* g[low] <= g < g[high], but at the ends */
    if (g <= t->g[0])
        return t->step[0];
    if (g >= t->g[high])
        return t->step[high];
    while (high - low > 1) {
        const int32_t middle = (low + high) >> 1;
        if (t->g[middle] <= g)
            low = middle;
        else
            high = middle;
    }
    const float part = (g - t->g[low]) / (t->g[high] - t->g[low]);
    return t->step[low] + part * (t->step[high] - t->step[low]);
}

MQC_INLINE float step_of(enum mqc_pulse_kind kind, const struct mqc_pulse_law *law, float step,
                         float shape, float y, float g) {
    if (kind == MQC_PULSE_TABLE)
        return step * table_step(law->table, g);
    if (kind == MQC_PULSE_POWER) {
        const float left = 1.0f - y;
        return step * mqc_exp(shape * mqc_log(left > 1e-30f ? left : 1e-30f));
    }
    if (kind == MQC_PULSE_EXPONENTIAL) {
        const float f =
            1.0f - law->a * mqc_exp(shape * (law->scale * (2.0f * y - 1.0f) + law->offset));
        return step * (f > 0.0f ? f : 0.0f);
    }
    const float f = 1.0f - shape * y;
    return step * (f > 0.0f ? f : 0.0f);
}

MQC_INLINE struct mqc_pulse_law choose(int up, const struct mqc_pulse_law *a,
                                       const struct mqc_pulse_law *b) {
    struct mqc_pulse_law w;
    w.step = up ? a->step : b->step;
    w.shape = up ? a->shape : b->shape;
    w.a = up ? a->a : b->a;
    w.scale = a->scale; /* one for both */
    w.offset = up ? a->offset : b->offset;
    w.table = up ? a->table : b->table;
    return w;
}

#endif
