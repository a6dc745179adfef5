/* SPDX-License-Identifier: BSD-3-Clause */
/* Update rules: how the weights of a programmed array are moved by a step that somebody computed.
 * A rule is a file of this folder. It does one of three things:
 *
 *     step   moves the weights by alpha dw at once and forgets what could not be moved
 *     send   moves the weights by what has gathered in accumulators, which keep the rest
 *     outer  moves the weights by outer products, sample by sample, and never sees their sum
 *
 * The public functions, in crossbar/update.c, check the arguments, make what a rule keeps and call
 * it. A rule that fails has changed nothing. */
#ifndef MQC_CROSSBAR_UPDATE_UPDATE_H
#define MQC_CROSSBAR_UPDATE_UPDATE_H

#include "crossbar/array/array.h"

/* Parameters of all rules; each uses some. */
struct mqc_update_params {
    double sign_threshold;   /* steps that a weight must want to move by */
    double update_threshold; /* steps that must have gathered before some are sent */
    double refresh_level;    /* to which the cells of a worn pair are set */
    double train_length;     /* slots of a pulse train at most */
    int train_management;    /* shorter and balanced trains? */
    uint64_t every;          /* Tiki-Taka: updates of the fast array for each transfer */
    double rate;             /* of a transfer */
    double threshold;        /* version 2: pulses that must have gathered for one to be sent */
    size_t pairs;            /* pulses up and down that find the points of symmetry */
};

/* One update: weights += alpha dw. */
struct mqc_update_call {
    const char *function; /* for the texts */
    double alpha;
    uint64_t seed, number; /* of the draws of stochastic rounding */
    struct mqc_update_params params;
};

/* dw as a sum of outer products: x^T d, x of batch x rows, d of batch x cols. */
struct mqc_outer {
    size_t batch;
    const float *x;
    size_t ldx;
    const float *d;
    size_t ldd;
};

struct mqc_update_rule {
    int32_t number; /* MEMQC_CROSSBAR_RULE_... */
    const char *name;
    int pairs;     /* the mapping must be DIFFERENTIAL, and the scheme BLIND */
    int one_scale; /* all columns must have one scale */
    int one_slice;
    int gathers; /* it has accumulators */
    int fast;    /* it has a second array */
    memqc_status (*step)(memqc_crossbar *xb, const struct mqc_update_call *call, const float *dw,
                         size_t ldd);
    memqc_status (*send)(memqc_crossbar *xb, const struct mqc_update_call *call, float *chi);
    memqc_status (*outer)(memqc_crossbar *xb, const struct mqc_update_call *call,
                          const struct mqc_outer *outer);
};

extern const struct mqc_update_rule mqc_update_nearest_level, mqc_update_stochastic,
    mqc_update_sign, mqc_update_mixed_precision, mqc_update_one_directional, mqc_update_pulse_train,
    mqc_update_tiki_taka, mqc_update_tiki_taka_2;

/* --- check.c --- */

/* The rule that the array's parameter RULE names, and one update by it: with the array's parameters,
 * seed and number of updates. */
const struct mqc_update_rule *mqc_update_rule_of(const memqc_crossbar *xb);
struct mqc_update_call mqc_update_call_of(const memqc_crossbar *xb, const char *function,
                                          double alpha);

/* Refuses an array that the rule cannot work on: STATE before the first programming, or ARGUMENT. */
memqc_status mqc_update_check(const memqc_crossbar *xb, const struct mqc_update_rule *rule,
                              const char *function);

/* --- state.c --- */

/* How many values an accumulator has. */
static inline size_t mqc_update_values(const memqc_crossbar *xb) {
    return xb->shape.cells;
}

/* Memory for what the rule keeps, zeroed, and for its scratch, where there is none yet. */
memqc_status mqc_update_room(memqc_crossbar *xb, const struct mqc_update_rule *rule);

/* Frees all of it but the fast array. The number of updates stays. */
void mqc_update_free(struct mqc_update *update);

/* Frees what it keeps, and did not keep before; but for the fast array. */
void mqc_update_undo(struct mqc_update *update, const struct mqc_update *before);

/* Copies all but the fast array and scratch. What the original has not is freed. NOMEM, where
 * memory is missing for what it has. */
memqc_status mqc_update_copy(struct mqc_update *to, const struct mqc_update *from, size_t n);

/* dw in scratch memory, rows x cols without gaps, which the caller may change. */
float *mqc_update_own(memqc_crossbar *xb, const float *dw, size_t ldd);

/* --- save.c --- */

struct mqc_reader;
struct mqc_writer;

/* In an archive, all but the fast array; *fast: does it follow? */
void mqc_update_write(const memqc_crossbar *xb, struct mqc_writer *writer);
memqc_status mqc_update_read(struct mqc_reader *reader, memqc_crossbar *xb, int *fast);

/* --- shift.c --- */

/* Each weight goes to the level nearest to that of its nominal weight plus alpha dw. DATA where
 * alpha dw is NaN. */
memqc_status mqc_crossbar_shift(memqc_crossbar *xb, const char *function, double alpha,
                                const float *dw, size_t ldd);

/* --- tiki_taka.c --- */

/* Makes a fast array, which is programmed to weights of 0, ready: finds its points of symmetry. */
void mqc_update_symmetrize(memqc_crossbar *xb, memqc_crossbar *fast, size_t pairs);

#endif
