/* SPDX-License-Identifier: BSD-3-Clause */
/* Time. Each cell has its conductance as programmed and the time of that, so that what it becomes
 * is a function of now. */
#include "crossbar/cells/age.h"
#include "core/error.h"
#include "crossbar/cells/counts.h"
#include "crossbar/cells/plane.h"
#include "crossbar/mapping/matrix.h"
#include "crossbar/cells/sums.h"
#include "device/effects/age.h"

/* Cells of one age and, where that matters, as many cycles. */
struct peers {
    double seconds, cycles;
    size_t n;
    uint64_t cells[MQC_CHUNK], draws[MQC_CHUNK];
    uint32_t at[MQC_CHUNK];
    float g[MQC_CHUNK], flicker[MQC_CHUNK];
};

static double cycles_of(const memqc_crossbar *xb, const struct mqc_plane *plane, size_t k) {
    const uint32_t count = mqc_counts_of(&plane->count, k);
    return xb->device->value[MQC_DEVICE_AT(ENDURANCE_EXPONENT)] > 0 && count > 0 ? (double)count - 1
                                                                                 : 0;
}

/* Takes the cells that are like the first one out of those that are left; returns how many remain.
 * */
static size_t take_peers(const memqc_crossbar *xb, const struct mqc_plane *plane, uint32_t *left,
                         size_t n, struct peers *peers) {
    const double born = plane->born[left[0]];
    size_t remain = 0;
    peers->seconds = xb->account.clock - born;
    peers->cycles = cycles_of(xb, plane, left[0]);
    peers->n = 0;
    for (size_t i = 0; i < n; i++) {
        const uint32_t k = left[i];
        if (plane->born[k] != born || cycles_of(xb, plane, k) != peers->cycles) {
            left[remain++] = k;
            continue;
        }
        peers->cells[peers->n] = plane->number + k;
        const uint32_t count = mqc_counts_of(&plane->count, k);
        peers->draws[peers->n] = count ? count - 1 : 0;
        peers->g[peers->n] = plane->g0[k];
        peers->at[peers->n++] = k;
    }
    return remain;
}

static void age_plane(const memqc_crossbar *xb, struct mqc_plane *plane) {
    uint32_t left[MQC_CHUNK];
    struct peers peers;
    const int in_reads = mqc_device_flickers_in_reads(xb->device);
    for (size_t first = 0; first < plane->n; first += MQC_CHUNK) {
        size_t n = plane->n - first < MQC_CHUNK ? plane->n - first : MQC_CHUNK;
        for (size_t i = 0; i < n; i++)
            left[i] = (uint32_t)(first + i);
        while (n) {
            n = take_peers(xb, plane, left, n, &peers);
            const struct mqc_draws where = {xb->cells.seed, 0, 0, peers.cells, peers.draws};
            mqc_device_age_cells(xb->device, &where, peers.seconds, peers.cycles, peers.n, peers.g,
                                 in_reads ? peers.flicker : NULL);
            for (size_t i = 0; i < peers.n; i++) {
                const uint32_t k = peers.at[i];
                const int stuck = plane->stuck && plane->stuck[k] >= 0;
                plane->g[k] = stuck ? plane->stuck[k] : peers.g[i];
                if (plane->flicker)
                    plane->flicker[k] = in_reads && !stuck ? peers.flicker[i] : 0;
            }
        }
    }
}

static void age_array(memqc_crossbar *xb, double seconds) {
    struct mqc_plane *plane;
    mqc_cells_changed(xb);
    xb->account.clock += seconds;
    for (size_t p = 0; (plane = mqc_crossbar_any_plane(xb, p)) != NULL; p++)
        age_plane(xb, plane);
    mqc_crossbar_refresh(xb, xb->shape.cells, 0, NULL);
}

memqc_status mqc_crossbar_age(memqc_crossbar *xb, double seconds) {
    memqc_crossbar *const fast = xb->update.fast; /* of Tiki-Taka, beside the array */
    const int before = mqc_crossbar_ages(xb);
    MQC_TRY(mqc_crossbar_age_room(xb));
    if (fast && mqc_crossbar_age_room(fast) != MEMQC_OK) {
        mqc_crossbar_drop_ages(xb, before);
        return MEMQC_ERROR_NOMEM;
    }
    age_array(xb, seconds);
    if (fast)
        age_array(fast, seconds);
    return MEMQC_OK;
}

memqc_status memqc_crossbar_get_clock(const memqc_crossbar *crossbar, double *seconds) {
    MQC_NOT_NULL(crossbar);
    MQC_NOT_NULL(seconds);
    *seconds = crossbar->account.clock;
    return MEMQC_OK;
}
