// SPDX-License-Identifier: BSD-3-Clause
#include "check.hpp"

#include <cstring>

int main() {
    CHECK(memqc::version() / 1000 == MEMQC_VERSION_MAJOR * 1000 + MEMQC_VERSION_MINOR);
    CHECK(std::strchr(memqc::version_string(), '.'));
    test_views();
    test_parameters();
    test_device();
    test_crossbar();
    test_mlp();
    std::puts("ok");
}
