/* SPDX-License-Identifier: BSD-3-Clause */
/* Stochastic pulse trains: Gokmen and Vlasov, Front. Neurosci. 10 (2016) 333. For each sample, word
 * line i and bit line j fire at random in each of BL time slots, with the probabilities
 *
 *     p_i = C |x_i| m,   q_j = C |d_j| / m,   C = sqrt(lr / (dw BL))
 *
 * cut at 1, and a cell whose lines fire together gets a pulse of the size dw: dw = -lr x_i d_j in
 * the mean. With update management (Gokmen, Onen and Haensch, Front. Neurosci. 11 (2017) 538) m =
 * sqrt(max |d| / max |x|) makes both sides equally likely, else m = 1; and BL, at most
 * TRAIN_LENGTH, is no more than the largest product needs: ceil(lr max |x| max |d| / dw). */
#include "mlp/rules/pulse_train.h"
#include "core/error.h"
#include "crossbar/array/train_kernels.h"
#include "crossbar/update/trains.h"
#include "mlp/rules/rules.h"

#include <math.h>

memqc_status mqc_pulse_trains(const struct mqc_layer *layer, memqc_crossbar *xb, size_t n_x,
                              const float *x, size_t n_d, const float *d, double rate,
                              int direction) {
    const double most_x = (double)mqc_outer_kernels()->largest(n_x, x),
                 most_d = (double)mqc_outer_kernels()->largest(n_d, d);
    const double dw = mqc_crossbar_pulse_weight(xb), needed = rate * most_x * most_d / dw;
    if (!isfinite(most_x) || !isfinite(most_d) || !isfinite(needed))
        return mqc_fail(MEMQC_ERROR_DATA,
                        "%s: an update of %g times %g times %g is none that pulses can make",
                        __func__, rate, most_x, most_d);
    if (needed == 0)
        return MEMQC_OK;
    const double longest = mqc_mlp_value(layer->value, MEMQC_MLP_TRAIN_LENGTH);
    const double length = mqc_mlp_value(layer->value, MEMQC_MLP_TRAIN_MANAGEMENT) > 0
                              ? fmin(longest, ceil(needed))
                              : longest;
    const double gain = sqrt(rate / (dw * length)),
                 balance = mqc_mlp_value(layer->value, MEMQC_MLP_TRAIN_MANAGEMENT) > 0
                               ? sqrt(most_d / most_x)
                               : 1;
    return mqc_crossbar_outer(xb, x, d, gain * balance, gain / balance, (uint32_t)length,
                              direction);
}

static memqc_status update(struct mqc_layer *layer, const struct mqc_step *s) {
    MQC_TRY(mqc_crossbar_check_outer(layer->now.xb, "memqc_mlp_train"));
    for (size_t i = 0; i < s->m; i++)
        MQC_TRY(mqc_pulse_trains(layer, layer->now.xb, layer->rows, s->h + i * s->ldh, layer->out,
                                 s->delta + i * s->ldd, (double)s->rate, -1));
    return MEMQC_OK;
}

const struct mqc_rule mqc_rule_pulse_train = {
    .name = "pulse trains", .on_crossbar = 1, .update = update};
