// SPDX-License-Identifier: BSD-3-Clause
// memqc::Device.
#include "check.hpp"

#include <cmath>

namespace {

void test_levels() {
    memqc::Device device("ideal");
    CHECK(memqc::Device::presets().size() > 5 && memqc::Device::presets()[0] == "hfox-a");
    CHECK(device.levels() == 32);
    const memqc::Level top = device.level(1);
    CHECK(same(top.nominal, device["g_max"]) && same(top.sd, 0));
    CHECK(device.nearest({1, 0}) == std::vector<std::int32_t>{1, 32});
    CHECK(device.ramp().size() == 32 && device.ramp()[31] < device.ramp()[0]);
    const std::vector<float> course = device.response(-1, 1, 3);
    CHECK(course.size() == 3 && course[2] < course[0]);

    memqc::Device table = memqc::Device::of_model("table");
    table.set_table(1, {1e-6f, 1e-5f}, {1e-7f, 2e-7f});
    const memqc::Table up = table.table(1);
    CHECK(up.g.size() == 2 && same(up.g[1], 1e-5f) && same(up.step[0], 1e-7f));
    CHECK_THROWS(memqc::ArgumentError, "step has 1", table.set_table(1, {1, 2}, {1}));

    memqc::Device uneven("hfox-a");
    uneven.set_levels({1e-6f, 3e-6f, 1e-5f}, {1e-7f, 2e-7f, 3e-7f});
    const memqc::LevelTable ladder = uneven.level_table();
    CHECK(ladder.g == (std::vector<float>{1e-5f, 3e-6f, 1e-6f}) && ladder.quantiles.empty());
    CHECK(same(ladder.sd[0], 3e-7f) && same(uneven.level(2).nominal, 3e-6f));
    uneven.set_levels({2e-6f, 1e-6f}, {}, {2e-6f, 3e-6f, 0.0f, 1e-6f});
    CHECK(uneven.level_table().quantiles == (std::vector<float>{2e-6f, 3e-6f, 0.0f, 1e-6f}));
    CHECK_THROWS(memqc::ArgumentError, "sd has 1", uneven.set_levels({1, 2}, {1}));

    memqc::Device spread("hfox-a", {{"d2d_g_max", 0.1}});
    const std::vector<float> ends = spread.cells("g_max", 5, 3);
    CHECK(ends.size() == 3 && !same(ends[0], ends[1]));
}

void test_draws() {
    const memqc::Device device("hfox-a");
    const std::vector<std::int32_t> levels{1, 16, 32};
    const std::vector<float> g = device.draw(3, 1, levels);
    std::vector<float> again(3), both(6);
    std::uint64_t negative = 99;
    device.draw(3, 1, levels, again, &negative);
    CHECK(g == again && negative <= 3 && g[0] > g[2]);
    device.draw_levels(3, 1, levels, memqc::Rows<float>(both.data(), 2, 3));
    CHECK(same(both[0], device.draw(3, 1, {1})[0]) && same(both[1], device.draw(3, 2, {16})[0]));
    CHECK(device.staircase(0, 0, 2).size() == 64);
    CHECK_THROWS(memqc::ArgumentError, "g has 2",
                 device.draw(0, 0, levels, memqc::Span<float>(again.data(), 2)));
}

void test_pulses() {
    const memqc::Device device = memqc::Device::of_model("soft-bounds", {{"states", 16}});
    const float low = static_cast<float>(device["g_min"].operator double());
    std::vector<float> state(2, low), each(2, low), g(2);
    memqc::Cost cost{};
    device.pulse(0, 0, 5, state, g, &cost);
    CHECK(state == g && state[0] > low && same(cost[MEMQC_DEVICE_COST_SET], 10));
    device.pulse_each(0, 0, {5, 0}, each);
    CHECK(same(each[0], state[0]) && same(each[1], low));
    device.program(0, 0, {1, 16}, each, {}, &cost);
    CHECK(each[0] > each[1]);
    device.apply(0, 9, -2.0, each);
    memqc::Status status;
    device.apply(0, 9, NAN, each, {}, nullptr, status);
    CHECK(status.code() == MEMQC_ERROR_ARGUMENT);
    CHECK_THROWS(memqc::ArgumentError, "state has 2", device.program(0, 0, {1}, each));
    CHECK_THROWS(memqc::ArgumentError, "g has 1",
                 device.pulse(0, 0, 1, each, memqc::Span<float>(g.data(), 1)));
}

void test_effects() {
    memqc::Device device("hfox-a", {{"read_noise", 1e-6},
                                    {"drift_nu", 0.1},
                                    {"rtn_amplitude", 0.5},
                                    {"stuck_on", 0.5},
                                    {"iv_nonlinearity", 2}});
    const std::vector<float> g{1e-4f, 2e-4f};
    std::vector<float> out(2), aged(2);
    device.read(0, 0, g, out);
    CHECK(!same(out[0], g[0]));
    device.age(0, 0, 1e6, 0, g, aged);
    CHECK(aged[0] < g[0]);
    device["flicker"] = 0.01;
    device["flicker_drawn"] = "per-read";
    const std::vector<float> still = aged;
    memqc::flicker(device, 0, 0, 1e6, g, aged);
    CHECK(!same(aged[0], still[0]) && std::abs(aged[0] / still[0] - 1) < 1);
    std::vector<std::int32_t> traps = device.telegraph_begin(0, 0, 2);
    device.telegraph_advance(0, 1, 0.0, traps);
    traps = {1, 0};
    device.telegraph_read(traps, g, out);
    CHECK(same(out[0], 0.5f * g[0]) && same(out[1], g[1]));
    const std::vector<std::int32_t> kinds = device.faults(0, 64);
    std::vector<float> cells(64, 0.0f);
    device.stick(0, cells);
    for (std::size_t i = 0; i < kinds.size(); i++)
        CHECK((kinds[i] == MEMQC_DEVICE_FAULT_ON) == (cells[i] > 0));
    device.current(g, {0.1f, 0.2f}, out);
    CHECK(std::fabs(out[0] - 1e-5f) < 1e-9f && out[1] > 4e-5f);
    CHECK_THROWS(memqc::ArgumentError, "volts has 1", device.current(g, {0.1f}, out));
}

void test_warnings() {
    const memqc::Device paper("hfox-a");
    CHECK(memqc::warnings(paper).empty());
    const memqc::Device wide("hfox-a", {{"g_max", 20 * MEMQC_G0}});
    CHECK(memqc::warnings(wide) == std::vector<std::int32_t>{MEMQC_DEVICE_WARNING_ABOVE_QUANTA});
    CHECK(std::string(memqc::warning_text(MEMQC_DEVICE_WARNING_ABOVE_QUANTA)).find("16 G0") !=
          std::string::npos);
    CHECK(memqc::warning_text(0) == nullptr);
}

void test_jumps() {
    memqc::Device device = memqc::Device::of_model("jumps");
    const std::vector<float> g{1e-5f, 9e-5f}, q{0, 1e-6f, 2e-6f, 0, 2e-6f, 4e-6f};
    memqc::set_jumps(device, 0, 1, g, q);
    memqc::set_jumps(device, 1, -1, g, q);
    CHECK(memqc::jump_tables(device) == 2);
    CHECK(memqc::jumps(device, 0, 1).g == g);
    CHECK(memqc::jumps(device, 1, -1).quantiles == q);
    CHECK(memqc::jumps(device, 1, 1).quantiles == q); // that of table 0
    CHECK_THROWS(memqc::ArgumentError, "quantiles has 3",
                 memqc::set_jumps(device, 0, 1, g, {0, 1, 2}));
}

void test_custom() {
    int released = 0;
    const std::shared_ptr<int> held(&released, [](int *count) { ++*count; });
    {
        memqc::Device copy;
        {
            memqc::Device device = memqc::custom_device("half", [held](const memqc::Pulses &p) {
                for (std::size_t i = 0; i < p.n; i++)
                    p.g[i] +=
                        p.cells[2][i] * ((p.volts[i] > 0 ? p.cells[1][i] : p.cells[0][i]) - p.g[i]);
            });
            memqc::set_custom(device, {0.5}, {0.1});
            copy = device.clone();
        }
        CHECK(same(memqc::custom_parameters(copy).mean[0], 0.5));
        CHECK(same(memqc::custom_parameters(copy).lognormal[0], 0.1));
        CHECK(memqc::custom_parameters(copy).normal == std::vector<double>{0});
        const std::vector<float> own = memqc::custom_cells(copy, 0, 4, 2);
        CHECK(own.size() == 2 && !same(own[0], own[1]));
        const double low = copy["g_min"], high = copy["g_max"];
        CHECK(std::fabs(copy.response(1, low, 1)[0] - (low + high) / 2) < 1e-8);
        CHECK_THROWS(memqc::ArgumentError, "normal has 2",
                     memqc::set_custom(copy, {1}, {}, {1, 2}));
        CHECK_THROWS(memqc::StateError, "half", copy.save_memory());
        CHECK(held.use_count() == 2);
    }
    CHECK(held.use_count() == 1);
    const memqc::Device bad =
        memqc::custom_device("bad", [](const memqc::Pulses &) { throw std::logic_error("mine"); });
    std::vector<float> state(2, 1e-4f);
    CHECK_THROWS(memqc::DataError, "returned -1", bad.pulse(0, 0, 1, state));
}

/* Each second pulse becomes another reading of the first. */
void test_repeated_readings() {
    const memqc::Device device("hfox-a");
    const std::vector<float> g = device.staircase(0, 0, 10);
    std::vector<std::int32_t> cycle, pulse, read;
    for (std::int32_t i = 0; i < 320; i++) {
        cycle.push_back(i / 32);
        pulse.push_back(i % 32 / 2 + 1);
        read.push_back(i % 2);
    }
    memqc::Curves curves;
    curves.g = g;
    curves.cycle = cycle;
    curves.pulse = pulse;
    CHECK_THROWS(memqc::DataError, "has pulse 1 twice",
                 (void)memqc::Device::fit(curves, MEMQC_DEVICE_QUANTIZED));
    curves.read = read;
    const memqc::Device told = memqc::Device::fit(curves, MEMQC_DEVICE_QUANTIZED);
    CHECK(same(told.fit_value(MEMQC_DEVICE_FIT_NOISE), MEMQC_DEVICE_FIT_NOISE_READS));
    CHECK(told.get("read_noise") + told.get("read_noise_relative") > 0);
}

void check_levels(const memqc::Curves &curves) {
    const memqc::Device ladder = memqc::Device::fit(curves, MEMQC_DEVICE_FIT_QUANTIZED_LEVELS);
    const memqc::LevelTable errors = ladder.fit_level_errors();
    CHECK(errors.g.size() == 32 && errors.sd.size() == 32 && errors.quantiles.empty());
    CHECK(errors.g[31] > 0 && errors.sd[31] > 0);
    CHECK_THROWS(memqc::StateError, "memqc_device_fit()",
                 (void)memqc::Device("hfox-a").fit_level_errors());
}

void test_fit_jumps() {
    std::vector<float> g;
    std::vector<std::int32_t> cycle, pulse, direction;
    std::uint32_t number = 1;
    float at = 1e-5f;
    for (std::int32_t i = 0; i < 2000; i++) {
        const bool up = i / 100 % 2 == 0;
        number = number * 1664525u + 1013904223u;
        const float part = up ? 1e-4f - at : at - 1e-5f;
        at += (up ? 0.2f : -0.2f) * part * static_cast<float>(number >> 8) * 0x1p-24f;
        g.push_back(at);
        cycle.push_back(i / 200);
        pulse.push_back(i % 200);
        direction.push_back(up ? 1 : -1);
    }
    memqc::Curves curves;
    curves.g = g;
    curves.pulse = pulse;
    curves.cycle = cycle;
    curves.direction = direction;
    const memqc::Device fitted = memqc::Device::fit(curves, MEMQC_DEVICE_JUMPS);
    const memqc::JumpBands bands = memqc::fit_jump_bands(fitted, 0, 1);
    CHECK(bands.low.size() == memqc::jumps(fitted, 0, 1).quantiles.size());
    CHECK(bands.high.size() == bands.low.size() && bands.low[0] <= bands.high[0]);
    CHECK_THROWS(memqc::StateError, "memqc_device_fit()",
                 (void)memqc::fit_jump_bands(memqc::Device::of_model("jumps"), 0, 1));
}

void test_fit() {
    const memqc::Device device("hfox-a");
    const std::vector<float> g = device.staircase(0, 0, 10);
    std::vector<std::int32_t> cycle, pulse;
    for (std::int32_t i = 0; i < 320; i++) {
        cycle.push_back(i / 32);
        pulse.push_back(i % 32 + 1);
    }
    memqc::Curves curves;
    curves.g = g;
    curves.cycle = cycle;
    curves.pulse = pulse;
    const memqc::Device fitted = memqc::Device::fit(curves, MEMQC_DEVICE_QUANTIZED);
    CHECK(fitted.levels() == 32 && same(fitted.fit_value(MEMQC_DEVICE_FIT_CYCLES), 10));
    CHECK(fitted.fit_value(MEMQC_DEVICE_FIT_STANDARD_ERROR, "sigma") > 0);
    const memqc::Device drawn = fitted.fit_draw(1, 0);
    CHECK(!same(drawn.get("sigma"), fitted.get("sigma")));
    CHECK(same(drawn.get("sigma"), fitted.fit_draw(1, 0).get("sigma")));
    CHECK(fitted.left_out().empty());
    CHECK(fitted.fit_residuals().size() == 310 && fitted.fit_residuals()[0] < -2);
    CHECK_THROWS(memqc::StateError, "not made by", (void)device.fit_residuals());
    std::vector<float> dirty = g;
    dirty[40] = 9.9e37f;
    curves.g = dirty;
    const auto left_out = memqc::Device::fit(curves, MEMQC_DEVICE_QUANTIZED).left_out();
    CHECK(left_out.size() == 1 && left_out[0].row == 40 && left_out[0].value > 9e37f);
    CHECK(left_out[0].reason == MEMQC_DEVICE_LEFT_OUT_OVERFLOW);
    CHECK(std::string(left_out[0].text) == "overflow of the instrument");
    CHECK_THROWS(memqc::StateError, "not made by", (void)device.left_out());
    curves.g = g;
    check_levels(curves);
    curves.g = g;
    int calls = 0;
    const memqc::Device counted =
        memqc::Device::fit(curves, MEMQC_DEVICE_QUANTIZED, [&](const memqc::Progress &progress) {
            CHECK(progress.phase == MEMQC_PHASE_FIT);
            calls++;
        });
    CHECK(calls > 0 && same(counted["sigma"], fitted["sigma"]));
    CHECK_THROWS(memqc::Stopped, "",
                 memqc::Device::fit(curves, MEMQC_DEVICE_QUANTIZED,
                                    [](const memqc::Progress &) { return true; }));
    CHECK_THROWS(std::logic_error, "mine",
                 memqc::Device::fit(curves, MEMQC_DEVICE_QUANTIZED, [](const memqc::Progress &) {
                     throw std::logic_error("mine");
                 }));
    curves.pulse = memqc::Span<const std::int32_t>(pulse.data(), 7);
    CHECK_THROWS(memqc::ArgumentError, "pulse has 7", memqc::Device::fit(curves));
}

} // namespace

void test_device() {
    test_levels();
    test_draws();
    test_pulses();
    test_effects();
    test_custom();
    test_warnings();
    test_jumps();
    test_fit_jumps();
    test_fit();
    test_repeated_readings();
}
