/* SPDX-License-Identifier: BSD-3-Clause */
/* Every public function that allocates, with the n-th allocation failing for n = 0, 1, 2 ... until
 * the call succeeds. A failure must be NOMEM with a text of its own, leave NULL where something was
 * to be made, and leave its object as it was: what can be read of it has the same bits before and
 * after, and the same call afterwards gives what it gives on an object that never saw a failure.
 * Leaks show under valgrind and AddressSanitizer. */
#include <memqc/memqc.h>

#include "test.h"

#include "core/alloc.h"

#include <stdio.h>

enum {
    ROWS = 6,
    COLS = 5,
    SAMPLES = 9,
    BATCH = 4,
    CELLS = ROWS * COLS,
    SEED = 11,
    MOST_ALLOCATIONS = 1000
};
static const size_t sizes[] = {ROWS, COLS, 3};
enum { OUTPUTS = 3, LAYERS = 2 };

static float w[CELLS], dw[CELLS], x[SAMPLES * ROWS];
static const int32_t labels[SAMPLES] = {0, 1, 2, 0, 1, 2, 0, 1, 2};
/* The network of a scenario, saved while there was memory enough. */
static unsigned char saved[1 << 16];
static size_t saved_size;
static int nowhere; /* an address that a failing create must overwrite */

static void fill(void) {
    for (size_t i = 0; i < CELLS; i++) {
        w[i] = (float)((double)(i * 37 % 64) / 32.0 - 1);
        dw[i] = (float)((double)(i * 53 % 64) / 32.0 - 1);
    }
    for (size_t i = 0; i < COUNT(x); i++)
        x[i] = (float)((double)(i * 29 % 64) / 63.0);
}

/* --- what a scenario works on --- */

struct scenario;

/* The objects of one attempt: a device and one of the other two. What a call writes goes to result,
 * what it makes to made. */
struct world {
    const struct scenario *scenario;
    memqc_device *device, *made_device;
    memqc_crossbar *xb, *made_xb;
    memqc_mlp *mlp, *made_mlp;
    float result[SAMPLES * (ROWS + COLS)];
    uint64_t counts[OUTPUTS * OUTPUTS];
};

enum { NEW, USED, STOPPED, RULES = 100 };

struct scenario {
    const char *name;
    memqc_status (*call)(struct world *world);
    int32_t mapping, normalization; /* of a crossbar, in two slices where REFERENCE or TWO_SIDED;
                                       without normalization, of a network: RULES times its rule
                                       more */
    int past;     /* NEW, USED: programmed or trained for two epochs, STOPPED: in the midst of the
                     next */
    int at_least; /* so many allocations; 0 where the call may need none */
    const char *preset; /* NULL: a network in floats */
};

static int32_t stop(void *user, const double *at, size_t n) {
    (void)user, (void)at, (void)n;
    return 1;
}

static void open_crossbar(struct world *world) {
    const struct scenario *s = world->scenario;
    OK(memqc_crossbar_create(world->device, ROWS, COLS, &world->xb));
    OK(memqc_crossbar_set(world->xb, MEMQC_CROSSBAR_MAPPING, s->mapping));
    OK(memqc_crossbar_set(world->xb, MEMQC_CROSSBAR_NORMALIZATION, s->normalization));
    if (s->mapping >= MEMQC_CROSSBAR_MAPPING_REFERENCE) {
        OK(memqc_crossbar_set(world->xb, MEMQC_CROSSBAR_SLICES, 2));
        OK(memqc_crossbar_set(world->xb, MEMQC_CROSSBAR_CLIP_PERCENTILE, 90));
    }
    OK(memqc_crossbar_seed(world->xb, SEED));
    if (s->past == USED)
        OK(memqc_crossbar_program(world->xb, w, COLS));
}

static const char a_name[] = "test_alloc.checkpoint";
static memqc_status mlp_fit(struct world *world), mlp_checkpoint(struct world *world);

static void open_network(struct world *world) {
    const struct scenario *s = world->scenario;
    OK(memqc_mlp_create(sizes, COUNT(sizes), s->preset ? world->device : NULL, 0, &world->mlp));
    OK(memqc_mlp_set(world->mlp, MEMQC_MLP_MAPPING, s->mapping % RULES));
    if (s->mapping >= RULES)
        OK(memqc_mlp_set(world->mlp, MEMQC_MLP_RULE, s->mapping / RULES));
    if (s->mapping / RULES == MEMQC_MLP_RULE_NOISE_AWARE ||
        s->mapping / RULES == MEMQC_MLP_RULE_MIXED_PRECISION ||
        s->mapping / RULES == MEMQC_MLP_RULE_ONE_DIRECTIONAL)
        OK(memqc_mlp_set(world->mlp, MEMQC_MLP_OPTIMIZER, MEMQC_MLP_SGD_MOMENTUM));
    OK(memqc_mlp_set(world->mlp, MEMQC_MLP_BATCH, BATCH));
    OK(memqc_mlp_set(world->mlp, MEMQC_MLP_LEARNING_RATE, 3));
    OK(memqc_mlp_set_seed(world->mlp, SEED));
    for (int epoch = 0; s->past != NEW && epoch < 2; epoch++)
        OK(memqc_mlp_train_epoch(world->mlp, SAMPLES - 2, x, ROWS, labels));
    OK(memqc_mlp_set(world->mlp, MEMQC_MLP_PROGRESS_INTERVAL, 1));
    if (s->past == STOPPED)
        OK(memqc_mlp_set_progress(world->mlp, stop, NULL));
    if (s->past == STOPPED)
        ck_assert_int_eq(memqc_mlp_train_epoch(world->mlp, SAMPLES - 2, x, ROWS, labels),
                         MEMQC_STOPPED);
    OK(memqc_mlp_set_progress(world->mlp, NULL, NULL));
    OK(memqc_mlp_set(world->mlp, MEMQC_MLP_BATCH,
                     BATCH + 1)); /* the next minibatch needs more room */
    if (s->call == mlp_fit) {
        OK(memqc_mlp_set(world->mlp, MEMQC_MLP_DROPOUT, 0.25));
        OK(memqc_mlp_set(world->mlp, MEMQC_MLP_VALIDATION, 0.3));
        OK(memqc_mlp_set(world->mlp, MEMQC_MLP_RESTORE_BEST, 1));
    }
    OK(memqc_mlp_save_memory(world->mlp, saved, sizeof saved, &saved_size));
}

static void open_world(struct world *world, const struct scenario *scenario) {
    memset(world, 0, sizeof *world);
    world->scenario = scenario;
    OK(memqc_device_create_preset(scenario->preset ? scenario->preset : "hfox-a", &world->device));
    OK(memqc_device_seed(world->device, SEED));
    if (scenario->normalization)
        open_crossbar(world);
    else if (scenario->mapping)
        open_network(world);
}

static void close_world(struct world *world) {
    if (world->scenario->call == mlp_checkpoint)
        remove(a_name);
    memqc_mlp_destroy(&world->mlp);
    memqc_mlp_destroy(&world->made_mlp);
    memqc_crossbar_destroy(&world->xb);
    memqc_crossbar_destroy(&world->made_xb);
    memqc_device_destroy(&world->device);
    memqc_device_destroy(&world->made_device);
}

/* --- everything that can be read of it --- */

struct image {
    double parameters[96], history[5];
    uint64_t counters[LAYERS][3];
    double costs[LAYERS][MEMQC_CROSSBAR_COST_AREA], clock[LAYERS];
    uint32_t epochs, best;
    memqc_status drawn;
    float weights[LAYERS][CELLS], nominal[LAYERS][CELLS], biases[LAYERS][COLS], g[LAYERS][4][CELLS];
    int32_t levels[LAYERS][4][CELLS];
};

static void read_device(const memqc_device *device, struct image *image) {
    const int32_t level[1] = {9};
    for (int32_t key = 1; key <= MEMQC_DEVICE_READ_VOLTAGE; key++)
        OK(memqc_device_get(device, key, &image->parameters[key]));
    OK(memqc_device_draw(device, 3, 1, 1, level, image->weights[0], NULL));
}

static void read_crossbar(const memqc_crossbar *xb, size_t layer, struct image *image) {
    size_t planes = 0, cols = 0;
    OK(memqc_crossbar_shape(xb, NULL, &cols, &planes));
    image->counters[layer][0] = planes;
    for (int32_t key = 1; key <= MEMQC_CROSSBAR_W_MAX; key++)
        OK(memqc_crossbar_get(xb, key, &image->parameters[4 * (int32_t)layer + key]));
    for (int32_t counter = 1; counter <= MEMQC_CROSSBAR_COUNT_CLIPPED; counter++)
        OK(memqc_crossbar_count(xb, counter, &image->counters[layer][counter - 1]));
    for (int32_t cost = 1; cost <= MEMQC_CROSSBAR_COST_AREA; cost++)
        OK(memqc_crossbar_cost(xb, cost, &image->costs[layer][cost - 1]));
    OK(memqc_crossbar_clock(xb, &image->clock[layer]));
    image->drawn = memqc_crossbar_get_weights(xb, image->weights[layer], cols);
    if (image->drawn != MEMQC_OK)
        return;
    OK(memqc_crossbar_get_nominal_weights(xb, image->nominal[layer], cols));
    for (size_t plane = 0; plane < planes; plane++) {
        OK(memqc_crossbar_get_levels(xb, plane, image->levels[layer][plane], cols));
        OK(memqc_crossbar_get_conductances(xb, plane, image->g[layer][plane], cols));
    }
}

static void read_network(memqc_mlp *mlp, struct image *image) {
    for (int32_t key = 1; key <= MEMQC_MLP_WIRE_RESISTANCE; key++)
        OK(memqc_mlp_get(mlp, key, &image->parameters[8 + key]));
    OK(memqc_mlp_get_epochs(mlp, &image->epochs));
    OK(memqc_mlp_get_best_epoch(mlp, &image->best));
    for (int32_t what = 1; what <= 5 && image->epochs; what++)
        OK(memqc_mlp_get_history(mlp, image->epochs, what, &image->history[what - 1]));
    /* Weights that are not drawn must not be read: that would draw them. A seed can be set as long
     * as they are not. */
    const memqc_status seeded = memqc_mlp_set_seed(mlp, SEED);
    for (size_t l = 0; l < LAYERS && seeded == MEMQC_ERROR_STATE; l++) {
        const memqc_crossbar *xb = NULL;
        OK(memqc_mlp_get_weights(mlp, l, image->weights[l], sizes[l + 1], image->biases[l]));
        if (memqc_mlp_borrow_crossbar(mlp, l, &xb) == MEMQC_OK)
            read_crossbar(xb, l, image);
    }
    image->drawn = seeded == MEMQC_ERROR_STATE ? MEMQC_OK : MEMQC_ERROR_STATE;
}

static void read_world(const struct world *world, struct image *image) {
    memset(image, 0, sizeof *image);
    if (world->mlp)
        read_network(world->mlp, image);
    else if (world->xb)
        read_crossbar(world->xb, 0, image);
    else
        read_device(world->device, image);
}

static void check_image(const struct world *world, const struct image *expected, const char *when,
                        int n) {
    static struct image now;
    read_world(world, &now);
    ck_assert_msg(now.drawn == expected->drawn,
                  "%s, allocation %d, %s: asking for weights gives another status: %s, not %s",
                  world->scenario->name, n, when, memqc_status_name(now.drawn),
                  memqc_status_name(expected->drawn));
    ck_assert_msg(memcmp(&now, expected, sizeof now) == 0,
                  "%s, allocation %d, %s: the object is another", world->scenario->name, n, when);
}

/* --- the calls --- */

static memqc_status device_create(struct world *world) {
    world->made_device = (memqc_device *)(void *)&nowhere;
    return memqc_device_create(MEMQC_DEVICE_QUANTIZED, &world->made_device);
}

static memqc_status device_preset(struct world *world) {
    world->made_device = (memqc_device *)(void *)&nowhere;
    return memqc_device_create_preset("hfox-b", &world->made_device);
}

static memqc_status device_copy(struct world *world) {
    world->made_device = (memqc_device *)(void *)&nowhere;
    return memqc_device_copy(world->device, &world->made_device);
}

/* Two devices of three staircases each. */
static memqc_status device_fit(struct world *world) {
    enum { ROUNDS = 6, STATES = 32 };
    static float g[ROUNDS * STATES];
    static int32_t number[ROUNDS * STATES], cycle[ROUNDS * STATES], pulse[ROUNDS * STATES];
    for (uint64_t d = 0; d < 2; d++)
        OK(memqc_device_staircase(world->device, d, 0, ROUNDS / 2, g + d * ROUNDS / 2 * STATES,
                                  STATES, NULL));
    for (int32_t i = 0; i < ROUNDS * STATES; i++) {
        number[i] = i / (ROUNDS / 2 * STATES);
        cycle[i] = i / STATES;
        pulse[i] = i % STATES + 1;
    }
    world->made_device = (memqc_device *)(void *)&nowhere;
    return memqc_device_fit(MEMQC_DEVICE_QUANTIZED, COUNT(g), number, cycle, pulse, NULL, g,
                            &world->made_device);
}

static memqc_status device_set(struct world *world) {
    return memqc_device_set(world->device, MEMQC_DEVICE_STATES, 64);
}

/* Cells far apart, so that programming from where they are needs pulses both ways. */
static memqc_status device_program(struct world *world) {
    static const int32_t levels[4] = {5, 9, 20, 30};
    float state[4] = {9, 5, 30, 20};
    double cost[MEMQC_DEVICE_COSTS] = {0}, top = 0;
    int32_t model = 0;
    OK(memqc_device_model(world->device, &model));
    OK(memqc_device_get(world->device, MEMQC_DEVICE_G_MAX, &top));
    for (size_t i = 0; i < 4 && model != MEMQC_DEVICE_QUANTIZED; i++)
        state[i] = (float)(top * (0.2 + 0.2 * (double)i));
    float before[4];
    memcpy(before, state, sizeof state);
    const memqc_status status =
        memqc_device_program(world->device, 2, 1, 4, levels, state, world->result, cost);
    if (status != MEMQC_OK) {
        ck_assert_mem_eq(state, before, sizeof state);
        ck_assert(cost[0] == 0 && cost[1] == 0 && cost[2] == 0 && cost[3] == 0);
    }
    return status;
}

static memqc_status device_draw(struct world *world) {
    static const int32_t levels[4] = {5, 9, 20, 30};
    return memqc_device_draw(world->device, 2, 1, 4, levels, world->result, NULL);
}

static memqc_status crossbar_create(struct world *world) {
    world->made_xb = (memqc_crossbar *)(void *)&nowhere;
    return memqc_crossbar_create(world->device, ROWS, COLS, &world->made_xb);
}

static memqc_status crossbar_program(struct world *world) {
    return memqc_crossbar_program(world->xb, w, COLS);
}

static memqc_status crossbar_program_list(struct world *world) {
    static const size_t places[] = {7, 2, 7, CELLS - 1};
    return memqc_crossbar_program_list(world->xb, COUNT(places), places, w);
}

static memqc_status crossbar_update(struct world *world) {
    size_t changed = 0;
    const memqc_status status = memqc_crossbar_update(world->xb, 0.4, dw, COLS, &changed);
    world->counts[0] = changed;
    return status;
}

static memqc_status crossbar_mac(struct world *world) {
    return memqc_crossbar_mac(world->xb, SAMPLES, x, ROWS, world->result, COLS);
}

static memqc_status crossbar_mac_transposed(struct world *world) {
    return memqc_crossbar_mac_transposed(world->xb, SAMPLES, x, ROWS, world->result, ROWS);
}

static const size_t some[] = {7, 2, CELLS - 1};

static memqc_status crossbar_stick(struct world *world) {
    return memqc_crossbar_stick(world->xb, 0, COUNT(some), some, NULL);
}

static memqc_status crossbar_advance(struct world *world) {
    return memqc_crossbar_advance(world->xb, 100);
}

static memqc_status crossbar_report(struct world *world) {
    double value = 0;
    const memqc_status status =
        memqc_crossbar_report(world->xb, MEMQC_CROSSBAR_REPORT_ERROR_Q95, &value);
    world->result[0] = (float)value;
    return status;
}

static memqc_status crossbar_save(struct world *world) {
    size_t size = 0;
    const memqc_status status = memqc_crossbar_save_memory(world->xb, NULL, 0, &size);
    world->counts[0] = status == MEMQC_OK ? size : 0;
    return status;
}

/* What the call reads is saved before the first attempt: every world has the same. */
static memqc_status crossbar_load(struct world *world) {
    static unsigned char bytes[1 << 16];
    static size_t size;
    if (!size)
        OK(memqc_crossbar_save_memory(world->xb, bytes, sizeof bytes, &size));
    world->made_xb = (memqc_crossbar *)(void *)&nowhere;
    return memqc_crossbar_load_memory(bytes, size, &world->made_xb);
}

/* Read through converters of few bits, with noise. */
static void set_converters(struct world *world) {
    OK(memqc_crossbar_set(world->xb, MEMQC_CROSSBAR_DAC_BITS, 6));
    OK(memqc_crossbar_set(world->xb, MEMQC_CROSSBAR_ADC_BITS, 8));
    OK(memqc_crossbar_set(world->xb, MEMQC_CROSSBAR_READ_NOISE_RELATIVE, 0.02));
    OK(memqc_crossbar_set(world->xb, MEMQC_CROSSBAR_INPUT_FORMAT, MEMQC_CROSSBAR_FORMAT_TWO_PHASE));
}

static memqc_status crossbar_convert(struct world *world) {
    set_converters(world);
    return memqc_crossbar_mac(world->xb, SAMPLES, x, ROWS, world->result, COLS);
}

static memqc_status crossbar_convert_transposed(struct world *world) {
    set_converters(world);
    return memqc_crossbar_mac_transposed(world->xb, SAMPLES, x, ROWS, world->result, ROWS);
}

static memqc_status crossbar_calibrate(struct world *world) {
    set_converters(world);
    if (world->counts[1] == 0) /* setting it again would drop the ranges */
        OK(memqc_crossbar_set(world->xb, MEMQC_CROSSBAR_ADC_RANGE,
                              MEMQC_CROSSBAR_RANGE_PER_COLUMN));
    world->counts[1] = 1;
    return memqc_crossbar_calibrate(world->xb, SAMPLES, x, ROWS, 99);
}

static void set_wires(struct world *world, double method) {
    OK(memqc_crossbar_set(world->xb, MEMQC_CROSSBAR_BIT_RESISTANCE, 1));
    OK(memqc_crossbar_set(world->xb, MEMQC_CROSSBAR_DRIVER_RESISTANCE, 10));
    OK(memqc_crossbar_set(world->xb, MEMQC_CROSSBAR_WIRE_METHOD, method));
}

static memqc_status crossbar_wires_matrix(struct world *world) {
    set_wires(world, MEMQC_CROSSBAR_METHOD_MATRIX);
    return memqc_crossbar_mac(world->xb, SAMPLES, x, ROWS, world->result, COLS);
}

static memqc_status crossbar_wires_iterate(struct world *world) {
    set_wires(world, MEMQC_CROSSBAR_METHOD_ITERATE);
    return memqc_crossbar_mac_transposed(world->xb, SAMPLES, x, ROWS, world->result, ROWS);
}

static memqc_status crossbar_wires_newton(struct world *world) {
    set_wires(world, MEMQC_CROSSBAR_METHOD_AUTO);
    OK(memqc_crossbar_set(world->xb, MEMQC_CROSSBAR_IV_NONLINEARITY, 2));
    return memqc_crossbar_mac(world->xb, SAMPLES, x, ROWS, world->result, COLS);
}

static memqc_status crossbar_nodes(struct world *world) {
    float *const bit = world->result;
    set_wires(world, MEMQC_CROSSBAR_METHOD_AUTO);
    return memqc_crossbar_nodes(world->xb, 0, 0, 0, x, NULL, bit);
}

static memqc_status crossbar_currents(struct world *world) {
    return memqc_crossbar_currents(world->xb, 0, SAMPLES, x, ROWS, world->result, COLS);
}

static memqc_status mlp_create(struct world *world) {
    world->made_mlp = (memqc_mlp *)(void *)&nowhere;
    return memqc_mlp_create(sizes, COUNT(sizes), world->device, 0, &world->made_mlp);
}

static memqc_status mlp_create_without_device(struct world *world) {
    world->made_mlp = (memqc_mlp *)(void *)&nowhere;
    return memqc_mlp_create(sizes, COUNT(sizes), NULL, 0, &world->made_mlp);
}

static memqc_status mlp_init(struct world *world) {
    return memqc_mlp_init(world->mlp);
}

static memqc_status mlp_train(struct world *world) {
    return memqc_mlp_train_epoch(world->mlp, SAMPLES, x, ROWS, labels);
}

static memqc_status mlp_train_the_rest(struct world *world) {
    return memqc_mlp_train_epoch(world->mlp, SAMPLES - 2, x, ROWS, labels);
}

/* With everything that wants memory of its own: the split, the best weights, dropout, the
 * checkpoints' name. */
static memqc_status mlp_fit(struct world *world) {
    double last = 0;
    memqc_status status = memqc_mlp_fit(world->mlp, SAMPLES, x, ROWS, labels, 4);
    if (status == MEMQC_OK)
        status = memqc_mlp_get_history(world->mlp, 4, MEMQC_MLP_HISTORY_VALIDATION_LOSS, &last);
    world->result[0] = (float)last;
    return status;
}

static memqc_status mlp_set_device(struct world *world) {
    return memqc_mlp_set_device(world->mlp, 1, world->device);
}

static memqc_status mlp_transfer(struct world *world) {
    world->made_mlp = (memqc_mlp *)(void *)&nowhere;
    return memqc_mlp_transfer(world->mlp, world->device, &world->made_mlp);
}

/* In the thread whose allocations fail. */
static memqc_status mlp_monte_carlo(struct world *world) {
    double accuracies[3] = {0};
    OK(memqc_mlp_set(world->mlp, MEMQC_MLP_SECONDS, 10));
    OK(memqc_mlp_set(world->mlp, MEMQC_MLP_INSTANCES, 3));
    const memqc_status status =
        memqc_mlp_monte_carlo(world->mlp, world->device, SAMPLES, x, ROWS, labels, accuracies);
    for (size_t i = 0; i < 3 && status == MEMQC_OK; i++)
        world->result[i] = (float)accuracies[i];
    return status;
}

static memqc_status mlp_sensitivity(struct world *world) {
    double limits[MEMQC_MLP_LIMITS];
    OK(memqc_mlp_set(world->mlp, MEMQC_MLP_INSTANCES, 2));
    const memqc_status status = memqc_mlp_sensitivity(
        world->mlp, world->device, MEMQC_MLP_PROPERTY_C2C, SAMPLES, x, ROWS, labels, limits);
    world->result[0] = status == MEMQC_OK ? (float)limits[MEMQC_MLP_LIMIT_LOSS] : 0;
    return status;
}

static memqc_status mlp_summary(struct world *world) {
    const double accuracies[] = {0.3, 0.1, 0.2};
    double median = 0;
    const memqc_status status = memqc_summary(3, accuracies, MEMQC_SUMMARY_MEDIAN, &median);
    world->result[0] = (float)median;
    return status;
}

static memqc_status mlp_checkpoint(struct world *world) {
    return memqc_mlp_set_checkpoint(world->mlp, a_name, 1000000);
}

static memqc_status mlp_save(struct world *world) {
    size_t size = 0;
    const memqc_status status = memqc_mlp_save_memory(world->mlp, NULL, 0, &size);
    world->counts[0] = size;
    return status;
}

static memqc_status mlp_load(struct world *world) {
    world->made_mlp = (memqc_mlp *)(void *)&nowhere;
    return memqc_mlp_load_memory(saved, saved_size, &world->made_mlp);
}

static memqc_status mlp_predict(struct world *world) {
    int32_t classes[SAMPLES] = {0};
    const memqc_status status =
        memqc_mlp_predict(world->mlp, SAMPLES, x, ROWS, world->result, OUTPUTS, classes);
    for (size_t i = 0; i < SAMPLES; i++)
        world->counts[0] = 4 * world->counts[0] + (uint64_t)classes[i];
    return status;
}

static memqc_status mlp_evaluate(struct world *world) {
    double loss = 0, accuracy = 0;
    const memqc_status status =
        memqc_mlp_evaluate(world->mlp, SAMPLES, x, ROWS, labels, &loss, &accuracy, world->counts);
    world->result[0] = (float)loss;
    world->result[1] = (float)accuracy;
    return status;
}

static memqc_status mlp_get_weights(struct world *world) {
    return memqc_mlp_get_weights(world->mlp, 1, world->result, OUTPUTS, world->result + CELLS);
}

static memqc_status mlp_set_weights(struct world *world) {
    return memqc_mlp_set_weights(world->mlp, 0, w, COLS, dw);
}

static memqc_status mlp_crossbar(struct world *world) {
    const memqc_crossbar *xb = (const memqc_crossbar *)(const void *)&nowhere;
    const memqc_status status = memqc_mlp_borrow_crossbar(world->mlp, 1, &xb);
    ck_assert_msg(status == MEMQC_OK || xb == NULL,
                  "memqc_mlp_borrow_crossbar failed and left its result alone");
    return status;
}

enum { SINGLE = MEMQC_CROSSBAR_MAPPING_SINGLE, PAIR = MEMQC_CROSSBAR_MAPPING_DIFFERENTIAL };
enum {
    FIXED = MEMQC_CROSSBAR_NORMALIZATION_FIXED,
    ARRAY = MEMQC_CROSSBAR_NORMALIZATION_ARRAY,
    COLUMN = MEMQC_CROSSBAR_NORMALIZATION_COLUMN
};

enum {
    REFERENCE = MEMQC_CROSSBAR_MAPPING_REFERENCE,
    TWO_SIDED = MEMQC_CROSSBAR_MAPPING_DIFFERENTIAL_TWO_SIDED
};

#define CROSSBAR(what, past, single, pair)                                        \
    {#what ", single, fixed", what, SINGLE, FIXED, past, single, "hfox-a"},       \
        {#what ", single, array", what, SINGLE, ARRAY, past, single, "hfox-a"},   \
        {#what ", single, column", what, SINGLE, COLUMN, past, single, "hfox-a"}, \
        {#what ", pair, fixed", what, PAIR, FIXED, past, pair, "hfox-a"},         \
        {#what ", pair, array", what, PAIR, ARRAY, past, pair, "hfox-a"}, {       \
#what ", pair, column", what, PAIR, COLUMN, past, pair, "hfox-a"          \
    }

#define NETWORK(what, state, past, with_float, single, pair)                      \
    {#what ", " state ", float", what, SINGLE, 0, past, with_float, NULL},        \
        {#what ", " state ", single", what, SINGLE, 0, past, single, "hfox-a"}, { \
#what ", " state ", pair", what, PAIR, 0, past, pair, "hfox-a"            \
    }

/* Under the rules that keep more than levels. */
#define UNDER(what, rule, state, past, at_least)                                                   \
    {                                                                                              \
#what ", " state ", " #rule, what, PAIR + RULES *MEMQC_MLP_RULE_##rule, 0, past, at_least, \
            "hfox-a"                                                                               \
    }
#define EACH_RULE(what, state, past, at_least)                                                \
    UNDER(what, STOCHASTIC, state, past, at_least), UNDER(what, SIGN, state, past, at_least), \
        UNDER(what, MIXED_PRECISION, state, past, at_least),                                  \
        UNDER(what, ONE_DIRECTIONAL, state, past, at_least),                                  \
        UNDER(what, NOISE_AWARE, state, past, at_least)

static const struct scenario scenarios[] = {
    {"device_create", device_create, 0, 0, NEW, 1, "hfox-a"},
    {"device_preset", device_preset, 0, 0, NEW, 1, "hfox-a"},
    {"device_copy", device_copy, 0, 0, NEW, 1, "hfox-a"},
    {"device_fit", device_fit, 0, 0, NEW, 12, "hfox-a"},
    {"device_set", device_set, 0, 0, NEW, 0, "hfox-a"},
    {"device_program", device_program, 0, 0, NEW, 1, "hfox-a"},
    {"device_program, pulsed", device_program, 0, 0, NEW, 2, "epiram"},
    {"device_draw, pulsed", device_draw, 0, 0, NEW, 2, "soft-bounds"},
    {"crossbar_create", crossbar_create, 0, 0, NEW, 2, "hfox-a"},
    CROSSBAR(crossbar_program, NEW, 5, 8),
    CROSSBAR(crossbar_program, USED, 0, 0),
    CROSSBAR(crossbar_program_list, USED, 1, 1),
    CROSSBAR(crossbar_update, USED, 2, 2),
    CROSSBAR(crossbar_mac, USED, 0, 0),
    CROSSBAR(crossbar_mac_transposed, USED, 0, 0),
    CROSSBAR(crossbar_convert, USED, 4, 4),
    CROSSBAR(crossbar_convert_transposed, USED, 4, 4),
    CROSSBAR(crossbar_calibrate, USED, 5, 5),
    CROSSBAR(crossbar_wires_matrix, USED, 1, 1),
    CROSSBAR(crossbar_wires_iterate, USED, 1, 1),
    CROSSBAR(crossbar_wires_newton, USED, 1, 1),
    CROSSBAR(crossbar_nodes, USED, 1, 1),
    CROSSBAR(crossbar_currents, USED, 0, 0),
    {"crossbar_stick", crossbar_stick, PAIR, FIXED, USED, 1, "rpu"},
    {"crossbar_advance, pair", crossbar_advance, PAIR, FIXED, USED, 4, "hfox-a"},
    {"crossbar_advance, slices, reference", crossbar_advance, REFERENCE, COLUMN, USED, 8, "hfox-b"},
    {"crossbar_report", crossbar_report, PAIR, FIXED, USED, 1, "hfox-a"},
    {"crossbar_save", crossbar_save, PAIR, COLUMN, USED, 3, "hfox-a"},
    {"crossbar_load", crossbar_load, PAIR, COLUMN, USED, 10, "hfox-a"},
    {"crossbar_program, slices, reference", crossbar_program, REFERENCE, COLUMN, NEW, 21, "hfox-a"},
    {"crossbar_program, slices, two-sided", crossbar_program, TWO_SIDED, ARRAY, NEW, 21, "hfox-b"},
    {"crossbar_program, slices, again", crossbar_program, TWO_SIDED, COLUMN, USED, 1, "hfox-b"},
    {"crossbar_program, pulsed, pair", crossbar_program, PAIR, FIXED, NEW, 14, "rpu"},
    {"crossbar_program_list, pulsed, pair", crossbar_program_list, PAIR, FIXED, USED, 1, "rpu"},
    {"crossbar_update, pulsed, pair", crossbar_update, PAIR, FIXED, USED, 2, "rpu"},
    {"mlp_create", mlp_create, 0, 0, NEW, 3, "hfox-a"},
    {"mlp_create_without_device", mlp_create_without_device, 0, 0, NEW, 1, "hfox-a"},
    NETWORK(mlp_init, "new", NEW, 4, 16, 22),
    NETWORK(mlp_train, "new", NEW, 12, 30, 40),
    NETWORK(mlp_train, "trained", USED, 8, 8, 8),
    NETWORK(mlp_train_the_rest, "stopped", STOPPED, 6, 6, 6),
    NETWORK(mlp_predict, "new", NEW, 10, 22, 28),
    NETWORK(mlp_predict, "trained", USED, 6, 6, 6),
    NETWORK(mlp_predict, "stopped", STOPPED, 6, 6, 6),
    NETWORK(mlp_evaluate, "new", NEW, 10, 22, 28),
    NETWORK(mlp_evaluate, "stopped", STOPPED, 6, 6, 6),
    NETWORK(mlp_get_weights, "new", NEW, 4, 16, 22),
    NETWORK(mlp_get_weights, "trained", USED, 0, 0, 0),
    NETWORK(mlp_set_weights, "new", NEW, 4, 16, 22),
    NETWORK(mlp_set_weights, "trained", USED, 0, 0, 0),
    {"mlp_set_device, new", mlp_set_device, SINGLE, 0, NEW, 1, "hfox-a"},
    NETWORK(mlp_transfer, "new", NEW, 15, 30, 40),
    NETWORK(mlp_transfer, "trained", USED, 12, 15, 20),
    EACH_RULE(mlp_init, "new", NEW, 10),
    EACH_RULE(mlp_train, "new", NEW, 20),
    EACH_RULE(mlp_train, "trained", USED, 8),
    EACH_RULE(mlp_fit, "stopped", STOPPED, 16),
    EACH_RULE(mlp_load, "stopped", STOPPED, 16),
    EACH_RULE(mlp_transfer, "trained", USED, 15),
    NETWORK(mlp_monte_carlo, "new", NEW, 50, 70, 80),
    EACH_RULE(mlp_monte_carlo, "trained", USED, 40),
    NETWORK(mlp_sensitivity, "trained", USED, 50, 70, 80),
    {"mlp_summary", mlp_summary, SINGLE, 0, NEW, 1, NULL},
    NETWORK(mlp_checkpoint, "trained", USED, 1, 1, 1),
    NETWORK(mlp_save, "new", NEW, 2, 2, 2),
    NETWORK(mlp_save, "stopped", STOPPED, 2, 2, 2),
    NETWORK(mlp_load, "new", NEW, 1, 3, 3),
    NETWORK(mlp_load, "trained", USED, 8, 20, 24),
    NETWORK(mlp_load, "stopped", STOPPED, 8, 20, 24),
    NETWORK(mlp_fit, "new", NEW, 28, 38, 48),
    NETWORK(mlp_fit, "trained", USED, 16, 16, 16),
    NETWORK(mlp_fit, "stopped", STOPPED, 16, 16, 16),
    {"mlp_crossbar, new, single", mlp_crossbar, SINGLE, 0, NEW, 16, "hfox-a"},
    {"mlp_crossbar, new, pair", mlp_crossbar, PAIR, 0, NEW, 22, "hfox-a"},
    {"mlp_crossbar, trained, pair", mlp_crossbar, PAIR, 0, USED, 0, "hfox-a"},
};

/* --- the test --- */

/* What a user would do next: shows what an image of the object does not. */
static void go_on(struct world *world) {
    if (world->mlp)
        OK(mlp_train(world));
    if (world->xb) {
        OK(crossbar_program(world));
        OK(crossbar_update(world));
        OK(crossbar_mac(world));
    }
}

static memqc_status attempt(struct world *world, int n) {
    int32_t key = 0;
    ck_assert_int_ne(memqc_device_key("no such key", &key),
                     MEMQC_OK); /* so that the text is one that the call set */
    mqc_alloc_fail_after(n);
    const memqc_status status = world->scenario->call(world);
    mqc_alloc_fail_after(-1);
    return status;
}

static void check_failure(const struct world *world, memqc_status status, int n) {
    const char *name = world->scenario->name;
    ck_assert_msg(status == MEMQC_ERROR_NOMEM, "%s, allocation %d: %s", name, n,
                  memqc_status_name(status));
    ck_assert_msg(strstr(memqc_last_error(), "out of memory") != NULL,
                  "%s, allocation %d: text is \"%s\"", name, n, memqc_last_error());
    ck_assert_msg(!world->made_device && !world->made_xb && !world->made_mlp,
                  "%s, allocation %d: the result is not NULL", name, n);
}

static void check_results(const struct world *world, const struct world *expected, int n) {
    const int equal = memcmp(world->result, expected->result, sizeof world->result) == 0 &&
                      memcmp(world->counts, expected->counts, sizeof world->counts) == 0;
    ck_assert_msg(equal, "%s, allocation %d: another result after the failure",
                  world->scenario->name, n);
}

START_TEST(any_allocation_may_fail) {
    static struct world control, world;
    static struct image before, after, later;
    const struct scenario *scenario = &scenarios[_i];
    memqc_status status = MEMQC_ERROR_NOMEM;
    int n = 0;
    fill();
    open_world(&control, scenario);
    read_world(&control, &before);
    OK(scenario->call(&control));
    read_world(&control, &after);
    go_on(&control);
    read_world(&control, &later);
    for (; status != MEMQC_OK; n++) {
        ck_assert_msg(n < MOST_ALLOCATIONS, "%s: fails whatever memory there is", scenario->name);
        open_world(&world, scenario);
        status = attempt(&world, n);
        if (status != MEMQC_OK) {
            check_failure(&world, status, n);
            check_image(&world, &before, "after the failure", n);
            memset(world.counts, 0, sizeof world.counts);
            OK(scenario->call(&world));
        }
        check_image(&world, &after, "after another try", n);
        go_on(&world);
        check_image(&world, &later, "further on", n);
        check_results(&world, &control, n);
        close_world(&world);
    }
    close_world(&control);
    ck_assert_msg(n > scenario->at_least, "%s: %d allocations, not %d or more", scenario->name,
                  n - 1, scenario->at_least);
}
END_TEST

/* The array is larger than can be addressed: refused before anything is asked for. */
START_TEST(too_much_is_out_of_memory) {
    ck_assert_ptr_null(mqc_alloc((size_t)-1 / 4, 8));
    ck_assert_ptr_nonnull(strstr(memqc_last_error(), "out of memory"));
    void *memory = mqc_alloc(0, 8);
    ck_assert_ptr_nonnull(memory);
    mqc_free(memory);
    mqc_free(NULL);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("alloc");
    TCase *tc = tcase_create("faults");
    tcase_set_timeout(tc, 300);
    tcase_add_loop_test(tc, any_allocation_may_fail, 0, COUNT(scenarios));
    tcase_add_test(tc, too_much_is_out_of_memory);
    suite_add_tcase(suite, tc);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    const int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
