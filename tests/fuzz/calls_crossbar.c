/* SPDX-License-Identifier: BSD-3-Clause */
/* Calls on an array that program, update and age its cells, and its parameters. */
#include "calls.h"

static void shape(struct fuzz *f, size_t *rows, size_t *cols, size_t *planes) {
    MUST(memqc_crossbar_get_shape(f->real, rows, cols, planes) == MEMQC_OK, "no shape");
}

static size_t take_plane(struct fuzz *f, size_t planes) {
    return take_rarely(f) ? (size_t)take_wide(f) : take_below(f, planes);
}

/* --- parameters --- */

static memqc_status set(struct fuzz *f) {
    const int32_t key = take_key(f, &crossbar_noun);
    return memqc_crossbar_set(f->object, key, take_value(f, &crossbar_noun, key));
}

static memqc_status set_many(struct fuzz *f) {
    int32_t *of_keys;
    double *values;
    const size_t n = take_settings(f, &crossbar_noun, &of_keys, &values);
    return memqc_crossbar_set_many(f->object, n, or_null(f, of_keys), or_null(f, values));
}

static memqc_status get(struct fuzz *f) {
    double value = 0;
    int32_t flag = 0;
    const int32_t key = take_key(f, &crossbar_noun);
    const memqc_status uses = memqc_crossbar_uses(f->object, key, &flag);
    const memqc_status status = memqc_crossbar_get(f->object, key, or_null(f, &value));
    see(f, &value, sizeof value);
    see(f, &uses, sizeof uses);
    see(f, &flag, sizeof flag);
    return status;
}

static memqc_status keys(struct fuzz *f) {
    return ask_about_keys(f, &crossbar_noun);
}

static memqc_status set_seed(struct fuzz *f) {
    return memqc_crossbar_set_seed(f->object, take_wide(f));
}

static memqc_status set_device(struct fuzz *f) {
    memqc_device *device = NULL;
    if (take_byte(f) & 1) {
        device = take_device(f);
    } else if (memqc_crossbar_get_device(f->real, &device) == MEMQC_OK) {
        const int32_t key = take_key(f, &device_noun);
        memqc_device_set(device, key, take_value(f, &device_noun, key));
    }
    const memqc_status status = memqc_crossbar_set_device(f->object, or_null(f, device));
    memqc_device_destroy(&device);
    return status;
}

static memqc_status get_device(struct fuzz *f) {
    memqc_device *device = NULL;
    const memqc_status status = memqc_crossbar_get_device(f->object, or_null(f, &device));
    memqc_device_destroy(&device);
    return status;
}

/* --- programming --- */

static memqc_status program(struct fuzz *f) {
    size_t rows, cols, ld;
    shape(f, &rows, &cols, NULL);
    const float *w = take_matrix(f, rows, cols, &ld);
    return memqc_crossbar_program(f->object, or_null(f, (void *)(uintptr_t)w), ld);
}

static memqc_status program_stopped(struct fuzz *f) {
    size_t rows, cols, ld;
    struct stop stop = {take_byte(f) % 8};
    shape(f, &rows, &cols, NULL);
    const float *w = take_matrix(f, rows, cols, &ld);
    memqc_crossbar_set_progress(f->real, stop_after, &stop);
    const memqc_status status = memqc_crossbar_program(f->object, w, ld);
    memqc_crossbar_set_progress(f->real, NULL, NULL);
    return status;
}

static memqc_status program_cell(struct fuzz *f) {
    size_t rows, cols;
    shape(f, &rows, &cols, NULL);
    const size_t row = take_below(f, rows + 1), col = take_below(f, cols + 1);
    return memqc_crossbar_program_cell(f->object, row, col, take_number(f));
}

static memqc_status program_list(struct fuzz *f) {
    size_t rows, cols;
    shape(f, &rows, &cols, NULL);
    const size_t n = take_below(f, 8);
    size_t *places = take_places(f, n, rows * cols);
    float *w = take_floats(f, n);
    return memqc_crossbar_program_list(f->object, n, or_null(f, places), or_null(f, w));
}

static memqc_status pulse(struct fuzz *f) {
    size_t rows, cols, planes;
    shape(f, &rows, &cols, &planes);
    const size_t n = take_below(f, 8), plane = take_plane(f, planes);
    size_t *places = take_places(f, n, rows * cols);
    int32_t *pulses = take_ints(f, n, -30, 30);
    for (size_t i = 0; i < n; i++) /* more of them take their time */
        if (pulses[i] > -(1 << 20) && pulses[i] < 1 << 20)
            pulses[i] %= 3000;
    return memqc_crossbar_pulse(f->object, plane, n, or_null(f, places), or_null(f, pulses));
}

static memqc_status set_conductances(struct fuzz *f) {
    size_t rows, cols, planes, ld;
    shape(f, &rows, &cols, &planes);
    const size_t plane = take_plane(f, planes);
    float *g = take_matrix(f, rows, cols, &ld);
    const float factor = take_byte(f) & 1 ? 1e-5f : 1;
    for (size_t i = 0; i < rows && ld >= cols; i++)
        for (size_t j = 0; j < cols; j++)
            g[i * ld + j] *= g[i * ld + j] < 0 && factor < 1 ? -factor : factor;
    return memqc_crossbar_set_conductances(f->object, plane, or_null(f, g), ld);
}

static memqc_status set_reference(struct fuzz *f) {
    size_t rows, planes;
    shape(f, &rows, NULL, &planes);
    float *g = take_conductances(f, rows);
    return memqc_crossbar_set_reference(f->object, take_plane(f, planes), or_null(f, g));
}

/* --- updates --- */

static memqc_status update(struct fuzz *f) {
    size_t rows, cols, ld;
    shape(f, &rows, &cols, NULL);
    const float *dw = take_matrix(f, rows, cols, &ld);
    return memqc_crossbar_update(f->object, take_number(f), dw, ld);
}

static memqc_status update_outer(struct fuzz *f) {
    size_t rows, cols, ldx, ldd;
    shape(f, &rows, &cols, NULL);
    const size_t batch = take_below(f, 5);
    float *x = take_matrix(f, batch, rows, &ldx), *d = take_matrix(f, batch, cols, &ldd);
    return memqc_crossbar_update_outer(f->object, take_number(f), batch, or_null(f, x), ldx,
                                       or_null(f, d), ldd);
}

/* The weights of the cells, moved as an optimizer of the host would. */
static memqc_status follow(struct fuzz *f) {
    size_t rows, cols, ld;
    shape(f, &rows, &cols, NULL);
    float *w = take_matrix(f, rows, cols, &ld);
    if (ld >= cols && take_byte(f) & 1 && memqc_crossbar_get_weights(f->real, w, ld) == MEMQC_OK)
        w[take_below(f, cols)] += (float)take_byte(f) / 64;
    const size_t n = rows ? (rows - 1) * (ld < cols ? cols : ld) + cols : 0;
    float *before = make_room(f, n * sizeof *before);
    memcpy(before, w, n * sizeof *before);
    const memqc_status status = memqc_crossbar_follow(f->object, w, ld);
    MUST(status == MEMQC_OK || memcmp(before, w, n * sizeof *w) == 0, "w changed in a failure");
    see(f, w, n * sizeof *w);
    return status;
}

/* --- in service --- */

static memqc_status stick(struct fuzz *f) {
    size_t rows, cols, planes;
    shape(f, &rows, &cols, &planes);
    const size_t n = take_below(f, 6), plane = take_plane(f, planes);
    size_t *places = take_places(f, n, rows * cols);
    float *g = take_conductances(f, n);
    return memqc_crossbar_stick(f->object, plane, n, or_null(f, places),
                                take_byte(f) & 1 ? g : NULL);
}

static memqc_status unstick(struct fuzz *f) {
    size_t rows, cols, planes;
    shape(f, &rows, &cols, &planes);
    const size_t n = take_below(f, 6), plane = take_plane(f, planes);
    size_t *places = take_places(f, n, rows * cols);
    return memqc_crossbar_unstick(f->object, plane, n, or_null(f, places));
}

static memqc_status remap(struct fuzz *f) {
    size_t remapped = 0, lost = 0;
    const memqc_status status =
        memqc_crossbar_remap(f->object, or_null(f, &remapped), or_null(f, &lost));
    see(f, &remapped, sizeof remapped);
    see(f, &lost, sizeof lost);
    return status;
}

static memqc_status advance(struct fuzz *f) {
    return memqc_crossbar_advance(f->object, take_number(f));
}

static memqc_status rewind_vector(struct fuzz *f) {
    return memqc_crossbar_rewind(f->object, take_wide(f));
}

/* Of the last call: not saved, so that nothing of it is compared. */
static memqc_status report(struct fuzz *f) {
    double value;
    memqc_crossbar_get_report(f->object, MEMQC_CROSSBAR_REPORT_CELLS - 1 + take_byte(f) % 24,
                              or_null(f, &value));
    return MEMQC_OK;
}

static const struct call calls[] = {
    {"set", set},
    {"set_many", set_many},
    {"get", get},
    {"keys", keys},
    {"set_seed", set_seed},
    {"set_device", set_device},
    {"get_device", get_device},
    {"program", program},
    {"program", program},
    {"program_stopped", program_stopped},
    {"program_cell", program_cell},
    {"program_list", program_list},
    {"pulse", pulse},
    {"set_conductances", set_conductances},
    {"set_reference", set_reference},
    {"update", update},
    {"update_outer", update_outer},
    {"update_outer", update_outer},
    {"follow", follow},
    {"stick", stick},
    {"unstick", unstick},
    {"remap", remap},
    {"advance", advance},
    {"rewind", rewind_vector},
    {"report", report},
};

const struct group crossbar_calls = {calls, COUNT(calls)};
