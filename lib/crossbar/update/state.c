/* SPDX-License-Identifier: BSD-3-Clause */
/* What update rules keep in an array. The fast array, being an array itself, is made, copied and
 * freed where arrays are. */
#include "core/alloc.h"
#include "core/error.h"
#include "core/reserve.h"
#include "crossbar/update/changes.h"
#include "crossbar/update/trains.h"
#include "crossbar/update/update.h"

#include <string.h>

memqc_status mqc_update_room(memqc_crossbar *xb, const struct mqc_update_rule *rule) {
    struct mqc_update *update = &xb->update;
    const size_t n = mqc_update_values(xb);
    if (rule->step || rule->fast)
        MQC_TRY(MQC_HAVE(&update->dw, n));
    if (rule->gathers)
        MQC_TRY(MQC_HAVE(&update->gathered, n));
    if (rule->send)
        MQC_TRY(MQC_HAVE(&update->spare, n));
    if (rule->fast)
        MQC_TRY(MQC_HAVE(&update->zero, n));
    return rule->outer ? mqc_crossbar_outer_room(xb) : mqc_crossbar_update_room(xb);
}

void mqc_update_free(struct mqc_update *update) {
    mqc_free(update->gathered);
    mqc_free(update->zero);
    mqc_free(update->dw);
    mqc_free(update->spare);
    update->gathered = update->zero = update->dw = update->spare = NULL;
}

void mqc_update_undo(struct mqc_update *update, const struct mqc_update *before) {
    if (!before->gathered) {
        mqc_free(update->gathered);
        update->gathered = NULL;
    }
    if (!before->zero) {
        mqc_free(update->zero);
        update->zero = NULL;
    }
}

static memqc_status copy(float **to, const float *from, size_t n) {
    if (!from) {
        mqc_free(*to);
        *to = NULL;
        return MEMQC_OK;
    }
    MQC_TRY(MQC_HAVE(to, n));
    memcpy(*to, from, n * sizeof *from);
    return MEMQC_OK;
}

memqc_status mqc_update_copy(struct mqc_update *to, const struct mqc_update *from, size_t n) {
    to->steps = from->steps;
    MQC_TRY(copy(&to->gathered, from->gathered, n));
    return copy(&to->zero, from->zero, n);
}

float *mqc_update_own(memqc_crossbar *xb, const float *dw, size_t ldd) {
    float *const own = xb->update.dw;
    const size_t cols = xb->shape.cols;
    for (size_t i = 0; own != dw && i < xb->shape.rows; i++)
        memcpy(own + i * cols, dw + i * ldd, cols * sizeof *dw);
    return own;
}
