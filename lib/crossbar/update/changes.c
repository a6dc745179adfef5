/* SPDX-License-Identifier: BSD-3-Clause */
#include "crossbar/update/changes.h"
#include "core/error.h"
#include "core/reserve.h"
#include "crossbar/cells/counts.h"
#include "crossbar/write/place.h"

size_t mqc_crossbar_collect(size_t *block, size_t first, size_t n, const float *next,
                            const uint64_t *changed, uint32_t *index, float *position) {
    size_t m = 0;
    for (; *block * MQC_BLOCK < n && m + MQC_BLOCK <= MQC_CHUNK; ++*block) {
        for (uint64_t bits = changed[*block]; bits; bits &= bits - 1) {
            const size_t i = *block * MQC_BLOCK + (size_t)__builtin_ctzll(bits);
            index[m] = (uint32_t)(first + i);
            position[m++] = next[i];
        }
    }
    return m;
}

/* Places the weights whose bits are set, chunk by chunk; returns how many. */
size_t mqc_crossbar_place_changed(memqc_crossbar *xb, size_t first, size_t n, const float *next,
                                  const uint64_t *changed) {
    uint32_t index[MQC_CHUNK];
    float position[MQC_CHUNK];
    size_t total = 0;
    for (size_t block = 0, m;
         (m = mqc_crossbar_collect(&block, first, n, next, changed, index, position)) > 0;
         total += m)
        mqc_crossbar_place(xb, m, 0, index, position, 0);
    return total;
}

memqc_status mqc_crossbar_update_room(memqc_crossbar *xb) {
    const size_t words = (xb->shape.cols + MQC_BLOCK - 1) / MQC_BLOCK;
    MQC_TRY(mqc_counts_room(xb, mqc_counts_each(xb)));
    MQC_TRY(MQC_HAVE(&xb->scratch.next, xb->shape.cells));
    return MQC_HAVE(&xb->scratch.changed, xb->shape.rows * words);
}
