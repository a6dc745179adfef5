/* SPDX-License-Identifier: BSD-3-Clause */
#include "core/params.h"
#include "core/error.h"

#include <math.h>
#include <string.h>

memqc_status mqc_params_known(const struct mqc_params *params, int32_t key) {
    if (key < 1 || (size_t)key > params->count)
        return mqc_fail(MEMQC_ERROR_ARGUMENT,
                        "memqc_%s: no parameter has key %d; keys are 1 .. %zu", params->noun,
                        (int)key, params->count);
    return MEMQC_OK;
}

memqc_status mqc_params_check(const struct mqc_params *params, int32_t key, double value) {
    MQC_TRY(mqc_params_known(params, key));
    const struct mqc_param *p = &params->param[key - 1];
    const char *space = *p->unit ? " " : "";
    if (!(value >= p->min && value <= p->max))
        return mqc_fail(MEMQC_ERROR_ARGUMENT, "memqc_%s_set: %s = %g%s%s is outside %g .. %g%s%s",
                        params->noun, p->name, value, space, p->unit, p->min, p->max, space,
                        p->unit);
    if (p->whole && value != floor(value))
        return mqc_fail(MEMQC_ERROR_ARGUMENT,
                        "memqc_%s_set: %s = %g is not a whole number; allowed is %g .. %g",
                        params->noun, p->name, value, p->min, p->max);
    return MEMQC_OK;
}

memqc_status mqc_params_key(const struct mqc_params *params, const char *name, int32_t *key) {
    for (size_t i = 0; i < params->count; i++) {
        if (strcmp(params->param[i].name, name) == 0) {
            *key = (int32_t)i + 1;
            return MEMQC_OK;
        }
    }
    return mqc_fail(MEMQC_ERROR_ARGUMENT, "memqc_%s_key: no parameter is named \"%s\"",
                    params->noun, name);
}

memqc_status mqc_params_describe(const struct mqc_params *params, int32_t key, const char **name,
                                 const char **unit, double *min, double *max, double *initial) {
    MQC_TRY(mqc_params_known(params, key));
    const struct mqc_param *p = &params->param[key - 1];
    if (name)
        *name = p->name;
    if (unit)
        *unit = p->unit;
    if (min)
        *min = p->min;
    if (max)
        *max = p->max;
    if (initial)
        *initial = p->initial;
    return MEMQC_OK;
}
