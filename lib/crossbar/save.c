/* SPDX-License-Identifier: BSD-3-Clause */
/* A crossbar in an archive: device, shape, parameters, counters, and the state of its cells to the
 * bit. */
#include "crossbar/save.h"
#include "core/alloc.h"
#include "core/error.h"
#include "core/file.h"
#include "core/reserve.h"
#include "crossbar/array/params.h"
#include "crossbar/cells/counts.h"
#include "crossbar/cells/plane.h"
#include "crossbar/cells/room.h"
#include "crossbar/cells/sums.h"
#include "crossbar/mapping/mapping.h"
#include "crossbar/mapping/matrix.h"
#include "crossbar/mapping/position.h"
#include "crossbar/read/compensate.h"
#include "crossbar/read/params.h"
#include "crossbar/read/plan.h"
#include "crossbar/read/tile.h"
#include "crossbar/update/update.h"
#include "crossbar/valid.h"
#include "device/save.h"

#include <math.h>
#include <string.h>

enum { VERSION = 2, SHAPE = 8, STUCK = 1, AGES = 2, FLICKERS = 4 };

static size_t scales_of(const memqc_crossbar *xb) {
    return mqc_crossbar_by_column(xb) ? xb->shape.cols : 1;
}

/* Inputs of products, or of transposed ones. */
static size_t inputs_of(const memqc_crossbar *xb, int way) {
    return way ? xb->shape.cols : xb->shape.rows;
}

static size_t least(size_t a, size_t b) {
    return a < b ? a : b;
}

/* What an array keeps otherwise than a file does. */

static void write_levels(const struct mqc_plane *plane, struct mqc_writer *writer) {
    float level[MQC_CHUNK];
    mqc_write_begin(writer, "xlev", MQC_F32, plane->n);
    for (size_t first = 0; first < plane->n; first += MQC_CHUNK) {
        const size_t n = least(plane->n - first, MQC_CHUNK);
        mqc_crossbar_kernels()->from_levels(n, plane->level + first, level);
        mqc_write_values(writer, MQC_F32, n, level);
    }
}

static void write_counts(const struct mqc_plane *plane, struct mqc_writer *writer) {
    uint32_t count[MQC_CHUNK];
    mqc_write_begin(writer, "xtim", MQC_U32, plane->n);
    for (size_t first = 0; first < plane->n; first += MQC_CHUNK) {
        const size_t n = least(plane->n - first, MQC_CHUNK);
        mqc_counts_get(&plane->count, n, first, count);
        mqc_write_values(writer, MQC_U32, n, count);
    }
}

static void write_positions(const memqc_crossbar *xb, struct mqc_writer *writer) {
    float position[MQC_CHUNK];
    mqc_write_begin(writer, "xpos", MQC_F32, xb->shape.cells);
    for (size_t first = 0; first < xb->shape.cells; first += MQC_CHUNK) {
        const size_t n = least(xb->shape.cells - first, MQC_CHUNK);
        mqc_positions_get(xb, n, first, NULL, position);
        mqc_write_values(writer, MQC_F32, n, position);
    }
}

static void write_plane(const struct mqc_plane *plane, struct mqc_writer *writer) {
    mqc_write(writer, "xcon", MQC_F32, plane->n, plane->g);
    write_levels(plane, writer);
    write_counts(plane, writer);
    mqc_write_u64(writer, "xopt",
                  (plane->stuck ? STUCK : 0) | (plane->g0 ? AGES : 0) |
                      (plane->flicker ? FLICKERS : 0));
    if (plane->stuck)
        mqc_write(writer, "xstu", MQC_F32, plane->n, plane->stuck);
    if (plane->g0) {
        mqc_write(writer, "xcn0", MQC_F32, plane->n, plane->g0);
        mqc_write(writer, "xbor", MQC_F64, plane->n, plane->born);
    }
    if (plane->flicker)
        mqc_write(writer, "xfli", MQC_F32, plane->n, plane->flicker);
}

void mqc_crossbar_write(const memqc_crossbar *xb, struct mqc_writer *writer) {
    const uint64_t shape[SHAPE] = {xb->shape.rows,      xb->shape.cols,    xb->seed,
                                   xb->programmed != 0, xb->cells.seed,    xb->account.reads,
                                   xb->account.bursts,  xb->account.vector};
    mqc_device_write(xb->device, writer);
    mqc_write(writer, "xsha", MQC_U64, SHAPE, shape);
    mqc_write(writer, "xpar", MQC_F64, MQC_CROSSBAR_KEYS, xb->value);
    mqc_write(writer, "xcnt", MQC_U64, MQC_CROSSBAR_COUNTERS, xb->account.counter);
    mqc_write(writer, "xcst", MQC_F64, MQC_CROSSBAR_COSTS, xb->account.cost);
    mqc_write(writer, "xclk", MQC_F64, 1, &xb->account.clock);
    if (!xb->programmed)
        return;
    mqc_write(writer, "xsca", MQC_F32, scales_of(xb), xb->weights.scale);
    mqc_write(writer, "xslo", MQC_F32, scales_of(xb), xb->weights.slope);
    write_positions(xb, writer);
    for (size_t plane = 0; plane < xb->cells.planes; plane++)
        write_plane(&xb->cells.plane[plane], writer);
    for (size_t slice = 0;
         slice < xb->weights.map.slices && xb->weights.map.kind == MEMQC_CROSSBAR_MAPPING_REFERENCE;
         slice++)
        write_plane(&xb->cells.reference[slice], writer);
    for (int way = 0; way < 2; way++)
        mqc_write(writer, "xran", MQC_F32, xb->readout.range[way] ? xb->readout.ranges[way] : 0,
                  xb->readout.range[way]);
    mqc_write_u64(writer, "xwir", mqc_wiring_seen(xb));
    mqc_compensation_write(xb, writer);
    for (int way = 0; way < 2; way++) {
        const double *sums = mqc_cells_kept_sums(xb, way);
        mqc_write(writer, "xsum", MQC_F64, sums ? inputs_of(xb, way) : 0, sums);
    }
    mqc_update_write(xb, writer);
    if (xb->update.fast)
        mqc_crossbar_write(xb->update.fast, writer);
}

/* What a plane may have. */
static memqc_status read_options(struct mqc_reader *reader, memqc_crossbar *xb,
                                 struct mqc_plane *plane) {
    uint64_t options = 0;
    MQC_TRY(mqc_read_u64(reader, "xopt", 0, STUCK | AGES | FLICKERS, &options));
    if (options & STUCK) {
        MQC_TRY(mqc_plane_stuck_room(plane));
        MQC_TRY(mqc_read(reader, "xstu", MQC_F32, plane->n, plane->stuck));
    }
    if (options & AGES) {
        MQC_TRY(mqc_crossbar_age_room(xb));
        MQC_TRY(mqc_read(reader, "xcn0", MQC_F32, plane->n, plane->g0));
        MQC_TRY(mqc_read(reader, "xbor", MQC_F64, plane->n, plane->born));
    }
    if (options & FLICKERS) {
        MQC_TRY(mqc_plane_flicker_room(plane));
        MQC_TRY(mqc_read(reader, "xfli", MQC_F32, plane->n, plane->flicker));
    }
    if ((!(options & STUCK) && plane->stuck) || (!(options & AGES) && plane->g0))
        return mqc_read_refuse(reader, "a plane of cells without what its array has");
    return MEMQC_OK;
}

static memqc_status read_levels(struct mqc_reader *reader, struct mqc_plane *plane) {
    float level[MQC_CHUNK];
    int good = 1;
    MQC_TRY(mqc_read_begin(reader, "xlev", MQC_F32, plane->n));
    for (size_t first = 0; first < plane->n && good; first += MQC_CHUNK) {
        const size_t n = least(plane->n - first, MQC_CHUNK);
        mqc_read_values(reader, MQC_F32, n, level);
        for (size_t i = 0; i < n; i++)
            good &= level[i] >= 1 && level[i] <= UINT16_MAX && level[i] == floorf(level[i]);
        if (good)
            mqc_crossbar_kernels()->keep_levels(n, level, plane->level + first);
    }
    return good ? MEMQC_OK
                : mqc_read_refuse(reader, "a cell of a crossbar is in a state that it cannot have");
}

static memqc_status read_plane(struct mqc_reader *reader, memqc_crossbar *xb,
                               struct mqc_plane *plane) {
    MQC_TRY(mqc_read(reader, "xcon", MQC_F32, plane->n, plane->g));
    MQC_TRY(read_levels(reader, plane));
    MQC_TRY(MQC_HAVE(&plane->count.many, plane->n));
    MQC_TRY(mqc_read(reader, "xtim", MQC_U32, plane->n, plane->count.many));
    MQC_TRY(mqc_counts_pack(&plane->count, plane->n));
    return read_options(reader, xb, plane);
}

/* Calibrated ranges of the ADCs, or none. */
static memqc_status read_ranges(struct mqc_reader *reader, memqc_crossbar *xb, int way) {
    size_t n = 0;
    MQC_TRY(mqc_read_count(reader, "xran", MQC_F32, &n));
    if (n == 0)
        return mqc_read(reader, "xran", MQC_F32, 0, NULL);
    if (n != mqc_readout_ranges(xb, way))
        return mqc_read_refuse(reader, "a crossbar with ranges of other converters than its own");
    if (!(xb->readout.range[way] = mqc_alloc(n, sizeof(float))))
        return MEMQC_ERROR_NOMEM;
    xb->readout.ranges[way] = n;
    return mqc_read(reader, "xran", MQC_F32, n, xb->readout.range[way]);
}

/* The sums of conductances that products made. */
static memqc_status read_kept_sums(struct mqc_reader *reader, memqc_crossbar *xb, int way) {
    size_t n = 0;
    MQC_TRY(mqc_read_count(reader, "xsum", MQC_F64, &n));
    if (n == 0)
        return mqc_read(reader, "xsum", MQC_F64, 0, NULL);
    if (n != inputs_of(xb, way))
        return mqc_read_refuse(reader, "sums of conductances of another number of inputs");
    double *total = mqc_alloc(n, sizeof *total);
    memqc_status status = total ? mqc_cells_sums_room(xb, way) : MEMQC_ERROR_NOMEM;
    if (status == MEMQC_OK)
        status = mqc_read(reader, "xsum", MQC_F64, n, total);
    if (status == MEMQC_OK)
        mqc_cells_take_sums(xb, way, total);
    mqc_free(total);
    return status;
}

static memqc_status read_array(struct mqc_reader *reader, int nested, memqc_crossbar **out);

/* What the update rule keeps. A fast array has none of its own. */
static memqc_status read_update(struct mqc_reader *reader, memqc_crossbar *xb, int nested) {
    int follows = 0;
    MQC_TRY(mqc_update_read(reader, xb, &follows));
    if (!follows)
        return MEMQC_OK;
    if (nested)
        return mqc_read_refuse(reader, "a fast array that has a fast array");
    return read_array(reader, 1, &xb->update.fast);
}

static memqc_status read_cells(struct mqc_reader *reader, memqc_crossbar *xb, int nested) {
    uint64_t seen = 0;
    size_t n = 0;
    MQC_TRY(mqc_read_count(reader, "xsca", MQC_F32, &n)); /* before anything is allocated for a
                                                             shape that may be invented */
    if (n != scales_of(xb) ||
        (reader->end - reader->at) / sizeof(float) / 3 / mqc_mapping_planes(xb) < xb->shape.cells)
        return mqc_read_refuse(reader, "a crossbar of another size than its cells");
    MQC_TRY(mqc_crossbar_settle(xb));
    MQC_TRY(mqc_read(reader, "xsca", MQC_F32, n, xb->weights.scale));
    MQC_TRY(mqc_read(reader, "xslo", MQC_F32, n, xb->weights.slope));
    MQC_TRY(MQC_HAVE(&xb->weights.position, xb->shape.cells));
    MQC_TRY(mqc_read(reader, "xpos", MQC_F32, xb->shape.cells, xb->weights.position));
    for (size_t plane = 0; plane < xb->cells.planes; plane++)
        MQC_TRY(read_plane(reader, xb, &xb->cells.plane[plane]));
    for (size_t slice = 0;
         slice < xb->weights.map.slices && xb->weights.map.kind == MEMQC_CROSSBAR_MAPPING_REFERENCE;
         slice++)
        MQC_TRY(read_plane(reader, xb, &xb->cells.reference[slice]));
    mqc_positions_drop(xb);
    for (int way = 0; way < 2; way++)
        MQC_TRY(read_ranges(reader, xb, way));
    MQC_TRY(mqc_read_u64(reader, "xwir", 0, UINT64_MAX, &seen));
    mqc_wiring_count(xb, seen);
    MQC_TRY(mqc_compensation_read(reader, xb));
    for (int way = 0; way < 2; way++)
        MQC_TRY(read_kept_sums(reader, xb, way));
    MQC_TRY(read_update(reader, xb, nested));
    mqc_crossbar_refresh(xb, xb->shape.cells, 0, NULL);
    xb->programmed = 1;
    return MEMQC_OK;
}

static memqc_status refuse_flaw(const struct mqc_reader *reader, const memqc_crossbar *xb) {
    const char *const flaw = mqc_crossbar_flaw(xb);
    return flaw ? mqc_read_refuse(reader, flaw) : MEMQC_OK;
}

static memqc_status read_crossbar(struct mqc_reader *reader, memqc_crossbar *xb,
                                  const uint64_t shape[SHAPE], int nested) {
    size_t n = 0;
    xb->seed = shape[4]; /* what varies from device to device is drawn again */
    MQC_TRY(mqc_read_count(reader, "xpar", MQC_F64, &n));
    if (n > MQC_CROSSBAR_KEYS)
        return mqc_read_refuse(reader,
                               "a crossbar with parameters that this library does not know");
    MQC_TRY(mqc_read(reader, "xpar", MQC_F64, n, xb->value));
    MQC_TRY(refuse_flaw(reader, xb)); /* before parameters make sizes */
    MQC_TRY(mqc_read_count(reader, "xcnt", MQC_U64, &n));
    if (n > MQC_CROSSBAR_COUNTERS)
        return mqc_read_refuse(reader, "a crossbar with counters that this library does not know");
    MQC_TRY(mqc_read(reader, "xcnt", MQC_U64, n, xb->account.counter));
    MQC_TRY(mqc_read(reader, "xcst", MQC_F64, MQC_CROSSBAR_COSTS, xb->account.cost));
    MQC_TRY(mqc_read(reader, "xclk", MQC_F64, 1, &xb->account.clock));
    if (shape[3])
        MQC_TRY(read_cells(reader, xb, nested));
    xb->seed = shape[2];
    xb->account.reads = shape[5];
    xb->account.bursts = shape[6];
    xb->account.vector = shape[7];
    return refuse_flaw(reader, xb);
}

static memqc_status read_array(struct mqc_reader *reader, int nested, memqc_crossbar **out) {
    memqc_device *device = NULL;
    memqc_crossbar *xb = NULL;
    uint64_t shape[SHAPE] = {0};
    *out = NULL;
    MQC_TRY(mqc_device_read(reader, &device));
    memqc_status status = mqc_read(reader, "xsha", MQC_U64, SHAPE, shape);
    const uint64_t most = UINT64_C(1) << 30;
    if (status == MEMQC_OK && (shape[0] < 1 || shape[1] < 1 || shape[0] > most || shape[1] > most ||
                               shape[0] * shape[1] > most || shape[3] > 1))
        status = mqc_read_refuse(reader, "a crossbar of a shape that none has");
    if (status == MEMQC_OK)
        status = memqc_crossbar_create(device, (size_t)shape[0], (size_t)shape[1], 0, &xb);
    if (status == MEMQC_OK)
        status = read_crossbar(reader, xb, shape, nested);
    memqc_device_destroy(&device);
    if (status != MEMQC_OK)
        memqc_crossbar_destroy(&xb);
    *out = xb;
    return status;
}

memqc_status mqc_crossbar_read(struct mqc_reader *reader, memqc_crossbar **out) {
    return read_array(reader, 0, out);
}

/* --- the public functions --- */

memqc_status memqc_crossbar_save_memory(const memqc_crossbar *crossbar, void *data, size_t room,
                                        size_t *size) {
    MQC_NOT_NULL(crossbar);
    MQC_NOT_NULL(size);
    if (!data && room)
        return mqc_fail(MEMQC_ERROR_ARGUMENT, "%s: data is NULL, and room = %zu", __func__, room);
    struct mqc_writer writer;
    mqc_write_start(&writer, MQC_KIND_CROSSBAR, VERSION);
    mqc_crossbar_write(crossbar, &writer);
    return mqc_write_to_memory(&writer, __func__, "array", data, room, size);
}

memqc_status memqc_crossbar_save(const memqc_crossbar *crossbar, const char *path) {
    MQC_NOT_NULL(crossbar);
    MQC_NOT_NULL(path);
    struct mqc_writer writer;
    mqc_write_start(&writer, MQC_KIND_CROSSBAR, VERSION);
    mqc_crossbar_write(crossbar, &writer);
    return mqc_write_to_file(&writer, __func__, path);
}

static memqc_status load(const char *function, const void *data, size_t size,
                         memqc_crossbar **out) {
    struct mqc_reader reader;
    MQC_TRY(mqc_read_start(&reader, function, data, size, MQC_KIND_CROSSBAR, VERSION));
    if (reader.version < VERSION)
        return mqc_read_refuse(&reader, "a crossbar of version 0.2, which only that version reads");
    MQC_TRY(mqc_crossbar_read(&reader, out));
    const memqc_status status = mqc_read_finish(&reader);
    if (status != MEMQC_OK)
        memqc_crossbar_destroy(out);
    return status;
}

memqc_status memqc_crossbar_load_memory(const void *data, size_t size, memqc_crossbar **out) {
    MQC_NOT_NULL(out);
    *out = NULL;
    MQC_NOT_NULL(data);
    return load(__func__, data, size, out);
}

memqc_status memqc_crossbar_load(const char *path, memqc_crossbar **out) {
    uint8_t *data = NULL;
    size_t size = 0;
    MQC_NOT_NULL(out);
    *out = NULL;
    MQC_NOT_NULL(path);
    MQC_TRY(mqc_file_read(__func__, path, SIZE_MAX / 2, &data, &size));
    const memqc_status status = load(__func__, data, size, out);
    mqc_free(data);
    return status;
}
