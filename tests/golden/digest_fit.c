/* SPDX-License-Identifier: BSD-3-Clause */
/* Hashes of devices that are fitted to curves of the library's own devices. */
#include "digest.h"

enum { DEVICES = 3, CYCLES = 4, TRAIN = 24, ROWS = DEVICES * CYCLES * 2 * TRAIN };

static const struct setting noise[] = {
    {MEMQC_DEVICE_C2C_ABSOLUTE, 1e-6}, {MEMQC_DEVICE_C2C_STEP, 0.2}, {0, 0}};

struct curves {
    size_t n;
    int32_t device[ROWS], cycle[ROWS], pulse[ROWS], direction[ROWS];
    float g[ROWS];
};

/* Trains of pulses up and down that a device answers, noise and all. */
static void measure(const memqc_device *device, struct curves *c) {
    const int32_t first = digest_is_pulsed(device) ? 1 : -1;
    c->n = 0;
    for (int32_t cell = 0; cell < DEVICES; cell++) {
        float state[1], g[1];
        uint64_t draw = 0;
        digest_states(device, 1, state);
        for (int32_t cycle = 0; cycle < CYCLES; cycle++) {
            for (int32_t p = 0; p < 2 * TRAIN; p++) {
                int32_t direction = p < TRAIN ? first : -1;
                if (!digest_is_pulsed(device))
                    direction = p == 0 ? 1 : -1;
                TRY(memqc_device_pulse(device, (uint64_t)cell, draw++, 1, direction, state, g,
                                       NULL));
                c->device[c->n] = cell;
                c->cycle[c->n] = cycle;
                c->pulse[c->n] = p + 1;
                c->direction[c->n] = direction;
                c->g[c->n++] = g[0];
            }
        }
    }
}

static void fit_values(struct digest *d, const memqc_device *device) {
    double value;
    for (int32_t what = MEMQC_DEVICE_FIT_CANDIDATE; what <= MEMQC_DEVICE_FIT_DEVICES; what++) {
        TRY(memqc_device_fit_value(device, what, MEMQC_DEVICE_FIT_BEST, &value));
        if (what == MEMQC_DEVICE_FIT_CANDIDATE && value > MEMQC_DEVICE_FIT_BEST)
            value += 1001 - MEMQC_DEVICE_FIT_QUANTIZED_CONSTANT; /* the numbers of 0.2 */
        digest_doubles(d, 1, &value);
    }
    for (int32_t key = MEMQC_DEVICE_STATES; key <= MEMQC_DEVICE_READ_VOLTAGE; key++) {
        TRY(memqc_device_get(device, key, &value));
        digest_doubles(d, 1, &value);
        TRY(memqc_device_fit_value(device, MEMQC_DEVICE_FIT_STANDARD_ERROR, key, &value));
        digest_doubles(d, 1, &value);
    }
}

static void fit(struct digest *d, int32_t model, const struct curves *c) {
    memqc_device *fitted = NULL;
    const int32_t *columns[] = {c->device, c->cycle, c->pulse, c->direction};
    TRY(memqc_device_fit(model, c->n, 4, columns, c->g, NULL, NULL, &fitted));
    fit_values(d, fitted);
    memqc_device_destroy(&fitted);
    columns[MEMQC_DEVICE_COLUMN_DEVICE] = columns[MEMQC_DEVICE_COLUMN_CYCLE] = NULL;
    TRY(memqc_device_fit(model, TRAIN, 4, columns, c->g, NULL, NULL, &fitted));
    fit_values(d, fitted);
    memqc_device_destroy(&fitted);
}

void digest_fits(void) {
    static struct curves curves;
    struct digest d = digest_begin();
    for (int32_t model = MEMQC_DEVICE_QUANTIZED; model <= MEMQC_DEVICE_TABLE; model++) {
        memqc_device *device = digest_model(model, model == MEMQC_DEVICE_QUANTIZED ? NULL : noise);
        measure(device, &curves);
        fit(&d, model, &curves);
        digest_print(&d, "fit/%s", digest_model_name[model - MEMQC_DEVICE_QUANTIZED]);
        if (model == MEMQC_DEVICE_QUANTIZED || model == MEMQC_DEVICE_LINEAR) {
            fit(&d, MEMQC_DEVICE_FIT_BEST, &curves);
            digest_print(&d, "fit/best/%s", digest_model_name[model - MEMQC_DEVICE_QUANTIZED]);
        }
        memqc_device_destroy(&device);
    }
    for (int32_t law = MEMQC_DEVICE_FIT_QUANTIZED_CONSTANT;
         law <= MEMQC_DEVICE_FIT_QUANTIZED_PROPORTIONAL; law++) {
        memqc_device *device = digest_device("hfox-a", 0, NULL);
        measure(device, &curves);
        fit(&d, law, &curves);
        digest_print(&d, "fit/law%d", 1001 + (int)law - MEMQC_DEVICE_FIT_QUANTIZED_CONSTANT);
        memqc_device_destroy(&device);
    }
}
