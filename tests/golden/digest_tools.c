/* SPDX-License-Identifier: BSD-3-Clause */
/* Hashes, test data and devices, for the programs `digest` and `saved`. */
#include "digest.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void digest_check(memqc_status status, const char *call) {
    if (status == MEMQC_OK)
        return;
    fflush(stdout);
    fprintf(stderr, "%s\n%s: %s\n", call, memqc_status_name(status), memqc_last_error());
    exit(EXIT_FAILURE);
}

struct digest digest_begin(void) {
    return (struct digest){UINT64_C(0xcbf29ce484222325)};
}

void digest_bytes(struct digest *d, const void *data, size_t size) {
    const unsigned char *byte = data;
    for (size_t i = 0; i < size; i++)
        d->hash = (d->hash ^ byte[i]) * UINT64_C(0x100000001b3);
}

void digest_text(struct digest *d, const char *text) {
    digest_bytes(d, text, strlen(text) + 1);
}

/* The bytes of whole numbers, the lowest first, on any machine. */
static void whole(struct digest *d, uint64_t number, size_t bytes) {
    for (size_t i = 0; i < bytes; i++, number >>= 8) {
        const unsigned char lowest = (unsigned char)(number & 0xff);
        digest_bytes(d, &lowest, 1);
    }
}

void digest_floats(struct digest *d, size_t n, const float *x) {
    for (size_t i = 0; i < n; i++) {
        uint32_t bits;
        memcpy(&bits, &x[i], sizeof bits);
        whole(d, bits, sizeof bits);
    }
}

void digest_doubles(struct digest *d, size_t n, const double *x) {
    for (size_t i = 0; i < n; i++) {
        uint64_t bits;
        memcpy(&bits, &x[i], sizeof bits);
        if (isnan(x[i]))
            digest_text(d, "nan");
        else
            whole(d, bits, sizeof bits);
    }
}

void digest_ints(struct digest *d, size_t n, const int32_t *x) {
    for (size_t i = 0; i < n; i++)
        whole(d, (uint32_t)x[i], sizeof *x);
}

void digest_sizes(struct digest *d, size_t n, const uint64_t *x) {
    for (size_t i = 0; i < n; i++)
        whole(d, x[i], sizeof *x);
}

void digest_print(struct digest *d, const char *format, ...) {
    char name[128];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(name, sizeof name, format, arguments);
    va_end(arguments);
    printf("%s  %016llx\n", name, (unsigned long long)d->hash);
    *d = digest_begin();
}

void digest_fill(uint64_t seed, size_t n, double low, double high, float *x) {
    for (size_t i = 0; i < n; i++) { /* splitmix64 */
        uint64_t z = (seed << 32) + (i + 1) * UINT64_C(0x9e3779b97f4a7c15);
        z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
        z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
        z ^= z >> 31;
        x[i] = (float)(low + (high - low) * (double)(z >> 11) * 0x1p-53);
    }
}

memqc_device *digest_device(const char *preset, int32_t model, const struct setting *settings) {
    memqc_device *device = NULL;
    if (preset)
        TRY(memqc_device_create_preset(preset, &device));
    else
        TRY(memqc_device_create(model, &device));
    for (; settings && settings->key; settings++)
        TRY(memqc_device_set(device, settings->key, settings->value));
    TRY(memqc_device_set_seed(device, 42));
    return device;
}

/* 61 levels, and pulses that lead from one to the next. */
static void coarsen(memqc_device *device) {
    double low, high;
    int32_t used;
    TRY(memqc_device_set(device, MEMQC_DEVICE_STATES, 61));
    TRY(memqc_device_uses(device, MEMQC_DEVICE_STEP, &used));
    TRY(memqc_device_get(device, MEMQC_DEVICE_G_MIN, &low));
    TRY(memqc_device_get(device, MEMQC_DEVICE_G_MAX, &high));
    if (used)
        TRY(memqc_device_set(device, MEMQC_DEVICE_STEP, (high - low) / 60));
}

memqc_device *digest_coarse(const char *preset, const struct setting *settings) {
    memqc_device *device = digest_device(preset, 0, settings);
    if (strcmp(preset, "soft-bounds") == 0 || strcmp(preset, "rpu") == 0)
        coarsen(device);
    return device;
}

int digest_is_pulsed(const memqc_device *device) {
    double model;
    TRY(memqc_device_get(device, MEMQC_DEVICE_MODEL, &model));
    return model != MEMQC_DEVICE_QUANTIZED;
}
