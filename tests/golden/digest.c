/* SPDX-License-Identifier: BSD-3-Clause */
/* Hashes of the library's results, one line each: `name  hash`.
 *
 * A change of lib/ that is meant to change no result changes no line. The program uses the public
 * functions only, so that it also compiles against an older library.
 *
 * usage: digest [--all] [--threads N] [--isa base|avx2|avx512]
 *
 * Without the option, it prints the portable results. They are the same on every x86-64 processor:
 * products have at most 32 outputs, for which the library adds in a fixed order, and no result
 * hangs on the last bit of a function of libm. With --all, it adds the results that are the same on
 * one machine only: large products, which OpenBLAS computes, wires, and what uses exp(), log() or
 * pow() of libm. Run this part with OPENBLAS_NUM_THREADS=1.
 *
 * N threads compute studies (2). Only the program that has the library's internals, digest_private,
 * takes --isa: the widest instruction set that the kernels may use. */
#include "digest.h"

#ifdef MQC_TESTING
#include "core/isa.h"
#endif

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int digest_threads = 2;

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

static void device_parameters(void) {
    struct digest d = digest_begin();
    for (size_t i = 0; i < memqc_device_keys(); i++) {
        const int32_t key = memqc_device_key_at(i);
        digest_ints(&d, 1, &key);
        for (int32_t what = MEMQC_KEY_NAME; what <= MEMQC_KEY_GROUP; what++)
            digest_text(&d, memqc_device_key_text(key, what));
        for (int32_t what = MEMQC_KEY_KIND; what <= MEMQC_KEY_SETTLED; what++) {
            double number;
            TRY(memqc_device_key_value(key, what, &number));
            digest_doubles(&d, 1, &number);
        }
    }
    digest_print(&d, "parameters/device");
}

static void parameters_of_networks(void) {
    struct digest d = digest_begin();
    for (size_t i = 0; i < memqc_mlp_keys(); i++) {
        const int32_t key = memqc_mlp_key_at(i);
        double number[3];
        digest_text(&d, memqc_mlp_key_text(key, MEMQC_KEY_NAME));
        digest_text(&d, memqc_mlp_key_text(key, MEMQC_KEY_UNIT));
        for (int32_t what = MEMQC_KEY_MIN; what <= MEMQC_KEY_INITIAL; what++)
            TRY(memqc_mlp_key_value(key, what, &number[what - MEMQC_KEY_MIN]));
        digest_doubles(&d, 3, number);
    }
    digest_print(&d, "parameters/mlp");
}

static void portable(void) {
    device_parameters();
    parameters_of_networks();
    digest_devices(0);
    digest_crossbars(0);
    digest_networks(0);
}

/* The value of an option that has one, or NULL. */
static const char *after(int argc, char **argv, int *i, const char *option) {
    return strcmp(argv[*i], option) == 0 && *i + 1 < argc ? argv[++*i] : NULL;
}

static int limit_isa(const char *name) {
#ifdef MQC_TESTING
    static const char *const names[] = {"base", "avx2", "avx512"};
    for (int i = 0; i < MQC_ISA_COUNT; i++) {
        if (strcmp(name, names[i]) != 0)
            continue;
        mqc_isa_limit = (enum mqc_isa)i;
        if (mqc_isa() == mqc_isa_limit)
            return 1;
        printf("skipped: this machine does not have %s\n", name);
        exit(77);
    }
#else
    (void)name;
#endif
    return 0;
}

int main(int argc, char **argv) {
    int all = 0, known = 1;
    for (int i = 1; i < argc; i++) {
        const char *threads = after(argc, argv, &i, "--threads"),
                   *isa = threads ? NULL : after(argc, argv, &i, "--isa");
        if (threads)
            known &= (digest_threads = atoi(threads)) > 0;
        else if (isa)
            known &= limit_isa(isa);
        else if (strcmp(argv[i], "--all") == 0)
            all = 1;
        else
            known = 0;
    }
    if (!known) {
        fprintf(stderr, "usage: %s [--all] [--threads N] [--isa base|avx2|avx512]\n", argv[0]);
        return 2;
    }
    portable();
    if (all) {
        digest_devices(1);
        digest_fits();
        digest_crossbars(1);
        digest_networks(1);
    }
    return fflush(stdout) == 0 && !ferror(stdout) ? EXIT_SUCCESS : EXIT_FAILURE;
}
