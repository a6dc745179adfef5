// SPDX-License-Identifier: BSD-3-Clause
// memqc::MLP.
#include "check.hpp"

#include <cmath>

namespace {

const std::vector<float> X{0, 0, 0, 1, 1, 0, 1, 1};
const std::vector<std::int32_t> LABELS{0, 1, 1, 0};

// A network that has learnt XOR with digital weights.
memqc::MLP learnt() {
    memqc::MLP mlp({2, 8, 2}, 1);
    mlp.set({{"activation", "tanh"},
             {"loss", "cross-entropy"},
             {"learning_rate", 0.5},
             {"batch", 4},
             {"input_bits", 0}});
    mlp.fit(X, LABELS, 1000);
    return mlp;
}

void test_training() {
    memqc::MLP mlp = learnt();
    CHECK(mlp.layers() == 2 && mlp.inputs() == 2 && mlp.outputs() == 2 && mlp.epochs() == 1000);
    CHECK(mlp.sizes() == (std::vector<std::size_t>{2, 8, 2}));
    CHECK(mlp.predict(X) == LABELS);
    const memqc::Evaluation found = mlp.evaluate(X, LABELS);
    CHECK(same(found.accuracy, 1) && found.loss > 0 && found.loss < 0.1);
    CHECK(found.confusion == (std::vector<std::uint64_t>{2, 0, 0, 2}));
    CHECK(mlp.history(1000, MEMQC_MLP_HISTORY_LOSS) < mlp.history(1, MEMQC_MLP_HISTORY_LOSS));
    CHECK(mlp.best_epoch() == 0);
    std::vector<float> outputs(8);
    std::vector<std::int32_t> classes(4);
    mlp.predict(X, outputs, {});
    mlp.predict(X, {}, classes);
    CHECK(classes == LABELS && std::fabs(outputs[0] + outputs[1] - 1) < 1e-5f);
    mlp.train_epoch(X, LABELS);
    CHECK(mlp.epochs() == 1001);
    CHECK_THROWS(memqc::ArgumentError, "labels has 3", mlp.fit(X, {0, 1, 1}, 1));
    CHECK_THROWS(memqc::ArgumentError, "x has 3 elements", mlp.predict({1, 2, 3}));
    mlp["learning_rate"] = 0.25;
    CHECK(same(mlp["learning_rate"], 0.25) && mlp.uses("batch") && !mlp.uses("leak"));
    mlp.reset();
    mlp.init();
    CHECK(mlp.epochs() == 0);
}

void test_weights() {
    memqc::MLP mlp = learnt();
    const memqc::Layer layer = mlp.weights(1);
    CHECK(layer.inputs == 8 && layer.outputs == 2 && layer.w.size() == 16 &&
          layer.bias.size() == 2);
    std::vector<float> w(16), bias(2);
    mlp.weights(1, w, {});
    mlp.weights(1, {}, bias);
    CHECK(w == layer.w && bias == layer.bias);
    mlp.set_weights(1, std::vector<float>(16, 0.25f));
    CHECK(same(mlp.weights(1).w[3], 0.25f) && mlp.weights(1).bias == bias);
    mlp.set_weights(1, {}, {1, 2});
    CHECK(same(mlp.weights(1).w[3], 0.25f) && same(mlp.weights(1).bias[1], 2));
    const memqc::Layer loaded = memqc::MLP::load_memory(mlp.save_memory()).weights(0);
    CHECK(loaded.inputs == 2 && loaded.outputs == 8);
    CHECK_THROWS(memqc::ArgumentError, "layer", mlp.weights(2));
    CHECK_THROWS(memqc::ArgumentError, "w has 3", mlp.set_weights(1, {1, 2, 3}));
}

void test_layers() {
    const memqc::Device device("hfox-a");
    memqc::MLP mlp({2, 4, 2}, device, 3);
    CHECK(mlp.device(1).choice("model") == "quantized");
    mlp.set_layer(0, "learning_rate", 0.25);
    CHECK(same(mlp.layer(0, "learning_rate"), 0.25) && !same(mlp.layer(1, "learning_rate"), 0.25));
    mlp.set_crossbar(MEMQC_MLP_ALL, "mapping", "differential");
    CHECK(same(mlp.crossbar(1, "mapping"), MEMQC_CROSSBAR_MAPPING_DIFFERENTIAL));
    mlp.set_device(1, memqc::Device("hfox-a", {{"states", 64}}));
    CHECK(mlp.device(1).levels() == 64 && mlp.device(0).levels() == 32);
    mlp.set_layer(1, "rule", "float");
    mlp.set_device(1, nullptr);
    CHECK_THROWS(memqc::StateError, "", mlp.device(1));
    mlp.init();
    {
        const memqc::BorrowedCrossbar array = mlp.borrow_crossbar(0);
        CHECK(array->cols() == 4 && (*array).choice("mapping") == "differential");
        CHECK(array->clone().weights() == mlp.weights(0).w);
    }
    CHECK(mlp.weights(0).w.size() == 8); // the array is still there
}

void test_studies() {
    const memqc::Device device("hfox-a", {{"states", 64}});
    memqc::MLP mlp = learnt();
    mlp.set({{"instances", 3}, {"seconds", 10}});
    CHECK_THROWS(memqc::ArgumentError, "", mlp.monte_carlo(X, LABELS));
    const std::vector<double> accuracies = mlp.monte_carlo(X, LABELS, device);
    CHECK(accuracies.size() == 3 && accuracies[0] >= 0 && accuracies[0] <= 1);
    CHECK(memqc::summary(accuracies, MEMQC_SUMMARY_MAX) <= 1);
    const std::vector<std::uint8_t> hits = mlp.monte_carlo_hits(X, LABELS, device);
    const memqc::Crossed crossed = memqc::crossed(3, std::size(LABELS), hits);
    CHECK(same(crossed[MEMQC_CROSSED_MEAN], (accuracies[0] + accuracies[1] + accuracies[2]) / 3));
    CHECK(memqc::crossed(3, std::size(LABELS), hits, hits)[MEMQC_CROSSED_MEAN] == 0);
    CHECK_THROWS(memqc::ArgumentError, "hits has", memqc::crossed(4, 100, hits));
    const memqc::Nested nested = memqc::nested(3, 1, std::size(LABELS), hits);
    CHECK(same(nested[MEMQC_NESTED_MEAN], crossed[MEMQC_CROSSED_MEAN]));
    CHECK(nested[MEMQC_NESTED_LOW] <= nested[MEMQC_NESTED_HIGH]);
    CHECK_THROWS(memqc::ArgumentError, "hits has", memqc::nested(3, 2, std::size(LABELS), hits));
    const std::vector<double> variances{1e-4, 3e-4}, freedoms{9, 99};
    CHECK(memqc::combine(variances, freedoms) > 1.96 * 0.02);
    CHECK_THROWS(memqc::ArgumentError, "freedoms has 0", memqc::combine(variances, {}));
    const memqc::Limits limits = mlp.sensitivity(MEMQC_MLP_PROPERTY_C2C, X, LABELS, device);
    CHECK(same(limits[MEMQC_MLP_LIMIT_LOSS],
               limits[MEMQC_MLP_LIMIT_IDEAL] - limits[MEMQC_MLP_LIMIT_ACCURACY]));
    const memqc::Shares shares = mlp.shapley(0, X, LABELS, device);
    CHECK(shares[MEMQC_MLP_PROPERTY_FAULTS - MEMQC_MLP_PROPERTY_ALL][MEMQC_MLP_SHARE_LOSS] == 0);
    CHECK_THROWS(memqc::ArgumentError, "", mlp.shapley(0, X, LABELS));
    memqc::MLP transferred = mlp.transfer(device);
    CHECK(transferred.monte_carlo(X, LABELS).size() == 3);
    CHECK(transferred.transfer().layers() == 2);
    const memqc::Limits own = transferred.sensitivity(MEMQC_MLP_PROPERTY_C2C, X, LABELS);
    CHECK(own[MEMQC_MLP_LIMIT_IDEAL] >= 0);
}

void test_progress() {
    memqc::MLP mlp({2, 4, 2}, 1);
    std::uint32_t epoch = 0;
    mlp.set_progress([&](const memqc::Progress &progress) {
        CHECK(progress.phase == MEMQC_PHASE_TRAINING && same(progress.done, progress.total));
        epoch = progress.epoch;
        return progress.epoch == 3;
    });
    CHECK_THROWS(memqc::Stopped, "", mlp.fit(X, LABELS, 9));
    CHECK(epoch == 3);
    struct Mine {};
    bool caught = false;
    mlp.set_progress([](const memqc::Progress &) -> bool { throw Mine(); });
    try {
        mlp.train_epoch(X, LABELS);
    } catch (const Mine &) {
        caught = true;
    }
    CHECK(caught);
    memqc::Status status;
    mlp.set_progress([&](const memqc::Progress &) { mlp.reset(status); }); // refused, not undefined
    mlp.train_epoch(X, LABELS);
    CHECK(status.code() == MEMQC_ERROR_STATE);
    mlp.set_progress(nullptr);
    mlp.set_checkpoint("cpp-test-checkpoint");
    mlp.train_epoch(X, LABELS);
    mlp.set_checkpoint(nullptr);
    CHECK(memqc::MLP::load("cpp-test-checkpoint").epochs() == mlp.epochs());
    std::remove("cpp-test-checkpoint");
}

} // namespace

void test_mlp() {
    test_training();
    test_weights();
    test_layers();
    test_studies();
    test_progress();
}
