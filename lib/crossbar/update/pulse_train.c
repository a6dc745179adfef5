/* SPDX-License-Identifier: BSD-3-Clause */
/* Stochastic pulse trains: Gokmen and Vlasov, Front. Neurosci. 10 (2016) 333. For each sample, word
 * line i and bit line j fire at random in each of BL time slots, with the probabilities
 *
 *     p_i = C |x_i| m,   q_j = C |d_j| / m,   C = sqrt(|alpha| / (dw BL))
 *
 * cut at 1, and a cell whose lines fire together gets a pulse of the size dw: it moves by alpha x_i
 * d_j in the mean. With update management (Gokmen, Onen and Haensch, Front. Neurosci. 11 (2017) 538)
 * m = sqrt(max |d| / max |x|) makes both sides equally likely, else m = 1; and BL, at most
 * TRAIN_LENGTH, is no more than the largest product needs: ceil(|alpha| max |x| max |d| / dw). */
#include "crossbar/update/pulse_train.h"
#include "core/error.h"
#include "crossbar/array/train_kernels.h"
#include "crossbar/update/trains.h"

#include <math.h>

/* The largest magnitudes of a sample, and how many pulses the largest product needs. */
struct sample {
    const float *x, *d;
    double most_x, most_d, needed;
};

static struct sample sample_of(const memqc_crossbar *array, const struct mqc_outer *outer, size_t i,
                               double rate, double dw) {
    struct sample s = {outer->x + i * outer->ldx, outer->d + i * outer->ldd, 0, 0, 0};
    s.most_x = (double)mqc_outer_kernels()->largest(array->shape.rows, s.x);
    s.most_d = (double)mqc_outer_kernels()->largest(array->shape.cols, s.d);
    s.needed = rate * s.most_x * s.most_d / dw;
    return s;
}

static memqc_status train(memqc_crossbar *array, const struct mqc_update_call *call,
                          const struct sample *s, double rate, double dw) {
    const struct mqc_update_params *params = &call->params;
    const double longest = params->train_length;
    const double length = params->train_management ? fmin(longest, ceil(s->needed)) : longest;
    const double gain = sqrt(rate / (dw * length));
    const double balance = params->train_management ? sqrt(s->most_d / s->most_x) : 1;
    return mqc_crossbar_outer(array, s->x, s->d, gain * balance, gain / balance, (uint32_t)length,
                              call->alpha < 0 ? -1 : 1);
}

memqc_status mqc_pulse_trains(memqc_crossbar *array, const struct mqc_update_call *call,
                              const struct mqc_outer *outer, memqc_crossbar *xb,
                              mqc_after_train *after) {
    const double rate = fabs(call->alpha), dw = mqc_crossbar_pulse_weight(array);
    for (size_t i = 0; i < outer->batch; i++) {
        const struct sample s = sample_of(array, outer, i, rate, dw);
        if (!isfinite(s.most_x) || !isfinite(s.most_d) || !isfinite(s.needed))
            return mqc_fail(MEMQC_ERROR_DATA,
                            "%s: sample %zu: an update of %g times %g times %g is none that pulses "
                            "can make",
                            call->function, i, rate, s.most_x, s.most_d);
    }
    for (size_t i = 0; i < outer->batch; i++) {
        const struct sample s = sample_of(array, outer, i, rate, dw);
        if (s.needed == 0)
            continue;
        MQC_TRY(train(array, call, &s, rate, dw));
        if (after)
            MQC_TRY(after(xb, call));
    }
    return MEMQC_OK;
}

static memqc_status outer_product(memqc_crossbar *xb, const struct mqc_update_call *call,
                                  const struct mqc_outer *outer) {
    return mqc_pulse_trains(xb, call, outer, xb, NULL);
}

const struct mqc_update_rule mqc_update_pulse_train = {.number = MEMQC_CROSSBAR_RULE_PULSE_TRAIN,
                                                       .name = "pulse-train",
                                                       .one_scale = 1,
                                                       .one_slice = 1,
                                                       .outer = outer_product};
