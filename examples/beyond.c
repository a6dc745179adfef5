/* SPDX-License-Identifier: BSD-3-Clause */
/* What the devices can do beyond the paper's own rule: every update rule on 784-256-10, under one
 * documented setting each. */
#include <memqc/memqc.h>

#include "data.h"
#include "interval.h"
#include "output.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { MOST_CHANGES = 32, MOST_SEEDS = 100, WHOLE = -1 };

/* A parameter of the network, or of one of its layers, or of the device. */
struct change {
    const char *key;
    int layer;
    double value;
};

struct rule {
    const char *name, *what;
    int transfer; /* trained digitally, then put onto the device */
    double rule;
    struct change set[MOST_CHANGES]; /* up to the first without a key */
};

/* For all: ReLU and softmax on inputs of full precision, minibatches of 32, and a learning rate
 * that falls along a cosine. */
static const struct change common[] = {
    {"input_bits", WHOLE, 0},
    {"activation", WHOLE, MEMQC_MLP_RELU},
    {"loss", WHOLE, MEMQC_MLP_CROSS_ENTROPY},
    {"batch", WHOLE, 32},
    {"schedule", WHOLE, MEMQC_MLP_SCHEDULE_COSINE},
    {NULL, 0, 0},
};

#define PAIRS \
    { "mapping", WHOLE, MEMQC_CROSSBAR_MAPPING_DIFFERENTIAL }
#define RANGES(range) \
    { "w_max", WHOLE, range }
#define BY_SAMPLE                               \
    {"batch", WHOLE, 1}, {                      \
        "activation", WHOLE, MEMQC_MLP_LOGISTIC \
    }
#define FALLING \
    { "schedule", WHOLE, MEMQC_MLP_SCHEDULE_EXPONENTIAL }
#define INITIAL                 \
    {"init_range", 0, 0.076}, { \
        "init_range", 1, 0.15   \
    }

static const struct rule rules[] = {
    {"float",
     "w <- w - lr grad in single precision, no device",
     0,
     MEMQC_MLP_RULE_FLOAT,
     {{"learning_rate", WHOLE, 0.2}}},
    {"nearest",
     "the nearest level (the paper's rule)",
     0,
     MEMQC_CROSSBAR_RULE_NEAREST_LEVEL,
     {PAIRS, RANGES(0.25), INITIAL, {"learning_rate", WHOLE, 1}}},
    {"stochastic",
     "stochastic rounding to levels",
     0,
     MEMQC_CROSSBAR_RULE_STOCHASTIC,
     {PAIRS, RANGES(0.25), INITIAL, {"learning_rate", WHOLE, 0.3}}},
    {"sign",
     "one level against the sign of a gradient above a threshold",
     0,
     MEMQC_CROSSBAR_RULE_SIGN,
     {PAIRS, RANGES(0.25), INITIAL, {"learning_rate", WHOLE, 0.5}, {"sign_threshold", WHOLE, 0.3}}},
    {"mixed",
     "mixed precision: a digital accumulator, pulses for whole levels",
     0,
     MEMQC_CROSSBAR_RULE_MIXED_PRECISION,
     {PAIRS, RANGES(0.5), INITIAL, {"learning_rate", WHOLE, 0.3}}},
    {"one-directional",
     "pairs of cells that are only depressed, and refreshed",
     0,
     MEMQC_CROSSBAR_RULE_ONE_DIRECTIONAL,
     {PAIRS, RANGES(0.5), INITIAL, {"learning_rate", WHOLE, 0.3}}},
    {"noise-aware",
     "digital weights under the device's noise, then transferred",
     1,
     MEMQC_MLP_RULE_NOISE_AWARE,
     {PAIRS, RANGES(0.5), {"learning_rate", WHOLE, 0.2}}},
    {"transfer",
     "trained in single precision, then transferred blindly",
     1,
     MEMQC_MLP_RULE_FLOAT,
     {PAIRS, {"learning_rate", WHOLE, 0.2}}},
    {"transfer-verify",
     "the same, with write and verify",
     1,
     MEMQC_MLP_RULE_FLOAT,
     {PAIRS,
      {"learning_rate", WHOLE, 0.2},
      {"scheme", WHOLE, MEMQC_CROSSBAR_SCHEME_VERIFY},
      {"verify_tolerance", WHOLE, 1}}},
    {"pulse-trains",
     "stochastic pulse trains, sample by sample (for --device rpu and its like)",
     0,
     MEMQC_CROSSBAR_RULE_PULSE_TRAIN,
     {BY_SAMPLE, RANGES(1), {"init_range", WHOLE, 0.1}, {"learning_rate", WHOLE, 0.02}}},
    {"tiki-taka",
     "pulse trains on a fast array, read row by row into the slow one (for --device soft-bounds)",
     0,
     MEMQC_CROSSBAR_RULE_TIKI_TAKA,
     {BY_SAMPLE, FALLING, RANGES(1), {"init_range", WHOLE, 0.1}, {"learning_rate", WHOLE, 0.02}}},
    {"tiki-taka-2",
     "the same through a digital buffer",
     0,
     MEMQC_CROSSBAR_RULE_TIKI_TAKA_2,
     {BY_SAMPLE,
      FALLING,
      RANGES(1),
      {"init_range", WHOLE, 0.1},
      {"learning_rate", WHOLE, 0.02},
      {"tiki_taka_threshold", WHOLE, 10}}},
};

enum { RULES = sizeof rules / sizeof *rules };

struct options {
    const char *rule, *device, *law, *data;
    int seeds, epochs, first, images;
    struct changes {
        size_t n;
        struct change change[MOST_CHANGES];
        char names[MOST_CHANGES][32];
        const char *choice[MOST_CHANGES]; /* instead of the value, where it is not NULL */
    } network, cells;
};

/* Of one run. */
struct result {
    double accuracy, pulses, energy, refreshes, seconds; /* of processor time an epoch */
};

static void must(memqc_status status) {
    if (status != MEMQC_OK) {
        fprintf(stderr, "beyond: %s: %s\n", memqc_status_name(status), memqc_last_error());
        exit(EXIT_FAILURE);
    }
}

static void apply(memqc_mlp *mlp, const struct change *changes, size_t n,
                  const char *const *choices) {
    for (size_t i = 0; i < n && changes[i].key; i++) {
        const size_t layer = changes[i].layer == WHOLE ? MEMQC_MLP_ALL : (size_t)changes[i].layer;
        const char *const choice = choices ? choices[i] : NULL;
        double value = changes[i].value;
        int32_t key = 0, number = 0;
        if (memqc_crossbar_key(changes[i].key, &key) == MEMQC_OK) { /* of the arrays */
            if (choice)
                must(memqc_crossbar_choice(key, choice, &number));
            must(memqc_mlp_set_crossbar(mlp, layer, key, choice ? number : value));
            continue;
        }
        must(memqc_mlp_key(changes[i].key, &key));
        if (choice)
            must(memqc_mlp_choice(key, choice, &number));
        value = choice ? number : value;
        if (changes[i].layer == WHOLE)
            must(memqc_mlp_set(mlp, key, value));
        else
            must(memqc_mlp_set_layer(mlp, layer, key, value));
    }
}

/* Only quantized devices have a law of their noise. */
static int has_law(const memqc_device *device) {
    int32_t used = 0;
    must(memqc_device_uses(device, MEMQC_DEVICE_LAW, &used));
    return used;
}

static memqc_device *make_device(const struct options *o) {
    memqc_device *device = NULL;
    int32_t law = 0;
    must(memqc_device_create_preset(o->device, &device));
    must(memqc_device_choice(MEMQC_DEVICE_LAW, o->law, &law));
    if (has_law(device))
        must(memqc_device_set(device, MEMQC_DEVICE_LAW, law));
    for (size_t i = 0; i < o->cells.n; i++) {
        const struct change *change = &o->cells.change[i];
        int32_t key = 0, number = 0;
        must(memqc_device_key(change->key, &key));
        if (o->cells.choice[i])
            must(memqc_device_choice(key, o->cells.choice[i], &number));
        must(memqc_device_set(device, key, o->cells.choice[i] ? number : change->value));
    }
    return device;
}

/* The law for the line of the results: that of the device, or none. */
static const char *law_name(const struct options *o, const struct rule *rule) {
    memqc_device *device = make_device(o);
    const int used = has_law(device) && (rule->rule != MEMQC_MLP_RULE_FLOAT || rule->transfer);
    memqc_device_destroy(&device);
    return used ? o->law : "none";
}

static memqc_mlp *make_network(const struct options *o, const struct rule *rule, uint64_t seed) {
    static const size_t sizes[] = {784, 256, 10};
    memqc_device *device = make_device(o);
    memqc_mlp *mlp = NULL;
    must(memqc_mlp_create(sizes, 3, device, 0, &mlp));
    memqc_device_destroy(&device);
    if (rule->set[0].key && strcmp(rule->set[0].key, "mapping") == 0) /* which a rule may ask for */
        apply(mlp, rule->set, 1, NULL);
    if (rule->rule >= MEMQC_MLP_RULE_FLOAT)
        must(memqc_mlp_set(mlp, MEMQC_MLP_RULE, rule->rule));
    else
        must(memqc_mlp_set_crossbar(mlp, MEMQC_MLP_ALL, MEMQC_CROSSBAR_RULE, rule->rule));
    apply(mlp, common, MOST_CHANGES, NULL);
    must(memqc_mlp_set(mlp, MEMQC_MLP_SCHEDULE_PERIOD, o->epochs));
    apply(mlp, rule->set, MOST_CHANGES, NULL);
    apply(mlp, o->network.change, o->network.n, o->network.choice);
    must(memqc_mlp_set_seed(mlp, seed));
    return mlp;
}

static void add_costs(memqc_mlp *mlp, struct result *result) {
    for (size_t l = 0; l < 2; l++) {
        const memqc_crossbar *xb = NULL;
        uint64_t refreshes = 0;
        double set = 0, reset = 0, energy = 0;
        if (memqc_mlp_borrow_crossbar(mlp, l, &xb) != MEMQC_OK)
            continue;
        must(memqc_crossbar_get_cost(xb, MEMQC_CROSSBAR_COST_SET, &set));
        must(memqc_crossbar_get_cost(xb, MEMQC_CROSSBAR_COST_RESET, &reset));
        must(memqc_crossbar_get_cost(xb, MEMQC_CROSSBAR_COST_ENERGY, &energy));
        must(memqc_crossbar_get_count(xb, MEMQC_CROSSBAR_COUNT_REFRESHED, &refreshes));
        result->pulses += set + reset;
        result->energy += energy;
        result->refreshes += (double)refreshes;
    }
}

static struct result run(const struct options *o, const struct rule *rule, const struct data *d,
                         uint64_t seed) {
    memqc_mlp *mlp = make_network(o, rule, seed), *onto = NULL;
    struct result result = {0, 0, 0, 0, 0};
    const size_t n = o->images && (size_t)o->images < d->train.n ? (size_t)o->images : d->train.n;
    const clock_t start = clock();
    must(memqc_mlp_fit(mlp, n, d->train.x, 784, d->train.labels, (uint32_t)o->epochs));
    result.seconds = (double)(clock() - start) / CLOCKS_PER_SEC / o->epochs;
    if (rule->transfer) {
        must(memqc_mlp_transfer(mlp, NULL, &onto));
        memqc_mlp_destroy(&mlp);
        mlp = onto;
    }
    must(memqc_mlp_evaluate(mlp, d->test.n, d->test.x, 784, d->test.labels, NULL, &result.accuracy,
                            NULL));
    add_costs(mlp, &result);
    memqc_mlp_destroy(&mlp);
    return result;
}

static void run_rule(const struct options *o, const struct rule *rule, const struct data *d) {
    double accuracies[MOST_SEEDS], pulses = 0, energy = 0, refreshes = 0;
    for (int i = 0; i < o->seeds; i++) {
        const struct result r = run(o, rule, d, (uint64_t)(o->first + i));
        printf("seed rule=%s seed=%d accuracy=%.2f pulses=%.0f energy=%.4g refreshes=%.0f "
               "seconds=%.4f\n",
               rule->name, o->first + i, 100 * r.accuracy, r.pulses, r.energy, r.refreshes,
               r.seconds);
        fflush(stdout);
        accuracies[i] = 100 * r.accuracy;
        pulses += r.pulses / o->seeds;
        energy += r.energy / o->seeds;
        refreshes += r.refreshes / o->seeds;
    }
    const struct interval all = accuracy_interval((size_t)o->seeds, accuracies);
    const char *device = rule->rule == MEMQC_MLP_RULE_FLOAT && !rule->transfer ? "none" : o->device;
    printf("result rule=%s device=%s law=%s accuracy=%.3f sd=%.3f seeds=%d epochs=%d", rule->name,
           device, law_name(o, rule), all.mean, all.sd, o->seeds, o->epochs);
    if (all.known)
        printf(" low=%.3f high=%.3f", all.low, all.high);
    printf(" pulses=%.0f energy=%.4g refreshes=%.0f\n", pulses, energy, refreshes);
    fflush(stdout);
}

static void usage(void) {
    printf(
        "usage: beyond [--rule NAME] [--device PRESET] [--law printed|linear|measured]\n"
        "              [--seeds N] [--first SEED] [--epochs N] [--images N] [--data DIR]\n"
        "              [--set PARAMETER=VALUE | --set PARAMETER@LAYER=VALUE] ...\n"
        "              [--set-device PARAMETER=VALUE] ...\n\n"
        "Trains 784-256-10 under each update rule, or one of them. Energy is in joules,\n"
        "accuracy in %% of the test images; low .. high is the 95 %% confidence interval of its\n"
        "mean. The law is that of the noise of quantized devices (measured); the other models\n"
        "have none. Parameters and their choices are those of the program parameters: of\n"
        "networks and arrays, or of the device.\n\n");
    for (size_t i = 0; i < RULES; i++)
        printf("  %-16s %s\n", rules[i].name, rules[i].what);
}

/* Reads PARAMETER=VALUE or PARAMETER@LAYER=VALUE, whose value is a number or a choice's name. */
static int parse_change(struct changes *changes, const char *text) {
    const size_t length = strcspn(text, "=");
    if (changes->n == MOST_CHANGES || !text[length] || length >= sizeof changes->names[0])
        return -1;
    struct change *change = &changes->change[changes->n];
    char *name = changes->names[changes->n], *at = NULL, *end = NULL;
    const char *const value = text + length + 1;
    memcpy(name, text, length);
    name[length] = 0;
    *change = (struct change){name, WHOLE, strtod(value, &end)};
    changes->choice[changes->n++] = *end || !*value ? value : NULL;
    if ((at = strchr(name, '@'))) {
        *at = 0;
        change->layer = atoi(at + 1);
    }
    return 0;
}

static int parse(struct options *o, int argc, char *argv[]) {
    const struct {
        const char *name;
        const char **text;
        int *number;
    } known[] = {{"--rule", &o->rule, NULL},     {"--device", &o->device, NULL},
                 {"--law", &o->law, NULL},       {"--data", &o->data, NULL},
                 {"--seeds", NULL, &o->seeds},   {"--first", NULL, &o->first},
                 {"--epochs", NULL, &o->epochs}, {"--images", NULL, &o->images}};
    for (int i = 1; i + 1 < argc; i += 2) {
        size_t k = 0;
        while (k < sizeof known / sizeof *known && strcmp(argv[i], known[k].name) != 0)
            k++;
        if (strcmp(argv[i], "--set") == 0 && parse_change(&o->network, argv[i + 1]) == 0)
            continue;
        if (strcmp(argv[i], "--set-device") == 0 && parse_change(&o->cells, argv[i + 1]) == 0)
            continue;
        if (k == sizeof known / sizeof *known)
            return -1;
        if (known[k].text)
            *known[k].text = argv[i + 1];
        else
            *known[k].number = atoi(argv[i + 1]);
    }
    const int good = o->seeds > 0 && o->seeds <= MOST_SEEDS && o->epochs > 0 && o->first >= 0;
    return argc % 2 && good && o->images >= 0 ? 0 : -1;
}

int main(int argc, char *argv[]) {
    struct options o = {
        .rule = "all", .device = "hfox-a", .law = "measured", .seeds = 5, .epochs = 10};
    struct data d;
    char error[1000];
    int found = 0;
    if (argc == 2 && strcmp(argv[1], "--help") == 0) {
        usage();
        return output_end("beyond", EXIT_SUCCESS);
    }
    if (parse(&o, argc, argv) != 0) {
        usage();
        return 2;
    }
    if (data_load(&d, o.data, 60000, 10000, 1, error, sizeof error) != 0) {
        fprintf(stderr, "beyond: %s\n", error);
        return EXIT_FAILURE;
    }
    printf("data: %s\n", d.source);
    for (size_t i = 0; i < RULES; i++) {
        if (strcmp(o.rule, "all") != 0 && strcmp(o.rule, rules[i].name) != 0)
            continue;
        found = 1;
        run_rule(&o, &rules[i], &d);
    }
    data_free(&d);
    if (!found)
        usage();
    return output_end("beyond", found ? EXIT_SUCCESS : 2);
}
