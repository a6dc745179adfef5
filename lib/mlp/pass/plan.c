/* SPDX-License-Identifier: BSD-3-Clause */
/* The parameters of a layer's arrays. They stand in an array of one cell that is never programmed,
 * so that the crossbar's own functions set, check and read them. Parameters that nobody chose follow
 * the device: another device brings its own read noise, unless the array was given one. */
#include "mlp/pass/plan.h"
#include "core/error.h"
#include "crossbar/array/params.h"
#include "crossbar/mapping/mapping.h"

#include <math.h>
#include <string.h>

static memqc_status create(const memqc_device *device, memqc_crossbar **out) {
    memqc_device *ideal = NULL;
    if (device)
        return memqc_crossbar_create(device, 1, 1, 0, out);
    MQC_TRY(memqc_device_create_preset("ideal", &ideal));
    const memqc_status status = memqc_crossbar_create(ideal, 1, 1, 0, out);
    memqc_device_destroy(&ideal);
    return status;
}

memqc_status mqc_plan_make(struct mqc_plan *plan, const char *function, const memqc_device *device,
                           const struct mqc_plan *from) {
    memqc_crossbar *array = NULL;
    MQC_TRY(create(device, &array));
    for (size_t i = 0; i < MQC_CROSSBAR_KEYS && from; i++)
        if (from->chosen[i])
            array->value[i] = from->array->value[i];
    const memqc_status status = mqc_mapping_check(function, array->value, array->device);
    if (status != MEMQC_OK) {
        memqc_crossbar_destroy(&array);
        return status;
    }
    if (from && from != plan)
        memcpy(plan->chosen, from->chosen, sizeof plan->chosen);
    memqc_crossbar_destroy(&plan->array);
    plan->array = array;
    return MEMQC_OK;
}

void mqc_plan_free(struct mqc_plan *plan) {
    memqc_crossbar_destroy(&plan->array);
}

memqc_status mqc_plan_build(const struct mqc_plan *plan, size_t rows, size_t cols, uint64_t seed,
                            memqc_crossbar **out) {
    MQC_TRY(memqc_crossbar_create(plan->array->device, rows, cols, seed, out));
    memcpy((*out)->value, plan->array->value, sizeof plan->array->value);
    return MEMQC_OK;
}

double mqc_plan_value(const struct mqc_plan *plan, int32_t key) {
    return plan->array->value[key - MQC_CROSSBAR_FIRST];
}

void mqc_plan_choose(struct mqc_plan *plan, int32_t key, double value) {
    plan->array->value[key - MQC_CROSSBAR_FIRST] = value;
    plan->chosen[key - MQC_CROSSBAR_FIRST] = 1;
}

double mqc_plan_resistance(const struct mqc_plan *plan) {
    double most = 0;
    for (int32_t key = MEMQC_CROSSBAR_WORD_RESISTANCE; key <= MEMQC_CROSSBAR_SENSE_RESISTANCE;
         key++)
        most = fmax(most, mqc_plan_value(plan, key));
    return most;
}

int mqc_plan_is_noisy(const struct mqc_plan *plan, int read) {
    const int chosen = plan->chosen[MEMQC_CROSSBAR_READ_NOISE - MQC_CROSSBAR_FIRST] ||
                       plan->chosen[MEMQC_CROSSBAR_READ_NOISE_RELATIVE - MQC_CROSSBAR_FIRST] ||
                       plan->chosen[MEMQC_CROSSBAR_READ_NOISE_SLOW - MQC_CROSSBAR_FIRST];
    return mqc_plan_value(plan, MEMQC_CROSSBAR_INPUT_NOISE) > 0 ||
           mqc_plan_value(plan, MEMQC_CROSSBAR_OUTPUT_NOISE) > 0 || (chosen && read);
}
