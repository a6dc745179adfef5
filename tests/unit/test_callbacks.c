/* SPDX-License-Identifier: BSD-3-Clause */
/* While a long call runs, calls that would change its object return STATE, and calls that read it
 * work: every public function, from within the progress function of every long call. */
#include "public.h"

#include <math.h>

static memqc_crossbar *at_work_xb;
static memqc_mlp *at_work_mlp;
static size_t calls;
static double last[8]; /* what the progress function was told */
static size_t last_n;

/* The call fails with STATE and says why. */
#define BUSY(call) FAILS(MEMQC_ERROR_STATE, "at work", call)

static void change_crossbar(memqc_crossbar *xb) {
    const int32_t key = MEMQC_CROSSBAR_READ_TIME;
    const double one = 1e-9;
    const int32_t pulse = 1;
    const size_t place = 0;
    (void)pulse;
    BUSY(memqc_crossbar_set(xb, key, one));
    BUSY(memqc_crossbar_set_many(xb, 1, &key, &one));
    BUSY(memqc_crossbar_set_seed(xb, 1));
    BUSY(memqc_crossbar_set_device(xb, device));
    BUSY(memqc_crossbar_set_progress(xb, NULL, NULL));
    BUSY(memqc_crossbar_program(xb, f, COLS));
    BUSY(memqc_crossbar_program_cell(xb, 0, 0, 0));
    BUSY(memqc_crossbar_program_list(xb, 1, &place, f));
    BUSY(memqc_crossbar_pulse(xb, 0, 1, &place, &pulse));
    BUSY(memqc_crossbar_set_conductances(xb, 0, f, COLS));
    BUSY(memqc_crossbar_follow(xb, f, COLS));
    BUSY(memqc_crossbar_update(xb, 1, f, COLS));
    BUSY(memqc_crossbar_update_outer(xb, 1, 1, f, ROWS, f, COLS));
    BUSY(memqc_crossbar_stick(xb, 0, 1, &place, NULL));
    BUSY(memqc_crossbar_unstick(xb, 0, 1, &place));
    BUSY(memqc_crossbar_remap(xb, NULL, NULL));
    BUSY(memqc_crossbar_advance(xb, 1));
    BUSY(memqc_crossbar_rewind(xb, 0));
}

/* Products count, and draw noise: they change an array, too. */
static void read_through(memqc_crossbar *xb) {
    float y[ROWS + COLS];
    double volts[ROWS + COLS], word[ROWS * COLS], bit[ROWS * COLS];
    memset(volts, 0, sizeof volts);
    BUSY(memqc_crossbar_mac(xb, 1, f, ROWS, y, COLS));
    BUSY(memqc_crossbar_mac_transposed(xb, 1, f, COLS, y, ROWS));
    BUSY(memqc_crossbar_calibrate(xb, 1, f, ROWS, 99));
    BUSY(memqc_crossbar_calibrate_transposed(xb, 1, f, COLS, 99));
    BUSY(memqc_crossbar_currents(xb, 0, 1, f, ROWS, y, COLS));
    BUSY(memqc_crossbar_currents_transposed(xb, 0, 1, f, COLS, y, ROWS));
    (void)word, (void)bit;
}

static void look_at_crossbar(const memqc_crossbar *xb) {
    memqc_crossbar *copy = NULL;
    memqc_device *own = NULL;
    uint64_t count = 0, seed = 0;
    size_t size = 0;
    double value = 0;
    OK(memqc_crossbar_get(xb, MEMQC_CROSSBAR_MAPPING, &value));
    OK(memqc_crossbar_get_seed(xb, &seed));
    OK(memqc_crossbar_get_shape(xb, &size, NULL, NULL));
    OK(memqc_crossbar_get_count(xb, MEMQC_CROSSBAR_COUNT_PROGRAMMED, &count));
    OK(memqc_crossbar_get_clock(xb, &value));
    OK(memqc_crossbar_get_device(xb, &own));
    memqc_device_destroy(&own);
    const memqc_status copied = memqc_crossbar_copy(xb, &copy);
    ck_assert(copied == MEMQC_OK || copied == MEMQC_ERROR_STATE);
    memqc_crossbar_destroy(&copy);
}

static int32_t inside_crossbar(void *user, const double *at, size_t n) {
    ck_assert_ptr_eq(user, &calls);
    ck_assert_uint_gt(n, MEMQC_PROGRESS_ACCURACY);
    ck_assert(at[MEMQC_PROGRESS_PHASE] == MEMQC_PHASE_PROGRAMMING);
    ck_assert(at[MEMQC_PROGRESS_DONE] <= at[MEMQC_PROGRESS_TOTAL]);
    if (calls++ == 0) {
        change_crossbar(at_work_xb);
        read_through(at_work_xb);
        look_at_crossbar(at_work_xb);
    }
    return 0;
}

/* Write-verify of an array large enough to report. */
static memqc_crossbar *verified_array(size_t side) {
    memqc_crossbar *xb = NULL;
    OK(memqc_crossbar_create(device, side, side, 1, &xb));
    OK(memqc_crossbar_set(xb, MEMQC_CROSSBAR_SCHEME, MEMQC_CROSSBAR_SCHEME_VERIFY));
    return xb;
}

START_TEST(programming_keeps_others_out) {
    enum { SIDE = 256 };
    float *w = calloc(SIDE * SIDE, sizeof *w);
    memqc_crossbar *plain = verified_array(SIDE);
    ck_assert_ptr_nonnull(w);
    at_work_xb = verified_array(SIDE);
    calls = 0;
    OK(memqc_crossbar_set_progress(at_work_xb, inside_crossbar, &calls));
    OK(memqc_crossbar_program(at_work_xb, w, SIDE));
    ck_assert_uint_gt(calls, 0);
    OK(memqc_crossbar_set_progress(at_work_xb, NULL, NULL));
    OK(memqc_crossbar_advance(at_work_xb, 1));  /* it is free again */
    OK(memqc_crossbar_program(plain, w, SIDE)); /* and the progress function changed nothing */
    float *g[2] = {calloc(SIDE * SIDE, sizeof **g), calloc(SIDE * SIDE, sizeof **g)};
    OK(memqc_crossbar_get_conductances(plain, 0, g[0], SIDE));
    OK(memqc_crossbar_program(at_work_xb, w, SIDE));
    OK(memqc_crossbar_get_conductances(at_work_xb, 0, g[1], SIDE));
    free(g[0]);
    free(g[1]);
    free(w);
    memqc_crossbar_destroy(&plain);
    memqc_crossbar_destroy(&at_work_xb);
}
END_TEST

/* --- networks --- */

enum { INPUTS = 2, LABELS = 2, SOME = 40 };

static float x[SOME * INPUTS];
static int32_t labels[SOME];

static void change_network(memqc_mlp *mlp) {
    const int32_t key = MEMQC_MLP_LEARNING_RATE;
    const double one = 1;
    float w[16] = {0};
    BUSY(memqc_mlp_set(mlp, key, one));
    BUSY(memqc_mlp_set_many(mlp, 1, &key, &one));
    BUSY(memqc_mlp_set_layer(mlp, 0, key, one));
    BUSY(memqc_mlp_set_crossbar(mlp, 0, MEMQC_CROSSBAR_ADC_BITS, 4));
    BUSY(memqc_mlp_set_seed(mlp, 1));
    BUSY(memqc_mlp_set_device(mlp, 0, device));
    BUSY(memqc_mlp_set_progress(mlp, NULL, NULL));
    BUSY(memqc_mlp_set_checkpoint(mlp, NULL, 0));
    BUSY(memqc_mlp_set_weights(mlp, 0, w, 3, w));
    BUSY(memqc_mlp_init(mlp));
    BUSY(memqc_mlp_reset(mlp));
}

static void run_network(memqc_mlp *mlp) {
    double accuracies[4], limits[MEMQC_MLP_LIMITS];
    float out[SOME * LABELS];
    BUSY(memqc_mlp_train_epoch(mlp, SOME, x, INPUTS, labels));
    BUSY(memqc_mlp_fit(mlp, SOME, x, INPUTS, labels, 2));
    BUSY(memqc_mlp_predict(mlp, SOME, x, INPUTS, out, LABELS, NULL));
    BUSY(memqc_mlp_evaluate(mlp, SOME, x, INPUTS, labels, NULL, accuracies, NULL));
    BUSY(memqc_mlp_monte_carlo(mlp, device, SOME, x, INPUTS, labels, accuracies));
    BUSY(memqc_mlp_sensitivity(mlp, device, MEMQC_MLP_PROPERTY_C2C, SOME, x, INPUTS, labels,
                               limits));
    BUSY(memqc_mlp_shapley(mlp, device, 0, SOME, x, INPUTS, labels, limits));
}

static void look_at_network(const memqc_mlp *mlp) {
    double value = 0;
    uint32_t epochs = 0;
    uint64_t seed = 0;
    OK(memqc_mlp_get(mlp, MEMQC_MLP_LEARNING_RATE, &value));
    OK(memqc_mlp_get_layer(mlp, 0, MEMQC_MLP_LEARNING_RATE, &value));
    OK(memqc_mlp_get_epochs(mlp, &epochs));
    OK(memqc_mlp_get_seed(mlp, &seed));
}

static int32_t inside_network(void *user, const double *at, size_t n) {
    ck_assert_ptr_eq(user, &calls);
    ck_assert_uint_gt(n, MEMQC_PROGRESS_ACCURACY);
    last_n = n < COUNT(last) ? n : COUNT(last);
    memcpy(last, at, last_n * sizeof *at);
    if (calls++ == 0) {
        change_network(at_work_mlp);
        run_network(at_work_mlp);
        look_at_network(at_work_mlp);
    }
    return 0;
}

static int32_t stop(void *user, const double *at, size_t n) {
    (void)user, (void)at, (void)n;
    return 1;
}

static void make_samples(void) {
    for (size_t i = 0; i < SOME; i++) {
        labels[i] = (int32_t)(i % LABELS);
        x[i * INPUTS] = labels[i] ? 1 : 0;
        x[i * INPUTS + 1] = (float)(i % 5) / 5;
    }
}

enum { EPOCH, FIT, MONTE_CARLO, SENSITIVITY, LONG_CALLS };

static const double phases[LONG_CALLS] = {MEMQC_PHASE_TRAINING, MEMQC_PHASE_TRAINING,
                                          MEMQC_PHASE_MONTE_CARLO, MEMQC_PHASE_SENSITIVITY};

static memqc_status call(memqc_mlp *mlp, int which) {
    static double accuracies[4], limits[MEMQC_MLP_LIMITS];
    uint32_t epochs = 0;
    OK(memqc_mlp_get_epochs(mlp, &epochs));
    switch (which) {
    case EPOCH:
        return memqc_mlp_train_epoch(mlp, SOME, x, INPUTS, labels);
    case FIT:
        return memqc_mlp_fit(mlp, SOME, x, INPUTS, labels, epochs + 2);
    case MONTE_CARLO:
        return memqc_mlp_monte_carlo(mlp, device, SOME, x, INPUTS, labels, accuracies);
    default:
        return memqc_mlp_sensitivity(mlp, device, MEMQC_MLP_PROPERTY_C2C, SOME, x, INPUTS, labels,
                                     limits);
    }
}

static void prepare(memqc_mlp *mlp) {
    OK(memqc_mlp_set(mlp, MEMQC_MLP_PROGRESS_INTERVAL, 1));
    OK(memqc_mlp_set(mlp, MEMQC_MLP_INSTANCES, 2));
    OK(memqc_mlp_set(mlp, MEMQC_MLP_THREADS, 1));
}

/* Long calls of a network on a device, and of one in floats where that makes sense. */
START_TEST(long_calls_keep_others_out) {
    const int which = _i % LONG_CALLS;
    at_work_mlp = _i / LONG_CALLS ? digital : analog;
    make_samples();
    prepare(at_work_mlp);
    calls = 0;
    OK(memqc_mlp_set_progress(at_work_mlp, inside_network, &calls));
    OK(call(at_work_mlp, which));
    ck_assert_uint_gt(calls, 0);
    ck_assert_msg(last[MEMQC_PROGRESS_PHASE] == phases[which], "phase %g, not %g",
                  last[MEMQC_PROGRESS_PHASE], phases[which]);
    OK(memqc_mlp_set(at_work_mlp, MEMQC_MLP_LEARNING_RATE, 0.5)); /* it is free again */
    OK(memqc_mlp_set_progress(at_work_mlp, stop, NULL));
    FAILS(MEMQC_STOPPED, "stopped", call(at_work_mlp, which));
    OK(memqc_mlp_set(at_work_mlp, MEMQC_MLP_LEARNING_RATE, 0.25)); /* and so it is when stopped */
    OK(memqc_mlp_set_progress(at_work_mlp, NULL, NULL));
    OK(call(at_work_mlp, which));
}
END_TEST

/* A call that fails leaves its object free. */
START_TEST(failed_calls_leave_it_free) {
    make_samples();
    labels[3] = 7;
    OK(memqc_mlp_set_progress(analog, inside_network, &calls));
    FAILS(MEMQC_ERROR_DATA, NULL, memqc_mlp_train_epoch(analog, SOME, x, INPUTS, labels));
    OK(memqc_mlp_set(analog, MEMQC_MLP_LEARNING_RATE, 0.5));
}
END_TEST

int main(void) {
    Suite *suite = suite_create("callbacks");
    TCase *tests = group(suite, "callbacks");
    tcase_add_test(tests, programming_keeps_others_out);
    tcase_add_loop_test(tests, long_calls_keep_others_out, 0, 2 * LONG_CALLS);
    tcase_add_test(tests, failed_calls_leave_it_free);
    return run_suite(suite);
}
