/* SPDX-License-Identifier: BSD-3-Clause */
#include "paper_loop.h"
#include "paper_contact.h"
#include "paper_csv.h"
#include "paper_staircase.h"
#include "paper_train.h"

#include <math.h>

/* Voltages are counted in mV, so that the ends of a sweep are met. The steps of a sweep and the
 * numbers of cycles are ours: the paper has "over hundreds" of cycles. */
enum { STEP = 20, STATES = 32, SEED = 1, LOOP_CYCLES = 8, CYCLES = 500 };

static const double read_volts = 0.1;

/* The loop of Figure 2a, the same with the smaller limit, and the gentle SET after which the
 * RESET goes level by level. */
static const struct loop {
    double limit; /* A */
    int top;      /* mV */
} loops[] = {{10e-3, 2000}, {5e-3, 2000}, {5e-3, 1000}};
enum { LOOPS = sizeof loops / sizeof *loops, GENTLE = LOOPS - 1 };

/* The points of a sweep, a row each after `head`; file NULL writes none. */
struct trace {
    FILE *file;
    char head[64];
    int point;
};

static memqc_status expose(struct contact *contact, int millivolts, double limit,
                           struct trace *trace) {
    const double volts = millivolts / 1000.0;
    double amps = 0.0;
    memqc_status status = contact_expose(contact, volts, limit);
    if (status == MEMQC_OK && trace->file) {
        status = contact_current(contact, volts, limit, &amps);
        fprintf(trace->file, "%s,%d,%.3f,%.6e\n", trace->head, ++trace->point, volts, amps);
    }
    return status;
}

/* From 0 V to a voltage and back. */
static memqc_status sweep(struct contact *contact, int end, double limit, struct trace *trace) {
    const int step = end > 0 ? STEP : -STEP;
    memqc_status status = MEMQC_OK;
    for (int volts = 0; volts != end && status == MEMQC_OK; volts += step)
        status = expose(contact, volts, limit, trace);
    for (int volts = end; volts != -step && status == MEMQC_OK; volts -= step)
        status = expose(contact, volts, limit, trace);
    return status;
}

/* SET, RESET, and the resistances read after each. Without conductance a resistance is infinite. */
static memqc_status cycle(struct contact *contact, const struct loop *loop, struct trace *trace,
                          double ohms[2]) {
    const int ends[2] = {loop->top, (int)lround(1000.0 * LOOP_BOTTOM)};
    memqc_status status = MEMQC_OK;
    for (int half = 0; half < 2 && status == MEMQC_OK; half++) {
        double amps = 0.0;
        status = sweep(contact, ends[half], loop->limit, trace);
        if (status == MEMQC_OK)
            status = contact_current(contact, read_volts, loop->limit, &amps);
        ohms[half] = amps > 0.0 ? read_volts / amps : INFINITY;
    }
    return status;
}

/* Figure 2a. */
static memqc_status write_loops(FILE *file, const memqc_device *device, size_t sample) {
    memqc_status status = MEMQC_OK;
    for (size_t i = 0; i < LOOPS && status == MEMQC_OK; i++) {
        struct contact contact;
        status = contact_begin(&contact, device, sample);
        for (int n = 1; n <= LOOP_CYCLES && status == MEMQC_OK; n++) {
            struct trace trace = {.file = file};
            double ohms[2];
            snprintf(trace.head, sizeof trace.head, "2a,%s,%g,%g,%d", sample_name(sample),
                     1000.0 * loops[i].limit, loops[i].top / 1000.0, n);
            status = cycle(&contact, &loops[i], &trace, ohms);
        }
    }
    return status;
}

/* Figure 2b: one resistance a cycle in each state, from the first of the loops. */
static memqc_status write_resistances(FILE *file, const memqc_device *device, size_t sample) {
    struct trace silent = {.file = NULL};
    struct contact contact;
    memqc_status status = contact_begin(&contact, device, sample);
    for (int n = 1; n <= CYCLES && status == MEMQC_OK; n++) {
        double ohms[2];
        status = cycle(&contact, &loops[0], &silent, ohms);
        if (status == MEMQC_OK)
            fprintf(file, "2b,%s,%d,%.2f,%.2f\n", sample_name(sample), n, ohms[0], ohms[1]);
    }
    return status;
}

/* Figure 2c: after the gentle SET, scans of the RESET, each to the voltage of the next pulse of
 * Figure 2d. What the cell conducts after each goes into `steps`. */
static memqc_status scan(FILE *file, FILE *steps, const memqc_device *device, size_t sample) {
    const double limit = loops[GENTLE].limit;
    struct trace silent = {.file = NULL};
    struct contact contact;
    float ramp[STATES];
    memqc_status status = memqc_device_ramp(device, ramp);
    if (status == MEMQC_OK)
        status = contact_begin(&contact, device, sample);
    if (status == MEMQC_OK)
        status = sweep(&contact, loops[GENTLE].top, limit, &silent);
    for (int n = 0; n < STATES && status == MEMQC_OK; n++) {
        struct trace trace = {.file = file};
        const int stop = (int)lround(1000.0 * (double)ramp[n]);
        snprintf(trace.head, sizeof trace.head, "2c,%s,%d,%.2f", sample_name(sample), n + 1,
                 stop / 1000.0);
        status = sweep(&contact, stop, limit, &trace);
        const double g = contact_conductance(&contact);
        if (steps)
            fprintf(steps, "%s,%.6e,%.4f\n", trace.head, g, g / MEMQC_G0);
    }
    return status;
}

static memqc_status write_scans(FILE *file, const memqc_device *device, size_t sample) {
    return scan(file, NULL, device, sample);
}

static memqc_status write_steps(FILE *file, const memqc_device *device, size_t sample) {
    return scan(NULL, file, device, sample);
}

/* A file, its samples where the options name none, and what writes its rows. */
struct output {
    size_t figure;
    const char *name, *heading;
    struct list samples;
    memqc_status (*rows)(FILE *, const memqc_device *, size_t);
};

static const struct output outputs[] = {
    {FIGURE_2A,
     "2a",
     "figure,sample,limit_ma,top_v,cycle,point,voltage_v,current_a",
     {.n = 1, .value = {SAMPLE_A}},
     write_loops},
    {FIGURE_2B,
     "2b",
     "figure,sample,cycle,r_on_ohm,r_off_ohm",
     {.n = 1, .value = {SAMPLE_A}},
     write_resistances},
    {FIGURE_2C,
     "2c",
     "figure,sample,scan,stop_v,point,voltage_v,current_a",
     {.n = 2, .value = {SAMPLE_IDEAL, SAMPLE_A}},
     write_scans},
    {FIGURE_2C,
     "2c-steps",
     "figure,sample,scan,stop_v,conductance_s,conductance_g0",
     {.n = 2, .value = {SAMPLE_IDEAL, SAMPLE_A}},
     write_steps},
};

static memqc_status write_sample(FILE *file, const struct options *options,
                                 const struct output *output, size_t sample) {
    memqc_device *device = NULL;
    memqc_status status = paper_device(sample, STATES, options->law, &device);
    if (status == MEMQC_OK)
        status = memqc_device_set_seed(device, SEED);
    if (status == MEMQC_OK)
        status = output->rows(file, device, sample);
    memqc_device_destroy(&device);
    return status;
}

static int write_table(const struct options *options, const struct output *output) {
    const struct list *samples = options->samples.n ? &options->samples : &output->samples;
    memqc_status status = MEMQC_OK;
    struct csv csv;
    char name[32];
    snprintf(name, sizeof name, "figure%s.csv", output->name);
    if (csv_open(&csv, options->out, name))
        return -1;
    fprintf(csv.file, "%s\n", output->heading);
    for (size_t i = 0; i < samples->n && status == MEMQC_OK; i++)
        status = write_sample(csv.file, options, output, samples->value[i]);
    if (status != MEMQC_OK)
        fprintf(stderr, "paper: figure %s: %s\n", output->name, memqc_last_error());
    return csv_close(&csv, status != MEMQC_OK);
}

int loop_figures(const struct options *options) {
    int failed = 0;
    for (size_t i = 0; i < sizeof outputs / sizeof *outputs; i++)
        if (options->figures & outputs[i].figure)
            failed |= write_table(options, &outputs[i]);
    return failed;
}
