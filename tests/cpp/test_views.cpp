// SPDX-License-Identifier: BSD-3-Clause
// Views: what converts to them and what does not, and how lists are cut into rows.
#include "check.hpp"

#include <array>
#include <vector>
#if __cplusplus >= 202002L
#include <span>
#endif

namespace {

using memqc::Rows;
using memqc::Span;

template <class From, class To> constexpr bool converts = std::is_convertible<From, To>::value;

static_assert(converts<std::vector<float> &, Span<float>>);
static_assert(converts<std::vector<float> &, Span<const float>>);
static_assert(converts<std::vector<float>, Span<const float>>);
static_assert(!converts<std::vector<float>, Span<float>>, "a temporary would lose what is written");
static_assert(!converts<const std::vector<float> &, Span<float>>);
static_assert(converts<std::array<float, 3> &, Span<float>>);
static_assert(converts<float (&)[3], Span<float>>);
static_assert(converts<Span<float>, Span<const float>>);
static_assert(!converts<Span<const float>, Span<float>>);
static_assert(!converts<std::vector<double> &, Span<const float>>, "no conversion of elements");
static_assert(!converts<std::vector<bool> &, Span<const bool>>);
static_assert(converts<std::vector<float> &, Rows<const float>>);
static_assert(converts<float (&)[3][2], Rows<float>>);
static_assert(converts<const float (&)[3][2], Rows<const float>>);
static_assert(!converts<const float (&)[3][2], Rows<float>>);
static_assert(converts<Rows<float>, Rows<const float>>);
static_assert(!converts<memqc::Status &, Rows<float>>);
#if __cplusplus >= 202002L
static_assert(converts<std::span<float>, Span<float>>);
static_assert(converts<std::span<const float>, Rows<const float>>);
static_assert(converts<Span<float> &, std::span<float>>);
#endif

float sum(Span<const float> list) {
    float total = 0;
    for (const float value : list)
        total += value;
    return total;
}

void test_span() {
    std::vector<float> list{1, 2, 3};
    const Span<float> view = list;
    view[1] = 5;
    CHECK(view.size() == 3 && view.data() == list.data() && same(list[1], 5));
    CHECK(same(sum(list), 9) && same(sum({1, 2}), 3) && same(sum({}), 0));
    CHECK(Span<float>().empty() && !view.empty());
}

void test_rows() {
    std::vector<float> list{1, 2, 3, 4, 5, 6};
    memqc::Status status;
    memqc::detail::Call call{status};
    const Rows<float> three = Rows<float>(list).cut("list", 3, call);
    CHECK(three.rows() == 2 && three.cols() == 3 && three.leading() == 3 && three.shaped());
    float matrix[2][3] = {};
    CHECK(Rows<float>(matrix).rows() == 2 && Rows<float>(matrix).cut("m", 2, 3, call).cols() == 3);
    const Rows<const float> part(list.data(), 2, 2, 3);
    CHECK(part.cut("part", 2, 2, call).leading() == 3);
    CHECK(Rows<float>().absent() && !part.absent() && !Rows<float>(list).absent());
    CHECK(!call.failed() && status.ok());
}

// Fails to cut, and tells what the text says.
std::string refused(Rows<const float> view, std::size_t rows, std::size_t cols) {
    memqc::Status status;
    memqc::detail::Call call{status};
    (void)view.cut("x", rows, cols, call);
    CHECK(call.failed() && status.code() == MEMQC_ERROR_ARGUMENT);
    return status.text();
}

void test_refusals() {
    const std::vector<float> list{1, 2, 3, 4, 5, 6};
    CHECK(refused(list, 4, 2) == "x has 6 elements; it must have 8");
    CHECK(refused(Rows<const float>(list.data(), 2, 3), 2, 2) == "x has 3 columns; it must have 2");
    CHECK(refused(Rows<const float>(list.data(), 2, 3), 1, 3) == "x has 2 rows; it must have 1");
    memqc::Status status;
    memqc::detail::Call call{status};
    (void)Rows<const float>(list).cut("x", 4, call);
    CHECK(status.text() == "x has 6 elements; it must have a multiple of 4");
}

} // namespace

void test_views() {
    test_span();
    test_rows();
    test_refusals();
}
