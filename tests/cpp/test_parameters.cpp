// SPDX-License-Identifier: BSD-3-Clause
// Parameters by name, failures as exceptions and as statuses, and what all objects have in common.
#include "check.hpp"

#include <algorithm>
#include <string_view>

namespace {

void test_names() {
    memqc::Device device("hfox-a", {{"states", 64}, {"law", "measured"}});
    CHECK(same(device.get("states"), 64) && same(device.get(MEMQC_DEVICE_STATES), 64));
    CHECK(device.choice("law") == "measured" && device.choice("states").empty());
    device.set("law", MEMQC_DEVICE_LAW_LINEAR);
    device.set(std::string_view("sigma"), 1e-6);
    CHECK(device["law"].choice() == "linear" && device["sigma"].used());
    device["sigma"] = 2e-6;
    const double sigma = device["sigma"];
    CHECK(same(sigma, 2e-6) && !device.uses("fwhm_early"));
    memqc::Device other("hfox-b");
    other["sigma"] = device["sigma"];
    CHECK(same(other.get("sigma"), 2e-6));
    const memqc::Device &reader = other;
    CHECK(same(reader["sigma"], 2e-6));
    device.set({{"states", 16}, {"g_max", 2e-3}});
    CHECK(same(device["states"], 16) && same(device["g_max"], 2e-3));
    const std::vector<memqc::Setting> settings{{"states", 8}, {MEMQC_DEVICE_G_MIN, 1e-6}};
    device.set(settings);
    CHECK(same(device["states"], 8) && same(device["g_min"], 1e-6));
}

template <class Object> void test_descriptions(const char *choice, const char *one) {
    const std::vector<memqc::Parameter> all = Object::parameters();
    CHECK(all.size() > 20);
    for (const memqc::Parameter &parameter : all) {
        CHECK(!parameter.name.empty() && !parameter.text.empty() && !parameter.group.empty());
        CHECK(parameter.min <= parameter.max &&
              Object::parameter(parameter.name).key == parameter.key);
        CHECK(parameter.choices.empty() == (parameter.kind != MEMQC_KIND_CHOICE));
    }
    const memqc::Parameter found = Object::parameter(choice);
    const auto &names = found.choices;
    CHECK(std::find(names.begin(), names.end(), one) != names.end());
}

void test_failures() {
    memqc::Device device("hfox-a");
    CHECK_THROWS(memqc::ArgumentError, "4096", device.set("states", 1));
    CHECK_THROWS(memqc::Error, "states = 1", device.set("states", 1));
    CHECK_THROWS(std::runtime_error, "no-such", device.set("no-such", 1));
    CHECK_THROWS(memqc::ArgumentError, "odd", device.set("law", "odd"));
    CHECK_THROWS(memqc::ArgumentError, "hfox-a", memqc::Device("no-such-device"));
    CHECK_THROWS(memqc::ArgumentError, "sigma", memqc::Device("hfox-a", {{"sigma", -1}}));
    CHECK_THROWS(memqc::FileError, "nowhere", memqc::Device::load("/nowhere/nothing"));
    CHECK_THROWS(memqc::FormatError, "",
                 memqc::Device::load_memory(std::vector<unsigned char>(99)));
    CHECK_THROWS(memqc::StateError, "", memqc::Crossbar(device, 2, 2).weights());
    CHECK_THROWS(memqc::ArgumentError, "NULL", memqc::Device().levels());

    memqc::Status status;
    device.set("states", 1, status);
    CHECK(!status.ok() && status.code() == MEMQC_ERROR_ARGUMENT);
    CHECK(std::string(status.name()) == "MEMQC_ERROR_ARGUMENT");
    CHECK(status.text().find("4096") != std::string::npos);
    device.set("states", 8, status);
    CHECK(status.ok() && status.text().empty());
    const memqc::Device none("no-such-device", status);
    CHECK(none.empty() && !status.ok());
    const memqc::Device also_none("hfox-a", {{"states", 1}}, status);
    CHECK(also_none.empty() && !status.ok());
    CHECK(memqc::Device::of_model("soft-bounds", {}, status).choice("model") == "soft-bounds");
    try {
        device.set("states", 1);
    } catch (const memqc::Error &error) {
        CHECK(error.code() == MEMQC_ERROR_ARGUMENT && error.status().text() == error.what());
    }
}

// Life: moving, cloning, files. made is any object with a seed.
template <class Object> void test_life(Object made) {
    static_assert(!std::is_copy_constructible<Object>::value);
    static_assert(std::is_nothrow_move_constructible<Object>::value);
    static_assert(std::is_nothrow_move_assignable<Object>::value);
    made.set_seed(17);
    Object moved = std::move(made);
    CHECK(made.empty() && !moved.empty() && !made.handle()); // NOLINT: what a move leaves
    Object clone = moved.clone();
    clone.set_seed(18);
    CHECK(moved.seed() == 17 && clone.seed() == 18);
    const Object again = Object::load_memory(moved.save_memory());
    CHECK(again.seed() == 17);
    const std::string path =
        std::string("cpp-test-") + moved.parameter(moved.parameters()[0].key).name;
    moved.save(path);
    CHECK(Object::load(path).seed() == 17);
    std::remove(path.c_str());
    made = std::move(moved);
    clone = std::move(made);
    CHECK(clone.seed() == 17);
    const Object owned = Object::own(clone.release());
    CHECK(clone.empty() && owned.seed() == 17);
}

} // namespace

void test_parameters() {
    test_names();
    test_descriptions<memqc::Device>("law", "measured");
    test_descriptions<memqc::Crossbar>("mapping", "differential");
    test_descriptions<memqc::MLP>("activation", "relu");
    test_failures();
    const memqc::Device device("hfox-a");
    test_life(device.clone());
    test_life(memqc::Crossbar(device, 3, 2));
    test_life(memqc::MLP({3, 4, 2}, device));
}
