/* SPDX-License-Identifier: BSD-3-Clause */
/* What the files of the program `digest` share: a running hash, its printing, and test data. */
#ifndef MEMQC_TESTS_DIGEST_H
#define MEMQC_TESTS_DIGEST_H

#include <memqc/memqc.h>

/* A 64-bit FNV-1a hash of everything that was added since it was printed. */
struct digest {
    uint64_t hash;
};

/* A parameter and its value. A list of them ends with key 0. */
struct setting {
    int32_t key;
    double value;
};

/* Of studies; the option --threads. */
extern int digest_threads;

/* The call succeeds, or the program prints its text and exits. */
#define TRY(call) digest_check((call), #call)
void digest_check(memqc_status status, const char *call);

/* The hash of no bytes. */
struct digest digest_begin(void);
/* As they are; for numbers, the functions below give the same on machines of either byte order. */
void digest_bytes(struct digest *d, const void *data, size_t size);
void digest_text(struct digest *d, const char *text);
void digest_floats(struct digest *d, size_t n, const float *x);
/* All NaN count as the same number. */
void digest_doubles(struct digest *d, size_t n, const double *x);
void digest_ints(struct digest *d, size_t n, const int32_t *x);
void digest_sizes(struct digest *d, size_t n, const uint64_t *x);

/* Prints a line `name  hash`. The name is made as by printf(). The hash begins anew. */
void digest_print(struct digest *d, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* n uniform numbers, a pure function of the seed. They use integer arithmetic alone. */
void digest_fill(uint64_t seed, size_t n, double low, double high, float *x);

/* New device of a preset, or of a model where the preset is NULL, with settings and seed. */
memqc_device *digest_device(const char *preset, int32_t model, const struct setting *settings);

/* The same with fewer states where the preset has 1201, so that programming takes few pulses. */
memqc_device *digest_coarse(const char *preset, const struct setting *settings);

/* Names of the models by their numbers. */
extern const char *const digest_model_name[];

/* New device of a model, with a table or an asymmetry where the model has one. */
memqc_device *digest_model(int32_t model, const struct setting *settings);
int digest_is_pulsed(const memqc_device *device);

/* States to begin with, at most 200, spread over the window. Those of a quantized device are
 * levels. */
void digest_states(const memqc_device *device, size_t n, float *state);

/* The values that cells have of their own, at most this many. */
enum { DIGEST_CELLS = 200 };
void digest_own_values(struct digest *d, const memqc_device *device);

/* The parts of the program. The argument `all` chooses the results that differ between machines. */
void digest_devices(int all);
void digest_effects(int all);
void digest_fits(void);
void digest_crossbars(int all);
void digest_networks(int all);

#endif
