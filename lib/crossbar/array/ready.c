/* SPDX-License-Identifier: BSD-3-Clause */
#include "crossbar/array/ready.h"
#include "core/error.h"
#include "device/models/custom_host.h"

memqc_status mqc_crossbar_ready(const memqc_crossbar *xb, const char *function) {
    if (!xb->programmed)
        return mqc_fail(MEMQC_ERROR_STATE,
                        "%s: the array has not been programmed; call memqc_crossbar_program first",
                        function);
    return MEMQC_OK;
}

memqc_status mqc_crossbar_idle(const memqc_crossbar *xb, const char *function) {
    if (xb->busy)
        return mqc_fail(MEMQC_ERROR_STATE,
                        "%s: the array is at work: called from its progress function", function);
    return MEMQC_OK;
}

memqc_status mqc_crossbar_check_pulses(const memqc_crossbar *xb, const char *function,
                                       memqc_status status) {
    const memqc_status of_fast =
        xb->update.fast ? mqc_host_check(xb->update.fast->device, function) : MEMQC_OK;
    const memqc_status own = mqc_host_check(xb->device, function);
    MQC_TRY(own);
    MQC_TRY(of_fast);
    return status;
}

memqc_status mqc_crossbar_check_plane(const memqc_crossbar *xb, const char *function,
                                      size_t plane) {
    MQC_TRY(mqc_crossbar_ready(xb, function));
    if (plane >= xb->cells.planes)
        return mqc_fail(MEMQC_ERROR_ARGUMENT, "%s: plane = %zu; the mapping has planes 0 .. %zu",
                        function, plane, xb->cells.planes - 1);
    return MEMQC_OK;
}

memqc_status mqc_crossbar_check_ld(const memqc_crossbar *xb, const char *function, size_t ld) {
    if (ld < xb->shape.cols)
        return mqc_fail(MEMQC_ERROR_ARGUMENT, "%s: leading dimension %zu is less than cols = %zu",
                        function, ld, xb->shape.cols);
    return MEMQC_OK;
}

memqc_status mqc_crossbar_check_places(const memqc_crossbar *xb, const char *function, size_t n,
                                       const size_t *places) {
    for (size_t i = 0; i < n; i++)
        if (places[i] >= xb->shape.cells)
            return mqc_fail(MEMQC_ERROR_ARGUMENT,
                            "%s: places[%zu] = %zu; the array has places 0 .. %zu", function, i,
                            places[i], xb->shape.cells - 1);
    return MEMQC_OK;
}
