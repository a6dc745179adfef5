// SPDX-License-Identifier: BSD-3-Clause
/** @file memqc.hpp
 *  libmemqc for C++17 and later, in headers alone: the only include that a program needs. Link with
 *  `pkg-config --cflags --libs memqc`, or with memqc::memqc of CMake's find_package(memqc).
 *
 *  - memqc::Device, memqc::Crossbar and memqc::MLP own a handle of the C library. They are moved,
 *    not copied; clone() copies. A moved-from or default-constructed object is empty, and the
 *    library refuses calls on it. get() is the handle, for calls of C functions.
 *  - Arrays are memqc::Span and memqc::Rows: views of the caller's memory, which std::vector,
 *    std::array, C arrays and std::span convert to.
 *  - Failures throw memqc::Error, with the library's text. A call that is given a memqc::Status as
 *    its last argument does not throw: it sets the status. Without exceptions (-fno-exceptions) a
 *    failure without a status writes its text to stderr and aborts.
 *  - Parameters have names, and choices are strings: device.set("law", "measured").
 *
 *  The C headers are the reference: each method says which function it calls. Threads: one thread at
 *  a time for each object. docs/cpp.md is a tour.
 */
#ifndef MEMQC_HPP
#define MEMQC_HPP

#include "memqc/crossbar.hpp"
#include "memqc/custom.hpp"
#include "memqc/device.hpp"
#include "memqc/effects.hpp"
#include "memqc/measured.hpp"
#include "memqc/mlp.hpp"
#include "memqc/statistics.hpp"

#endif
