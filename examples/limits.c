/* SPDX-License-Identifier: BSD-3-Clause */
/* What limits a network on the paper's samples A and B? Trains one digitally, and asks of each
 * property of the device how much accuracy would be gained without it, how much it costs alone, and
 * how much of it a target accuracy has room for. */
#include <memqc/memqc.h>

#include "data.h"
#include "output.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct options {
    const char *devices, *law, *data;
    int instances, images, train, epochs, hidden, threads, first;
    double loss, seconds, wire;
};

/* A property and how its amounts are told. */
struct property {
    int32_t number;
    const char *name, *unit;
    double scale;
};

static const struct property properties[] = {
    {MEMQC_MLP_PROPERTY_LEVELS, "levels", "", 1},
    {MEMQC_MLP_PROPERTY_C2C, "programming noise", "uS", 1e6},
    {MEMQC_MLP_PROPERTY_D2D, "device to device", "%", 100},
    {MEMQC_MLP_PROPERTY_ASYMMETRY, "asymmetry", "%", 100},
    {MEMQC_MLP_PROPERTY_READ_NOISE, "read noise", "uS", 1e6},
    {MEMQC_MLP_PROPERTY_WIRES, "wires, a segment", "ohm", 1},
    {MEMQC_MLP_PROPERTY_FAULTS, "stuck cells", "%", 100},
    {MEMQC_MLP_PROPERTY_DRIFT, "drift", "% of range", 100},
    {MEMQC_MLP_PROPERTY_ALL, "all together", "x", 1},
};

enum { PROPERTIES = sizeof properties / sizeof *properties };

static void must(memqc_status status) {
    if (status != MEMQC_OK) {
        fprintf(stderr, "limits: %s: %s\n", memqc_status_name(status), memqc_last_error());
        exit(EXIT_FAILURE);
    }
}

/* ReLU and softmax, as float networks are trained; on pairs of cells once it is transferred. */
static memqc_mlp *train(const struct options *o, const struct data *d) {
    const size_t pixels = d->train.rows * d->train.cols,
                 sizes[] = {pixels, (size_t)o->hidden, DATA_CLASSES};
    memqc_mlp *mlp = NULL;
    must(memqc_mlp_create(sizes, 3, NULL, 0, &mlp));
    must(memqc_mlp_set_crossbar(mlp, MEMQC_MLP_ALL, MEMQC_CROSSBAR_MAPPING,
                                MEMQC_CROSSBAR_MAPPING_DIFFERENTIAL));
    must(memqc_mlp_set(mlp, MEMQC_MLP_INPUT_BITS, 0));
    must(memqc_mlp_set(mlp, MEMQC_MLP_ACTIVATION, MEMQC_MLP_RELU));
    must(memqc_mlp_set(mlp, MEMQC_MLP_LOSS, MEMQC_MLP_CROSS_ENTROPY));
    must(memqc_mlp_set(mlp, MEMQC_MLP_BATCH, 32));
    must(memqc_mlp_set(mlp, MEMQC_MLP_LEARNING_RATE, 0.2));
    must(memqc_mlp_set(mlp, MEMQC_MLP_SCHEDULE, MEMQC_MLP_SCHEDULE_COSINE));
    must(memqc_mlp_set(mlp, MEMQC_MLP_SCHEDULE_PERIOD, o->epochs));
    must(memqc_mlp_set_crossbar(mlp, MEMQC_MLP_ALL, MEMQC_CROSSBAR_WORD_RESISTANCE, o->wire));
    must(memqc_mlp_set_crossbar(mlp, MEMQC_MLP_ALL, MEMQC_CROSSBAR_BIT_RESISTANCE, o->wire));
    must(memqc_mlp_set_seed(mlp, (uint64_t)o->first));
    const size_t n = (size_t)o->train < d->train.n ? (size_t)o->train : d->train.n;
    must(memqc_mlp_fit(mlp, n, d->train.x, pixels, d->train.labels, (uint32_t)o->epochs));
    return mlp;
}

static memqc_device *make_device(const struct options *o, const char *name) {
    memqc_device *device = NULL;
    int32_t law = 0, used = 0;
    must(memqc_device_create_preset(name, &device));
    must(memqc_device_choice(MEMQC_DEVICE_LAW, o->law, &law));
    must(memqc_device_uses(device, MEMQC_DEVICE_LAW, &used));
    if (used)
        must(memqc_device_set(device, MEMQC_DEVICE_LAW, law));
    return device;
}

/* --- the table --- */

static void print_amount(double value) {
    if (isnan(value))
        printf(" %10s", "-");
    else if (isinf(value))
        printf(" %10s", "any");
    else
        printf(" %10.3g", value);
}

/* A property and what was found out about it. */
struct row {
    const struct property *property;
    double limits[MEMQC_MLP_LIMITS];
};

static void print_row(const struct row *row) {
    static const int32_t amounts[] = {MEMQC_MLP_LIMIT_VALUE, MEMQC_MLP_LIMIT_REQUIRED,
                                      MEMQC_MLP_LIMIT_REQUIRED_LOW, MEMQC_MLP_LIMIT_REQUIRED_HIGH};
    static const int32_t differences[] = {MEMQC_MLP_LIMIT_GAIN, MEMQC_MLP_LIMIT_LOSS};
    printf("%-18s", row->property->name);
    for (size_t i = 0; i < 2; i++) {
        const double *const at = &row->limits[differences[i]]; /* itself, low, high */
        printf(" %7.2f %7.2f ..%6.2f", 100 * at[0], 100 * at[1], 100 * at[2]);
    }
    for (size_t i = 0; i < 4; i++)
        print_amount(row->property->scale * row->limits[amounts[i]]);
    printf("  %s\n", row->property->unit);
}

/* The larger gain first; all together last. */
static int by_gain(const void *a, const void *b) {
    const struct row *one = a, *two = b;
    const int last = (one->property->number == MEMQC_MLP_PROPERTY_ALL) -
                     (two->property->number == MEMQC_MLP_PROPERTY_ALL);
    const double gain = two->limits[MEMQC_MLP_LIMIT_GAIN] - one->limits[MEMQC_MLP_LIMIT_GAIN];
    if (last != 0)
        return last;
    if (gain != 0)
        return gain > 0 ? 1 : -1;
    return one->property < two->property ? -1 : 1;
}

static void print_number(double number, const char *of) {
    if (isinf(number))
        printf("no number of %s", of);
    else
        printf("%.0f %s", number, of);
}

/* Where an interval comes from; variances by arrays, images and both, then what would halve it. */
static void print_parts(const char *what, const double *parts) {
    const double all = parts[0] + parts[1] + parts[2];
    printf("the interval of %s: %.0f %% of its variance from arrays, %.0f %% from images, %.0f %% "
           "from both; ",
           what, 100 * parts[0] / all, 100 * parts[1] / all, 100 * parts[2] / all);
    if (isinf(parts[3]) && isinf(parts[4])) {
        printf("four times as many of both would halve it\n");
        return;
    }
    print_number(parts[3], "arrays");
    printf(" or ");
    print_number(parts[4], "images");
    printf(" would halve it\n");
}

static void *need(void *memory) {
    if (!memory) {
        fprintf(stderr, "limits: out of memory\n");
        exit(EXIT_FAILURE);
    }
    return memory;
}

static void print_distribution(memqc_mlp *mlp, const memqc_device *device, const struct options *o,
                               const struct data_set *test, size_t n) {
    const size_t instances = (size_t)o->instances;
    double *accuracies = need(calloc(instances, sizeof *accuracies)), sd, low, worst;
    uint8_t *hits = need(calloc(instances, (n + 7) / 8));
    double all[MEMQC_CROSSED_VALUES];
    must(memqc_mlp_monte_carlo_hits(mlp, device, n, test->x, test->rows * test->cols, test->labels,
                                    accuracies, hits));
    must(memqc_crossed(instances, n, hits, NULL, all));
    must(memqc_summary(instances, accuracies, MEMQC_SUMMARY_SD, &sd));
    must(memqc_summary(instances, accuracies, MEMQC_SUMMARY_Q05, &low));
    must(memqc_summary(instances, accuracies, MEMQC_SUMMARY_MIN, &worst));
    printf("accuracy %.2f %% (95 %% confidence %.2f .. %.2f), sd %.2f, 5 %% quantile %.2f, worst "
           "%.2f, of %d arrays after %g s\n",
           100 * all[MEMQC_CROSSED_MEAN], 100 * fmax(all[MEMQC_CROSSED_LOW], 0),
           100 * fmin(all[MEMQC_CROSSED_HIGH], 1), 100 * sd, 100 * low, 100 * worst, o->instances,
           o->seconds);
    const double parts[] = {all[MEMQC_CROSSED_BY_ROWS], all[MEMQC_CROSSED_BY_COLUMNS],
                            all[MEMQC_CROSSED_BY_BOTH], all[MEMQC_CROSSED_ROWS_TO_HALVE],
                            all[MEMQC_CROSSED_COLUMNS_TO_HALVE]};
    print_parts("the accuracy", parts);
    free(accuracies);
    free(hits);
}

static void examine(memqc_mlp *mlp, const char *name, const struct options *o,
                    const struct data_set *test, double target) {
    const size_t n = (size_t)o->images < test->n ? (size_t)o->images : test->n,
                 pixels = test->rows * test->cols;
    struct row rows[PROPERTIES];
    memqc_device *device = make_device(o, name);
    must(memqc_mlp_set(mlp, MEMQC_MLP_INSTANCES, o->instances));
    must(memqc_mlp_set(mlp, MEMQC_MLP_THREADS, o->threads));
    must(memqc_mlp_set(mlp, MEMQC_MLP_SECONDS, o->seconds));
    must(memqc_mlp_set(mlp, MEMQC_MLP_TARGET, target));
    printf("\ndevice %s\n", name);
    print_distribution(mlp, device, o, test, n);
    for (size_t i = 0; i < PROPERTIES; i++) {
        rows[i].property = &properties[i];
        must(memqc_mlp_sensitivity(mlp, device, properties[i].number, n, test->x, pixels,
                                   test->labels, rows[i].limits));
    }
    qsort(rows, PROPERTIES, sizeof *rows, by_gain);
    printf("%-18s %7s %15s %7s %15s %10s %10s %21s\n", "property", "gain %", "95 % conf.",
           "alone %", "95 % conf.", "is", "may be", "95 % conf.");
    for (size_t i = 0; i < PROPERTIES; i++)
        print_row(&rows[i]);
    if (rows[0].limits[MEMQC_MLP_LIMIT_GAIN_HIGH] > 0)
        print_parts("the first gain", &rows[0].limits[MEMQC_MLP_LIMIT_GAIN_BY_INSTANCES]);
    memqc_device_destroy(&device);
}

/* --- options --- */

static void usage(void) {
    printf(
        "usage: limits [--devices NAME,NAME ...] [--law printed|linear|measured] [--loss %%]\n"
        "              [--instances N] [--images N] [--hidden N] [--train N] [--epochs N]\n"
        "              [--seed N] [--threads N] [--seconds S] [--wire OHM] [--data DIR]\n\n"
        "Trains a network in floats and says what limits it on each device: the accuracy (in %% "
        "of\n"
        "the test images) that is gained if a property becomes ideal and all others stay, and "
        "that\n"
        "it costs alone, all others ideal; how much of it there is, and how much there may be (of\n"
        "levels: must be) for a loss of --loss (1 %%). The largest gain is first. Devices are\n"
        "presets (hfox-a,hfox-b); --seconds is from programming to evaluation (1000), --wire the\n"
        "resistance of a segment of a line (0).\n");
}

static int parse(struct options *o, int argc, char *argv[]) {
    const struct {
        const char *name;
        const char **text;
        int *number;
        double *real;
    } known[] = {{"--devices", &o->devices, NULL, NULL}, {"--law", &o->law, NULL, NULL},
                 {"--data", &o->data, NULL, NULL},       {"--instances", NULL, &o->instances, NULL},
                 {"--images", NULL, &o->images, NULL},   {"--hidden", NULL, &o->hidden, NULL},
                 {"--train", NULL, &o->train, NULL},     {"--epochs", NULL, &o->epochs, NULL},
                 {"--seed", NULL, &o->first, NULL},      {"--threads", NULL, &o->threads, NULL},
                 {"--loss", NULL, NULL, &o->loss},       {"--seconds", NULL, NULL, &o->seconds},
                 {"--wire", NULL, NULL, &o->wire}};
    for (int i = 1; i + 1 < argc; i += 2) {
        size_t k = 0;
        while (k < sizeof known / sizeof *known && strcmp(argv[i], known[k].name) != 0)
            k++;
        if (k == sizeof known / sizeof *known)
            return -1;
        if (known[k].text)
            *known[k].text = argv[i + 1];
        else if (known[k].number)
            *known[k].number = atoi(argv[i + 1]);
        else
            *known[k].real = atof(argv[i + 1]);
    }
    return argc % 2 && o->instances > 1 && o->images > 0 && o->hidden > 0 && o->train > 0 &&
                   o->epochs > 0 && o->first >= 0 && o->threads > 0 && o->loss >= 0 && o->loss < 100
               ? 0
               : -1;
}

int main(int argc, char *argv[]) {
    struct options o = {.devices = "hfox-a,hfox-b",
                        .law = "measured",
                        .instances = 10,
                        .images = 1000,
                        .train = 10000,
                        .epochs = 5,
                        .hidden = 32,
                        .threads = 1,
                        .loss = 1,
                        .seconds = 1000};
    char error[1000], names[1000];
    struct data d;
    double accuracy = 0;
    if (argc == 2 && strcmp(argv[1], "--help") == 0) {
        usage();
        return output_end("limits", EXIT_SUCCESS);
    }
    if (parse(&o, argc, argv) != 0 || strlen(o.devices) >= sizeof names) {
        usage();
        return 2;
    }
    if (data_load(&d, o.data, (size_t)o.train, (size_t)o.images, 1, error, sizeof error) != 0) {
        fprintf(stderr, "limits: %s\n", error);
        return EXIT_FAILURE;
    }
    memqc_mlp *mlp = train(&o, &d);
    const size_t n = (size_t)o.images < d.test.n ? (size_t)o.images : d.test.n,
                 pixels = d.test.rows * d.test.cols;
    must(memqc_mlp_evaluate(mlp, n, d.test.x, pixels, d.test.labels, NULL, &accuracy, NULL));
    printf("data: %s\n%zu-%d-%d in floats: %.2f %% of %zu images; target %.2f %%\n", d.source,
           pixels, o.hidden, DATA_CLASSES, 100 * accuracy, n, fmax(0, 100 * accuracy - o.loss));
    strcpy(names, o.devices);
    for (char *name = strtok(names, ","); name; name = strtok(NULL, ","))
        examine(mlp, name, &o, &d.test, fmax(0, accuracy - 0.01 * o.loss));
    memqc_mlp_destroy(&mlp);
    data_free(&d);
    return output_end("limits", EXIT_SUCCESS);
}
