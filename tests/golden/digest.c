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

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int digest_threads = 2;

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
