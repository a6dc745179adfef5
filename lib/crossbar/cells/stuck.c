/* SPDX-License-Identifier: BSD-3-Clause */
/* Cells that are stuck at a conductance. */
#include "core/error.h"
#include "crossbar/array/ready.h"
#include "crossbar/cells/plane.h"
#include "crossbar/mapping/matrix.h"
#include "crossbar/mapping/position.h"
#include "device/cell/check.h"

memqc_status memqc_crossbar_stick(memqc_crossbar *crossbar, size_t plane, size_t n,
                                  const size_t *places, const float *g) {
    MQC_NOT_NULL(crossbar);
    MQC_TRY(mqc_crossbar_idle(crossbar, __func__));
    MQC_TRY(mqc_crossbar_check_plane(crossbar, __func__, plane));
    if (n == 0)
        return MEMQC_OK;
    MQC_NOT_NULL(places);
    MQC_TRY(mqc_crossbar_check_places(crossbar, __func__, n, places));
    if (g)
        MQC_TRY(mqc_device_check_conductances(__func__, n, g));
    struct mqc_plane *const cells = &crossbar->cells.plane[plane];
    if (crossbar->weights.map.sides == 2)
        MQC_TRY(mqc_positions_keep(crossbar));
    MQC_TRY(mqc_plane_stuck_room(cells));
    for (size_t i = 0; i < n; i++) {
        const uint32_t k = (uint32_t)places[i];
        cells->stuck[k] = g ? g[i] : cells->g[k];
        mqc_plane_programmed(crossbar, cells, 1, k, NULL);
        mqc_crossbar_refresh(crossbar, 1, k, NULL);
    }
    return MEMQC_OK;
}

memqc_status memqc_crossbar_unstick(memqc_crossbar *crossbar, size_t plane, size_t n,
                                    const size_t *places) {
    MQC_NOT_NULL(crossbar);
    MQC_TRY(mqc_crossbar_idle(crossbar, __func__));
    MQC_TRY(mqc_crossbar_check_plane(crossbar, __func__, plane));
    if (n == 0)
        return MEMQC_OK;
    MQC_NOT_NULL(places);
    MQC_TRY(mqc_crossbar_check_places(crossbar, __func__, n, places));
    struct mqc_plane *const cells = &crossbar->cells.plane[plane];
    for (size_t i = 0; cells->stuck && i < n; i++)
        cells->stuck[places[i]] = -1;
    return MEMQC_OK;
}

memqc_status memqc_crossbar_get_stuck(const memqc_crossbar *crossbar, size_t plane, int32_t *stuck,
                                      size_t ld) {
    MQC_NOT_NULL(crossbar);
    MQC_NOT_NULL(stuck);
    MQC_TRY(mqc_crossbar_check_plane(crossbar, __func__, plane));
    MQC_TRY(mqc_crossbar_check_ld(crossbar, __func__, ld));
    const float *const at = crossbar->cells.plane[plane].stuck;
    for (size_t i = 0; i < crossbar->shape.rows; i++)
        for (size_t j = 0; j < crossbar->shape.cols; j++)
            stuck[i * ld + j] = at && at[i * crossbar->shape.cols + j] >= 0;
    return MEMQC_OK;
}
