// SPDX-License-Identifier: BSD-3-Clause
// A C++11 program of somebody else's, built against the installed library by check_consumer.sh: the handles
// in smart pointers, statuses turned into exceptions. Its argument is the version that pkg-config reported.
#include <memqc/memqc.h>

#include <cmath>
#include <cstdio>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

template <typename T, void (*destroy)(T **)> struct Destroy {
    void operator()(T *handle) const {
        destroy(&handle);
    }
};
using Device = std::unique_ptr<memqc_device, Destroy<memqc_device, memqc_device_destroy>>;
using Crossbar = std::unique_ptr<memqc_crossbar, Destroy<memqc_crossbar, memqc_crossbar_destroy>>;
using Mlp = std::unique_ptr<memqc_mlp, Destroy<memqc_mlp, memqc_mlp_destroy>>;

void call(memqc_status status) {
    if (status != MEMQC_OK)
        throw std::runtime_error(std::string(memqc_status_name(status)) + ": " +
                                 memqc_last_error());
}

void require(bool condition, const char *what) {
    if (!condition)
        throw std::runtime_error(std::string("not true: ") + what);
}

Device make_device() {
    memqc_device *device = nullptr;
    call(memqc_device_create_preset("hfox-a", &device));
    return Device(device);
}

void check_mac(const Device &device) {
    const size_t rows = 4, cols = 6, batch = 3;
    memqc_crossbar *made = nullptr;
    call(memqc_crossbar_create(device.get(), rows, cols, 0, &made));
    Crossbar crossbar(made);
    std::vector<float> w(rows * cols), held(rows * cols), x(batch * cols), y(batch * rows);
    for (size_t i = 0; i < w.size(); i++)
        w[i] = static_cast<float>(i % 5) / 2.0f - 1.0f;
    for (size_t i = 0; i < x.size(); i++)
        x[i] = static_cast<float>(i % 3);
    call(memqc_crossbar_set(crossbar.get(), MEMQC_CROSSBAR_MAPPING,
                            MEMQC_CROSSBAR_MAPPING_DIFFERENTIAL));
    call(memqc_crossbar_program(crossbar.get(), w.data(), cols));
    call(memqc_crossbar_get_weights(crossbar.get(), held.data(), cols));
    call(memqc_crossbar_mac_transposed(crossbar.get(), batch, x.data(), cols, y.data(), rows));
    for (size_t b = 0; b < batch; b++) {
        for (size_t r = 0; r < rows; r++) {
            double sum = 0, size = 0;
            for (size_t c = 0; c < cols; c++) {
                sum +=
                    static_cast<double>(x[b * cols + c]) * static_cast<double>(held[r * cols + c]);
                size += std::fabs(static_cast<double>(x[b * cols + c]));
            }
            require(std::fabs(static_cast<double>(y[b * rows + r]) - sum) <= 1e-5 * (1 + size),
                    "MAC is a plain loop");
        }
    }
}

void check_training(const Device &device) {
    const std::vector<size_t> sizes{2, 4, 2};
    const std::vector<float> x{0, 0, 0, 1, 1, 0, 1, 1};
    const std::vector<int32_t> labels{0, 1, 1, 0};
    memqc_mlp *made = nullptr;
    call(memqc_mlp_create(sizes.data(), sizes.size(), device.get(), 0, &made));
    Mlp mlp(made);
    int calls = 0;
    const memqc_progress progress = [](void *user, const double *, size_t) -> int32_t {
        ++*static_cast<int *>(user);
        return 0;
    };
    call(memqc_mlp_set_progress(mlp.get(), progress, &calls));
    for (int epoch = 0; epoch < 3; epoch++)
        call(memqc_mlp_train_epoch(mlp.get(), labels.size(), x.data(), 2, labels.data()));
    require(calls == 3, "progress is called once an epoch");
    double loss = -1;
    std::vector<uint64_t> confusion(4);
    call(memqc_mlp_evaluate(mlp.get(), labels.size(), x.data(), 2, labels.data(), &loss, nullptr,
                            confusion.data()));
    require(std::isfinite(loss) && loss >= 0, "the loss is a number");
    require(confusion[0] + confusion[1] == 2 && confusion[2] + confusion[3] == 2,
            "rows of the confusion matrix");
}

void check_error(const Device &device) {
    double before = 0, after = 0;
    call(memqc_device_get(device.get(), MEMQC_DEVICE_STATES, &before));
    require(memqc_device_set(device.get(), MEMQC_DEVICE_STATES, 1) == MEMQC_ERROR_ARGUMENT,
            "one state is refused");
    require(std::string(memqc_last_error()).find("states") != std::string::npos,
            "the text names the parameter");
    call(memqc_device_get(device.get(), MEMQC_DEVICE_STATES, &after));
    require(after >= before && after <= before, "the value stays");
}

} // namespace

int main(int argc, char **argv) {
    try {
        require(argc == 2 && std::string(argv[1]) == memqc_version_string(),
                "version as pkg-config reports it");
        Device device = make_device();
        check_mac(device);
        check_training(device);
        check_error(device);
    } catch (const std::exception &failure) {
        std::fprintf(stderr, "consumer.cpp: %s\n", failure.what());
        return 1;
    }
    return 0;
}
