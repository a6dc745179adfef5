/* SPDX-License-Identifier: BSD-3-Clause */
/* The promises that hold for all update rules: they learn, they go on to the last bit, and a failed
 * call changes nothing. */
#include "mlp.h"

#include "mlp/pass/inside.h"

/* --- one-directional pairs, level by level --- */

struct pair {
    int32_t up, down;
};

/* --- what holds for all of them --- */

START_TEST(every_rule_learns) {
    const struct rule_kind *kind = &rule_kinds[_i];
    memqc_mlp *mlp = make_rule_net(kind, 3);
    double best = 0;
    for (int epoch = 0; epoch < 60 && best < 0.9; epoch++) {
        OK(train_task(mlp, NULL, NULL));
        best = fmax(best, task_accuracy(mlp));
    }
    ck_assert_msg(best >= 0.9, "%s: %g", kind->name, best);
    memqc_mlp_destroy(&mlp);
}
END_TEST

static size_t bytes_of(memqc_mlp *mlp, unsigned char *data, size_t room) {
    size_t size = 0;
    OK(memqc_mlp_save_memory(mlp, data, room, &size));
    return size;
}

enum { ROOM = 1 << 17 };

static unsigned char bytes[2][ROOM];

/* The bytes of a saved network are all that it is, accumulators included. */
static void check_equal(memqc_mlp *a, memqc_mlp *b, const struct rule_kind *kind,
                        const char *when) {
    const size_t size = bytes_of(a, bytes[0], ROOM);
    ck_assert_msg(bytes_of(b, bytes[1], ROOM) == size && memcmp(bytes[0], bytes[1], size) == 0,
                  "%s: %s, the two differ", kind->name, when);
}

/* Every rule on every model, in pairs and in single cells: two networks that do the same are the
 * same, and they are not where they began. */
START_TEST(every_rule_works_on_every_model) {
    static const int rules[] = {MEMQC_CROSSBAR_RULE_STOCHASTIC, MEMQC_CROSSBAR_RULE_SIGN,
                                MEMQC_CROSSBAR_RULE_MIXED_PRECISION,
                                MEMQC_CROSSBAR_RULE_ONE_DIRECTIONAL, MEMQC_MLP_RULE_NOISE_AWARE};
    const int model = MEMQC_DEVICE_QUANTIZED + _i / (int)COUNT(rules),
              rule = rules[_i % (int)COUNT(rules)];
    for (int pair = rule == MEMQC_CROSSBAR_RULE_ONE_DIRECTIONAL; pair < 2; pair++) {
        memqc_device *device = NULL;
        memqc_mlp *mlp[2] = {NULL, NULL};
        float before[MOST_CELLS], after[MOST_CELLS];
        OK(memqc_device_create(model, &device));
        OK(memqc_device_set(device, MEMQC_DEVICE_D2D_G_MAX, 0.05));
        for (int k = 0; k < 2; k++) {
            OK(memqc_mlp_create(task_sizes, COUNT(task_sizes), device, 0, &mlp[k]));
            OK(memqc_mlp_set_crossbar(mlp[k], MEMQC_MLP_ALL, MEMQC_CROSSBAR_MAPPING,
                                      pair ? MEMQC_CROSSBAR_MAPPING_DIFFERENTIAL
                                           : MEMQC_CROSSBAR_MAPPING_SINGLE));
            OK(set_rule(mlp[k], rule));
            OK(memqc_mlp_get_weights(mlp[k], 0, before, task_sizes[1], NULL));
            OK(train_task(mlp[k], NULL, NULL));
            OK(memqc_mlp_get_weights(mlp[k], 0, after, task_sizes[1], NULL));
        }
        ck_assert_msg(same(mlp[0], mlp[1]), "model %d, rule %d: two networks differ", model, rule);
        ck_assert_msg(memcmp(before, after, sizeof before) != 0, "model %d, rule %d: nothing moved",
                      model, rule);
        for (size_t i = 0; i < task_sizes[0] * task_sizes[1]; i++)
            ck_assert(isfinite(after[i]));
        memqc_mlp_destroy(&mlp[0]);
        memqc_mlp_destroy(&mlp[1]);
        memqc_device_destroy(&device);
    }
}
END_TEST

START_TEST(every_rule_goes_on_to_the_last_bit) {
    const struct rule_kind *kind = &rule_kinds[_i];
    static struct log log;
    memqc_mlp *whole = make_rule_net(kind, 5), *parts = make_rule_net(kind, 5), *loaded = NULL;
    for (int epoch = 0; epoch < 3; epoch++)
        OK(train_task(whole, NULL, NULL));
    for (int epoch = 0; epoch < 3; epoch++) {
        memset(&log, 0, sizeof log);
        log.stop_at = (uint64_t)(21 + 49 * epoch);
        OK(memqc_mlp_set(parts, MEMQC_MLP_PROGRESS_INTERVAL, 1));
        FAILS(MEMQC_STOPPED, "stopped", train_task(parts, record, &log));
        OK(memqc_mlp_set(parts, MEMQC_MLP_PROGRESS_INTERVAL, 1000));
        const size_t size = bytes_of(parts, bytes[0], ROOM);
        OK(memqc_mlp_load_memory(bytes[0], size, &loaded));
        check_equal(parts, loaded, kind, "just loaded");
        memqc_mlp_destroy(&parts);
        parts = loaded;
        OK(train_task(parts, NULL, NULL));
    }
    check_equal(whole, parts, kind, "in one go and in parts");
    memqc_mlp_destroy(&whole);
    memqc_mlp_destroy(&parts);
}
END_TEST

START_TEST(a_failed_call_leaves_every_rule_as_it_was) {
    const struct rule_kind *kind = &rule_kinds[_i];
    memqc_mlp *mlp = make_rule_net(kind, 5), *control = make_rule_net(kind, 5);
    const float kept = task_x[TASK_INPUTS * 100];
    OK(train_task(mlp, NULL, NULL));
    OK(train_task(control, NULL, NULL));
    OK(memqc_mlp_set(mlp, MEMQC_MLP_INPUT_BITS, 0));
    OK(memqc_mlp_set(control, MEMQC_MLP_INPUT_BITS, 0));
    task_x[TASK_INPUTS * 100] = NAN; /* in the midst of an epoch: minibatches before it have been
                                        trained */
    FAILS(MEMQC_ERROR_DATA, "x[100, 0]", train_task(mlp, NULL, NULL));
    task_x[TASK_INPUTS * 100] = kept;
    check_equal(mlp, control, kind, "after a failure");
    OK(train_task(mlp, NULL, NULL));
    OK(train_task(control, NULL, NULL));
    check_equal(mlp, control, kind, "an epoch after a failure");
    memqc_mlp_destroy(&mlp);
    memqc_mlp_destroy(&control);
}
END_TEST

/* A schedule may take the learning rate below the smallest number there is. */
START_TEST(a_rate_of_nothing_moves_nothing) {
    const struct rule_kind *kind = &rule_kinds[_i];
    memqc_mlp *mlp = make_rule_net(kind, 3);
    float before[MOST_CELLS], after[MOST_CELLS];
    if (kind->rule >= MEMQC_MLP_RULE_FLOAT || kind->rule == MEMQC_CROSSBAR_RULE_MIXED_PRECISION ||
        kind->rule == MEMQC_CROSSBAR_RULE_ONE_DIRECTIONAL)
        OK(memqc_mlp_set(mlp, MEMQC_MLP_OPTIMIZER, MEMQC_MLP_SGD));
    OK(memqc_mlp_set(mlp, MEMQC_MLP_SCHEDULE, MEMQC_MLP_SCHEDULE_STEP));
    OK(memqc_mlp_set(mlp, MEMQC_MLP_SCHEDULE_FACTOR, 1e-6));
    OK(memqc_mlp_set(mlp, MEMQC_MLP_SCHEDULE_PERIOD, 1e-3));
    OK(train_task(mlp, NULL, NULL));
    OK(memqc_mlp_get_weights(mlp, 0, before, task_sizes[1], NULL));
    OK(train_task(mlp, NULL, NULL));
    OK(memqc_mlp_get_weights(mlp, 0, after, task_sizes[1], NULL));
    ck_assert_msg(memcmp(before, after, task_sizes[0] * task_sizes[1] * sizeof *before) == 0,
                  "%s: weights moved", kind->name);
    memqc_mlp_destroy(&mlp);
}
END_TEST

START_TEST(what_rules_refuse) {
    memqc_mlp *mlp = make(task_sizes, 3, "hfox-a"), *digital = make(task_sizes, 3, NULL);
    static const int rules[] = {MEMQC_CROSSBAR_RULE_STOCHASTIC, MEMQC_CROSSBAR_RULE_SIGN,
                                MEMQC_CROSSBAR_RULE_MIXED_PRECISION,
                                MEMQC_CROSSBAR_RULE_ONE_DIRECTIONAL, MEMQC_MLP_RULE_NOISE_AWARE};
    for (size_t i = 0; i < COUNT(rules); i++) {
        const int rule = rules[i];
        OK(set_rule(mlp, rule));
        if (rule != MEMQC_CROSSBAR_RULE_STOCHASTIC && rule != MEMQC_CROSSBAR_RULE_SIGN)
            continue;
        FAILS(MEMQC_ERROR_ARGUMENT, "keeps no digital weights",
              memqc_mlp_set(mlp, MEMQC_MLP_OPTIMIZER, MEMQC_MLP_ADAM));
    }
    FAILS(MEMQC_ERROR_ARGUMENT, "needs a device",
          memqc_mlp_set(digital, MEMQC_MLP_RULE, MEMQC_MLP_RULE_CROSSBAR));
    FAILS(MEMQC_ERROR_ARGUMENT, "needs a device",
          memqc_mlp_set(digital, MEMQC_MLP_RULE, MEMQC_MLP_RULE_NOISE_AWARE));
    OK(memqc_mlp_set(mlp, MEMQC_MLP_RULE, MEMQC_MLP_RULE_CROSSBAR));
    OK(set_rule(mlp, MEMQC_CROSSBAR_RULE_ONE_DIRECTIONAL));
    FAILS(MEMQC_ERROR_ARGUMENT, "DIFFERENTIAL", memqc_mlp_init(mlp));
    OK(memqc_mlp_set_crossbar(mlp, MEMQC_MLP_ALL, MEMQC_CROSSBAR_MAPPING,
                              MEMQC_CROSSBAR_MAPPING_DIFFERENTIAL));
    OK(memqc_mlp_set_crossbar(mlp, MEMQC_MLP_ALL, MEMQC_CROSSBAR_SCHEME,
                              MEMQC_CROSSBAR_SCHEME_VERIFY));
    FAILS(MEMQC_ERROR_ARGUMENT, "BLIND", memqc_mlp_init(mlp));
    OK(memqc_mlp_set_crossbar(mlp, MEMQC_MLP_ALL, MEMQC_CROSSBAR_SCHEME,
                              MEMQC_CROSSBAR_SCHEME_BLIND));
    FAILS(MEMQC_ERROR_ARGUMENT, "rule = sign",
          memqc_mlp_set_crossbar(mlp, MEMQC_MLP_ALL, MEMQC_CROSSBAR_SIGN_THRESHOLD, 1));
    FAILS(MEMQC_ERROR_ARGUMENT, "only rule = noise-aware",
          memqc_mlp_set(mlp, MEMQC_MLP_NOISE_FACTOR, 1));
    OK(memqc_mlp_set_crossbar(mlp, MEMQC_MLP_ALL, MEMQC_CROSSBAR_UPDATE_THRESHOLD, 2));
    OK(memqc_mlp_set_crossbar(mlp, MEMQC_MLP_ALL, MEMQC_CROSSBAR_REFRESH_LEVEL, 3));
    OK(memqc_mlp_set(mlp, MEMQC_MLP_RULE, MEMQC_MLP_RULE_NOISE_AWARE));
    FAILS(MEMQC_ERROR_ARGUMENT, "needs one", memqc_mlp_set_device(mlp, 0, NULL));
    memqc_mlp_destroy(&mlp);
    memqc_mlp_destroy(&digital);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("mlp_rules");
    TCase *task = add_group(suite, "task", make_task);
    tcase_add_loop_test(task, every_rule_learns, 0, RULE_KINDS);
    tcase_add_loop_test(task, every_rule_works_on_every_model, 0,
                        5 * (MEMQC_DEVICE_TABLE - MEMQC_DEVICE_QUANTIZED + 1));
    tcase_add_loop_test(task, every_rule_goes_on_to_the_last_bit, 0, RULE_KINDS);
    tcase_add_loop_test(task, a_failed_call_leaves_every_rule_as_it_was, 0, RULE_KINDS);
    tcase_add_loop_test(task, a_rate_of_nothing_moves_nothing, 0, RULE_KINDS);
    tcase_add_test(task, what_rules_refuse);
    return run_suite(suite);
}
