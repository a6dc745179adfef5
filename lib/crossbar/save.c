/* SPDX-License-Identifier: BSD-3-Clause */
/* A crossbar in an archive: device, shape, parameters, counters, and the state of its cells to the bit. */
#include "crossbar/save.h"
#include "core/alloc.h"
#include "core/error.h"
#include "crossbar/readout.h"
#include "device/save.h"

#include <math.h>

static size_t scales_of(const memqc_crossbar *xb) {
    return mqc_crossbar_by_column(xb) ? xb->cols : 1;
}

static void write_plane(const struct mqc_plane *plane, struct mqc_writer *writer) {
    mqc_write(writer, "xcon", MQC_F32, plane->n, plane->g);
    mqc_write(writer, "xlev", MQC_F32, plane->n, plane->level);
    mqc_write(writer, "xtim", MQC_U32, plane->n, plane->count);
}

void mqc_crossbar_write(const memqc_crossbar *xb, struct mqc_writer *writer) {
    const uint64_t shape[5] = {xb->rows, xb->cols, xb->seed, xb->programmed != 0, xb->cell_seed};
    mqc_device_write(xb->device, writer);
    mqc_write(writer, "xsha", MQC_U64, 5, shape);
    mqc_write(writer, "xpar", MQC_F64, MQC_CROSSBAR_KEYS, xb->value + 1);
    mqc_write(writer, "xcnt", MQC_U64, MQC_CROSSBAR_COUNTERS, xb->counter + 1);
    mqc_write(writer, "xcst", MQC_F64, MQC_CROSSBAR_COSTS, xb->cost);
    if (!xb->programmed)
        return;
    mqc_write(writer, "xsca", MQC_F32, scales_of(xb), xb->scale);
    mqc_write(writer, "xslo", MQC_F32, scales_of(xb), xb->slope);
    mqc_write(writer, "xpos", MQC_F32, xb->cells, xb->position);
    for (size_t plane = 0; plane < xb->planes; plane++)
        write_plane(&xb->plane[plane], writer);
    for (size_t slice = 0; slice < xb->map.slices && xb->map.kind == MEMQC_CROSSBAR_MAPPING_REFERENCE; slice++)
        write_plane(&xb->reference[slice], writer);
    for (int way = 0; way < 2; way++)
        mqc_write(writer, "xran", MQC_F32, xb->readout.range[way] ? xb->readout.ranges[way] : 0, xb->readout.range[way]);
}

static memqc_status read_plane(struct mqc_reader *reader, const memqc_crossbar *xb, struct mqc_plane *plane) {
    int good = 1;
    MQC_TRY(mqc_read(reader, "xcon", MQC_F32, plane->n, plane->g));
    MQC_TRY(mqc_read(reader, "xlev", MQC_F32, plane->n, plane->level));
    MQC_TRY(mqc_read(reader, "xtim", MQC_U32, plane->n, plane->count));
    for (size_t i = 0; i < plane->n; i++)
        good &= isfinite(plane->g[i]) && plane->g[i] >= 0 && plane->level[i] >= 1 && (double)plane->level[i] <= xb->device->states &&
                plane->level[i] == floorf(plane->level[i]);
    return good ? MEMQC_OK : mqc_read_refuse(reader, "a cell of a crossbar is in a state that it cannot have");
}

static memqc_status check_weights(const struct mqc_reader *reader, const memqc_crossbar *xb) {
    int good = 1;
    for (size_t j = 0; j < scales_of(xb); j++)
        good &= isfinite(xb->scale[j]) && xb->scale[j] > 0 && isfinite(xb->slope[j]);
    for (size_t i = 0; i < xb->cells; i++)
        good &= xb->position[i] >= xb->ladder.lo && xb->position[i] <= xb->ladder.hi && xb->position[i] == floorf(xb->position[i]);
    return good ? MEMQC_OK : mqc_read_refuse(reader, "a weight of a crossbar is one that it cannot hold");
}

/* Calibrated ranges of the ADCs, or none. */
static memqc_status read_ranges(struct mqc_reader *reader, memqc_crossbar *xb, int way) {
    size_t n = 0;
    int good = 1;
    MQC_TRY(mqc_read_count(reader, "xran", MQC_F32, &n));
    if (n == 0)
        return mqc_read(reader, "xran", MQC_F32, 0, NULL);
    if (n != mqc_readout_ranges(xb, way))
        return mqc_read_refuse(reader, "a crossbar with ranges of other converters than its own");
    if (!(xb->readout.range[way] = mqc_alloc(n, sizeof(float))))
        return MEMQC_ERROR_NOMEM;
    xb->readout.ranges[way] = n;
    MQC_TRY(mqc_read(reader, "xran", MQC_F32, n, xb->readout.range[way]));
    for (size_t i = 0; i < n; i++)
        good &= isfinite(xb->readout.range[way][i]) && xb->readout.range[way][i] > 0;
    return good ? MEMQC_OK : mqc_read_refuse(reader, "a range of a crossbar's converters is none");
}

static memqc_status read_cells(struct mqc_reader *reader, memqc_crossbar *xb) {
    size_t n = 0;
    MQC_TRY(mqc_read_count(reader, "xsca", MQC_F32, &n)); /* before anything is allocated for a shape that may be invented */
    if (n != scales_of(xb) || (reader->end - reader->at) / sizeof(float) / 3 / mqc_mapping_planes(xb) < xb->cells)
        return mqc_read_refuse(reader, "a crossbar of another size than its cells");
    MQC_TRY(mqc_crossbar_settle(xb));
    MQC_TRY(mqc_read(reader, "xsca", MQC_F32, n, xb->scale));
    MQC_TRY(mqc_read(reader, "xslo", MQC_F32, n, xb->slope));
    MQC_TRY(mqc_read(reader, "xpos", MQC_F32, xb->cells, xb->position));
    MQC_TRY(check_weights(reader, xb));
    for (size_t plane = 0; plane < xb->planes; plane++)
        MQC_TRY(read_plane(reader, xb, &xb->plane[plane]));
    for (size_t slice = 0; slice < xb->map.slices && xb->map.kind == MEMQC_CROSSBAR_MAPPING_REFERENCE; slice++)
        MQC_TRY(read_plane(reader, xb, &xb->reference[slice]));
    for (int way = 0; way < 2; way++)
        MQC_TRY(read_ranges(reader, xb, way));
    mqc_crossbar_refresh(xb, xb->cells, 0, NULL);
    xb->programmed = 1;
    return MEMQC_OK;
}

static memqc_status read_crossbar(struct mqc_reader *reader, memqc_crossbar *xb, const uint64_t shape[5]) {
    size_t n = 0;
    xb->seed = shape[4]; /* what varies from device to device is drawn again */
    MQC_TRY(mqc_read_count(reader, "xpar", MQC_F64, &n));
    if (n > MQC_CROSSBAR_KEYS)
        return mqc_read_refuse(reader, "a crossbar with parameters that this library does not know");
    MQC_TRY(mqc_read(reader, "xpar", MQC_F64, n, xb->value + 1));
    for (int32_t key = 1; key <= (int32_t)n; key++)
        if (mqc_params_check(&mqc_crossbar_params, key, xb->value[key]) != MEMQC_OK)
            return mqc_read_refuse(reader, "a crossbar's parameter is out of its range");
    if (mqc_mapping_check(xb) != MEMQC_OK)
        return mqc_read_refuse(reader, "a crossbar's parameters do not fit together");
    MQC_TRY(mqc_read_count(reader, "xcnt", MQC_U64, &n));
    if (n > MQC_CROSSBAR_COUNTERS)
        return mqc_read_refuse(reader, "a crossbar with counters that this library does not know");
    MQC_TRY(mqc_read(reader, "xcnt", MQC_U64, n, xb->counter + 1));
    MQC_TRY(mqc_read(reader, "xcst", MQC_F64, MQC_CROSSBAR_COSTS, xb->cost));
    if (shape[3])
        MQC_TRY(read_cells(reader, xb));
    xb->seed = shape[2];
    return MEMQC_OK;
}

memqc_status mqc_crossbar_read(struct mqc_reader *reader, memqc_crossbar **out) {
    memqc_device *device = NULL;
    memqc_crossbar *xb = NULL;
    uint64_t shape[5] = {0};
    *out = NULL;
    MQC_TRY(mqc_device_read(reader, &device));
    memqc_status status = mqc_read(reader, "xsha", MQC_U64, 5, shape);
    const uint64_t most = UINT64_C(1) << 30;
    if (status == MEMQC_OK &&
        (shape[0] < 1 || shape[1] < 1 || shape[0] > most || shape[1] > most || shape[0] * shape[1] > most || shape[3] > 1))
        status = mqc_read_refuse(reader, "a crossbar of a shape that none has");
    if (status == MEMQC_OK)
        status = memqc_crossbar_create(device, (size_t)shape[0], (size_t)shape[1], &xb);
    if (status == MEMQC_OK)
        status = read_crossbar(reader, xb, shape);
    memqc_device_destroy(&device);
    if (status != MEMQC_OK)
        memqc_crossbar_destroy(&xb);
    *out = xb;
    return status;
}
