// SPDX-License-Identifier: BSD-3-Clause
// memqc::Crossbar.
#include "check.hpp"

#include <cmath>

namespace {

const float W[3][2] = {{0.5f, -0.25f}, {1, 0}, {-1, 0.75f}};

memqc::Crossbar make(const char *preset = "ideal") {
    memqc::Crossbar crossbar(memqc::Device(preset, {{"states", 64}}), 3, 2, 1,
                             {{"mapping", "differential"}});
    crossbar.program(W);
    return crossbar;
}

void test_life() {
    memqc::Crossbar crossbar = make();
    CHECK(crossbar.rows() == 3 && crossbar.cols() == 2 && crossbar.planes() == 2);
    memqc::Device device = crossbar.device();
    CHECK(same(device["states"], 64));
    device["temperature"] = 350;
    crossbar.set_device(device);
    CHECK(same(crossbar.device()["temperature"], 350));
    CHECK(crossbar.choice("mapping") == "differential");
    CHECK(crossbar.uses("rule") && !crossbar.uses("adc_time"));
    CHECK_THROWS(memqc::StateError, "mapping", crossbar.set("mapping", "single"));
    memqc::Status status;
    const memqc::Crossbar none(device, 0, 2, 1, status);
    CHECK(none.empty() && !status.ok());
    CHECK_THROWS(memqc::ArgumentError, "slices",
                 memqc::Crossbar(device, 1, 1, 1, {{"slices", 99}}));
}

void test_programming() {
    memqc::Crossbar crossbar = make();
    const std::vector<float> nominal = crossbar.nominal_weights();
    CHECK(crossbar.weights().size() == 6 && std::fabs(nominal[0] - 0.5f) < 0.02f);
    crossbar.program_cell(0, 1, 1.0);
    crossbar.program_list({2, 3}, {-1.0f, 1.0f});
    const std::vector<float> moved = crossbar.nominal_weights();
    CHECK(same(moved[1], 1) && same(moved[2], -1) && same(moved[3], 1) &&
          same(moved[0], nominal[0]));
    const std::int32_t level = crossbar.levels(0)[0];
    crossbar.pulse(0, {0}, {-1});
    CHECK(crossbar.levels(0)[0] == level + 1);
    const std::vector<float> g(6, 1e-4f);
    crossbar.set_conductances(0, g);
    CHECK(crossbar.conductances(0) == g);
    CHECK(crossbar.report(MEMQC_CROSSBAR_REPORT_CELLS) > 0);
    CHECK(crossbar.count(MEMQC_CROSSBAR_COUNT_PROGRAMMED) > 0);
    CHECK(crossbar.cost(MEMQC_CROSSBAR_COST_ENERGY) > 0);
    CHECK_THROWS(memqc::ArgumentError, "w has 5 elements; it must have 6",
                 crossbar.program(std::vector<float>(5)));
    CHECK_THROWS(memqc::ArgumentError, "w has 1", crossbar.program_list({1, 2}, {1}));

    memqc::Crossbar referenced(memqc::Device("ideal"), 3, 2, 1, {{"mapping", "reference"}});
    referenced.program(W);
    referenced.set_reference(0, {1e-4f, 2e-4f, 3e-4f});
    CHECK(same(referenced.reference(0)[2], 3e-4f));
}

void test_updates() {
    memqc::Crossbar crossbar = make(), other = make();
    const float x[2][3] = {{1, 0, 0.5f}, {0, 1, 0}}, d[2][2] = {{1, -1}, {0.5f, 0}};
    const float outer[6] = {1, -1, 0.5f, 0, 0.5f, -0.5f}; // x^T d
    crossbar.update_outer(-0.2, x, d);
    other.update(-0.2, outer);
    CHECK(crossbar.weights() == other.weights());
    CHECK(crossbar.report(MEMQC_CROSSBAR_REPORT_MOVED) > 0);
    std::vector<float> w = crossbar.weights();
    const float before = w[0];
    w[0] -= 0.4f;
    crossbar.follow(w);
    CHECK(w == crossbar.weights() && std::fabs(w[0] - before + 0.4f) < 0.05f);
    CHECK_THROWS(memqc::ArgumentError, "d has 3 elements; it must have 4",
                 crossbar.update_outer(1, x, {1, 2, 3}));
}

void test_service() {
    memqc::Crossbar crossbar = make();
    crossbar.stick(0, {0, 3}, {1e-3f, 1e-5f});
    crossbar.stick(1, {1});
    CHECK(crossbar.stuck(0) == (std::vector<std::int32_t>{1, 0, 0, 1, 0, 0}));
    const memqc::Remapping done = crossbar.remap();
    CHECK(done.remapped + done.lost > 0);
    crossbar.unstick(0, {0, 3});
    CHECK(crossbar.stuck(0) == std::vector<std::int32_t>(6));
    crossbar.advance(3600);
    CHECK(same(crossbar.clock(), 3600));
    crossbar["drift_compensation"] = 1;
    CHECK(same(crossbar.compensation(), 1));
}

void test_products() {
    memqc::Crossbar crossbar = make("hfox-a");
    crossbar["read_noise"] = 1e-6;
    const std::uint64_t first = crossbar.vector();
    const std::vector<float> y = crossbar.mac({1, 0, 1, 0, 1, 0});
    CHECK(y.size() == 4 && crossbar.vector() == first + 2);
    crossbar.rewind(first);
    float again[2][2];
    crossbar.mac({1, 0, 1, 0, 1, 0}, again);
    CHECK(same(again[0][0], y[0]) && same(again[1][1], y[3]));
    std::vector<float> wide(8, 7.0f); // rows of 2 in memory of 4
    crossbar.rewind(first);
    crossbar.mac({1, 0, 1, 0, 1, 0}, memqc::Rows<float>(wide.data(), 2, 2, 4));
    CHECK(same(wide[1], y[1]) && same(wide[2], 7) && same(wide[4], y[2]));
    std::vector<float> back(3);
    crossbar.rewind(first);
    crossbar.mac_transposed({1, 1}, back);
    crossbar.rewind(first);
    CHECK(crossbar.mac_transposed({1, 1}) == back);
    CHECK(crossbar.mac({}).empty());
    crossbar.set({{"adc_bits", 8}, {"adc_range", "calibrated"}});
    CHECK_THROWS(memqc::StateError, "", crossbar.mac({1, 0, 1}));
    crossbar.calibrate({1, 0, 1});
    crossbar.calibrate_transposed({1, 0}, 99);
    CHECK(crossbar.mac({1, 0, 1}).size() == 2);
    CHECK_THROWS(memqc::ArgumentError, "has 3 elements; it must have 2",
                 crossbar.mac({1, 0, 1}, back));
    memqc::Status status;
    CHECK(crossbar.mac({1, 0, NAN}, status).size() == 2 && status.code() == MEMQC_ERROR_DATA);
}

void test_currents() {
    memqc::Crossbar crossbar = make();
    const std::vector<float> g = crossbar.conductances(0);
    const float volts[] = {0.1f, 0, 0};
    std::vector<float> ideal(2), wired(2), lines(3);
    crossbar.ideal_currents(0, volts, ideal);
    CHECK(std::fabs(ideal[0] - 0.1f * g[0]) < 1e-9f);
    crossbar["word_resistance"] = 100;
    crossbar.currents(0, volts, wired);
    CHECK(wired[0] < ideal[0]);
    crossbar.ideal_currents_transposed(0, {0.1f, 0}, lines);
    CHECK(std::fabs(lines[2] - 0.1f * g[4]) < 1e-9f);
    crossbar.currents_transposed(0, {0.1f, 0}, lines);
    CHECK(lines[2] < 0.1f * g[4]);

    const memqc::Tile tile = crossbar.tile(0);
    CHECK(tile.rows == 3 && tile.cols == 2 && tile.row == 0 && tile.col == 0);
    const memqc::Nodes nodes = crossbar.nodes(0, 0, volts);
    CHECK(nodes.word.size() == 6 && nodes.word[0] > nodes.word[1] && nodes.word[1] > 0);
    CHECK(crossbar.nodes_transposed(0, 0, {0.1f, 0}).bit.size() == 6);
    const memqc::Branches branches = crossbar.branches(0, 0, volts);
    CHECK(branches.cell.size() == 6 && branches.word.size() == 9 && branches.bit.size() == 8);
    CHECK(std::fabs(branches.bit[6] - wired[0]) < 1e-9f);
    CHECK(crossbar.branches_transposed(0, 0, {0.1f, 0}).word.size() == 9);
    CHECK_THROWS(memqc::ArgumentError, "volts has 2", crossbar.nodes(0, 0, {1, 2}));
}

void test_progress() {
    memqc::Crossbar crossbar(memqc::Device("hfox-a"), 64, 64, 1, {{"scheme", "verify"}});
    const std::vector<float> w(4096, 0.5f);
    std::vector<std::size_t> places(4096);
    double done = 0;
    crossbar.set_progress([&](const memqc::Progress &progress) { done = progress.done; });
    memqc::Crossbar moved = std::move(crossbar); // the function moves with it
    moved.program(w);
    CHECK(same(done, 4096));
    moved.set_progress([](const memqc::Progress &) -> bool { throw std::logic_error("mine"); });
    CHECK_THROWS(std::logic_error, "mine", moved.program(w));
    memqc::Status status;
    CHECK_THROWS(std::logic_error, "mine", moved.program(w, status));
    moved.set_progress([](const memqc::Progress &) { return true; });
    CHECK_THROWS(memqc::Stopped, "", moved.program(w));
    moved.program_list(places, w, status);
    CHECK(status.code() == MEMQC_STOPPED);
    moved.set_progress(nullptr);
    moved.program(w);
}

} // namespace

void test_crossbar() {
    test_life();
    test_programming();
    test_updates();
    test_service();
    test_products();
    test_currents();
    test_progress();
}
