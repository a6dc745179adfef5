/* SPDX-License-Identifier: BSD-3-Clause */
/* A network's devices with some of their properties ideal, and its accuracy on them. */
#ifndef MQC_MLP_STUDY_SCALED_H
#define MQC_MLP_STUDY_SCALED_H

#include "device/property.h"
#include "mlp/study/instances.h"

#include <memqc/study.h>

/* Sets of properties: bit p stands for MEMQC_MLP_PROPERTY_LEVELS + p. */
enum {
    MQC_SCALED_PROPERTIES = MEMQC_MLP_PROPERTY_DRIFT - MEMQC_MLP_PROPERTY_ALL,
    MQC_SCALED_NONE = 0,
    MQC_SCALED_ALL = (1 << MQC_SCALED_PROPERTIES) - 1
};

struct mqc_scaled {
    struct mqc_instances run;
    const memqc_device *device; /* NULL: each layer's own */
    double ohm;                 /* the largest resistance of the wires */
    int begun; /* the one property asked for is absent, and a little of it stands for factor 1 */
    memqc_device *scaled[MQC_MLP_LAYERS];
    size_t run_before; /* instances so far, and how many there will be */
    size_t estimate;
};

/* For memqc_mlp_sensitivity() and the like; then mqc_scaled_begin(), and mqc_scaled_end() in any
 * case. */
struct mqc_scaled mqc_scaled_make(const memqc_mlp *mlp, const memqc_device *device,
                                  const struct mqc_samples *samples);
memqc_status mqc_scaled_begin(struct mqc_scaled *s);
void mqc_scaled_end(struct mqc_scaled *s);

/* The set of a property, MEMQC_MLP_PROPERTY_... */
unsigned mqc_scaled_set_of(int32_t property);

/* The property of the device; -1: of the wires, or all of them. */
int mqc_scaled_property(int32_t property);

/* The device of a layer as it is. */
const memqc_device *mqc_scaled_original(const struct mqc_scaled *s, size_t layer);

/* Scales the properties of a set by a factor, and makes all others ideal. */
memqc_status mqc_scaled_scale(struct mqc_scaled *s, unsigned set, double factor);

/* How much of a property there is now; of layers that differ, where it is worst. */
double mqc_scaled_value(const struct mqc_scaled *s, int32_t property);

/* How much of a property there is, and whether that is none: no more than where it is ideal. Of ALL,
 * a factor of 1. */
memqc_status mqc_scaled_amount(struct mqc_scaled *s, int32_t property, double *value, int *absent);

/* Scales, and evaluates all instances. hits are as for mqc_instances_run(). Where nothing is random
 * one instance is evaluated, and stands for all. */
memqc_status mqc_scaled_measure(struct mqc_scaled *s, unsigned set, double factor,
                                double *accuracies, uint8_t *hits);

#endif
