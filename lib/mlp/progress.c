/* SPDX-License-Identifier: BSD-3-Clause */
#include "mlp/progress.h"
#include "core/error.h"

memqc_status mqc_mlp_tell(const memqc_mlp *mlp, const char *function, const char *what,
                          const struct mqc_told *told) {
    const double at[] = {
        [MEMQC_PROGRESS_PHASE] = told->phase, [MEMQC_PROGRESS_DONE] = told->done,
        [MEMQC_PROGRESS_TOTAL] = told->total, [MEMQC_PROGRESS_EPOCH] = told->epoch,
        [MEMQC_PROGRESS_LOSS] = told->loss,   [MEMQC_PROGRESS_ACCURACY] = told->accuracy,
    };
    if (!mlp->progress || mlp->progress(mlp->progress_user, at, sizeof at / sizeof *at) == 0)
        return MEMQC_OK;
    return mqc_fail(MEMQC_STOPPED, "%s: stopped by the progress function after %g of %g %s",
                    function, told->done, told->total, what);
}
