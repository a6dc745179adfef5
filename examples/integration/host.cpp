// SPDX-License-Identifier: BSD-3-Clause
// A C++ program with a network and a training loop of its own, whose weights are on crossbars: the
// library multiplies in both directions and moves the weights. Beside it, the library's network
// with the same settings.
#include <memqc.hpp>

extern "C" {
#include "data.h"
}

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>

namespace {

using Floats = std::vector<float>;
constexpr std::size_t HIDDEN = 100, OUT = DATA_CLASSES, BATCH = 10;
constexpr double RATE = 0.1; // falls to 0 along half a cosine
const memqc::Setting ARRAY[] = {
    {"mapping", "differential"}, {"rule", "mixed-precision"}, {"w_max", 0.5}};

// A layer: weights on an array of memristors, biases beside it.
struct Layer {
    memqc::Crossbar array;
    Floats bias;

    Layer(const memqc::Device &device, std::size_t in, std::size_t out, std::mt19937 &random)
        : array(device, in, out, random(), ARRAY), bias(out) {
        Floats w(in * out);
        std::uniform_real_distribution<float> uniform(-0.1f, 0.1f);
        std::generate(w.begin(), w.end(), [&] { return uniform(random); });
        array.program(w);
    }
    void forward(const Floats &x, Floats &y) {
        array.mac(x, y);
        for (std::size_t i = 0; i < y.size(); i++)
            y[i] += bias[i % bias.size()];
    }
    void update(double alpha, const Floats &x, const Floats &error) {
        array.update_outer(alpha, x, error);
        for (std::size_t i = 0; i < error.size(); i++)
            bias[i % bias.size()] += static_cast<float>(alpha) * error[i];
    }
};

// Softmax, and the errors of cross-entropy. Returns whether the image was told.
bool judge(float *y, std::int32_t label) {
    const bool told = std::max_element(y, y + OUT) - y == label;
    float sum = 0;
    for (std::size_t j = 0; j < OUT; j++)
        sum += y[j] = std::exp(y[j]);
    for (std::size_t j = 0; j < OUT; j++)
        y[j] /= sum;
    y[label] -= 1;
    return told;
}

// Shows all images, and learns from them where there is an order. Returns the percentage told.
double show(Layer &first, Layer &second, const data_set &set, std::vector<std::size_t> order,
            double done, double total) {
    const std::size_t in = set.rows * set.cols;
    Floats x(BATCH * in), hidden(BATCH * HIDDEN), y(BATCH * OUT), back(BATCH * HIDDEN);
    int told = 0;
    for (std::size_t start = 0; start + BATCH <= order.size(); start += BATCH) {
        for (std::size_t i = 0; i < BATCH; i++)
            std::copy_n(set.x + order[start + i] * in, in, &x[i * in]);
        first.forward(x, hidden);
        for (float &value : hidden)
            value = std::max(value, 0.0f);
        second.forward(hidden, y);
        for (std::size_t i = 0; i < BATCH; i++)
            told += judge(&y[i * OUT], set.labels[order[start + i]]);
        if (total <= 0)
            continue;
        const double time =
            (done + static_cast<double>(start) / static_cast<double>(set.n)) / total;
        const double alpha = -RATE * (1 + std::cos(3.14159265 * time)) / 2 / BATCH;
        second.array.mac_transposed(y, back);
        for (std::size_t i = 0; i < back.size(); i++)
            back[i] = hidden[i] > 0 ? back[i] : 0;
        second.update(alpha, hidden, y);
        first.update(alpha, x, back);
    }
    return 100.0 * told / static_cast<double>(order.size());
}

double own_loop(const data &images, const memqc::Device &device, int epochs, unsigned seed) {
    std::mt19937 random(seed);
    Layer first(device, images.train.rows * images.train.cols, HIDDEN, random);
    Layer second(device, HIDDEN, OUT, random);
    std::vector<std::size_t> order(images.train.n), all(images.test.n);
    std::iota(order.begin(), order.end(), std::size_t(0));
    std::iota(all.begin(), all.end(), std::size_t(0));
    for (int epoch = 0; epoch < epochs; epoch++) {
        std::shuffle(order.begin(), order.end(), random);
        show(first, second, images.train, order, epoch, epochs);
    }
    return show(first, second, images.test, all, 0, 0);
}

double library(const data &images, const memqc::Device &device, int epochs, unsigned seed) {
    const data_set &train = images.train, &test = images.test;
    const std::size_t in = train.rows * train.cols;
    memqc::MLP mlp({in, HIDDEN, OUT}, device, seed);
    for (const memqc::Setting &setting : ARRAY)
        mlp.set_crossbar(MEMQC_MLP_ALL, setting.key, setting.value);
    mlp.set({{"activation", "relu"},
             {"loss", "cross-entropy"},
             {"input_bits", 0},
             {"batch", BATCH},
             {"init_range", 0.1},
             {"learning_rate", RATE},
             {"schedule", "cosine"},
             {"schedule_period", epochs}});
    mlp.fit({train.x, train.n, in}, {train.labels, train.n}, static_cast<std::uint32_t>(epochs));
    return 100 * mlp.evaluate({test.x, test.n, in}, {test.labels, test.n}).accuracy;
}

} // namespace

// host [EPOCHS [SEED [IMAGES]]]
int main(int argc, char **argv) {
    data images;
    char error[512];
    const int epochs = argc > 1 ? std::atoi(argv[1]) : 2;
    const unsigned seed = argc > 2 ? static_cast<unsigned>(std::atoi(argv[2])) : 1;
    if (data_load(&images, nullptr, 6000, 1000, 1, error, sizeof error) != 0)
        return std::fprintf(stderr, "host: %s\n", error), 1;
    if (argc > 3)
        images.train.n = std::min<std::size_t>(images.train.n, std::strtoul(argv[3], nullptr, 10));
    try {
        const memqc::Device device("hfox-a");
        std::printf("%s\n", images.source);
        std::printf("own loop: %.2f %%\n", own_loop(images, device, epochs, seed));
        std::printf("memqc::MLP: %.2f %%\n", library(images, device, epochs, seed));
    } catch (const memqc::Error &failure) {
        return std::fprintf(stderr, "host: %s\n", failure.what()), 1;
    }
    data_free(&images);
}
