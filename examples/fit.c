/* SPDX-License-Identifier: BSD-3-Clause */
/* Measured curves in, accuracy out: fits a device to a CSV file (docs/fit.md) and trains the
 * paper's network on it. */
#include "fit.h"
#include "output.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char help[] =
    "usage: fit FILE [options]\n"
    "       fit --generate hfox-a|soft-bounds\n\n"
    "Fits a device to the measured curves of a CSV file, and trains the paper's network on "
    "devices\n"
    "that the curves allow: what it reaches on this device, with its interval.\n\n"
    "  --model NAME    quantized, constant, linear, soft-bounds, exponential, power, neurosim, "
    "table or jumps (the best of all)\n"
    "  --data DIR      folder with the MNIST files (else $MEMQC_DATA, the cache, ...)\n"
    "  --draws N       devices, drawn from what the curves leave open (8)\n"
    "  --seeds N       trainings on each, 2 or more; 0: fit only (2)\n"
    "  --quick         4 devices, 2 epochs on 6000 images: a tenth of the time or less\n"
    "  --hidden LIST   units of each hidden layer (16,16)\n"
    "  --epochs N      epochs of training (10)\n"
    "  --rule RULE     mixed (precision), nearest (level, the paper's), both, or float for the "
    "same "
    "network without a device (both)\n"
    "  --lr RATE       learning rate (mixed 0.3, else 10)\n"
    "  --batch N       samples in a minibatch (mixed 32, else 10)\n"
    "  --train N       use only the first N training samples\n"
    "  --test N        use only the first N test samples\n"
    "  --generate NAME print an example file\n";

static int count(const char *text, size_t most, size_t *value) {
    char *end = NULL;
    const unsigned long long n = strtoull(text, &end, 10);
    *value = (size_t)n;
    return *text < '0' || *text > '9' || *end || n > most;
}

static int hidden(const char *text, struct fit_options *options) {
    options->n_hidden = 0;
    for (;; text++) {
        char one[16] = "";
        const size_t length = strcspn(text, ",");
        if (length >= sizeof one || options->n_hidden == FIT_LAYERS)
            return -1;
        memcpy(one, text, length);
        if (count(one, 65536, &options->hidden[options->n_hidden]) ||
            options->hidden[options->n_hidden++] == 0)
            return -1;
        text += length;
        if (!*text)
            return 0;
    }
}

static int model(const char *name, int32_t *value) {
    const char *known;
    for (size_t i = 0; (known = fit_candidate(i, value)) != NULL; i++)
        if (strcmp(known, name) == 0)
            return 0;
    *value = MEMQC_DEVICE_QUANTIZED;
    return strcmp(name, "quantized");
}

static int option(struct fit_options *o, const char *name, const char *value) {
    const struct {
        const char *name;
        size_t most, *value;
    } counts[] = {{"--draws", 10000, &o->draws},      {"--seeds", 10000, &o->seeds},
                  {"--epochs", 100000, &o->epochs},   {"--batch", 65536, &o->batch},
                  {"--train", 1000000000, &o->train}, {"--test", 1000000000, &o->test}};
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
        if (strcmp(name, counts[i].name) == 0)
            return count(value, counts[i].most, counts[i].value);
    if (strcmp(name, "--data") == 0)
        return o->data = value, 0;
    if (strcmp(name, "--generate") == 0)
        return o->generate = value, 0;
    if (strcmp(name, "--hidden") == 0)
        return hidden(value, o);
    if (strcmp(name, "--model") == 0)
        return model(value, &o->model);
    if (strcmp(name, "--rule") == 0)
        return fit_rule(value, &o->rules);
    if (strcmp(name, "--lr") == 0)
        return !((o->rate = strtod(value, NULL)) > 0);
    return -1;
}

static int parse(struct fit_options *o, int argc, char *argv[]) {
    for (int i = 1; i < argc; i++) {
        if (argv[i][0] != '-' && !o->file) {
            o->file = argv[i];
        } else if (strcmp(argv[i], "--quick") == 0) {
            o->draws = 4;
            o->epochs = 2;
            o->train = 6000;
        } else if (i + 1 == argc || option(o, argv[i], argv[i + 1])) {
            fprintf(stderr,
                    "fit: %s %s: no such option, or not a value for it; fit --help tells more\n",
                    argv[i], i + 1 < argc ? argv[i + 1] : "");
            return -1;
        } else {
            i++;
        }
    }
    if (!o->file && !o->generate)
        fprintf(stderr, "fit: which file? fit --help tells more\n");
    else if (o->draws == 0)
        fprintf(stderr, "fit: --draws 0: it takes 1 device or more\n");
    return (o->file || o->generate) && o->draws > 0 ? 0 : -1;
}

static int run(const struct fit_options *options) {
    struct curves curves;
    char error[1024] = "";
    memqc_device *device = NULL;
    if (options->generate)
        return fit_generate(options->generate);
    if (curves_read(&curves, options->file, error, sizeof error)) {
        fprintf(stderr, "fit: %s\n", error);
        return -1;
    }
    const int32_t *const columns[] = {curves.device, curves.cycle, curves.pulse, curves.direction,
                                      curves.has_read ? curves.read : NULL};
    int failed = memqc_device_fit(options->model, curves.n, 5, columns, curves.g, NULL, NULL,
                                  &device) != MEMQC_OK;
    if (failed)
        fprintf(stderr, "fit: %s: %s\n", options->file, memqc_last_error());
    failed = failed || fit_report(&curves, device) ||
             (options->seeds > 0 && fit_train(options, &curves, device));
    memqc_device_destroy(&device);
    curves_free(&curves);
    return failed;
}

int main(int argc, char *argv[]) {
    struct fit_options options = {.draws = 8,
                                  .seeds = 2,
                                  .epochs = 10,
                                  .rules = FIT_MIXED | FIT_NEAREST,
                                  .model = MEMQC_DEVICE_FIT_BEST,
                                  .n_hidden = 2,
                                  .hidden = {16, 16}};
    if (argc == 2 && strcmp(argv[1], "--help") == 0) {
        fputs(help, stdout);
        return output_end("fit", 0);
    }
    if (parse(&options, argc, argv))
        return 2;
    return output_end("fit", run(&options) ? 1 : 0);
}
