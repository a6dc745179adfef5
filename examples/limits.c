/* SPDX-License-Identifier: BSD-3-Clause */
/* What limits a network on the paper's samples A and B? Trains one digitally, and asks of each
 * property of the device how much accuracy it costs alone, and how much of it a target accuracy has
 * room for. */
#include <memqc/memqc.h>

#include "data.h"
#include "interval.h"

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

static void print_row(const double *limits, const struct property *p) {
    static const int32_t amounts[] = {MEMQC_MLP_LIMIT_VALUE, MEMQC_MLP_LIMIT_REQUIRED,
                                      MEMQC_MLP_LIMIT_REQUIRED_LOW, MEMQC_MLP_LIMIT_REQUIRED_HIGH};
    printf("%-18s %7.2f %7.2f ..%6.2f", p->name, 100 * limits[MEMQC_MLP_LIMIT_LOSS],
           100 * limits[MEMQC_MLP_LIMIT_LOSS_LOW], 100 * limits[MEMQC_MLP_LIMIT_LOSS_HIGH]);
    for (size_t i = 0; i < 4; i++)
        print_amount(p->scale * limits[amounts[i]]);
    printf("  %s\n", p->unit);
    fflush(stdout);
}

static void print_distribution(memqc_mlp *mlp, const memqc_device *device, const struct options *o,
                               const struct data_set *test, size_t n) {
    const size_t instances = (size_t)o->instances;
    double *accuracies = calloc(instances, sizeof *accuracies), low, worst;
    if (!accuracies) {
        fprintf(stderr, "limits: out of memory\n");
        exit(EXIT_FAILURE);
    }
    must(memqc_mlp_monte_carlo(mlp, device, n, test->x, test->rows * test->cols, test->labels,
                               accuracies));
    for (size_t i = 0; i < instances; i++)
        accuracies[i] *= 100;
    const struct interval all = accuracy_interval(instances, accuracies);
    must(memqc_summary(instances, accuracies, MEMQC_SUMMARY_Q05, &low));
    must(memqc_summary(instances, accuracies, MEMQC_SUMMARY_MIN, &worst));
    printf("accuracy %.2f %% (95 %% confidence %.2f .. %.2f), sd %.2f, 5 %% quantile %.2f, worst "
           "%.2f, of %d arrays after %g s\n",
           all.mean, all.low, all.high, all.sd, low, worst, o->instances, o->seconds);
    free(accuracies);
}

static void examine(memqc_mlp *mlp, const char *name, const struct options *o,
                    const struct data_set *test, double target) {
    const size_t n = (size_t)o->images < test->n ? (size_t)o->images : test->n,
                 pixels = test->rows * test->cols;
    memqc_device *device = make_device(o, name);
    must(memqc_mlp_set(mlp, MEMQC_MLP_INSTANCES, o->instances));
    must(memqc_mlp_set(mlp, MEMQC_MLP_THREADS, o->threads));
    must(memqc_mlp_set(mlp, MEMQC_MLP_SECONDS, o->seconds));
    must(memqc_mlp_set(mlp, MEMQC_MLP_TARGET, target));
    printf("\ndevice %s\n", name);
    print_distribution(mlp, device, o, test, n);
    printf("%-18s %7s %15s %10s %10s %21s\n", "property", "loss %", "95 % conf.", "is", "may be",
           "95 % conf.");
    for (size_t i = 0; i < PROPERTIES; i++) {
        double limits[MEMQC_MLP_LIMITS];
        must(memqc_mlp_sensitivity(mlp, device, properties[i].number, n, test->x, pixels,
                                   test->labels, limits));
        print_row(limits, &properties[i]);
    }
    memqc_device_destroy(&device);
}

/* --- options --- */

static void usage(void) {
    printf(
        "usage: limits [--devices NAME,NAME ...] [--law printed|linear|measured] [--loss %%]\n"
        "              [--instances N] [--images N] [--hidden N] [--train N] [--epochs N]\n"
        "              [--seed N] [--threads N] [--seconds S] [--wire OHM] [--data DIR]\n\n"
        "Trains a network in floats and says what limits it on each device: the accuracy that\n"
        "each property costs by itself (in %% of the test images), how much of it there is, and\n"
        "how much there may be (of levels: must be) for a loss of --loss (1 %%). Devices are\n"
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
        return EXIT_SUCCESS;
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
    return EXIT_SUCCESS;
}
