/* SPDX-License-Identifier: BSD-3-Clause */
/* How long the hot parts take, beside what they are compared with. Prints a line for each:
 *
 *     bench name=NAME seconds=S ratio=R baseline=NAME items=N
 *
 * S is the median over several repetitions, in each of which every benchmark of a group runs once,
 * so that a machine that slows down does so for all of them. R is the median of the ratios within a
 * repetition, each time per item over that of the baseline. usage: bench [PREFIX ...]: only
 * benchmarks whose names begin so (and their baselines). */
#define _POSIX_C_SOURCE 200809L
#include "bench/common.h"
#include "crossbar/update/trains.h"
#include "device/cell/inside.h"
#include "la/blas.h"
#include "rng/rng.h"

#include <cblas.h>
#include <string.h>

enum { MOST_REPETITIONS = 21, MOST_OF_A_GROUP = 6 };

static volatile float sink; /* results that nobody looks at may not be left out */

/* A fast hash, so that inputs cost nothing. */
static uint32_t scramble(size_t i) {
    uint32_t x = (uint32_t)i * 2654435769u;
    x ^= x >> 15;
    x *= 2246822519u;
    return x ^ x >> 13;
}

static float uniform(size_t i) {
    return (float)(scramble(i) >> 8) * 0x1p-24f;
}

/* --- groups of benchmarks that are measured together --- */

struct benchmark {
    const char *name, *baseline; /* NULL: none */
    void (*run)(void);
    double items; /* that one run does */
};

struct group {
    const char *name;
    void (*open)(void);
    void (*close)(void);
    size_t repetitions, n;
    struct benchmark benchmark[MOST_OF_A_GROUP];
};

static double median(size_t n, double *values) {
    qsort(values, n, sizeof *values, by_size);
    return n % 2 ? values[n / 2] : 0.5 * (values[n / 2 - 1] + values[n / 2]);
}

static size_t find(const struct group *group, const char *name) {
    size_t i = 0;
    while (i < group->n && strcmp(group->benchmark[i].name, name) != 0)
        i++;
    return i;
}

static void report(const struct group *group, size_t i, double seconds[][MOST_REPETITIONS]) {
    const struct benchmark *b = &group->benchmark[i];
    double times[MOST_REPETITIONS], ratios[MOST_REPETITIONS];
    const size_t base = b->baseline ? find(group, b->baseline) : group->n;
    memcpy(times, seconds[i], sizeof times);
    printf("bench name=%s seconds=%.6g", b->name, median(group->repetitions, times));
    if (base < group->n) {
        const double scale = group->benchmark[base].items / b->items;
        for (size_t r = 0; r < group->repetitions; r++)
            ratios[r] = seconds[i][r] / seconds[base][r] * scale;
        printf(" ratio=%.3f baseline=%s", median(group->repetitions, ratios), b->baseline);
    } else {
        printf(" ratio=- baseline=-");
    }
    printf(" items=%.0f\n", b->items);
    fflush(stdout);
}

static void measure(const struct group *group) {
    static double seconds[MOST_OF_A_GROUP][MOST_REPETITIONS];
    group->open();
    for (size_t i = 0; i < group->n; i++)
        group->benchmark[i].run(); /* first touches of memory, scratch, choice of kernels */
    for (size_t r = 0; r < group->repetitions; r++) {
        for (size_t i = 0; i < group->n; i++) {
            const double start = now();
            group->benchmark[i].run();
            seconds[i][r] = now() - start;
        }
    }
    for (size_t i = 0; i < group->n; i++)
        report(group, i, seconds);
    group->close();
}

/* --- draws --- */

enum { DRAWS = 10000000, LIST = 1000000 };

static struct {
    float *out, *states;
    int32_t *levels;
    uint64_t *cells, *times;
    memqc_device *device, *soft;
    float *soft_states;
    uint64_t pulses;
} draws;

static void open_draws(void) {
    draws.out = room(DRAWS, sizeof *draws.out);
    draws.levels = room(DRAWS, sizeof *draws.levels);
    draws.states = room(LIST, sizeof *draws.states);
    draws.cells = room(LIST, sizeof *draws.cells);
    draws.times = room(LIST, sizeof *draws.times);
    for (size_t i = 0; i < DRAWS; i++)
        draws.levels[i] = 1 + (int32_t)(scramble(i) % 32);
    for (size_t i = 0; i < LIST; i++) {
        draws.states[i] = (float)draws.levels[i];
        draws.cells[i] = scramble(i + 7);
        draws.times[i] = scramble(i + 99) % 1000;
    }
    must(memqc_device_create_preset("hfox-a", &draws.device));
    must(memqc_device_create(MEMQC_DEVICE_SOFT_BOUNDS, &draws.soft));
    must(memqc_device_set(draws.soft, MEMQC_DEVICE_C2C_STEP, 0.3));
    draws.soft_states = room(DRAWS, sizeof *draws.soft_states);
    draws.pulses = 0;
}

static void close_draws(void) {
    memqc_device_destroy(&draws.device);
    memqc_device_destroy(&draws.soft);
    free(draws.soft_states);
    free(draws.out);
    free(draws.levels);
    free(draws.states);
    free(draws.cells);
    free(draws.times);
}

static void run_normals(void) {
    const struct mqc_rng rng = mqc_rng_make(1, MQC_STREAM_PROGRAM);
    mqc_rng_kernels()->normal(&rng, 0, 0, DRAWS, draws.out);
    sink = draws.out[DRAWS / 2];
}

static void run_normal_list(void) {
    const struct mqc_rng rng = mqc_rng_make(1, MQC_STREAM_PROGRAM);
    mqc_rng_kernels()->normal_list(&rng, draws.cells, draws.times, LIST, draws.out);
    sink = draws.out[LIST / 2];
}

static void run_device_draw(void) {
    must(memqc_device_draw(draws.device, 0, 0, DRAWS, draws.levels, draws.out, NULL));
    sink = draws.out[DRAWS / 2];
}

/* One pulse on each cell, up and down in turns. */
static void run_pulse(void) {
    const int32_t way = draws.pulses % 2 ? -1 : 1;
    must(memqc_device_pulse(draws.soft, 0, draws.pulses++, DRAWS, way, draws.soft_states, NULL,
                            NULL));
    sink = draws.soft_states[DRAWS / 2];
}

static void run_device_list(void) {
    for (size_t first = 0; first < LIST; first += MQC_CHUNK) {
        const size_t n = LIST - first < MQC_CHUNK ? LIST - first : MQC_CHUNK;
        const struct mqc_draws where = {1, 0, 0, draws.cells + first, draws.times + first};
        draws.device->ops->draw(draws.device, &where, NULL, n, draws.states + first,
                                draws.out + first);
    }
    sink = draws.out[LIST / 2];
}

/* --- multiply-accumulate --- */

enum { SIDE = 1024, BATCH = 256, VECTORS = 100 };

static struct {
    float *x, *y, *w;
    memqc_crossbar *xb;
} mac;

static void open_mac(void) {
    memqc_device *device = NULL;
    mac.x = room((size_t)SIDE * BATCH, sizeof *mac.x);
    mac.y = room((size_t)SIDE * BATCH, sizeof *mac.y);
    mac.w = room((size_t)SIDE * SIDE, sizeof *mac.w);
    for (size_t i = 0; i < (size_t)SIDE * BATCH; i++)
        mac.x[i] = 2 * uniform(i) - 1;
    for (size_t i = 0; i < (size_t)SIDE * SIDE; i++)
        mac.w[i] = 2 * uniform(i + 5) - 1;
    must(memqc_device_create_preset("hfox-a", &device));
    must(memqc_crossbar_create(device, SIDE, SIDE, &mac.xb));
    must(memqc_crossbar_program(mac.xb, mac.w, SIDE));
    memqc_device_destroy(&device);
}

static void close_mac(void) {
    memqc_crossbar_destroy(&mac.xb);
    free(mac.x);
    free(mac.y);
    free(mac.w);
}

static void run_sgemm(void) {
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, BATCH, SIDE, SIDE, 1, mac.x, SIDE, mac.w,
                SIDE, 0, mac.y, SIDE);
    sink = mac.y[1];
}

static void run_mac(void) {
    must(memqc_crossbar_mac(mac.xb, BATCH, mac.x, SIDE, mac.y, SIDE));
    sink = mac.y[1];
}

/* The same array read through converters of 8 bits, with read noise of 2 % of each conductance. */
static void open_converters(void) {
    open_mac();
    must(memqc_crossbar_set(mac.xb, MEMQC_CROSSBAR_DAC_BITS, 8));
    must(memqc_crossbar_set(mac.xb, MEMQC_CROSSBAR_ADC_BITS, 8));
    must(memqc_crossbar_set(mac.xb, MEMQC_CROSSBAR_READ_NOISE_RELATIVE, 0.02));
}

/* Behind wires of 1 ohm a segment, in arrays of 128 x 128, by their effective matrices. The first
 * product makes them. */
static void open_wires(void) {
    open_mac();
    must(memqc_crossbar_set(mac.xb, MEMQC_CROSSBAR_WORD_RESISTANCE, 1));
    must(memqc_crossbar_set(mac.xb, MEMQC_CROSSBAR_BIT_RESISTANCE, 1));
    must(memqc_crossbar_set(mac.xb, MEMQC_CROSSBAR_TILE_ROWS, 128));
    must(memqc_crossbar_set(mac.xb, MEMQC_CROSSBAR_TILE_COLS, 128));
    must(memqc_crossbar_set(mac.xb, MEMQC_CROSSBAR_WIRE_METHOD, MEMQC_CROSSBAR_METHOD_MATRIX));
    must(memqc_crossbar_mac(mac.xb, 1, mac.x, SIDE, mac.y, SIDE));
}

static void run_sgemv(void) {
    for (int i = 0; i < VECTORS; i++)
        cblas_sgemv(CblasRowMajor, CblasTrans, SIDE, SIDE, 1, mac.w, SIDE, mac.x + i * SIDE, 1, 0,
                    mac.y, 1);
    sink = mac.y[1];
}

static void run_mac_one(void) {
    for (int i = 0; i < VECTORS; i++)
        must(memqc_crossbar_mac(mac.xb, 1, mac.x + i * SIDE, SIDE, mac.y, SIDE));
    sink = mac.y[1];
}

/* --- an update of the paper's first layer --- */

enum { INPUTS = 784, HIDDEN = 16, UPDATES = 1000, ONE_IN = 100 };

static struct {
    float *w, *dw;
    memqc_crossbar *xb;
} update;

/* One cell in a hundred is to change its level; the others get less than half a step. */
static void open_update(void) {
    const size_t cells = (size_t)INPUTS * HIDDEN;
    memqc_device *device = NULL;
    update.w = room(cells, sizeof *update.w);
    update.dw = room(cells, sizeof *update.dw);
    for (size_t i = 0; i < cells; i++) {
        update.w[i] = uniform(i) - 0.5f;
        update.dw[i] = scramble(i + 3) % ONE_IN == 0 ? 0.0645f : 0.02f * (uniform(i + 4) - 0.5f);
    }
    must(memqc_device_create_preset("hfox-a", &device));
    must(memqc_crossbar_create(device, INPUTS, HIDDEN, &update.xb));
    must(memqc_crossbar_program(update.xb, update.w, HIDDEN));
    memqc_device_destroy(&device);
}

static void close_update(void) {
    memqc_crossbar_destroy(&update.xb);
    free(update.w);
    free(update.dw);
}

static void run_saxpy(void) {
    for (int i = 0; i < UPDATES; i++)
        cblas_saxpy(INPUTS * HIDDEN, i % 2 ? -1 : 1, update.dw, 1, update.w, 1);
    sink = update.w[3];
}

static void run_update(void) {
    size_t changed = 0;
    for (int i = 0; i < UPDATES; i++)
        must(memqc_crossbar_update(update.xb, i % 2 ? -1 : 1, update.dw, HIDDEN, &changed));
    sink = (float)changed;
}

/* --- an epoch of the paper's network --- */

enum { SAMPLES = 60000, CLASSES = 10 };

static struct {
    float *x;
    int32_t *labels;
    memqc_mlp *mlp;
} epoch;

/* As many pixels are on as in MNIST, one in five; a class is a pattern of which one pixel in ten is
 * another.
 */
static void open_epoch(void) {
    static const size_t sizes[] = {INPUTS, HIDDEN, HIDDEN, CLASSES};
    memqc_device *device = NULL;
    epoch.x = room((size_t)SAMPLES * INPUTS, sizeof *epoch.x);
    epoch.labels = room(SAMPLES, sizeof *epoch.labels);
    for (size_t i = 0; i < SAMPLES; i++) {
        const size_t label = scramble(i) % CLASSES;
        epoch.labels[i] = (int32_t)label;
        for (size_t j = 0; j < INPUTS; j++) {
            const size_t pixel = i * INPUTS + j, other = scramble(pixel) % 10 == 0;
            epoch.x[pixel] =
                scramble(other ? pixel + 1 : label * INPUTS + j) % 5 == 0 ? 1.0f : 0.0f;
        }
    }
    must(memqc_device_create_preset("hfox-a", &device));
    must(memqc_mlp_create(sizes, sizeof sizes / sizeof *sizes, device, 0, &epoch.mlp));
    memqc_device_destroy(&device);
}

static void close_epoch(void) {
    memqc_mlp_destroy(&epoch.mlp);
    free(epoch.x);
    free(epoch.labels);
}

static void run_epoch(void) {
    must(memqc_mlp_train_epoch(epoch.mlp, SAMPLES, epoch.x, INPUTS, epoch.labels));
}

/* --- an epoch of a float network, beside the matrix products that it cannot do without --- */

enum { WIDE = 256, MINIBATCH = 32 };

static struct { float *x, *w, *h, *v, *out, *back; } products;

static void open_digital(void) {
    static const size_t sizes[] = {INPUTS, WIDE, CLASSES};
    static const double settings[][2] = {{MEMQC_MLP_INPUT_BITS, 0},
                                         {MEMQC_MLP_ACTIVATION, MEMQC_MLP_RELU},
                                         {MEMQC_MLP_LOSS, MEMQC_MLP_CROSS_ENTROPY},
                                         {MEMQC_MLP_BATCH, MINIBATCH},
                                         {MEMQC_MLP_LEARNING_RATE, 0.1}};
    open_epoch();
    memqc_mlp_destroy(&epoch.mlp);
    must(memqc_mlp_create(sizes, 3, NULL, 0, &epoch.mlp));
    for (size_t i = 0; i < sizeof settings / sizeof *settings; i++)
        must(memqc_mlp_set(epoch.mlp, (int32_t)settings[i][0], settings[i][1]));
    products.x = room(MINIBATCH * INPUTS, sizeof(float));
    products.w = room(INPUTS * WIDE, sizeof(float));
    products.h = room(MINIBATCH * WIDE, sizeof(float));
    products.v = room(WIDE * CLASSES, sizeof(float));
    products.out = room(MINIBATCH * CLASSES, sizeof(float));
    products.back = room(MINIBATCH * WIDE, sizeof(float));
    memcpy(products.x, epoch.x, MINIBATCH * INPUTS * sizeof(float));
}

static void close_digital(void) {
    float *const all[] = {products.x, products.w,   products.h,
                          products.v, products.out, products.back};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        free(all[i]);
    close_epoch();
}

static void run_products(void) {
    float *x = products.x, *w = products.w, *h = products.h, *v = products.v, *out = products.out,
          *back = products.back;
    for (size_t i = 0; i < SAMPLES; i += MINIBATCH) {
        must(mqc_sgemm(MQC_PLAIN, MQC_PLAIN, MINIBATCH, WIDE, INPUTS, 1, x, INPUTS, w, WIDE, 0, h,
                       WIDE));
        must(mqc_sgemm(MQC_PLAIN, MQC_PLAIN, MINIBATCH, CLASSES, WIDE, 1, h, WIDE, v, CLASSES, 0,
                       out, CLASSES));
        must(mqc_sgemm(MQC_PLAIN, MQC_TRANSPOSED, MINIBATCH, WIDE, CLASSES, 1, out, CLASSES, v,
                       CLASSES, 0, back, WIDE));
        must(mqc_sgemm(MQC_TRANSPOSED, MQC_PLAIN, WIDE, CLASSES, MINIBATCH, 1, h, WIDE, out,
                       CLASSES, 1, v, CLASSES));
        must(mqc_sgemm(MQC_TRANSPOSED, MQC_PLAIN, INPUTS, WIDE, MINIBATCH, 1, x, INPUTS, back, WIDE,
                       1, w, WIDE));
    }
}

#define MAC_ITEMS ((double)SIDE * SIDE)

/* --- pulse trains --- */

/* An epoch sample by sample, of the float rule and of pulse trains on the constant-step device with
 * 1000 states; and updates in which every cell gets pulses. */
static struct {
    memqc_mlp *digital, *trains;
    memqc_crossbar *xb;
    float *x, *d;
    double pulses;
} samples;

enum { SOME = 10000, FULL_UPDATES = 200 };

static memqc_mlp *one_by_one(const memqc_device *device, double rule) {
    static const size_t sizes[] = {INPUTS, WIDE, CLASSES};
    const double settings[][2] = {{MEMQC_MLP_RULE, rule},
                                  {MEMQC_MLP_INPUT_BITS, 0},
                                  {MEMQC_MLP_LOSS, MEMQC_MLP_CROSS_ENTROPY},
                                  {MEMQC_MLP_BATCH, 1},
                                  {MEMQC_MLP_LEARNING_RATE, 0.02},
                                  {MEMQC_MLP_INIT_RANGE, 0.1}};
    memqc_mlp *mlp = NULL;
    must(memqc_mlp_create(sizes, 3, device, 0, &mlp));
    for (size_t i = 0; i < sizeof settings / sizeof *settings; i++)
        must(memqc_mlp_set(mlp, (int32_t)settings[i][0], settings[i][1]));
    must(memqc_mlp_init(mlp));
    return mlp;
}

static double pulses_of(const memqc_crossbar *xb) {
    double set = 0, reset = 0;
    must(memqc_crossbar_cost(xb, MEMQC_CROSSBAR_COST_SET, &set));
    must(memqc_crossbar_cost(xb, MEMQC_CROSSBAR_COST_RESET, &reset));
    return set + reset;
}

/* The sums of a run of full updates: 31 slots, each line firing with a probability of a half, 7.75
 * pulses for each cell in the mean. */
static void run_full_updates(void) {
    for (int u = 0; u < FULL_UPDATES; u++)
        must(mqc_crossbar_outer(samples.xb, samples.x, samples.d, 0.5, 0.5, 31, u % 2 ? -1 : 1));
}

static void open_samples(void) {
    memqc_device *device = NULL;
    float *w = room(INPUTS * WIDE, sizeof *w);
    open_epoch();
    must(memqc_device_create(MEMQC_DEVICE_CONSTANT, &device));
    must(memqc_device_set(device, MEMQC_DEVICE_STATES, 1000));
    must(memqc_device_set(device, MEMQC_DEVICE_C2C_STEP, 0.3));
    samples.digital = one_by_one(NULL, MEMQC_MLP_RULE_FLOAT);
    samples.trains = one_by_one(device, MEMQC_MLP_RULE_PULSE_TRAIN);
    must(memqc_crossbar_create(device, INPUTS, WIDE, &samples.xb));
    must(memqc_crossbar_program(samples.xb, w, WIDE));
    samples.x = room(INPUTS, sizeof *samples.x);
    samples.d = room(WIDE, sizeof *samples.d);
    for (size_t i = 0; i < INPUTS; i++)
        samples.x[i] = 1;
    for (size_t j = 0; j < WIDE; j++)
        samples.d[j] = 1;
    const double before = pulses_of(samples.xb);
    run_full_updates();
    samples.pulses = pulses_of(samples.xb) - before;
    printf("bench note=\"trains_784x256: %.4g pulses a run\"\n", samples.pulses);
    memqc_device_destroy(&device);
    free(w);
}

static void close_samples(void) {
    memqc_mlp_destroy(&samples.digital);
    memqc_mlp_destroy(&samples.trains);
    memqc_crossbar_destroy(&samples.xb);
    free(samples.x);
    free(samples.d);
    close_epoch();
}

static void run_float_samples(void) {
    must(memqc_mlp_train_epoch(samples.digital, SOME, epoch.x, INPUTS, epoch.labels));
}

static void run_train_samples(void) {
    must(memqc_mlp_train_epoch(samples.trains, SOME, epoch.x, INPUTS, epoch.labels));
}

static const struct group groups[] = {
    {"draws",
     open_draws,
     close_draws,
     9,
     5,
     {{"normals", NULL, run_normals, DRAWS},
      {"normal_list", "normals", run_normal_list, LIST},
      {"device_draw", "normals", run_device_draw, DRAWS},
      {"device_list", "normals", run_device_list, LIST},
      {"device_pulse", "normals", run_pulse, DRAWS}}},
    {"mac",
     open_mac,
     close_mac,
     15,
     4,
     {{"sgemm_1024_batch_256", NULL, run_sgemm, MAC_ITEMS *BATCH},
      {"mac_1024_batch_256", "sgemm_1024_batch_256", run_mac, MAC_ITEMS *BATCH},
      {"sgemv_1024", NULL, run_sgemv, MAC_ITEMS *VECTORS},
      {"mac_1024_batch_1", "sgemv_1024", run_mac_one, MAC_ITEMS *VECTORS}}},
    {"converters",
     open_converters,
     close_mac,
     15,
     4,
     {{"converters_sgemm", NULL, run_sgemm, MAC_ITEMS *BATCH},
      {"converters_1024_batch_256", "converters_sgemm", run_mac, MAC_ITEMS *BATCH},
      {"converters_sgemv", NULL, run_sgemv, MAC_ITEMS *VECTORS},
      {"converters_1024_batch_1", "converters_sgemv", run_mac_one, MAC_ITEMS *VECTORS}}},
    {"wires",
     open_wires,
     close_mac,
     15,
     2,
     {{"wires_sgemm", NULL, run_sgemm, MAC_ITEMS *BATCH},
      {"wires_1024_batch_256", "wires_sgemm", run_mac, MAC_ITEMS *BATCH}}},
    {"update",
     open_update,
     close_update,
     15,
     2,
     {{"saxpy_784x16", NULL, run_saxpy, (double)INPUTS *HIDDEN *UPDATES},
      {"update_784x16", "saxpy_784x16", run_update, (double)INPUTS *HIDDEN *UPDATES}}},
    {"epoch", open_epoch, close_epoch, 5, 1, {{"epoch_784_16_16_10", NULL, run_epoch, SAMPLES}}},
    {"digital",
     open_digital,
     close_digital,
     5,
     2,
     {{"products_784_256_10", NULL, run_products, SAMPLES},
      {"digital_784_256_10", "products_784_256_10", run_epoch, SAMPLES}}},
    {"samples",
     open_samples,
     close_samples,
     5,
     3,
     {{"float_by_sample", NULL, run_float_samples, SOME},
      {"trains_by_sample", "float_by_sample", run_train_samples, SOME},
      {"trains_784x256", NULL, run_full_updates, 7.75 * INPUTS *WIDE *FULL_UPDATES}}},
};

/* Only the benchmarks of a group whose names begin as asked for, and what they are compared with.
 * */
static struct group chosen(const struct group *group, int argc, char **argv) {
    struct group some = *group;
    some.n = 0;
    for (size_t i = 0; i < group->n; i++) {
        int wanted = argc < 2;
        for (int a = 1; a < argc; a++) {
            const size_t length = strlen(argv[a]);
            for (size_t j = 0; j < group->n; j++) {
                const struct benchmark *b = &group->benchmark[j];
                const int is_baseline =
                    b->baseline && strcmp(b->baseline, group->benchmark[i].name) == 0;
                wanted |= (j == i || is_baseline) && strncmp(b->name, argv[a], length) == 0;
            }
        }
        if (wanted)
            some.benchmark[some.n++] = group->benchmark[i];
    }
    return some;
}

int main(int argc, char **argv) {
    for (size_t i = 0; i < sizeof groups / sizeof *groups; i++) {
        const struct group group = chosen(&groups[i], argc, argv);
        if (group.n > 0)
            measure(&group);
    }
    return EXIT_SUCCESS;
}
