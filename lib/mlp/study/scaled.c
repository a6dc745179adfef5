/* SPDX-License-Identifier: BSD-3-Clause */
/* Devices and wires with each property ideal, as it is, or scaled by a factor. All are measured on
 * instances with equal seeds, so that they share their random numbers. */
#include "mlp/study/scaled.h"
#include "core/crossed.h"
#include "core/error.h"
#include "mlp/checks.h"
#include "mlp/network.h"
#include "mlp/pass/plan.h"

#include <math.h>
#include <string.h>

static const int properties[MQC_SCALED_PROPERTIES] = {
    MQC_PROPERTY_LEVELS,     MQC_PROPERTY_C2C, MQC_PROPERTY_D2D,    MQC_PROPERTY_ASYMMETRY,
    MQC_PROPERTY_READ_NOISE, -1 /* wires */,   MQC_PROPERTY_FAULTS, MQC_PROPERTY_DRIFT,
};

unsigned mqc_scaled_set_of(int32_t property) {
    if (property == MEMQC_MLP_PROPERTY_ALL)
        return MQC_SCALED_ALL;
    return 1u << (property - MEMQC_MLP_PROPERTY_LEVELS);
}

int mqc_scaled_property(int32_t property) {
    return property == MEMQC_MLP_PROPERTY_ALL ? -1
                                              : properties[property - MEMQC_MLP_PROPERTY_LEVELS];
}

const memqc_device *mqc_scaled_original(const struct mqc_scaled *s, size_t layer) {
    return s->device ? s->device : s->run.mlp->layer[layer].device;
}

static memqc_status scale_layer(struct mqc_scaled *s, size_t l, unsigned set, double factor) {
    memqc_device *const d = s->scaled[l];
    const memqc_device *const original = mqc_scaled_original(s, l);
    mqc_device_assign(d, original);
    for (int p = 0; p < MQC_SCALED_PROPERTIES; p++)
        if (s->begun && set == 1u << p && properties[p] >= 0 && factor > 0)
            mqc_property_begin(d, (enum mqc_property)properties[p]);
    for (int p = 0; p < MQC_SCALED_PROPERTIES; p++)
        if (properties[p] >= 0)
            MQC_TRY(
                mqc_property_scale(d, (enum mqc_property)properties[p], set >> p & 1 ? factor : 0));
    s->run.onto.tolerance[l] = (mqc_device_states(d) - 1) / (mqc_device_states(original) - 1);
    s->run.onto.device[l] = d;
    return MEMQC_OK;
}

memqc_status mqc_scaled_scale(struct mqc_scaled *s, unsigned set, double factor) {
    const double wires = set & mqc_scaled_set_of(MEMQC_MLP_PROPERTY_WIRES) ? factor : 0;
    for (size_t l = 0; l < s->run.mlp->n_layers; l++)
        MQC_TRY(scale_layer(s, l, set, factor));
    s->run.onto.scaled = 1;
    s->run.onto.wires = s->begun ? 0 : wires;
    s->run.onto.ohm = s->begun ? wires : 0; /* 1 ohm stands for the factor 1 */
    s->run.onto.noise = set & mqc_scaled_set_of(MEMQC_MLP_PROPERTY_READ_NOISE) ? factor : 0;
    return MEMQC_OK;
}

double mqc_scaled_value(const struct mqc_scaled *s, int32_t property) {
    const int p = mqc_scaled_property(property);
    double worst = 0;
    if (property == MEMQC_MLP_PROPERTY_WIRES)
        return s->ohm * s->run.onto.wires + s->run.onto.ohm;
    for (size_t l = 0; l < s->run.mlp->n_layers; l++) {
        const double value = mqc_property_value(s->scaled[l], (enum mqc_property)p, s->run.seconds);
        const int worse = p == MQC_PROPERTY_LEVELS ? value < worst : value > worst;
        if (l == 0 || worse)
            worst = value;
    }
    return worst;
}

memqc_status mqc_scaled_amount(struct mqc_scaled *s, int32_t property, double *value, int *absent) {
    *absent = 0;
    *value = 1;
    if (property == MEMQC_MLP_PROPERTY_ALL)
        return MEMQC_OK;
    MQC_TRY(mqc_scaled_scale(s, mqc_scaled_set_of(property), 0));
    const double none = mqc_scaled_value(s, property);
    MQC_TRY(mqc_scaled_scale(s, mqc_scaled_set_of(property), 1));
    *value = mqc_scaled_value(s, property);
    *absent = *value == none;
    return MEMQC_OK;
}

memqc_status mqc_scaled_measure(struct mqc_scaled *s, unsigned set, double factor,
                                double *accuracies, uint8_t *hits) {
    const size_t stride = mqc_crossed_stride(s->run.samples->n);
    struct mqc_instances run;
    int deterministic = 1;
    MQC_TRY(mqc_scaled_scale(s, set, factor));
    for (size_t l = 0; l < s->run.mlp->n_layers; l++)
        deterministic &= mqc_device_is_deterministic(s->scaled[l]) &&
                         !mqc_plan_is_noisy(&s->run.mlp->layer[l].plan, s->run.onto.noise > 0);
    run = s->run;
    run.n = deterministic ? 1 : s->run.n;
    run.before = s->run_before;
    run.total = run.before + run.n < s->estimate ? s->estimate : run.before + run.n;
    MQC_TRY(mqc_instances_run(&run, accuracies, hits));
    s->run_before += run.n;
    for (size_t i = run.n; i < s->run.n; i++) {
        accuracies[i] = accuracies[0];
        memcpy(hits + i * stride, hits, stride);
    }
    return MEMQC_OK;
}

struct mqc_scaled mqc_scaled_make(const memqc_mlp *mlp, const memqc_device *device,
                                  const struct mqc_samples *samples) {
    struct mqc_scaled s = {.run = mqc_instances_make(mlp, device, samples), .device = device};
    s.run.phase = MEMQC_PHASE_SENSITIVITY;
    for (size_t l = 0; l < mlp->n_layers; l++)
        s.ohm = fmax(s.ohm, mqc_plan_resistance(&mlp->layer[l].plan));
    return s;
}

memqc_status mqc_scaled_begin(struct mqc_scaled *s) {
    for (size_t l = 0; l < s->run.mlp->n_layers; l++)
        MQC_TRY(memqc_device_copy(mqc_scaled_original(s, l), &s->scaled[l]));
    return MEMQC_OK;
}

void mqc_scaled_end(struct mqc_scaled *s) {
    for (size_t l = 0; l < s->run.mlp->n_layers; l++)
        memqc_device_destroy(&s->scaled[l]);
}
