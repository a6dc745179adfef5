/* SPDX-License-Identifier: BSD-3-Clause */
/* Keyed parameters: one table a noun, from which set, get, describe and look-up by name are made.
 * */
#ifndef MQC_CORE_PARAMS_H
#define MQC_CORE_PARAMS_H

#include <memqc/base.h>

struct mqc_param {
    const char *name, *unit;
    double min, max, initial;
    int whole; /* whole numbers only */
};

/* A noun's parameters; the key of param[i] is i + 1. */
struct mqc_params {
    const char *noun;
    size_t count;
    const struct mqc_param *param;
};

/* Is value one that key may take, by the table alone? */
memqc_status mqc_params_check(const struct mqc_params *params, int32_t key, double value);

/* Is there such a key? */
memqc_status mqc_params_known(const struct mqc_params *params, int32_t key);

memqc_status mqc_params_key(const struct mqc_params *params, const char *name, int32_t *key);
memqc_status mqc_params_describe(const struct mqc_params *params, int32_t key, const char **name,
                                 const char **unit, double *min, double *max, double *initial);

#endif
