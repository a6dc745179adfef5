/* SPDX-License-Identifier: BSD-3-Clause */
#include "paper_staircase.h"
#include "paper_csv.h"

enum { CYCLES = 12, STATES_HALF = 32 /* steps of 0.5 G0 */, STATES_QUARTER = 63 /* of 0.25 G0 */ };

static const char *const sample_names[] = {"ideal", "A", "B"};

memqc_status paper_device(size_t sample, size_t states, size_t law, memqc_device **out) {
    static const char *const presets[] = {"ideal", "hfox-a", "hfox-b"};
    memqc_status status = memqc_device_create_preset(presets[sample], out);
    if (status == MEMQC_OK) {
        status = memqc_device_set(*out, MEMQC_DEVICE_STATES, (double)states);
    }
    /* The ideal device is the nominal staircase, whatever the others do. */
    if (status == MEMQC_OK && sample != SAMPLE_IDEAL) {
        status = memqc_device_set(*out, MEMQC_DEVICE_LAW, (double)law);
    }
    if (status != MEMQC_OK) {
        memqc_device_destroy(out);
    }
    return status;
}

/* A cell that is set and then goes through the ramp, voltage by voltage: what the ideal device
 * answers. */
static memqc_status write_ramp(FILE *file, const memqc_device *device) {
    float volts[1 + STATES_HALF], trace[1 + STATES_HALF] = {0}, state = STATES_HALF;
    double set = 0.0;
    memqc_status status = memqc_device_get(device, MEMQC_DEVICE_SET_VOLTAGE, &set);
    volts[0] = (float)set;
    if (status == MEMQC_OK) {
        status = memqc_device_ramp(device, volts + 1);
    }
    for (uint64_t pulse = 0; pulse <= STATES_HALF && status == MEMQC_OK; pulse++) {
        status = memqc_device_apply(device, 0, pulse, 1, (double)volts[pulse], &state,
                                    &trace[pulse], NULL);
        if (pulse < STATES_HALF)
            trace[pulse + 1] = trace[pulse];
    }
    fprintf(file, "figure,pulse,voltage_v,conductance_s,conductance_g0\n");
    for (size_t pulse = 1; pulse <= STATES_HALF && status == MEMQC_OK; pulse++) {
        fprintf(file, "2d,%zu,%.2f,%.6e,%.4f\n", pulse, (double)volts[pulse], (double)trace[pulse],
                (double)trace[pulse] / MEMQC_G0);
    }
    return status;
}

static int figure_2d(const struct options *options) {
    struct csv csv;
    memqc_device *device = NULL;
    if (csv_open(&csv, options->out, "figure2d.csv")) {
        return -1;
    }
    memqc_status status = paper_device(SAMPLE_IDEAL, STATES_HALF, options->law, &device);
    if (status == MEMQC_OK) {
        status = write_ramp(csv.file, device);
    }
    if (status != MEMQC_OK) {
        fprintf(stderr, "paper: figure 2d: %s\n", memqc_last_error());
    }
    memqc_device_destroy(&device);
    return csv_close(&csv, status != MEMQC_OK);
}

static memqc_status write_cycles(FILE *file, const char *figure, size_t sample, size_t states,
                                 const memqc_device *device) {
    float g[CYCLES * STATES_QUARTER];
    /* Each sample is a cell of its own: with the same number they would share their noise. */
    memqc_status status = memqc_device_staircase(device, sample, 0, CYCLES, g, states, NULL);
    for (size_t i = 0; i < CYCLES * states && status == MEMQC_OK; i++) {
        double nominal = 0.0;
        size_t pulse = i % states + 1;
        status = memqc_device_level(device, (int32_t)pulse, &nominal, NULL, NULL);
        fprintf(file, "%s,%s,%zu,%zu,%.4f,%.4f\n", figure, sample_names[sample], i / states + 1,
                pulse, nominal / MEMQC_G0, (double)g[i] / MEMQC_G0);
    }
    return status;
}

static int figure_cycles(const struct options *options, const char *figure, const char *name,
                         size_t states) {
    static const struct list both = {.n = 2, .value = {SAMPLE_A, SAMPLE_B}};
    const struct list *samples = options->samples.n ? &options->samples : &both;
    memqc_status status = MEMQC_OK;
    struct csv csv;
    if (csv_open(&csv, options->out, name)) {
        return -1;
    }
    fprintf(csv.file, "figure,sample,cycle,pulse,nominal_g0,conductance_g0\n");
    for (size_t i = 0; i < samples->n && status == MEMQC_OK; i++) {
        memqc_device *device = NULL;
        status = paper_device(samples->value[i], states, options->measured_law, &device);
        if (status == MEMQC_OK) {
            status = memqc_device_set_seed(device, 1);
        }
        if (status == MEMQC_OK) {
            status = write_cycles(csv.file, figure, samples->value[i], states, device);
        }
        memqc_device_destroy(&device);
    }
    if (status != MEMQC_OK) {
        fprintf(stderr, "paper: figure %s: %s\n", figure, memqc_last_error());
    }
    return csv_close(&csv, status != MEMQC_OK);
}

int staircase_figures(const struct options *options) {
    int failed = 0;
    if (options->figures & FIGURE_2D) {
        failed |= figure_2d(options);
    }
    if (options->figures & FIGURE_3) {
        failed |= figure_cycles(options, "3", "figure3.csv", STATES_HALF);
    }
    if (options->figures & FIGURE_4) {
        failed |= figure_cycles(options, "4", "figure4.csv", STATES_QUARTER);
    }
    return failed;
}
