// SPDX-License-Identifier: BSD-3-Clause
// A C++17 program of somebody else's with memqc.hpp, built against the installed library by
// check_consumer.sh. Its argument is the version that pkg-config reported.
#include <memqc.hpp>

#include <cstdio>

namespace {

void require(bool condition, const char *what) {
    if (!condition)
        throw std::runtime_error(std::string("not true: ") + what);
}

void check_product() {
    memqc::Device device("ideal", {{"states", 64}});
    memqc::Crossbar crossbar(device, 3, 2, 1, {{"mapping", "differential"}});
    const float w[3][2] = {{1, -1}, {0, 0}, {0, 1}};
    crossbar.program(w);
    const std::vector<float> y = crossbar.mac({1, 0, 1});
    require(y[0] > 0.99f && y[0] < 1.01f && y[1] > -0.01f && y[1] < 0.01f, "y = x W");
}

void check_training() {
    const std::vector<float> x{0, 0, 0, 1, 1, 0, 1, 1};
    const std::vector<std::int32_t> labels{0, 1, 1, 0};
    memqc::MLP mlp({2, 8, 2}, 1);
    mlp.set({{"activation", "tanh"}, {"loss", "cross-entropy"}, {"input_bits", 0}, {"batch", 4}});
    mlp["learning_rate"] = 0.5;
    std::uint32_t epochs = 0;
    mlp.set_progress([&](const memqc::Progress &progress) { epochs = progress.epoch; });
    mlp.fit(x, labels, 1000);
    require(epochs == 1000 && mlp.predict(x) == labels, "XOR is learnt");
}

void check_errors() {
    memqc::Device device("hfox-a");
    memqc::Status status;
    device.set("states", 1, status);
    require(status.code() == MEMQC_ERROR_ARGUMENT, "a status");
    try {
        device.set("states", 1);
    } catch (const memqc::ArgumentError &error) {
        require(status.text() == error.what(), "the text of an exception");
        return;
    }
    require(false, "an exception");
}

} // namespace

int main(int argc, char **argv) {
    try {
        require(argc == 2 && std::string(argv[1]) == memqc::version_string(),
                "version as pkg-config reports it");
        check_product();
        check_training();
        check_errors();
    } catch (const std::exception &failure) {
        std::fprintf(stderr, "consumer_hpp.cpp: %s\n", failure.what());
        return 1;
    }
}
