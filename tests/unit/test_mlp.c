/* SPDX-License-Identifier: BSD-3-Clause */
/* Networks through the public interface alone: what they compute is compared with a forward pass of the
 * test's own in double precision, what they learn with finite differences of its loss, and everything that
 * promises to be repeatable bit for bit. */
#include <memqc/memqc.h>

#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

#define WORKS(call)                                                                                         \
    do {                                                                                                    \
        memqc_status works_status_ = (call);                                                                \
        ck_assert_msg(works_status_ == MEMQC_OK, "%s gave %s: %s", #call, memqc_status_name(works_status_), \
                      memqc_last_error());                                                                  \
    } while (0)

/* Must fail with that status, its text having the word in it. */
#define FAILS(status, word, call)                                                                           \
    do {                                                                                                    \
        memqc_status fails_status_ = (call);                                                                \
        ck_assert_msg(fails_status_ == (status), "%s gave %s: %s", #call, memqc_status_name(fails_status_), \
                      memqc_last_error());                                                                  \
        ck_assert_msg(strstr(memqc_last_error(), (word)) != NULL, "%s: no \"%s\" in the text: %s", #call,   \
                      (word), memqc_last_error());                                                          \
    } while (0)

/* --- numbers of the test's own --- */

static uint64_t random_state;

/* xorshift64*: nothing that the library has a part in. */
static double uniform(double low, double high) {
    random_state ^= random_state >> 12;
    random_state ^= random_state << 25;
    random_state ^= random_state >> 27;
    const double unit = (double)((random_state * UINT64_C(2685821657736338717)) >> 11) * 0x1p-53;
    return low + (high - low) * unit;
}

static void fill(size_t n, float *x, double low, double high) {
    for (size_t i = 0; i < n; i++)
        x[i] = (float)uniform(low, high);
}

static void setup(void) {
    random_state = UINT64_C(88172645463325252);
}

/* --- a network in double precision --- */

enum { MOST_LAYERS = 63, MOST_UNITS = 8, MOST_CELLS = MOST_UNITS * MOST_UNITS, WIDEST = 784 };

struct model {
    size_t n_layers, sizes[MOST_LAYERS + 1];
    double activation, loss;
    double *w[MOST_LAYERS], *b[MOST_LAYERS], *memory;
};

/* Makes room in a model that is static, zero at first and used again and again. */
static void shape_model(struct model *model, const size_t *sizes, size_t n_sizes) {
    size_t total = 0;
    for (size_t l = 0; l + 1 < n_sizes; l++)
        total += (sizes[l] + 1) * sizes[l + 1];
    free(model->memory);
    model->memory = calloc(total, sizeof *model->memory);
    ck_assert_ptr_nonnull(model->memory);
    model->n_layers = n_sizes - 1;
    memcpy(model->sizes, sizes, n_sizes * sizeof *sizes);
    double *next = model->memory;
    for (size_t l = 0; l < model->n_layers; l++) {
        model->w[l] = next;
        model->b[l] = next += sizes[l] * sizes[l + 1];
        next += sizes[l + 1];
    }
}

static void read_model(memqc_mlp *mlp, const size_t *sizes, size_t n_sizes, struct model *model) {
    shape_model(model, sizes, n_sizes);
    WORKS(memqc_mlp_get(mlp, MEMQC_MLP_ACTIVATION, &model->activation));
    WORKS(memqc_mlp_get(mlp, MEMQC_MLP_LOSS, &model->loss));
    for (size_t l = 0; l < model->n_layers; l++) {
        const size_t cells = sizes[l] * sizes[l + 1];
        float *w = calloc(cells, sizeof *w), b[WIDEST];
        ck_assert_ptr_nonnull(w);
        WORKS(memqc_mlp_get_weights(mlp, l, w, sizes[l + 1], b));
        for (size_t i = 0; i < cells; i++)
            model->w[l][i] = (double)w[i];
        for (size_t i = 0; i < sizes[l + 1]; i++)
            model->b[l][i] = (double)b[i];
        free(w);
    }
}

static double activate(double activation, double a) {
    if (activation == MEMQC_MLP_LOGISTIC)
        return 1 / (1 + exp(-a));
    if (activation == MEMQC_MLP_TANH)
        return tanh(a);
    return a > 0 ? a : 0;
}

static double softmax(size_t n, double *a) {
    double most = a[0], sum = 0;
    for (size_t j = 1; j < n; j++)
        most = fmax(most, a[j]);
    for (size_t j = 0; j < n; j++)
        sum += exp(a[j] - most);
    for (size_t j = 0; j < n; j++)
        a[j] = exp(a[j] - most) / sum;
    return most + log(sum);
}

/* Outputs of one sample, and its loss. */
static double model_sample(const struct model *model, const float *x, int32_t label, double h[WIDEST]) {
    double a[WIDEST], logit = 0, log_sum = 0, loss = 0;
    for (size_t i = 0; i < model->sizes[0]; i++)
        h[i] = (double)x[i];
    for (size_t l = 0; l < model->n_layers; l++) {
        const size_t out = model->sizes[l + 1];
        const int top = l + 1 == model->n_layers && model->loss == MEMQC_MLP_CROSS_ENTROPY;
        for (size_t j = 0; j < out; j++) {
            a[j] = model->b[l][j];
            for (size_t i = 0; i < model->sizes[l]; i++)
                a[j] += h[i] * model->w[l][i * out + j];
        }
        logit = a[label % (int32_t)out];
        if (top)
            log_sum = softmax(out, a);
        for (size_t j = 0; j < out; j++)
            h[j] = top ? a[j] : activate(model->activation, a[j]);
    }
    if (model->loss == MEMQC_MLP_CROSS_ENTROPY)
        return log_sum - logit;
    for (size_t j = 0; j < model->sizes[model->n_layers]; j++)
        loss += 0.5 * pow(h[j] - (j == (size_t)label), 2);
    return loss;
}

static double model_loss(const struct model *model, size_t n, const float *x, const int32_t *labels) {
    double h[WIDEST], sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += model_sample(model, x + i * model->sizes[0], labels[i], h);
    return sum / (double)n;
}

/* d loss / d parameter by a central difference. */
static double slope(struct model *model, double *parameter, size_t n, const float *x, const int32_t *labels) {
    const double h = 1e-6, kept = *parameter;
    *parameter = kept + h;
    const double above = model_loss(model, n, x, labels);
    *parameter = kept - h;
    const double below = model_loss(model, n, x, labels);
    *parameter = kept;
    return (above - below) / (2 * h);
}

/* The gradients of a whole model, laid out as its parameters are. */
static void differentiate(struct model *model, size_t n, const float *x, const int32_t *labels,
                          struct model *grad) {
    shape_model(grad, model->sizes, model->n_layers + 1);
    for (size_t l = 0; l < model->n_layers; l++) {
        for (size_t i = 0; i < model->sizes[l] * model->sizes[l + 1]; i++)
            grad->w[l][i] = slope(model, &model->w[l][i], n, x, labels);
        for (size_t i = 0; i < model->sizes[l + 1]; i++)
            grad->b[l][i] = slope(model, &model->b[l][i], n, x, labels);
    }
}

/* --- networks and data --- */

struct setting {
    int32_t key;
    double value;
};

static void set_all(memqc_mlp *mlp, const struct setting *settings, size_t n) {
    for (size_t i = 0; i < n; i++)
        WORKS(memqc_mlp_set(mlp, settings[i].key, settings[i].value));
}

/* A network on a preset's cells, or without a device where the name is NULL. */
static memqc_mlp *make(const size_t *sizes, size_t n_sizes, const char *preset) {
    memqc_device *device = NULL;
    memqc_mlp *mlp = NULL;
    if (preset)
        WORKS(memqc_device_create_preset(preset, &device));
    WORKS(memqc_mlp_create(sizes, n_sizes, device, &mlp));
    memqc_device_destroy(&device);
    return mlp;
}

/* Weights and biases that no initialisation would give. */
static void randomize(memqc_mlp *mlp, const size_t *sizes, size_t n_sizes, double range) {
    for (size_t l = 0; l + 1 < n_sizes; l++) {
        float w[MOST_CELLS], b[MOST_UNITS];
        fill(sizes[l] * sizes[l + 1], w, -range, range);
        fill(sizes[l + 1], b, 0, range); /* up, as a ReLU that is off tests nothing */
        WORKS(memqc_mlp_set_weights(mlp, l, w, sizes[l + 1], b));
    }
}

/* Classes of a ring of inputs that are on, with some noise: a small task that can be learnt to the last
 * sample. */
enum { TASK_INPUTS = 8, TASK_CLASSES = 4, TASK_SAMPLES = 203 };
static const size_t task_sizes[] = {TASK_INPUTS, 8, TASK_CLASSES};
static float task_x[TASK_SAMPLES * TASK_INPUTS];
static int32_t task_labels[TASK_SAMPLES];

static void make_task(void) {
    setup();
    for (size_t i = 0; i < TASK_SAMPLES; i++) {
        const size_t label = (size_t)uniform(0, TASK_CLASSES);
        task_labels[i] = (int32_t)label;
        for (size_t j = 0; j < TASK_INPUTS; j++) {
            const int on = j / 2 == label || j / 2 == (label + 1) % TASK_CLASSES;
            task_x[i * TASK_INPUTS + j] = (float)(on ? uniform(0.55, 1.0) : uniform(0.0, 0.45));
        }
    }
}

static memqc_status train_task(memqc_mlp *mlp, memqc_mlp_progress progress, void *user) {
    return memqc_mlp_train(mlp, TASK_SAMPLES, task_x, TASK_INPUTS, task_labels, progress, user);
}

static double task_accuracy(memqc_mlp *mlp) {
    double accuracy = 0;
    WORKS(memqc_mlp_evaluate(mlp, TASK_SAMPLES, task_x, TASK_INPUTS, task_labels, NULL, &accuracy, NULL));
    return accuracy;
}

/* The kinds of network that every promise must hold for. */
struct kind {
    const char *name, *preset;
    double mapping, rate;
};
static const struct kind kinds[] = {
    {"float", NULL, MEMQC_CROSSBAR_MAPPING_SINGLE, 4},
    {"ideal, single", "ideal", MEMQC_CROSSBAR_MAPPING_SINGLE, 10},
    {"ideal, differential", "ideal", MEMQC_CROSSBAR_MAPPING_DIFFERENTIAL, 10},
    {"hfox-a, single", "hfox-a", MEMQC_CROSSBAR_MAPPING_SINGLE, 10},
    {"hfox-a, differential", "hfox-a", MEMQC_CROSSBAR_MAPPING_DIFFERENTIAL, 10},
};
enum { KINDS = COUNT(kinds) };

static memqc_mlp *make_task_net(const struct kind *kind, uint64_t seed) {
    memqc_mlp *mlp = make(task_sizes, COUNT(task_sizes), kind->preset);
    WORKS(memqc_mlp_set(mlp, MEMQC_MLP_MAPPING, kind->mapping));
    WORKS(memqc_mlp_set(mlp, MEMQC_MLP_LEARNING_RATE, kind->rate));
    WORKS(memqc_mlp_set(mlp, MEMQC_MLP_BATCH, 7));
    WORKS(memqc_mlp_seed(mlp, seed));
    return mlp;
}

/* --- equality to the last bit --- */

struct state {
    float w[2][MOST_CELLS], b[2][MOST_UNITS];
    float g[2][2][MOST_CELLS];
    uint64_t counters[2][3];
    uint32_t epochs;
};

/* Everything that can be read of a network of the task. */
static void read_state(memqc_mlp *mlp, struct state *state) {
    memset(state, 0, sizeof *state);
    WORKS(memqc_mlp_epochs(mlp, &state->epochs));
    for (size_t l = 0; l < 2; l++) {
        const memqc_crossbar *xb = NULL;
        const size_t cols = task_sizes[l + 1];
        size_t planes = 0;
        WORKS(memqc_mlp_get_weights(mlp, l, state->w[l], cols, state->b[l]));
        if (memqc_mlp_crossbar(mlp, l, &xb) != MEMQC_OK)
            continue;
        WORKS(memqc_crossbar_shape(xb, NULL, NULL, &planes));
        for (size_t plane = 0; plane < planes; plane++)
            WORKS(memqc_crossbar_get_conductances(xb, plane, state->g[l][plane], cols));
        for (int32_t counter = 1; counter <= 3; counter++)
            WORKS(memqc_crossbar_count(xb, counter, &state->counters[l][counter - 1]));
    }
}

static int same(memqc_mlp *a, memqc_mlp *b) {
    struct state *states = calloc(2, sizeof *states);
    ck_assert_ptr_nonnull(states);
    read_state(a, &states[0]);
    read_state(b, &states[1]);
    const int equal = memcmp(&states[0], &states[1], sizeof *states) == 0;
    free(states);
    return equal;
}

#define SAME(kind, what, a, b) ck_assert_msg(same((a), (b)), "%s: %s", (kind)->name, (what))

/* --- forward and backward --- */

struct shape {
    size_t n_sizes, sizes[4];
};
static const struct shape shapes[] = {{2, {5, 4}}, {3, {5, 6, 3}}, {4, {4, 6, 5, 3}}};
enum { SHAPES = COUNT(shapes), ACTIVATIONS = MEMQC_MLP_RELU, LOSSES = MEMQC_MLP_CROSS_ENTROPY };
enum { CASES = SHAPES * ACTIVATIONS * LOSSES };

static const struct shape *case_shape(int i) {
    return &shapes[i % SHAPES];
}

/* The i-th combination of shape, activation and loss, with random weights. */
static memqc_mlp *make_case(int i, const char *preset) {
    const struct shape *shape = case_shape(i);
    const struct setting settings[] = {
        {MEMQC_MLP_ACTIVATION, i / SHAPES % ACTIVATIONS + 1},
        {MEMQC_MLP_LOSS, i / SHAPES / ACTIVATIONS + 1},
        {MEMQC_MLP_INPUT_BITS, 0},
    };
    memqc_mlp *mlp = make(shape->sizes, shape->n_sizes, preset);
    set_all(mlp, settings, COUNT(settings));
    randomize(mlp, shape->sizes, shape->n_sizes, 0.9);
    return mlp;
}

enum { BATCH = 7 };

static void make_batch(const struct shape *shape, size_t n, float *x, int32_t *labels) {
    fill(n * shape->sizes[0], x, -1, 1);
    for (size_t i = 0; i < n; i++)
        labels[i] = (int32_t)uniform(0, (double)shape->sizes[shape->n_sizes - 1]);
}

struct comparison {
    double norm, error; /* squared */
    size_t n;
};

/* The step that a parameter took, over -lr, is its gradient. */
static void compare(struct comparison *sum, size_t n, const double *before, const double *after,
                    const double *grad, double rate, double floor) {
    for (size_t i = 0; i < n; i++) {
        const double step = (before[i] - after[i]) / rate, error = step - grad[i];
        ck_assert_msg(fabs(error) <= 1e-3 * fabs(grad[i]) + floor,
                      "parameter %zu: %g, finite differences say %g", i, step, grad[i]);
        sum->norm += grad[i] * grad[i];
        sum->error += error * error;
        sum->n++;
    }
}

START_TEST(gradients_are_finite_differences) {
    static struct model before, after, grad;
    const struct shape *shape = case_shape(_i);
    /* The step is linear in the rate however large that is, and a step that is not small against the weights
     * loses nothing to their rounding. It also shows whether weights are used after they have been changed.
     */
    const double rate = 4;
    float x[BATCH * MOST_UNITS];
    int32_t labels[BATCH];
    struct comparison sum = {0, 0, 0};
    memqc_mlp *mlp = make_case(_i, NULL);
    make_batch(shape, BATCH, x, labels);
    WORKS(memqc_mlp_set(mlp, MEMQC_MLP_BATCH, BATCH));
    WORKS(memqc_mlp_set(mlp, MEMQC_MLP_LEARNING_RATE, rate));
    read_model(mlp, shape->sizes, shape->n_sizes, &before);
    differentiate(&before, BATCH, x, labels, &grad);
    WORKS(memqc_mlp_train(mlp, BATCH, x, shape->sizes[0], labels, NULL, NULL));
    read_model(mlp, shape->sizes, shape->n_sizes, &after);
    for (size_t l = 0; l < before.n_layers; l++) {
        const size_t out = before.sizes[l + 1];
        compare(&sum, before.sizes[l] * out, before.w[l], after.w[l], grad.w[l], rate, 1e-6);
        compare(&sum, out, before.b[l], after.b[l], grad.b[l], rate, 1e-6);
    }
    ck_assert_msg(sum.norm > 1e-4, "a gradient of norm %g tests nothing", sqrt(sum.norm));
    ck_assert_msg(sum.error <= 1e-6 * sum.norm, "relative error %g", sqrt(sum.error / sum.norm));
    memqc_mlp_destroy(&mlp);
}
END_TEST

/* Sizes at which products are cut into blocks. Of each layer, so many parameters are looked at. */
static const struct shape large[] = {{4, {784, 16, 16, 10}}, {4, {300, 40, 70, 10}}, {3, {33, 130, 5}}};
enum { LARGE = COUNT(large), LARGE_BATCH = 13, LARGE_CELLS = 784 * 40, LOOKED_AT = 20 };

static memqc_mlp *make_large(const struct shape *shape, const char *preset, double mapping, double rate) {
    const struct setting settings[] = {{MEMQC_MLP_LOSS, MEMQC_MLP_CROSS_ENTROPY},
                                       {MEMQC_MLP_ACTIVATION, MEMQC_MLP_TANH},
                                       {MEMQC_MLP_MAPPING, mapping},
                                       {MEMQC_MLP_WEIGHT_RANGE, 0.2},
                                       {MEMQC_MLP_BATCH, LARGE_BATCH},
                                       {MEMQC_MLP_LEARNING_RATE, rate},
                                       {MEMQC_MLP_INPUT_BITS, 0}};
    memqc_mlp *mlp = make(shape->sizes, shape->n_sizes, preset);
    set_all(mlp, settings, COUNT(settings));
    return mlp;
}

START_TEST(gradients_of_large_networks) {
    static struct model before, after;
    static float x[LARGE_BATCH * WIDEST];
    const struct shape *shape = &large[_i];
    int32_t labels[LARGE_BATCH];
    struct comparison sum = {0, 0, 0};
    memqc_mlp *mlp = make_large(shape, NULL, MEMQC_CROSSBAR_MAPPING_SINGLE, 4);
    make_batch(shape, LARGE_BATCH, x, labels);
    read_model(mlp, shape->sizes, shape->n_sizes, &before);
    WORKS(memqc_mlp_train(mlp, LARGE_BATCH, x, shape->sizes[0], labels, NULL, NULL));
    read_model(mlp, shape->sizes, shape->n_sizes, &after);
    for (size_t l = 0; l < before.n_layers; l++) {
        for (size_t k = 0; k < LOOKED_AT; k++) { /* biases stand behind weights */
            const size_t i = (size_t)uniform(0, (double)((before.sizes[l] + 1) * before.sizes[l + 1]));
            const double grad = slope(&before, &before.w[l][i], LARGE_BATCH, x, labels);
            compare(&sum, 1, &before.w[l][i], &after.w[l][i], &grad, 4, 1e-6);
        }
    }
    ck_assert_msg(sum.error <= 1e-6 * sum.norm, "relative error %g", sqrt(sum.error / sum.norm));
    memqc_mlp_destroy(&mlp);
}
END_TEST

/* More samples than the library takes at a time, with gaps between the rows. */
enum { MANY = 300, GAP = 3 };

static void check_outputs(memqc_mlp *mlp, const struct shape *shape) {
    static struct model model;
    static float x[MANY * (WIDEST + GAP)], outputs[MANY * (WIDEST + GAP)];
    static int32_t classes[MANY];
    const size_t n_out = shape->sizes[shape->n_sizes - 1], ldx = shape->sizes[0] + GAP, ldo = n_out + GAP;
    double h[WIDEST];
    fill(COUNT(x), x, -2, 2);
    for (size_t i = 0; i < COUNT(outputs); i++)
        outputs[i] = -77;
    for (size_t i = 0; i < MANY; i++) /* what lies between rows is nobody's business */
        x[i * ldx + shape->sizes[0]] = (float)NAN;
    read_model(mlp, shape->sizes, shape->n_sizes, &model);
    WORKS(memqc_mlp_predict(mlp, MANY, x, ldx, outputs, ldo, classes));
    for (size_t i = 0; i < MANY; i++) {
        double sum = 0;
        size_t best = 0;
        model_sample(&model, x + i * ldx, 0, h);
        for (size_t j = 0; j < n_out; j++) {
            const double got = (double)outputs[i * ldo + j];
            ck_assert_msg(fabs(got - h[j]) <= 1e-5 * fmax(1, fabs(h[j])), "output %zu of %zu: %g, not %g", j,
                          i, got, h[j]);
            sum += got;
            best = outputs[i * ldo + j] > outputs[i * ldo + best] ? j : best;
        }
        ck_assert_uint_eq((size_t)classes[i], best);
        ck_assert_msg(model.loss != MEMQC_MLP_CROSS_ENTROPY || fabs(sum - 1) < 1e-6, "softmax sums to %.9g",
                      sum);
        for (size_t j = n_out; j < ldo; j++)
            ck_assert_msg(outputs[i * ldo + j] == -77, "written beyond row %zu", i);
    }
}

START_TEST(outputs_are_those_of_double_precision) {
    static const char *const presets[] = {NULL, "ideal", "hfox-a"};
    for (size_t i = 0; i < COUNT(presets); i++) {
        memqc_mlp *mlp = make_case(_i, presets[i]);
        check_outputs(mlp, case_shape(_i));
        memqc_mlp_destroy(&mlp);
    }
}
END_TEST

START_TEST(outputs_of_large_networks) {
    for (size_t i = 0; i < KINDS; i++) {
        memqc_mlp *mlp = make_large(&large[_i], kinds[i].preset, kinds[i].mapping, 1);
        check_outputs(mlp, &large[_i]);
        memqc_mlp_destroy(&mlp);
    }
}
END_TEST

START_TEST(evaluation_is_that_of_double_precision) {
    static struct model model;
    static float x[MANY * MOST_UNITS];
    static int32_t labels[MANY];
    const struct shape *shape = case_shape(_i);
    double loss = 0, accuracy = 0;
    for (int huge = 0; huge < 2; huge++) {
        memqc_mlp *mlp = make_case(_i, NULL);
        if (huge) /* softmax probabilities underflow, the loss must not */
            randomize(mlp, shape->sizes, shape->n_sizes, 100);
        make_batch(shape, MANY, x, labels);
        read_model(mlp, shape->sizes, shape->n_sizes, &model);
        WORKS(memqc_mlp_evaluate(mlp, MANY, x, shape->sizes[0], labels, &loss, &accuracy, NULL));
        const double expected = model_loss(&model, MANY, x, labels);
        ck_assert_msg(fabs(loss - expected) <= 1e-5 * fmax(1, expected), "loss %g, not %g", loss, expected);
        memqc_mlp_destroy(&mlp);
    }
}
END_TEST

START_TEST(confusion_adds_up) {
    const struct kind *kind = &kinds[_i];
    memqc_mlp *mlp = make_task_net(kind, 3);
    uint64_t confusion[TASK_CLASSES][TASK_CLASSES], expected[TASK_CLASSES][TASK_CLASSES] = {{0}}, trace = 0;
    int32_t classes[TASK_SAMPLES];
    double loss = -1, accuracy = -1;
    memset(confusion, 0xff, sizeof confusion);
    WORKS(train_task(mlp, NULL, NULL));
    WORKS(memqc_mlp_evaluate(mlp, TASK_SAMPLES, task_x, TASK_INPUTS, task_labels, &loss, &accuracy,
                             &confusion[0][0]));
    WORKS(memqc_mlp_predict(mlp, TASK_SAMPLES, task_x, TASK_INPUTS, NULL, 0, classes));
    for (size_t i = 0; i < TASK_SAMPLES; i++)
        expected[task_labels[i]][classes[i]]++;
    ck_assert_mem_eq(confusion, expected, sizeof confusion);
    for (size_t c = 0; c < TASK_CLASSES; c++)
        trace += confusion[c][c];
    ck_assert_double_eq(accuracy, (double)trace / TASK_SAMPLES);
    ck_assert_double_eq(accuracy, task_accuracy(mlp));
    memqc_mlp_destroy(&mlp);
}
END_TEST

START_TEST(ties_go_to_the_lowest_class) {
    static const float biases[][3] = {{0, 0, 0}, {0, 1, 1}, {1, 0, 1}, {-1, -1, 0}};
    static const int32_t expected[] = {0, 1, 0, 2};
    const size_t sizes[] = {2, 3};
    const float w[6] = {0}, x[2] = {1, 1};
    for (int32_t loss = 1; loss <= LOSSES; loss++) {
        memqc_mlp *mlp = make(sizes, 2, NULL);
        WORKS(memqc_mlp_set(mlp, MEMQC_MLP_LOSS, loss));
        for (size_t i = 0; i < COUNT(biases); i++) {
            int32_t class = -1;
            WORKS(memqc_mlp_set_weights(mlp, 0, w, 3, biases[i]));
            WORKS(memqc_mlp_predict(mlp, 1, x, 2, NULL, 0, &class));
            ck_assert_int_eq(class, expected[i]);
        }
        memqc_mlp_destroy(&mlp);
    }
}
END_TEST

/* --- learning --- */

START_TEST(learns_a_separable_task) {
    const struct kind *kind = &kinds[_i];
    for (uint64_t seed = 1; seed <= 3; seed++) {
        memqc_mlp *mlp = make_task_net(kind, seed);
        const double before = task_accuracy(mlp);
        double best = 0;
        for (int epoch = 0; epoch < 40; epoch++) {
            WORKS(train_task(mlp, NULL, NULL));
            best = fmax(best, task_accuracy(mlp));
        }
        ck_assert_msg(before < 0.9, "%s: %g without training", kind->name, before);
        ck_assert_msg(best >= 0.98, "%s, seed %u: %g at best", kind->name, (unsigned)seed, best);
        memqc_mlp_destroy(&mlp);
    }
}
END_TEST

START_TEST(equal_seeds_give_equal_bits) {
    const struct kind *kind = &kinds[_i];
    memqc_mlp *a = make_task_net(kind, 5), *b = make_task_net(kind, 5),
              *c = make_task_net(kind, UINT64_C(5) << 32);
    for (int epoch = 0; epoch < 3; epoch++) {
        SAME(kind, "equal seeds differ", a, b);
        ck_assert_msg(!same(a, c), "%s: different seeds give equal weights", kind->name);
        WORKS(train_task(a, NULL, NULL));
        WORKS(train_task(b, NULL, NULL));
        WORKS(train_task(c, NULL, NULL));
        task_accuracy(b); /* looking changes nothing */
    }
    SAME(kind, "equal seeds differ", a, b);
    ck_assert_msg(!same(a, c), "%s: different seeds give equal weights", kind->name);
    memqc_mlp_destroy(&a);
    memqc_mlp_destroy(&b);
    memqc_mlp_destroy(&c);
}
END_TEST

START_TEST(reset_begins_anew) {
    const struct kind *kind = &kinds[_i];
    memqc_mlp *first = make_task_net(kind, 9), *again = make_task_net(kind, 9);
    float b[MOST_UNITS];
    for (int epoch = 0; epoch < 3; epoch++)
        WORKS(train_task(again, NULL, NULL));
    WORKS(memqc_mlp_reset(again));
    WORKS(memqc_mlp_get_weights(again, 0, NULL, 0, b));
    for (size_t j = 0; j < task_sizes[1]; j++)
        ck_assert_msg(b[j] == 0, "%s: bias %zu is %g after a reset", kind->name, j, (double)b[j]);
    for (int epoch = 0; epoch < 2; epoch++) {
        SAME(kind, "a reset network goes another way", first, again);
        WORKS(train_task(first, NULL, NULL));
        WORKS(train_task(again, NULL, NULL));
    }
    SAME(kind, "a reset network goes another way", first, again);
    memqc_mlp_destroy(&first);
    memqc_mlp_destroy(&again);
}
END_TEST

START_TEST(settled_keys_wait_for_reset) {
    static const struct setting settled[] = {{MEMQC_MLP_RULE, MEMQC_MLP_RULE_FLOAT},
                                             {MEMQC_MLP_MAPPING, MEMQC_CROSSBAR_MAPPING_DIFFERENTIAL},
                                             {MEMQC_MLP_WEIGHT_RANGE, 2},
                                             {MEMQC_MLP_INIT_RANGE, 0.5}};
    static const struct setting free_ones[] = {{MEMQC_MLP_ACTIVATION, MEMQC_MLP_TANH},
                                               {MEMQC_MLP_LOSS, MEMQC_MLP_CROSS_ENTROPY},
                                               {MEMQC_MLP_LEARNING_RATE, 3},
                                               {MEMQC_MLP_BATCH, 3},
                                               {MEMQC_MLP_INPUT_BITS, 0},
                                               {MEMQC_MLP_INPUT_THRESHOLD, 0.1},
                                               {MEMQC_MLP_PROGRESS_INTERVAL, 5}};
    memqc_mlp *mlp = make(task_sizes, COUNT(task_sizes), "hfox-a");
    WORKS(memqc_mlp_init(mlp));
    WORKS(memqc_mlp_init(mlp));
    for (size_t i = 0; i < COUNT(settled); i++) {
        double before = 0, after = 0;
        WORKS(memqc_mlp_get(mlp, settled[i].key, &before));
        FAILS(MEMQC_ERROR_STATE, "memqc_mlp_reset", memqc_mlp_set(mlp, settled[i].key, settled[i].value));
        WORKS(memqc_mlp_get(mlp, settled[i].key, &after));
        ck_assert_double_eq(before, after);
    }
    FAILS(MEMQC_ERROR_STATE, "memqc_mlp_reset", memqc_mlp_seed(mlp, 1));
    set_all(mlp, free_ones, COUNT(free_ones));
    WORKS(memqc_mlp_reset(mlp));
    set_all(mlp, settled, COUNT(settled));
    WORKS(memqc_mlp_seed(mlp, 1));
    memqc_mlp_destroy(&mlp);
}
END_TEST

START_TEST(initial_weights_keep_their_range) {
    static const size_t sizes[] = {60, 50, 40};
    static float w[60 * 50];
    const struct {
        const char *preset;
        double weight_range, init_range, expected;
    } cases[] = {{NULL, 1, 0, sqrt(6.0 / 110)},
                 {NULL, 1, 0.25, 0.25},
                 {"ideal", 1, 0, 1},
                 {"ideal", 2, 0, 2},
                 {"ideal", 2, 0.5, 0.5}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        memqc_mlp *mlp = make(sizes, COUNT(sizes), cases[i].preset);
        double most = 0, sum = 0, squares = 0;
        WORKS(memqc_mlp_set(mlp, MEMQC_MLP_WEIGHT_RANGE, cases[i].weight_range));
        WORKS(memqc_mlp_set(mlp, MEMQC_MLP_INIT_RANGE, cases[i].init_range));
        WORKS(memqc_mlp_get_weights(mlp, 0, w, 50, NULL));
        for (size_t j = 0; j < COUNT(w); j++) {
            most = fmax(most, fabs((double)w[j]) / cases[i].expected);
            sum += (double)w[j] / cases[i].expected / COUNT(w);
            squares += pow((double)w[j] / cases[i].expected, 2) / COUNT(w);
        }
        /* A crossbar rounds to a level, half of which is 1/31 of its range. */
        const double level = cases[i].preset ? cases[i].weight_range / cases[i].expected / 31 : 0;
        ck_assert_msg(most > 0.97 - level && most <= 1.000001 + level, "case %zu: largest %g of its range", i,
                      most);
        ck_assert_msg(fabs(sum) < 5 * sqrt(1.0 / 3 / COUNT(w)), "case %zu: mean %g", i, sum);
        ck_assert_msg(fabs(squares - 1.0 / 3) < 0.02 + level * level, "case %zu: mean square %g", i, squares);
        memqc_mlp_destroy(&mlp);
    }
}
END_TEST

/* Has the input of the library's own made of x or of what the test makes of x: nothing else may differ. */
START_TEST(threshold_is_a_binarised_input) {
    static const double thresholds[] = {0.5, 0.25, 0, -1e30};
    const struct kind *kind = &kinds[_i];
    static float bits[TASK_SAMPLES * TASK_INPUTS];
    for (size_t t = 0; t < COUNT(thresholds); t++) {
        memqc_mlp *one = make_task_net(kind, 2), *other = make_task_net(kind, 2);
        float out[2][TASK_SAMPLES * TASK_CLASSES];
        task_x[0] = (float)thresholds[t]; /* not above it */
        for (size_t i = 0; i < COUNT(bits); i++)
            bits[i] = (double)task_x[i] > thresholds[t] ? 1.0f : 0.0f;
        bits[0] = 0;
        WORKS(memqc_mlp_set(one, MEMQC_MLP_INPUT_THRESHOLD, thresholds[t]));
        WORKS(memqc_mlp_set(other, MEMQC_MLP_INPUT_BITS, 0));
        for (int epoch = 0; epoch < 2; epoch++) {
            WORKS(train_task(one, NULL, NULL));
            WORKS(memqc_mlp_train(other, TASK_SAMPLES, bits, TASK_INPUTS, task_labels, NULL, NULL));
        }
        SAME(kind, "thresholded and binarised inputs train differently", one, other);
        WORKS(memqc_mlp_predict(one, TASK_SAMPLES, task_x, TASK_INPUTS, out[0], TASK_CLASSES, NULL));
        WORKS(memqc_mlp_predict(other, TASK_SAMPLES, bits, TASK_INPUTS, out[1], TASK_CLASSES, NULL));
        ck_assert_mem_eq(out[0], out[1], sizeof out[0]);
        memqc_mlp_destroy(&one);
        memqc_mlp_destroy(&other);
    }
}
END_TEST

/* --- progress and stopping --- */

enum { MOST_CALLS = 2 * TASK_SAMPLES };

struct log {
    size_t calls;
    uint64_t stop_at; /* 0: never */
    uint32_t epoch[MOST_CALLS];
    uint64_t samples[MOST_CALLS];
    double loss[MOST_CALLS], accuracy[MOST_CALLS];
};

static int32_t record(void *user, uint32_t epoch, uint64_t samples, double loss, double accuracy) {
    struct log *log = user;
    ck_assert_uint_lt(log->calls, MOST_CALLS);
    ck_assert_msg(isfinite(loss) && loss >= 0, "loss %g", loss);
    ck_assert_msg(accuracy >= 0 && accuracy <= 1, "accuracy %g", accuracy);
    log->epoch[log->calls] = epoch;
    log->samples[log->calls] = samples;
    log->loss[log->calls] = loss;
    log->accuracy[log->calls++] = accuracy;
    return log->stop_at && samples >= log->stop_at ? -5 : 0;
}

START_TEST(progress_comes_at_its_interval) {
    static const size_t intervals[] = {1, 10, 7, 29, TASK_SAMPLES - 1, TASK_SAMPLES, 100000};
    static const size_t batches[] = {1, 4, 7, 29, TASK_SAMPLES, 1000};
    const size_t interval = intervals[(size_t)_i % COUNT(intervals)],
                 batch = batches[(size_t)_i / COUNT(intervals)];
    memqc_mlp *mlp = make_task_net(&kinds[0], 1);
    static struct log log;
    memset(&log, 0, sizeof log);
    WORKS(memqc_mlp_set(mlp, MEMQC_MLP_BATCH, (double)batch));
    WORKS(memqc_mlp_set(mlp, MEMQC_MLP_PROGRESS_INTERVAL, (double)interval));
    for (uint32_t epoch = 1; epoch <= 2; epoch++) {
        size_t call = 0, before = 0;
        log.calls = 0;
        WORKS(train_task(mlp, record, &log));
        while (before < TASK_SAMPLES) {
            const size_t after = before + batch < TASK_SAMPLES ? before + batch : TASK_SAMPLES;
            if (after / interval > before / interval || after == TASK_SAMPLES) {
                ck_assert_uint_lt(call, log.calls);
                ck_assert_uint_eq(log.samples[call], after);
                ck_assert_uint_eq(log.epoch[call++], epoch);
            }
            before = after;
        }
        ck_assert_uint_eq(log.calls, call);
    }
    memqc_mlp_destroy(&mlp);
}
END_TEST

/* With a rate that moves no weight, what progress reports at the end is what an evaluation says. */
START_TEST(progress_reports_loss_and_accuracy) {
    const struct kind *kind = &kinds[_i];
    memqc_mlp *mlp = make_task_net(kind, 1);
    static struct log log;
    double loss = 0, accuracy = 0;
    memset(&log, 0, sizeof log);
    WORKS(memqc_mlp_set(mlp, MEMQC_MLP_LEARNING_RATE, 1e-12));
    WORKS(train_task(mlp, record, &log));
    WORKS(memqc_mlp_evaluate(mlp, TASK_SAMPLES, task_x, TASK_INPUTS, task_labels, &loss, &accuracy, NULL));
    ck_assert_msg(fabs(log.loss[log.calls - 1] - loss) < 1e-6 * loss, "%g, not %g", log.loss[log.calls - 1],
                  loss);
    ck_assert_double_eq(log.accuracy[log.calls - 1], accuracy);
    memqc_mlp_destroy(&mlp);
}
END_TEST

/* One epoch in three calls, with everything in between that must not matter. */
static void train_in_parts(memqc_mlp *mlp, struct log *log) {
    float bad[TASK_INPUTS] = {0};
    const int32_t label = 0;
    uint32_t before = 0, epochs = 0;
    WORKS(memqc_mlp_epochs(mlp, &before));
    log->stop_at = 60;
    FAILS(MEMQC_STOPPED, "stopped", train_task(mlp, record, log));
    ck_assert_uint_lt(log->samples[log->calls - 1], 80);
    task_accuracy(mlp);
    log->stop_at = 130;
    FAILS(MEMQC_STOPPED, "stopped", train_task(mlp, record, log));
    ck_assert_uint_ge(log->samples[log->calls - 1], 130);
    bad[3] = (float)NAN;
    FAILS(MEMQC_ERROR_DATA, "x[0, 3]", memqc_mlp_train(mlp, 1, bad, TASK_INPUTS, &label, NULL, NULL));
    WORKS(memqc_mlp_epochs(mlp, &epochs));
    ck_assert_uint_eq(epochs, before);
    log->stop_at = 0;
    WORKS(train_task(mlp, record, log));
    WORKS(memqc_mlp_epochs(mlp, &epochs));
    ck_assert_uint_eq(epochs, before + 1);
}

START_TEST(a_stopped_epoch_goes_on) {
    const struct kind *kind = &kinds[_i];
    memqc_mlp *whole = make_task_net(kind, 4), *parts = make_task_net(kind, 4);
    static struct log logs[2];
    WORKS(memqc_mlp_set(whole, MEMQC_MLP_PROGRESS_INTERVAL, 20));
    WORKS(memqc_mlp_set(parts, MEMQC_MLP_PROGRESS_INTERVAL, 20));
    for (int epoch = 0; epoch < 2; epoch++) {
        memset(logs, 0, sizeof logs);
        WORKS(train_task(whole, record, &logs[0]));
        train_in_parts(parts, &logs[1]);
        SAME(kind, "an epoch in parts gives another network", whole, parts);
        logs[1].stop_at = 0;
        ck_assert_msg(memcmp(&logs[0], &logs[1], sizeof logs[0]) == 0,
                      "%s: an epoch in parts reports something else", kind->name);
    }
    memqc_mlp_destroy(&whole);
    memqc_mlp_destroy(&parts);
}
END_TEST

START_TEST(a_stop_at_the_end_completes_the_epoch) {
    const struct kind *kind = &kinds[_i];
    memqc_mlp *whole = make_task_net(kind, 4), *stopped = make_task_net(kind, 4);
    static struct log log;
    for (uint32_t epoch = 1; epoch <= 2; epoch++) {
        uint32_t epochs = 0;
        memset(&log, 0, sizeof log);
        log.stop_at = TASK_SAMPLES;
        WORKS(train_task(whole, NULL, NULL));
        FAILS(MEMQC_STOPPED, "stopped", train_task(stopped, record, &log));
        WORKS(memqc_mlp_epochs(stopped, &epochs));
        ck_assert_uint_eq(epochs, epoch);
        SAME(kind, "a stop at the very end changed something", whole, stopped);
    }
    memqc_mlp_destroy(&whole);
    memqc_mlp_destroy(&stopped);
}
END_TEST

START_TEST(a_stopped_epoch_begins_anew_with_other_samples) {
    memqc_mlp *mlp = make_task_net(&kinds[_i], 4);
    static struct log log;
    uint32_t epochs = 0;
    memset(&log, 0, sizeof log);
    WORKS(memqc_mlp_set(mlp, MEMQC_MLP_PROGRESS_INTERVAL, 1));
    log.stop_at = 60;
    FAILS(MEMQC_STOPPED, "stopped", train_task(mlp, record, &log));
    memset(&log, 0, sizeof log);
    WORKS(memqc_mlp_train(mlp, 100, task_x, TASK_INPUTS, task_labels, record, &log));
    ck_assert_uint_eq(log.samples[0], 7);
    ck_assert_uint_eq(log.epoch[0], 1);
    ck_assert_uint_eq(log.samples[log.calls - 1], 100);
    WORKS(memqc_mlp_epochs(mlp, &epochs));
    ck_assert_uint_eq(epochs, 1);
    memqc_mlp_destroy(&mlp);
}
END_TEST

/* --- failures --- */

/* One call that fails, on a network of the task. */
typedef void (*failing)(memqc_mlp *mlp);

static void fails_in_training(memqc_mlp *mlp, float value, size_t sample, size_t place, const char *word) {
    const float kept = task_x[sample * TASK_INPUTS + place];
    task_x[sample * TASK_INPUTS + place] = value;
    FAILS(MEMQC_ERROR_DATA, word, train_task(mlp, NULL, NULL));
    FAILS(MEMQC_ERROR_DATA, word, memqc_mlp_predict(mlp, TASK_SAMPLES, task_x, TASK_INPUTS, NULL, 0, NULL));
    FAILS(MEMQC_ERROR_DATA, word,
          memqc_mlp_evaluate(mlp, TASK_SAMPLES, task_x, TASK_INPUTS, task_labels, NULL, NULL, NULL));
    task_x[sample * TASK_INPUTS + place] = kept;
}

static void nan_in_data(memqc_mlp *mlp) {
    fails_in_training(mlp, (float)NAN, 101, 2, "x[101, 2] = nan");
}

static void infinity_in_data(memqc_mlp *mlp) {
    fails_in_training(mlp, -INFINITY, TASK_SAMPLES - 1, TASK_INPUTS - 1, "x[202, 7] = -inf");
}

static void nan_in_full_precision(memqc_mlp *mlp) {
    WORKS(memqc_mlp_set(mlp, MEMQC_MLP_INPUT_BITS, 0));
    fails_in_training(mlp, INFINITY, 0, 0, "x[0, 0] = inf");
    WORKS(memqc_mlp_set(mlp, MEMQC_MLP_INPUT_BITS, 1));
}

static void fails_with_label(memqc_mlp *mlp, int32_t label, const char *word) {
    const int32_t kept = task_labels[77];
    task_labels[77] = label;
    FAILS(MEMQC_ERROR_DATA, word, train_task(mlp, NULL, NULL));
    FAILS(MEMQC_ERROR_DATA, word,
          memqc_mlp_evaluate(mlp, TASK_SAMPLES, task_x, TASK_INPUTS, task_labels, NULL, NULL, NULL));
    task_labels[77] = kept;
}

static void label_too_high(memqc_mlp *mlp) {
    fails_with_label(mlp, TASK_CLASSES, "labels[77] = 4");
}

static void label_below_zero(memqc_mlp *mlp) {
    fails_with_label(mlp, -1, "labels[77] = -1");
}

static void bad_arguments(memqc_mlp *mlp) {
    float w[MOST_CELLS] = {0}, bias[MOST_UNITS] = {0};
    FAILS(MEMQC_ERROR_ARGUMENT, "ldx",
          memqc_mlp_train(mlp, TASK_SAMPLES, task_x, TASK_INPUTS - 1, task_labels, NULL, NULL));
    FAILS(MEMQC_ERROR_ARGUMENT, "n = 0",
          memqc_mlp_train(mlp, 0, task_x, TASK_INPUTS, task_labels, NULL, NULL));
    FAILS(MEMQC_ERROR_ARGUMENT, "ldo",
          memqc_mlp_predict(mlp, 1, task_x, TASK_INPUTS, w, TASK_CLASSES - 1, NULL));
    FAILS(MEMQC_ERROR_ARGUMENT, "ldw", memqc_mlp_get_weights(mlp, 0, w, task_sizes[1] - 1, NULL));
    FAILS(MEMQC_ERROR_ARGUMENT, "ldw", memqc_mlp_set_weights(mlp, 0, w, task_sizes[1] - 1, NULL));
    FAILS(MEMQC_ERROR_ARGUMENT, "layer", memqc_mlp_set_weights(mlp, 2, w, MOST_UNITS, NULL));
    w[task_sizes[1] + 2] = (float)NAN;
    FAILS(MEMQC_ERROR_DATA, "w[1, 2] = nan", memqc_mlp_set_weights(mlp, 0, w, task_sizes[1], NULL));
    bias[3] = INFINITY;
    FAILS(MEMQC_ERROR_DATA, "bias[0, 3] = inf", memqc_mlp_set_weights(mlp, 0, NULL, 0, bias));
}

/* Trains with settings under which the loss cannot stay finite; puts them back afterwards. */
static void fails_to_converge(memqc_mlp *mlp, double rate, double loss, const float *x, const char *sample) {
    const struct setting wild[] = {{MEMQC_MLP_ACTIVATION, MEMQC_MLP_RELU},
                                   {MEMQC_MLP_LOSS, loss},
                                   {MEMQC_MLP_INPUT_BITS, 0},
                                   {MEMQC_MLP_LEARNING_RATE, rate}};
    struct setting kept[COUNT(wild)];
    uint32_t epochs = 0;
    char epoch[32];
    for (size_t i = 0; i < COUNT(wild); i++) {
        kept[i].key = wild[i].key;
        WORKS(memqc_mlp_get(mlp, wild[i].key, &kept[i].value));
    }
    set_all(mlp, wild, COUNT(wild));
    WORKS(memqc_mlp_epochs(mlp, &epochs));
    snprintf(epoch, sizeof epoch, "epoch %u", (unsigned)epochs + 1);
    FAILS(MEMQC_ERROR_DIVERGED, epoch,
          memqc_mlp_train(mlp, TASK_SAMPLES, x, TASK_INPUTS, task_labels, NULL, NULL));
    ck_assert_msg(strstr(memqc_last_error(), sample) != NULL, "no \"%s\" in the text: %s", sample,
                  memqc_last_error());
    set_all(mlp, kept, COUNT(kept));
}

/* No network stands such a rate, but weights on cells keep their range whatever it is: those need an input
 * that overflows. */
static void runaway(memqc_mlp *mlp) {
    static float x[TASK_SAMPLES * TASK_INPUTS];
    double rule = 0;
    WORKS(memqc_mlp_get(mlp, MEMQC_MLP_RULE, &rule));
    /* Large, so that weights reach infinity before every ReLU is off for good. */
    for (size_t i = 0; i < COUNT(x); i++)
        x[i] = 1e6f * task_x[i];
    if (rule == MEMQC_MLP_RULE_FLOAT)
        fails_to_converge(mlp, 1e6, MEMQC_MLP_SQUARED_ERROR, x, "sample ");
}

/* Two samples of opposite sign that single precision cannot hold the products of, somewhere in the shuffled
 * epoch: a hidden unit that is off for one is on for the other, and softmax has no off. */
static void overflow(memqc_mlp *mlp) {
    static float x[TASK_SAMPLES * TASK_INPUTS];
    memcpy(x, task_x, sizeof x);
    for (size_t j = 0; j < TASK_INPUTS; j++)
        x[150 * TASK_INPUTS + j] = 3.4e38f, x[151 * TASK_INPUTS + j] = -3.4e38f;
    fails_to_converge(mlp, 0.01, MEMQC_MLP_CROSS_ENTROPY, x, "sample 15");
}

static const struct {
    const char *name;
    failing call;
} failures[] = {
    {"NaN", nan_in_data},
    {"infinity", infinity_in_data},
    {"infinity in full precision", nan_in_full_precision},
    {"label too high", label_too_high},
    {"label below zero", label_below_zero},
    {"runaway", runaway},
    {"overflow", overflow},
};
enum { FAILURES = COUNT(failures) };

START_TEST(a_failed_call_leaves_no_trace) {
    const struct kind *kind = &kinds[_i % KINDS];
    const failing call = failures[_i / KINDS].call;
    memqc_mlp *spared = make_task_net(kind, 6), *tried = make_task_net(kind, 6);
    for (int epoch = 0; epoch < 2; epoch++) {
        call(tried); /* the first time before any training */
        SAME(kind, failures[_i / KINDS].name, spared, tried);
        WORKS(train_task(spared, NULL, NULL));
        WORKS(train_task(tried, NULL, NULL));
        SAME(kind, failures[_i / KINDS].name, spared, tried);
    }
    memqc_mlp_destroy(&spared);
    memqc_mlp_destroy(&tried);
}
END_TEST

/* A network whose weights are not drawn yet must not have them drawn by a call that fails: seed and rule
 * could no longer be set. */
START_TEST(a_failed_call_settles_nothing) {
    const struct kind *kind = &kinds[_i % KINDS];
    memqc_mlp *mlp = make_task_net(kind, 6), *other = make_task_net(kind, 7);
    failures[_i / KINDS].call(mlp);
    ck_assert_msg(memqc_mlp_seed(mlp, 7) == MEMQC_OK, "%s, %s: %s", kind->name, failures[_i / KINDS].name,
                  memqc_last_error());
    SAME(kind, failures[_i / KINDS].name, mlp, other);
    memqc_mlp_destroy(&mlp);
    memqc_mlp_destroy(&other);
}
END_TEST

START_TEST(bad_arguments_leave_no_trace) {
    const struct kind *kind = &kinds[_i];
    memqc_mlp *spared = make_task_net(kind, 6), *tried = make_task_net(kind, 6);
    const memqc_crossbar *xb = NULL;
    bad_arguments(tried);
    FAILS(MEMQC_ERROR_ARGUMENT, "layer", memqc_mlp_get_weights(tried, 2, NULL, 0, NULL));
    if (!kind->preset)
        FAILS(MEMQC_ERROR_STATE, "RULE_FLOAT", memqc_mlp_crossbar(tried, 0, &xb));
    ck_assert_ptr_null(xb);
    ck_assert_msg(memqc_mlp_seed(tried, 6) == MEMQC_OK, "%s: weights drawn by a bad argument: %s", kind->name,
                  memqc_last_error());
    SAME(kind, "a bad argument changed something", spared, tried);
    memqc_mlp_destroy(&spared);
    memqc_mlp_destroy(&tried);
}
END_TEST

/* --- the nearest-level rule --- */

/* Levels, conductances and counter of every cell of a layer. */
struct cells {
    size_t planes;
    float nominal[MOST_CELLS], g[2][MOST_CELLS];
    int32_t level[2][MOST_CELLS];
    uint64_t programmed;
};

static void read_cells(memqc_mlp *mlp, size_t layer, size_t cols, struct cells *cells) {
    const memqc_crossbar *xb = NULL;
    WORKS(memqc_mlp_crossbar(mlp, layer, &xb));
    WORKS(memqc_crossbar_shape(xb, NULL, NULL, &cells->planes));
    WORKS(memqc_crossbar_get_nominal_weights(xb, cells->nominal, cols));
    WORKS(memqc_crossbar_count(xb, MEMQC_CROSSBAR_COUNT_PROGRAMMED, &cells->programmed));
    for (size_t plane = 0; plane < cells->planes; plane++) {
        WORKS(memqc_crossbar_get_levels(xb, plane, cells->level[plane], cols));
        WORKS(memqc_crossbar_get_conductances(xb, plane, cells->g[plane], cols));
    }
}

/* Levels of the cells that hold the weight nearest to w, in units of the range; 0 where two are as near. */
static int nearest(double w, size_t planes, int32_t states, int32_t level[2]) {
    const double steps = states - 1, clipped = fmin(1, fmax(-1, w));
    const double position = planes == 1 ? (1 - clipped) / 2 * steps : clipped * steps;
    const int32_t whole = (int32_t)rint(position);
    level[0] = planes == 1 ? whole + 1 : states - (whole > 0 ? whole : 0);
    level[1] = states - (whole < 0 ? -whole : 0);
    return fabs(fabs(position - rint(position)) - 0.5) > 1e-4;
}

/* Returns how many cells of a layer changed, having compared each with what the gradient wants. */
static size_t check_cells(size_t n, const struct cells *before, const struct cells *after, const double *grad,
                          double rate, int32_t states) {
    size_t changed = 0;
    for (size_t i = 0; i < n; i++) {
        int32_t level[2] = {0, 0};
        const int sure = nearest((double)before->nominal[i] - rate * grad[i], before->planes, states, level);
        for (size_t plane = 0; plane < before->planes; plane++) {
            const int moved = after->level[plane][i] != before->level[plane][i];
            ck_assert_msg(!sure || after->level[plane][i] == level[plane],
                          "cell %zu of plane %zu: from level %d to %d, not %d", i, plane,
                          (int)before->level[plane][i], (int)after->level[plane][i], (int)level[plane]);
            ck_assert_msg(moved == (memcmp(&before->g[plane][i], &after->g[plane][i], sizeof(float)) != 0),
                          "cell %zu of plane %zu: level %s, conductance from %g to %g", i, plane,
                          moved ? "changed" : "kept", (double)before->g[plane][i],
                          (double)after->g[plane][i]);
            changed += (size_t)moved;
        }
    }
    ck_assert_uint_eq(after->programmed - before->programmed, changed);
    return changed;
}

START_TEST(a_minibatch_moves_weights_to_their_nearest_levels) {
    static const size_t sizes[] = {7, 6, 3};
    static struct model model, grad;
    static struct cells before[2], after[2];
    const struct kind *kind = &kinds[1 + _i % (KINDS - 1)];
    const double rate = (const double[]){0.1, 1, 10, 200}[_i / (KINDS - 1)];
    const struct shape shape = {3, {7, 6, 3, 0}};
    float x[BATCH * MOST_UNITS];
    int32_t labels[BATCH];
    size_t changed = 0, kept = 0;
    memqc_mlp *mlp = make(sizes, 3, kind->preset);
    const struct setting settings[] = {{MEMQC_MLP_MAPPING, kind->mapping},
                                       {MEMQC_MLP_BATCH, 10},
                                       {MEMQC_MLP_LEARNING_RATE, rate},
                                       {MEMQC_MLP_INPUT_BITS, 0}};
    set_all(mlp, settings, COUNT(settings));
    make_batch(&shape, BATCH, x, labels);
    for (int step = 0; step < 20; step++) { /* the noisy conductance must never leak into the level */
        read_model(mlp, sizes, 3, &model);
        differentiate(&model, BATCH, x, labels, &grad);
        for (size_t l = 0; l < 2; l++)
            read_cells(mlp, l, sizes[l + 1], &before[l]);
        WORKS(memqc_mlp_train(mlp, BATCH, x, sizes[0], labels, NULL, NULL));
        for (size_t l = 0; l < 2; l++) {
            const size_t n = sizes[l] * sizes[l + 1];
            read_cells(mlp, l, sizes[l + 1], &after[l]);
            const size_t moved = check_cells(n, &before[l], &after[l], grad.w[l], rate, 32);
            changed += moved;
            kept += n * before[l].planes - moved;
        }
    }
    ck_assert_msg(kept > 0 && (changed > 0 || rate < 1), "%s: %zu cells changed, %zu kept: nothing is tested",
                  kind->name, changed, kept);
    memqc_mlp_destroy(&mlp);
}
END_TEST

/* What a layer's weights stand for without noise. */
static void read_nominal(memqc_mlp *mlp, size_t layer, size_t cols, float *nominal) {
    const memqc_crossbar *xb = NULL;
    WORKS(memqc_mlp_crossbar(mlp, layer, &xb));
    WORKS(memqc_crossbar_get_nominal_weights(xb, nominal, cols));
}

/* Between the levels on both sides of a weight there is 2 / 31 of the range, or 1 / 31 with pairs. */
START_TEST(levels_of_large_networks) {
    static struct model model;
    static float x[LARGE_BATCH * WIDEST], before[3][LARGE_CELLS], after[LARGE_CELLS];
    const struct shape *shape = &large[_i % LARGE];
    const struct kind *kind = &kinds[1 + _i / LARGE];
    const double rate = 2, half = 0.2 / 31 / (kind->mapping == MEMQC_CROSSBAR_MAPPING_SINGLE ? 1 : 2);
    int32_t labels[LARGE_BATCH];
    memqc_mlp *mlp = make_large(shape, kind->preset, kind->mapping, rate);
    make_batch(shape, LARGE_BATCH, x, labels);
    read_model(mlp, shape->sizes, shape->n_sizes, &model);
    for (size_t l = 0; l < model.n_layers; l++)
        read_nominal(mlp, l, shape->sizes[l + 1], before[l]);
    WORKS(memqc_mlp_train(mlp, LARGE_BATCH, x, shape->sizes[0], labels, NULL, NULL));
    for (size_t l = 0; l < model.n_layers; l++) {
        read_nominal(mlp, l, shape->sizes[l + 1], after);
        for (size_t k = 0; k < LOOKED_AT; k++) {
            const size_t i = (size_t)uniform(0, (double)(model.sizes[l] * model.sizes[l + 1]));
            const double grad = slope(&model, &model.w[l][i], LARGE_BATCH, x, labels);
            const double wanted = fmin(0.2, fmax(-0.2, (double)before[l][i] - rate * grad));
            ck_assert_msg(fabs((double)after[i] - wanted) <= half * 1.001,
                          "%s, layer %zu, weight %zu: %g is not nearest to %g", kind->name, l, i,
                          (double)after[i], wanted);
        }
    }
    memqc_mlp_destroy(&mlp);
}
END_TEST

/* --- shapes at the edge --- */

START_TEST(a_batch_beyond_the_samples_is_all_of_them) {
    const struct kind *kind = &kinds[_i];
    memqc_mlp *exact = make_task_net(kind, 8), *larger = make_task_net(kind, 8);
    WORKS(memqc_mlp_set(exact, MEMQC_MLP_BATCH, TASK_SAMPLES));
    WORKS(memqc_mlp_set(larger, MEMQC_MLP_BATCH, 65536));
    for (int epoch = 0; epoch < 2; epoch++) {
        WORKS(train_task(exact, NULL, NULL));
        WORKS(train_task(larger, NULL, NULL));
    }
    SAME(kind, "a batch larger than the samples trains differently", exact, larger);
    memqc_mlp_destroy(&exact);
    memqc_mlp_destroy(&larger);
}
END_TEST

/* Of equal samples the order does not matter: seven in minibatches of three are three steps, the last by the
 * mean of one. */
START_TEST(a_last_minibatch_may_be_smaller) {
    static struct model model, grad, got;
    const struct shape *shape = case_shape(_i);
    const size_t in = shape->sizes[0];
    float x[BATCH * MOST_UNITS];
    int32_t labels[BATCH];
    memqc_mlp *mlp = make_case(_i, NULL);
    make_batch(shape, BATCH, x, labels);
    for (size_t i = 1; i < BATCH; i++) {
        memcpy(x + i * in, x, in * sizeof *x);
        labels[i] = labels[0];
    }
    WORKS(memqc_mlp_set(mlp, MEMQC_MLP_BATCH, 3));
    WORKS(memqc_mlp_set(mlp, MEMQC_MLP_LEARNING_RATE, 0.3));
    read_model(mlp, shape->sizes, shape->n_sizes, &model);
    WORKS(memqc_mlp_train(mlp, BATCH, x, in, labels, NULL, NULL));
    read_model(mlp, shape->sizes, shape->n_sizes, &got);
    for (int step = 0; step < 3; step++) {
        differentiate(&model, 1, x, labels, &grad);
        for (size_t l = 0; l < model.n_layers; l++) {
            for (size_t i = 0; i < model.sizes[l] * model.sizes[l + 1]; i++)
                model.w[l][i] -= 0.3 * grad.w[l][i];
            for (size_t i = 0; i < model.sizes[l + 1]; i++)
                model.b[l][i] -= 0.3 * grad.b[l][i];
        }
    }
    for (size_t l = 0; l < model.n_layers; l++)
        for (size_t i = 0; i < model.sizes[l] * model.sizes[l + 1]; i++)
            ck_assert_msg(fabs(got.w[l][i] - model.w[l][i]) < 1e-5, "layer %zu, weight %zu: %g, not %g", l, i,
                          got.w[l][i], model.w[l][i]);
    memqc_mlp_destroy(&mlp);
}
END_TEST

/* Sample i has only input i on, so that row i of the weights moves when, and only when, that sample is seen.
 */
START_TEST(an_epoch_sees_every_sample_once) {
    enum { N = 40 };
    static float x[N][N], before[N][2], after[N][2], one[2];
    static const size_t sizes[] = {N, 2};
    static struct log log;
    int32_t labels[N] = {0};
    memqc_mlp *mlp = make(sizes, 2, NULL);
    memset(&log, 0, sizeof log);
    for (size_t i = 0; i < N; i++)
        x[i][i] = 1;
    WORKS(memqc_mlp_set(mlp, MEMQC_MLP_BATCH, 1));
    WORKS(memqc_mlp_set(mlp, MEMQC_MLP_PROGRESS_INTERVAL, 1));
    WORKS(memqc_mlp_set(mlp, MEMQC_MLP_LEARNING_RATE, 1e-2));
    WORKS(memqc_mlp_get_weights(mlp, 0, &before[0][0], 2, NULL));
    WORKS(memqc_mlp_train(mlp, N, &x[0][0], N, labels, record, &log));
    WORKS(memqc_mlp_get_weights(mlp, 0, &after[0][0], 2, one));
    ck_assert_uint_eq(log.calls, N);
    for (size_t i = 0; i < N; i++)
        ck_assert_msg(memcmp(before[i], after[i], sizeof one) != 0, "sample %zu was never seen", i);
    memqc_mlp_destroy(&mlp);
}
END_TEST

START_TEST(one_by_one_networks_work) {
    static const size_t sizes[] = {1, 1};
    const struct kind *kind = &kinds[_i];
    const float x[3] = {1, 0, 1};
    const int32_t labels[3] = {0, 0, 0};
    for (int32_t loss = 1; loss <= LOSSES; loss++) {
        memqc_mlp *mlp = make(sizes, 2, kind->preset);
        float outputs[3];
        int32_t classes[3] = {-1, -1, -1};
        uint64_t confusion = 0;
        double before = 0, after = 0, accuracy = 0;
        WORKS(memqc_mlp_set(mlp, MEMQC_MLP_MAPPING, kind->mapping));
        WORKS(memqc_mlp_set(mlp, MEMQC_MLP_LOSS, loss));
        WORKS(memqc_mlp_evaluate(mlp, 3, x, 1, labels, &before, NULL, NULL));
        for (int epoch = 0; epoch < 5; epoch++)
            WORKS(memqc_mlp_train(mlp, 3, x, 1, labels, NULL, NULL));
        WORKS(memqc_mlp_predict(mlp, 3, x, 1, outputs, 1, classes));
        WORKS(memqc_mlp_evaluate(mlp, 3, x, 1, labels, &after, &accuracy, &confusion));
        ck_assert_msg(loss == MEMQC_MLP_CROSS_ENTROPY ? after == 0 : after < before, "%s: loss from %g to %g",
                      kind->name, before, after);
        ck_assert_double_eq(accuracy, 1);
        ck_assert_uint_eq(confusion, 3);
        ck_assert_int_eq(classes[0] | classes[1] | classes[2], 0);
        memqc_mlp_destroy(&mlp);
    }
}
END_TEST

START_TEST(networks_have_64_sizes_at_most) {
    static struct model model;
    size_t sizes[66], layers = 0;
    memqc_mlp *mlp = NULL;
    float x[4] = {0.9f, -0.4f, 0.3f, 0.1f}, output = 0;
    const int32_t labels[4] = {0, 0, 0, 0};
    double h[WIDEST];
    for (size_t i = 0; i < COUNT(sizes); i++)
        sizes[i] = 1;
    FAILS(MEMQC_ERROR_ARGUMENT, "n_sizes = 65", memqc_mlp_create(sizes, 65, NULL, &mlp));
    FAILS(MEMQC_ERROR_ARGUMENT, "n_sizes = 1", memqc_mlp_create(sizes, 1, NULL, &mlp));
    FAILS(MEMQC_ERROR_ARGUMENT, "n_sizes = 0", memqc_mlp_create(sizes, 0, NULL, &mlp));
    ck_assert_ptr_null(mlp);
    for (int device = 0; device < 2; device++) {
        mlp = make(sizes, 64, device ? "hfox-a" : NULL);
        WORKS(memqc_mlp_shape(mlp, &layers, NULL, NULL));
        ck_assert_uint_eq(layers, 63);
        WORKS(memqc_mlp_set(mlp, MEMQC_MLP_INPUT_BITS, 0));
        WORKS(memqc_mlp_set(mlp, MEMQC_MLP_ACTIVATION, MEMQC_MLP_TANH));
        WORKS(memqc_mlp_train(mlp, 4, x, 1, labels, NULL, NULL));
        read_model(mlp, sizes, 64, &model);
        model_sample(&model, x, 0, h);
        WORKS(memqc_mlp_predict(mlp, 1, x, 1, &output, 1, NULL));
        ck_assert_msg(fabs((double)output - h[0]) < 1e-5, "%g, not %g", (double)output, h[0]);
        memqc_mlp_destroy(&mlp);
    }
}
END_TEST

static void add_numbers(Suite *suite) {
    TCase *tc = tcase_create("numbers");
    tcase_add_checked_fixture(tc, setup, NULL);
    tcase_set_timeout(tc, 120);
    tcase_add_loop_test(tc, gradients_are_finite_differences, 0, CASES);
    tcase_add_loop_test(tc, gradients_of_large_networks, 0, LARGE);
    tcase_add_loop_test(tc, outputs_of_large_networks, 0, LARGE);
    tcase_add_loop_test(tc, levels_of_large_networks, 0, LARGE * (KINDS - 1));
    tcase_add_loop_test(tc, outputs_are_those_of_double_precision, 0, CASES);
    tcase_add_loop_test(tc, evaluation_is_that_of_double_precision, 0, CASES);
    tcase_add_loop_test(tc, a_last_minibatch_may_be_smaller, 0, CASES);
    tcase_add_loop_test(tc, a_minibatch_moves_weights_to_their_nearest_levels, 0, 4 * (KINDS - 1));
    tcase_add_test(tc, ties_go_to_the_lowest_class);
    tcase_add_test(tc, initial_weights_keep_their_range);
    tcase_add_test(tc, an_epoch_sees_every_sample_once);
    tcase_add_loop_test(tc, one_by_one_networks_work, 0, KINDS);
    tcase_add_test(tc, networks_have_64_sizes_at_most);
    suite_add_tcase(suite, tc);
}

static void add_training(Suite *suite) {
    TCase *tc = tcase_create("training");
    tcase_add_checked_fixture(tc, make_task, NULL);
    tcase_set_timeout(tc, 120);
    tcase_add_loop_test(tc, confusion_adds_up, 0, KINDS);
    tcase_add_loop_test(tc, learns_a_separable_task, 0, KINDS);
    tcase_add_loop_test(tc, equal_seeds_give_equal_bits, 0, KINDS);
    tcase_add_loop_test(tc, reset_begins_anew, 0, KINDS);
    tcase_add_test(tc, settled_keys_wait_for_reset);
    tcase_add_loop_test(tc, threshold_is_a_binarised_input, 0, KINDS);
    tcase_add_loop_test(tc, progress_comes_at_its_interval, 0, 42);
    tcase_add_loop_test(tc, progress_reports_loss_and_accuracy, 0, KINDS);
    tcase_add_loop_test(tc, a_stopped_epoch_goes_on, 0, KINDS);
    tcase_add_loop_test(tc, a_stop_at_the_end_completes_the_epoch, 0, KINDS);
    tcase_add_loop_test(tc, a_stopped_epoch_begins_anew_with_other_samples, 0, KINDS);
    tcase_add_loop_test(tc, a_batch_beyond_the_samples_is_all_of_them, 0, KINDS);
    tcase_add_loop_test(tc, a_failed_call_leaves_no_trace, 0, FAILURES * KINDS);
    tcase_add_loop_test(tc, a_failed_call_settles_nothing, 0, FAILURES * KINDS);
    tcase_add_loop_test(tc, bad_arguments_leave_no_trace, 0, KINDS);
    suite_add_tcase(suite, tc);
}

int main(void) {
    Suite *suite = suite_create("mlp");
    add_numbers(suite);
    add_training(suite);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    const int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
