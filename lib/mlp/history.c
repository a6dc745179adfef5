/* SPDX-License-Identifier: BSD-3-Clause */
/* What is remembered of each epoch. */
#include "mlp/history.h"
#include "core/constants.h"
#include "core/error.h"
#include "core/reserve.h"

#include <math.h>
#include <string.h>

memqc_status mqc_history_reserve(memqc_mlp *mlp, size_t epochs) {
    if (epochs <= mlp->history_room)
        return MEMQC_OK;
    return mqc_reserve(&mlp->history, &mlp->history_room, mlp->at.epochs, epochs + epochs / 2 + 16,
                       MQC_MLP_HISTORY * sizeof *mlp->history);
}

double *mqc_history_at(const memqc_mlp *mlp, uint32_t epoch, int32_t what) {
    return &mlp->history[(size_t)(epoch - 1) * MQC_MLP_HISTORY +
                         (size_t)(what - MEMQC_MLP_HISTORY_LOSS)];
}

/* What the crossbars have been through so far. */
struct mqc_effort mqc_mlp_effort(const memqc_mlp *mlp) {
    struct mqc_effort sum = {0, 0, 0};
    for (size_t l = 0; l < mlp->n_layers; l++) {
        const memqc_crossbar *xb = mlp->layer[l].now.xb;
        double set = 0, reset = 0, energy = 0;
        uint64_t clipped = 0;
        if (!xb || memqc_crossbar_get_cost(xb, MEMQC_CROSSBAR_COST_SET, &set) != MEMQC_OK ||
            memqc_crossbar_get_cost(xb, MEMQC_CROSSBAR_COST_RESET, &reset) != MEMQC_OK ||
            memqc_crossbar_get_cost(xb, MEMQC_CROSSBAR_COST_ENERGY, &energy) != MEMQC_OK ||
            memqc_crossbar_get_count(xb, MEMQC_CROSSBAR_COUNT_CLIPPED, &clipped) != MEMQC_OK)
            continue;
        sum.pulses += set + reset;
        sum.energy += energy;
        sum.saturated += (double)clipped;
    }
    return sum;
}

void mqc_history_note(memqc_mlp *mlp, double rate) {
    const struct mqc_running *run = &mlp->at.running;
    const struct mqc_effort now = mqc_mlp_effort(mlp);
    const double line[MQC_MLP_HISTORY] = {
        run->loss / (double)run->samples,
        (double)run->correct / (double)run->samples,
        (double)NAN, /* validation has yet to come */
        (double)NAN,
        rate,
        now.pulses - run->before.pulses,
        now.energy - run->before.energy,
        now.saturated - run->before.saturated,
    };
    memcpy(mqc_history_at(mlp, mlp->at.epochs + 1, MEMQC_MLP_HISTORY_LOSS), line, sizeof line);
}

memqc_status memqc_mlp_get_history(const memqc_mlp *mlp, uint32_t epoch, int32_t what,
                                   double *value) {
    MQC_NOT_NULL(mlp);
    MQC_NOT_NULL(value);
    if (what < MEMQC_MLP_HISTORY_LOSS || what > MEMQC_MLP_HISTORY_SATURATED)
        return mqc_refuse_constant(__func__, "what", what,
                                   "one of MEMQC_MLP_HISTORY_... is wanted");
    if (epoch < 1 || epoch > mlp->at.epochs)
        return mqc_fail(MEMQC_ERROR_ARGUMENT, "%s: epoch = %u; epochs 1 .. %u are completed",
                        __func__, (unsigned)epoch, (unsigned)mlp->at.epochs);
    *value = *mqc_history_at(mlp, epoch, what);
    return MEMQC_OK;
}

memqc_status memqc_mlp_get_best_epoch(const memqc_mlp *mlp, uint32_t *epoch) {
    MQC_NOT_NULL(mlp);
    MQC_NOT_NULL(epoch);
    *epoch = mlp->at.best_epoch;
    return MEMQC_OK;
}
