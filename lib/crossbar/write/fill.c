/* SPDX-License-Identifier: BSD-3-Clause */
/* Conductances from anywhere: an array is filled, and its levels follow. */
#include "core/error.h"
#include "crossbar/array/ready.h"
#include "crossbar/cells/plane.h"
#include "crossbar/cells/room.h"
#include "crossbar/mapping/mapping.h"
#include "crossbar/mapping/matrix.h"
#include "crossbar/mapping/position.h"
#include "crossbar/mapping/scale.h"

#include <string.h>

static const float most_siemens = 1e4f;

static memqc_status check_conductances(const char *function, size_t rows, size_t cols,
                                       const float *g, size_t ldg) {
    for (size_t i = 0; i < rows; i++)
        for (size_t j = 0; j < cols; j++)
            if (!(g[i * ldg + j] >= 0 && g[i * ldg + j] <= most_siemens))
                return mqc_fail(MEMQC_ERROR_DATA, "%s: g[%zu, %zu] = %g S; allowed is 0 .. 1e4 S",
                                function, i, j, (double)g[i * ldg + j]);
    return MEMQC_OK;
}

/* As a first programming begins, where there was none. All that may fail comes before. */
static memqc_status settle(memqc_crossbar *xb) {
    if (xb->programmed)
        return MEMQC_OK;
    MQC_TRY(mqc_crossbar_settle(xb));
    mqc_crossbar_scale_unknown(xb);
    xb->programmed = 1;
    return MEMQC_OK;
}

/* n neighbouring cells of a plane get the conductances g, and the levels nearest to them. */
static void fill_cells(memqc_crossbar *xb, struct mqc_plane *plane, size_t first, size_t n,
                       const float *g) {
    float to[MQC_CHUNK];
    for (size_t done = 0; done < n; done += MQC_CHUNK) {
        const size_t m = n - done < MQC_CHUNK ? n - done : MQC_CHUNK;
        memcpy(to, g + done, m * sizeof *to);
        mqc_plane_store(xb, plane, m, first + done, NULL, to);
        for (size_t i = 0; i < m; i++)
            plane->level[first + done + i] = (uint16_t)mqc_mapping_nearest_level(xb, (double)to[i]);
    }
}

memqc_status memqc_crossbar_set_conductances(memqc_crossbar *crossbar, size_t plane, const float *g,
                                             size_t ldg) {
    MQC_NOT_NULL(crossbar);
    MQC_NOT_NULL(g);
    MQC_TRY(mqc_crossbar_idle(crossbar, __func__));
    const struct mqc_shape *shape = &crossbar->shape;
    if (plane >= mqc_mapping_planes(crossbar))
        return mqc_fail(MEMQC_ERROR_ARGUMENT, "%s: plane = %zu; the mapping has planes 0 .. %zu",
                        __func__, plane, mqc_mapping_planes(crossbar) - 1);
    MQC_TRY(mqc_crossbar_check_ld(crossbar, __func__, ldg));
    MQC_TRY(check_conductances(__func__, shape->rows, shape->cols, g, ldg));
    MQC_TRY(settle(crossbar));
    for (size_t i = 0; i < shape->rows; i++)
        fill_cells(crossbar, &crossbar->cells.plane[plane], i * shape->cols, shape->cols,
                   g + i * ldg);
    mqc_positions_follow(crossbar, shape->cells, 0, NULL);
    mqc_crossbar_refresh(crossbar, shape->cells, 0, NULL);
    return MEMQC_OK;
}

memqc_status memqc_crossbar_set_reference(memqc_crossbar *crossbar, size_t slice, const float *g) {
    MQC_NOT_NULL(crossbar);
    MQC_NOT_NULL(g);
    MQC_TRY(mqc_crossbar_idle(crossbar, __func__));
    MQC_TRY(mqc_mapping_check_reference(crossbar, __func__, slice));
    MQC_TRY(check_conductances(__func__, crossbar->shape.rows, 1, g, 1));
    MQC_TRY(settle(crossbar));
    fill_cells(crossbar, &crossbar->cells.reference[slice], 0, crossbar->shape.rows, g);
    mqc_positions_follow(crossbar, crossbar->shape.cells, 0, NULL);
    mqc_crossbar_refresh(crossbar, crossbar->shape.cells, 0, NULL);
    return MEMQC_OK;
}
