/* SPDX-License-Identifier: BSD-3-Clause */
/* The arrays that an update rule can work on. */
#include "core/error.h"
#include "crossbar/array/ready.h"
#include "crossbar/update/update.h"

memqc_status mqc_update_check(const memqc_crossbar *xb, const struct mqc_update_rule *rule,
                              const char *function) {
    MQC_TRY(mqc_crossbar_ready(xb, function));
    if (rule->one_slice && xb->weights.map.slices > 1)
        return mqc_fail(MEMQC_ERROR_ARGUMENT,
                        "%s: %s needs weights of one slice; this array has %zu", function,
                        rule->name, xb->weights.map.slices);
    if (rule->one_scale && mqc_crossbar_by_column(xb))
        return mqc_fail(MEMQC_ERROR_ARGUMENT,
                        "%s: %s needs one scale for the whole array; normalization is COLUMN",
                        function, rule->name);
    if (rule->pairs && xb->weights.map.kind != MEMQC_CROSSBAR_MAPPING_DIFFERENTIAL)
        return mqc_fail(MEMQC_ERROR_ARGUMENT, "%s: %s needs pairs; allowed is mapping DIFFERENTIAL",
                        function, rule->name);
    if (rule->pairs && mqc_crossbar_value(xb, MEMQC_CROSSBAR_SCHEME) != MEMQC_CROSSBAR_SCHEME_BLIND)
        return mqc_fail(MEMQC_ERROR_ARGUMENT,
                        "%s: %s sets cells only to refresh them; allowed is scheme BLIND", function,
                        rule->name);
    return MEMQC_OK;
}
