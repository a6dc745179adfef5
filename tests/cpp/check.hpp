// SPDX-License-Identifier: BSD-3-Clause
// What the tests of memqc.hpp share. They reach the library through memqc.hpp alone: check_faces.py
// reads from the program which C functions they use.
#ifndef MEMQC_TESTS_CPP_CHECK_HPP
#define MEMQC_TESTS_CPP_CHECK_HPP

#include <memqc.hpp>

#include <cstdio>
#include <cstdlib>

#define CHECK(...)                                                                           \
    do {                                                                                     \
        if (!(__VA_ARGS__)) {                                                                \
            std::fprintf(stderr, "%s:%d: not true: %s\n", __FILE__, __LINE__, #__VA_ARGS__); \
            std::exit(1);                                                                    \
        }                                                                                    \
    } while (0)

// Whether an expression throws an error of a class, with a part of its text.
#define CHECK_THROWS(type, part, ...)                                                              \
    do {                                                                                           \
        std::string text = "nothing was thrown";                                                   \
        try {                                                                                      \
            (void)(__VA_ARGS__);                                                                   \
        } catch (const type &error) {                                                              \
            text = error.what();                                                                   \
        }                                                                                          \
        if (text.find(part) == std::string::npos) {                                                \
            std::fprintf(stderr, "%s:%d: %s: no '%s' in '%s'\n", __FILE__, __LINE__, #__VA_ARGS__, \
                         part, text.c_str());                                                      \
            std::exit(1);                                                                          \
        }                                                                                          \
    } while (0)

void test_views();
void test_parameters();
void test_device();
void test_crossbar();
void test_mlp();

// Whether two numbers are the same: what is compared was computed alike.
inline bool same(double a, double b) {
    return !(a < b) && !(b < a);
}

#endif
