/* SPDX-License-Identifier: BSD-3-Clause */
#include "crossbar/mapping/position.h"
#include "core/alloc.h"
#include "core/error.h"
#include "core/math.h"
#include "core/reserve.h"
#include "crossbar/mapping/rungs.h"

#include <string.h>

/* The levels of n cells of a plane, less a number. */
static void levels_of(const struct mqc_plane *plane, size_t n, size_t first, const uint32_t *index,
                      float less, float *out) {
    for (size_t i = 0; i < n && !index; i++)
        out[i] = (float)plane->level[first + i] - less;
    for (size_t i = 0; i < n && index; i++)
        out[i] = (float)plane->level[index[i]] - less;
}

/* The whole numbers nearest to what the cells of a side hold: exact in single precision, being no
 * more than 2^20. */
static void numbers_of(const memqc_crossbar *xb, size_t side, size_t n, size_t first,
                       const uint32_t *index, float *number) {
    const struct mqc_mapping *const map = &xb->weights.map;
    const float bottom = (float)mqc_device_states(xb->device), base = (float)map->base,
                stride = (float)map->stride;
    float level[MQC_CHUNK];
    memset(number, 0, n * sizeof *number);
    for (size_t slice = 0; slice < map->slices; slice++) {
        levels_of(&xb->cells.plane[slice * map->sides + side], n, first, index, 0, level);
        for (size_t i = 0; i < n; i++) {
            const float digit = mqc_round((bottom - level[i]) / stride);
            number[i] = number[i] * base + (digit < base - 1 ? digit : base - 1);
        }
    }
}

static void of_slices(const memqc_crossbar *xb, size_t n, size_t first, const uint32_t *index,
                      float *position) {
    const float last = (float)xb->weights.map.last;
    float up[MQC_CHUNK], down[MQC_CHUNK];
    numbers_of(xb, 0, n, first, index, up);
    if (xb->weights.map.sides == 2)
        numbers_of(xb, 1, n, first, index, down);
    for (size_t i = 0; i < n; i++)
        position[i] = xb->weights.map.sides == 2 ? up[i] - down[i] : last - up[i];
}

static void of_pairs(const memqc_crossbar *xb, size_t n, size_t first, const uint32_t *index,
                     float *position) {
    const uint16_t *const up = xb->cells.plane[0].level, *const down = xb->cells.plane[1].level;
    for (size_t i = 0; i < n; i++) {
        const size_t k = index ? index[i] : first + i;
        position[i] = xb->weights.ladder.height
                          ? mqc_rungs_of_pair(xb, (double)up[k], (double)down[k])
                          : (float)((int32_t)down[k] - (int32_t)up[k]);
    }
}

/* Positions that the levels tell. */
static void tell(const memqc_crossbar *xb, size_t n, size_t first, const uint32_t *index,
                 float *position) {
    if (xb->weights.map.slices > 1)
        of_slices(xb, n, first, index, position);
    else if (xb->weights.map.sides == 2)
        of_pairs(xb, n, first, index, position);
    else
        levels_of(&xb->cells.plane[0], n, first, index, 1, position);
}

void mqc_positions_get(const memqc_crossbar *xb, size_t n, size_t first, const uint32_t *index,
                       float *position) {
    const float *const kept = xb->weights.position;
    if (!kept)
        tell(xb, n, first, index, position);
    else if (!index)
        memcpy(position, kept + first, n * sizeof *position);
    for (size_t i = 0; kept && index && i < n; i++)
        position[i] = kept[index[i]];
}

struct mqc_standing mqc_positions_at(const memqc_crossbar *xb, size_t n, size_t first,
                                     float *room) {
    struct mqc_standing at = {room, NULL, NULL};
    if (xb->weights.position) {
        at.position = xb->weights.position + first;
    } else if (xb->weights.map.slices > 1) {
        mqc_positions_get(xb, n, first, NULL, room);
    } else {
        at.position = NULL;
        at.up = xb->cells.plane[0].level + first;
        at.down = xb->weights.map.sides == 2 ? xb->cells.plane[1].level + first : NULL;
    }
    return at;
}

void mqc_positions_note(memqc_crossbar *xb, size_t n, size_t first, const uint32_t *index,
                        const float *position) {
    for (size_t i = 0; xb->weights.position && i < n; i++)
        xb->weights.position[index ? index[i] : first + i] = position[i];
}

void mqc_positions_follow(memqc_crossbar *xb, size_t n, size_t first, const uint32_t *index) {
    float position[MQC_CHUNK];
    for (size_t done = 0; xb->weights.position && done < n; done += MQC_CHUNK) {
        const size_t m = n - done < MQC_CHUNK ? n - done : MQC_CHUNK;
        const uint32_t *const part = index ? index + done : NULL;
        tell(xb, m, first + done, part, position);
        mqc_positions_note(xb, m, first + done, part, position);
    }
}

memqc_status mqc_positions_keep(memqc_crossbar *xb) {
    if (xb->weights.position)
        return MEMQC_OK;
    MQC_TRY(MQC_HAVE(&xb->weights.position, xb->shape.cells));
    mqc_positions_follow(xb, xb->shape.cells, 0, NULL);
    return MEMQC_OK;
}

int mqc_positions_needed(const memqc_crossbar *xb) {
    int stuck = 0;
    for (size_t p = 0; p < xb->cells.planes; p++)
        stuck |= xb->cells.plane[p].stuck != NULL;
    return xb->weights.map.sides == 2 && (stuck || xb->weights.ladder.height);
}

void mqc_positions_drop(memqc_crossbar *xb) {
    float position[MQC_CHUNK];
    if (!xb->weights.position || mqc_positions_needed(xb))
        return;
    for (size_t first = 0; first < xb->shape.cells; first += MQC_CHUNK) {
        const size_t n = xb->shape.cells - first < MQC_CHUNK ? xb->shape.cells - first : MQC_CHUNK;
        tell(xb, n, first, NULL, position);
        for (size_t i = 0; i < n; i++)
            if (position[i] != xb->weights.position[first + i])
                return;
    }
    mqc_free(xb->weights.position);
    xb->weights.position = NULL;
}
