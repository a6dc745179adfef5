/* SPDX-License-Identifier: BSD-3-Clause */
/* memqc_device_save() and its like: an archive of one device, with what its fit found out. Arrays
 * and networks save their devices by save.c alone, without the report. */
#include "core/alloc.h"
#include "core/error.h"
#include "core/file.h"
#include "device/cell/levels.h"
#include "device/models/jump_pairs.h"
#include "device/save.h"

#include <math.h>

enum { VERSION = 1 };

/* Numbers of the report, and of a candidate's part of it. */
enum { WHOLE = 9, QUALITY = 7 };

static void write_report(const struct mqc_fit_report *report, struct mqc_writer *writer) {
    const double whole[WHOLE] = {
        report->taken,       report->points, report->cycles,    report->devices,   report->drift,
        report->drift_error, report->noise,  report->memory[0], report->memory[1],
    };
    double each[MQC_FIT_CANDIDATES][QUALITY];
    const size_t n = report->taken ? 1 : 0; /* a device that was not fitted has none */
    for (size_t i = 0; i < MQC_FIT_CANDIDATES; i++) {
        const struct mqc_fit_quality *of = &report->of[i];
        const double values[QUALITY] = {of->fitted, of->log_likelihood, of->parameters, of->ks,
                                        of->ks_p,   of->outliers,       of->at_bounds};
        for (size_t k = 0; k < QUALITY; k++)
            each[i][k] = values[k];
    }
    mqc_write(writer, "fitw", MQC_F64, n * WHOLE, whole);
    mqc_write(writer, "fits", MQC_F64, n * MQC_DEVICE_KEYS, report->standard_error);
    mqc_write(writer, "fitc", MQC_F64, n * MQC_FIT_CANDIDATES * QUALITY, each);
}

static void write_posterior(const struct mqc_fit_report *report, struct mqc_writer *writer) {
    const struct mqc_fit_posterior *const p = &report->posterior;
    const size_t n = (size_t)p->n;
    double what[MQC_FIT_DRAWN];
    for (size_t i = 0; i < n; i++)
        what[i] = p->what[i];
    mqc_write(writer, "posw", MQC_F64, n, what);
    mqc_write(writer, "posv", MQC_F64, n, p->value);
    mqc_write(writer, "posr", MQC_F64, n * (n + 1) / 2, p->root);
    mqc_write(writer, "poss", MQC_F64, 1, &p->states);
}

/* What the fit knows of levels that it found one by one. */
static void write_level_errors(const memqc_device *device, struct mqc_writer *writer) {
    const struct mqc_level_errors *const errors = device->ladder ? device->levels->errors : NULL;
    mqc_write_u64(writer, "errk", errors ? errors->columns + 1 : 0);
    if (!errors)
        return;
    mqc_write_u64(writer, "erre", (uint64_t)errors->each);
    mqc_write(writer, "errs", MQC_F32, mqc_level_errors_size(device->levels->n, errors->columns),
              errors->mean);
}

static void write_left_out(const memqc_device *device, struct mqc_writer *writer) {
    mqc_write_u64(writer, "fitn", device->n_left_out);
    for (size_t i = 0; i < device->n_left_out; i++) {
        mqc_write_u64(writer, "fitr", device->left_out[i].row);
        mqc_write_u64(writer, "fity", device->left_out[i].reason);
        mqc_write(writer, "fitg", MQC_F32, 1, &device->left_out[i].value);
    }
}

static void write_device(const memqc_device *device, struct mqc_writer *writer) {
    mqc_write_start(writer, MQC_KIND_DEVICE, VERSION);
    mqc_device_write(device, writer);
    write_report(&device->fit, writer);
    write_posterior(&device->fit, writer);
    write_level_errors(device, writer);
    mqc_jump_pairs_write(device->pairs, writer);
    write_left_out(device, writer);
}

memqc_status memqc_device_save_memory(const memqc_device *device, void *data, size_t room,
                                      size_t *size) {
    MQC_NOT_NULL(device);
    MQC_NOT_NULL(size);
    if (!data && room)
        return mqc_fail(MEMQC_ERROR_ARGUMENT, "%s: data is NULL, and room = %zu", __func__, room);
    struct mqc_writer writer;
    write_device(device, &writer);
    return mqc_write_to_memory(&writer, __func__, "device", data, room, size);
}

memqc_status memqc_device_save(const memqc_device *device, const char *path) {
    MQC_NOT_NULL(device);
    MQC_NOT_NULL(path);
    struct mqc_writer writer;
    write_device(device, &writer);
    return mqc_write_to_file(&writer, __func__, path);
}

/* --- reading --- */

static int is_count(double value) {
    return value >= 0 && value <= 1e18 && value == floor(value);
}

static memqc_status read_whole(struct mqc_reader *reader, struct mqc_fit_report *report) {
    double whole[WHOLE];
    MQC_TRY(mqc_read(reader, "fitw", MQC_F64, WHOLE, whole));
    if (!is_count(whole[0]) || whole[0] < 1 || whole[0] > MQC_FIT_CANDIDATES ||
        !is_count(whole[1]) || !is_count(whole[2]) || !is_count(whole[3]) || !isfinite(whole[4]) ||
        !(whole[5] >= 0 && isfinite(whole[5])) || !is_count(whole[6]) ||
        whole[6] < MQC_FIT_NOISE_FIRST || whole[6] > MQC_FIT_NOISE_LAST || !isfinite(whole[7]) ||
        !isfinite(whole[8]))
        return mqc_read_refuse(reader, "a report of a fit of impossible numbers");
    report->taken = (int32_t)whole[0];
    report->points = whole[1];
    report->cycles = whole[2];
    report->devices = whole[3];
    report->drift = whole[4];
    report->drift_error = whole[5];
    report->noise = (int32_t)whole[6];
    report->memory[0] = whole[7];
    report->memory[1] = whole[8];
    return MEMQC_OK;
}

/* Errors of parameters that a later library added are 0. */
static memqc_status read_errors(struct mqc_reader *reader, struct mqc_fit_report *report) {
    size_t n = 0;
    int good = 1;
    MQC_TRY(mqc_read_count(reader, "fits", MQC_F64, &n));
    if (n > MQC_DEVICE_KEYS)
        return mqc_read_refuse(reader, "a report of a fit with parameters that this library does "
                                       "not know");
    MQC_TRY(mqc_read(reader, "fits", MQC_F64, n, report->standard_error));
    for (size_t i = 0; i < n; i++)
        good &= report->standard_error[i] >= 0 && isfinite(report->standard_error[i]);
    return good ? MEMQC_OK : mqc_read_refuse(reader, "a standard error that none can be");
}

static memqc_status read_candidates(struct mqc_reader *reader, struct mqc_fit_report *report) {
    double each[MQC_FIT_CANDIDATES][QUALITY];
    int good = 1;
    MQC_TRY(mqc_read(reader, "fitc", MQC_F64, MQC_FIT_CANDIDATES * QUALITY, each));
    for (size_t i = 0; i < MQC_FIT_CANDIDATES; i++) {
        const double *from = each[i];
        good &= (from[0] == 0 || from[0] == 1) && isfinite(from[1]) && is_count(from[2]) &&
                from[3] >= 0 && from[3] <= 1 && from[4] >= 0 && from[4] <= 1 && is_count(from[5]) &&
                is_count(from[6]);
        report->of[i].fitted = from[0] == 1;
        report->of[i].log_likelihood = from[1];
        report->of[i].parameters = from[2];
        report->of[i].ks = from[3];
        report->of[i].ks_p = from[4];
        report->of[i].outliers = from[5];
        report->of[i].at_bounds = from[6];
    }
    return good ? MEMQC_OK : mqc_read_refuse(reader, "a candidate of a fit that none can be");
}

static memqc_status read_report(struct mqc_reader *reader, struct mqc_fit_report *report) {
    size_t n = 0;
    MQC_TRY(mqc_read_count(reader, "fitw", MQC_F64, &n));
    if (n > 0) {
        MQC_TRY(read_whole(reader, report));
        MQC_TRY(read_errors(reader, report));
        return read_candidates(reader, report);
    }
    MQC_TRY(mqc_read(reader, "fitw", MQC_F64, 0, NULL));
    MQC_TRY(mqc_read(reader, "fits", MQC_F64, 0, NULL));
    return mqc_read(reader, "fitc", MQC_F64, 0, NULL);
}

static int is_place(double what) {
    const double step = what - MQC_FIT_PLACE_STEP;
    return is_count(what) && (what < MQC_DEVICE_KEYS || (step >= 0 && step < MQC_FIT_PLACE_STEPS));
}

static memqc_status read_posterior(struct mqc_reader *reader, struct mqc_fit_posterior *p) {
    double what[MQC_FIT_DRAWN];
    size_t n = 0;
    int good = 1;
    MQC_TRY(mqc_read_count(reader, "posw", MQC_F64, &n));
    if (n > MQC_FIT_DRAWN)
        return mqc_read_refuse(reader, "more parameters of a fit than can be drawn");
    MQC_TRY(mqc_read(reader, "posw", MQC_F64, n, what));
    MQC_TRY(mqc_read(reader, "posv", MQC_F64, n, p->value));
    MQC_TRY(mqc_read(reader, "posr", MQC_F64, n * (n + 1) / 2, p->root));
    MQC_TRY(mqc_read(reader, "poss", MQC_F64, 1, &p->states));
    for (size_t i = 0; i < n; i++) {
        good &= is_place(what[i]) && isfinite(p->value[i]);
        p->what[i] = good ? (int32_t)what[i] : 0;
    }
    for (size_t i = 0; i < n * (n + 1) / 2; i++)
        good &= isfinite(p->root[i]);
    p->n = good ? (int32_t)n : 0;
    return good ? MEMQC_OK : mqc_read_refuse(reader, "a covariance of a fit that none can be");
}

static memqc_status read_errors_of_levels(struct mqc_reader *reader, struct mqc_levels *levels,
                                          size_t columns) {
    const size_t n = mqc_level_errors_size(levels->n, columns);
    uint64_t each = 0;
    int good = 1;
    MQC_TRY(mqc_read_u64(reader, "erre", 0, 1, &each));
    MQC_TRY(mqc_level_errors_make(levels->n, columns, &levels->errors));
    levels->errors->each = (int)each;
    MQC_TRY(mqc_read(reader, "errs", MQC_F32, n, levels->errors->mean));
    for (size_t i = 0; i < n; i++)
        good &= isfinite(levels->errors->mean[i]) &&
                (i >= 2 * levels->n || levels->errors->mean[i] >= 0);
    return good ? MEMQC_OK : mqc_read_refuse(reader, "an error of a level that none can be");
}

static memqc_status read_level_errors(struct mqc_reader *reader, memqc_device *device) {
    const int may_be = device->ladder && device->fit.taken;
    uint64_t columns = 0;
    MQC_TRY(mqc_read_u64(reader, "errk", 0, may_be ? MQC_LEVEL_ERRORS_COLUMNS + 1 : 0, &columns));
    if (columns == 0)
        return MEMQC_OK;
    return read_errors_of_levels(reader, device->levels, (size_t)columns - 1);
}

/* One of the rows that were left out, in their order. */
static memqc_status read_row(struct mqc_reader *reader, uint64_t least, struct mqc_left_out *row) {
    uint64_t reason = 0;
    MQC_TRY(mqc_read_u64(reader, "fitr", least, SIZE_MAX, &row->row));
    MQC_TRY(mqc_read_u64(reader, "fity", MQC_LEFT_OUT_FIRST, MQC_LEFT_OUT_LAST, &reason));
    row->reason = (uint32_t)reason;
    return mqc_read(reader, "fitg", MQC_F32, 1, &row->value);
}

/* The archive holds as many bytes as it says, so the rows are no more than the memory they came in. */
static memqc_status read_left_out(struct mqc_reader *reader, memqc_device *device) {
    uint64_t n = 0;
    MQC_TRY(mqc_read_u64(reader, "fitn", 0, device->fit.taken ? reader->end : 0, &n));
    device->left_out = mqc_alloc((size_t)n, sizeof *device->left_out);
    if (!device->left_out)
        return MEMQC_ERROR_NOMEM;
    for (; device->n_left_out < n; device->n_left_out++) {
        struct mqc_left_out *row = &device->left_out[device->n_left_out];
        MQC_TRY(read_row(reader, device->n_left_out > 0 ? row[-1].row + 1 : 0, row));
    }
    return MEMQC_OK;
}

static memqc_status load(const char *function, const void *data, size_t size, memqc_device **out) {
    struct mqc_reader reader;
    memqc_device *device = NULL;
    MQC_TRY(mqc_read_start(&reader, function, data, size, MQC_KIND_DEVICE, VERSION));
    MQC_TRY(mqc_device_read(&reader, &device));
    memqc_status status = read_report(&reader, &device->fit);
    if (status == MEMQC_OK)
        status = read_posterior(&reader, &device->fit.posterior);
    if (status == MEMQC_OK)
        status = read_level_errors(&reader, device);
    if (status == MEMQC_OK)
        status = mqc_jump_pairs_read(&reader, device);
    if (status == MEMQC_OK)
        status = read_left_out(&reader, device);
    if (status == MEMQC_OK)
        status = mqc_read_finish(&reader);
    if (status != MEMQC_OK)
        memqc_device_destroy(&device);
    *out = device;
    return status;
}

memqc_status memqc_device_load_memory(const void *data, size_t size, memqc_device **out) {
    MQC_NOT_NULL(out);
    *out = NULL;
    MQC_NOT_NULL(data);
    return load(__func__, data, size, out);
}

memqc_status memqc_device_load(const char *path, memqc_device **out) {
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
