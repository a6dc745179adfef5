/* SPDX-License-Identifier: BSD-3-Clause */
/* What the caller's progress function is told. */
#ifndef MQC_MLP_PROGRESS_H
#define MQC_MLP_PROGRESS_H

#include "mlp/pass/inside.h"

/* How far a long call is; the fields are those of MEMQC_PROGRESS_... */
struct mqc_told {
    int32_t phase;
    double done;
    double total;
    double epoch;
    double loss;
    double accuracy;
};

/* Tells the progress function, where there is one. STOPPED, with its text, where that says so. what:
 * "samples" or "instances". */
memqc_status mqc_mlp_tell(const memqc_mlp *mlp, const char *function, const char *what,
                          const struct mqc_told *told);

#endif
