/* SPDX-License-Identifier: BSD-3-Clause */
/* Calls on a network that make others of it: transfer, Monte Carlo, sensitivity, Shapley. */
#include "calls.h"

/* Studies of an input beyond these have no samples, which takes no time. */
enum { SAMPLES = 4, MOST_STUDIES = 2 };

struct study {
    memqc_device *device; /* NULL: each layer's own */
    size_t n, ldx, instances;
    float *x;
    int32_t *labels;
};

static struct study take_study(struct fuzz *f) {
    struct study s = {.device = take_byte(f) & 1 ? take_device(f) : NULL};
    size_t inputs, outputs;
    double instances = 1;
    MUST(memqc_mlp_get_shape(f->real, NULL, &inputs, &outputs) == MEMQC_OK, "no shape");
    memqc_mlp_get(f->real, MEMQC_MLP_INSTANCES, &instances);
    s.instances = (size_t)instances;
    s.n = f->studies++ < MOST_STUDIES ? take_below(f, SAMPLES + 1) : 0;
    s.x = or_null(f, take_matrix(f, s.n, inputs, &s.ldx));
    s.labels = or_null(f, take_ints(f, s.n, 0, (int32_t)outputs - 1));
    return s;
}

static memqc_status transfer(struct fuzz *f) {
    memqc_mlp *made = NULL;
    memqc_device *device = take_byte(f) & 1 ? take_device(f) : NULL;
    const memqc_status status = memqc_mlp_transfer(f->object, device, or_null(f, &made));
    memqc_device_destroy(&device);
    if (made) {
        const struct bytes bytes = mlp_subject.snapshot(made);
        see(f, bytes.data, bytes.size);
        free(bytes.data);
    }
    memqc_mlp_destroy(&made);
    return status;
}

static memqc_status monte_carlo(struct fuzz *f) {
    struct study s = take_study(f);
    double *accuracies = make_room(f, s.instances * sizeof *accuracies);
    uint8_t *hits = make_room(f, s.instances * s.n);
    const memqc_status status =
        take_byte(f) & 1
            ? memqc_mlp_monte_carlo(f->object, s.device, s.n, s.x, s.ldx, s.labels, accuracies)
            : memqc_mlp_monte_carlo_hits(f->object, s.device, s.n, s.x, s.ldx, s.labels, accuracies,
                                         or_null(f, hits));
    see(f, accuracies, s.instances * sizeof *accuracies);
    see(f, hits, s.instances * s.n);
    memqc_device_destroy(&s.device);
    return status;
}

static memqc_status monte_carlo_stopped(struct fuzz *f) {
    struct stop stop = {take_byte(f) % 4};
    memqc_mlp_set_progress(f->real, stop_after, &stop);
    const memqc_status status = monte_carlo(f);
    memqc_mlp_set_progress(f->real, NULL, NULL);
    return status;
}

static memqc_status sensitivity(struct fuzz *f) {
    struct study s = take_study(f);
    double *limits = make_room(f, MEMQC_MLP_LIMITS * sizeof *limits);
    const int32_t property = MEMQC_MLP_PROPERTY_ALL + take_byte(f) % (MEMQC_MLP_PROPERTIES + 1);
    const memqc_status status = memqc_mlp_sensitivity(f->object, s.device, property, s.n, s.x,
                                                      s.ldx, s.labels, or_null(f, limits));
    see(f, limits, MEMQC_MLP_LIMITS * sizeof *limits);
    memqc_device_destroy(&s.device);
    return status;
}

static memqc_status shapley(struct fuzz *f) {
    enum { SHARES = MEMQC_MLP_PROPERTIES * MEMQC_MLP_SHARE_VALUES };
    struct study s = take_study(f);
    double *shares = make_room(f, SHARES * sizeof *shares);
    const memqc_status status = memqc_mlp_shapley(f->object, s.device, take_rarely(f) ? 1 : 2, s.n,
                                                  s.x, s.ldx, s.labels, or_null(f, shares));
    see(f, shares, SHARES * sizeof *shares);
    memqc_device_destroy(&s.device);
    return status;
}

/* Statistics of studies, which need no object. */
static memqc_status statistics(struct fuzz *f) {
    enum { MOST = 5, ROOM = 16 };
    double values[ROOM] = {0};
    const size_t groups = take_below(f, MOST), rows = take_below(f, MOST),
                 cols = take_below(f, MOST);
    uint8_t *hits = make_room(f, groups * rows * cols), *less = make_room(f, rows * cols);
    double *numbers = make_room(f, rows * sizeof *numbers);
    double *others = make_room(f, rows * sizeof *others);
    for (size_t i = 0; i < groups * rows * cols; i++)
        hits[i] = take_byte(f) & 1;
    for (size_t i = 0; i < rows * cols; i++)
        less[i] = take_byte(f) & 1;
    for (size_t i = 0; i < rows; i++) {
        numbers[i] = take_number(f);
        others[i] = take_number(f);
    }
    const memqc_status found[] = {
        memqc_nested(groups, rows, cols, or_null(f, hits), values),
        groups ? memqc_crossed(rows, cols, hits, take_byte(f) & 1 ? less : NULL, values) : MEMQC_OK,
        memqc_combine(rows, numbers, others, &values[ROOM - 1]),
        memqc_summary(rows, numbers, MEMQC_SUMMARY_MEAN + take_byte(f) % 12, &values[ROOM - 2])};
    see(f, found, sizeof found);
    return MEMQC_OK;
}

static const struct call calls[] = {
    {"transfer", transfer},
    {"monte_carlo", monte_carlo},
    {"monte_carlo_stopped", monte_carlo_stopped},
    {"sensitivity", sensitivity},
    {"shapley", shapley},
    {"statistics", statistics},
};

const struct group study_calls = {calls, COUNT(calls)};
