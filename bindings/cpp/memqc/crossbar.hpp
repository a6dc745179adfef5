// SPDX-License-Identifier: BSD-3-Clause
/** @file crossbar.hpp
 *  memqc::Crossbar: crossbar.h for C++. memqc.hpp includes it.
 */
#ifndef MEMQC_CROSSBAR_HPP
#define MEMQC_CROSSBAR_HPP

#include "crossbar_read.hpp"

namespace memqc {
inline namespace MEMQC_NAMESPACE {

/** What memqc_crossbar_remap() did. */
struct Remapping {
    std::size_t remapped = 0; ///< cells programmed
    std::size_t lost = 0;     ///< pairs that are still off by more than half a level
};

/** Weights on word lines (rows) x bit lines (columns) of memristor cells. Each method is the
 *  function memqc_crossbar_<method>() of crossbar.h or crossbar_read.h, without "get_". */
class Crossbar : public detail::CrossbarReading {
  public:
    /** An empty object. */
    Crossbar() = default;

    /** memqc_crossbar_create() */
    Crossbar(const Device &device, std::size_t rows, std::size_t cols, std::uint64_t seed = 0,
             OnError on = {}) {
        detail::Call{on}(memqc_crossbar_create, device.handle(), rows, cols, seed, &handle_);
    }
    /** The same with parameters: Crossbar(device, 3, 2, 1, {{"mapping", "differential"}}). */
    Crossbar(const Device &device, std::size_t rows, std::size_t cols, std::uint64_t seed,
             Span<const Setting> settings, OnError on = {})
        : Crossbar() {
        detail::Call call(on);
        Crossbar made;
        if (call(memqc_crossbar_create, device.handle(), rows, cols, seed, &made.handle_))
            adopt(made, settings, call);
    }

    // --- life ---

    /** A copy of the device that the array is made of. */
    [[nodiscard]] Device device(OnError on = {}) const {
        memqc_device *made = nullptr;
        detail::Call{on}(memqc_crossbar_get_device, handle_, &made);
        return Device::own(made);
    }
    void set_device(const Device &device, OnError on = {}) {
        detail::Call{on}(memqc_crossbar_set_device, handle_, device.handle());
    }
    /** @param function  takes a Progress. A true result stops the call; what it throws comes out of
     *                   the call. nullptr: none */
    template <class Function> void set_progress(Function function, OnError on = {}) {
        detail::Call call(on);
        watcher_.install(memqc_crossbar_set_progress, handle_,
                         detail::progress_function(std::move(function)), call);
    }
    void set_progress(std::nullptr_t, OnError on = {}) {
        detail::Call call(on);
        watcher_.install(memqc_crossbar_set_progress, handle_, nullptr, call);
    }

    // --- programming ---

    /** @param w  rows x cols */
    void program(Rows<const float> w, OnError on = {}) {
        detail::Call call(on);
        const Rows<const float> from = whole("w", w, call);
        watcher_.run(call, memqc_crossbar_program, handle_, from.data(), from.leading());
    }
    void program_cell(std::size_t row, std::size_t col, double w, OnError on = {}) {
        detail::Call{on}(memqc_crossbar_program_cell, handle_, row, col, w);
    }
    /** @param places  row * cols + col of each */
    void program_list(Span<const std::size_t> places, Span<const float> w, OnError on = {}) {
        detail::Call call(on);
        call.size("w", w.size(), places.size());
        watcher_.run(call, memqc_crossbar_program_list, handle_, places.size(), places.data(),
                     w.data());
    }
    /** @param pulses  of each place: above 0 SET, below 0 RESET */
    void pulse(std::size_t plane, Span<const std::size_t> places, Span<const std::int32_t> pulses,
               OnError on = {}) {
        detail::Call call(on);
        call.size("pulses", pulses.size(), places.size());
        call(memqc_crossbar_pulse, handle_, plane, places.size(), places.data(), pulses.data());
    }
    /** @param g  S, rows x cols */
    void set_conductances(std::size_t plane, Rows<const float> g, OnError on = {}) {
        detail::Call call(on);
        const Rows<const float> from = whole("g", g, call);
        call(memqc_crossbar_set_conductances, handle_, plane, from.data(), from.leading());
    }
    /** @param g  S, rows values */
    void set_reference(std::size_t slice, Span<const float> g, OnError on = {}) {
        detail::Call call(on);
        call.size("g", g.size(), shape_of(call).rows);
        call(memqc_crossbar_set_reference, handle_, slice, g.data());
    }

    // --- updates ---

    /** w <- w + alpha dw, by the parameter "rule". @param dw  rows x cols */
    void update(double alpha, Rows<const float> dw, OnError on = {}) {
        detail::Call call(on);
        const Rows<const float> step = whole("dw", dw, call);
        call(memqc_crossbar_update, handle_, alpha, step.data(), step.leading());
    }
    /** w <- w + alpha x^T d. @param x  batch x rows   @param d  batch x cols */
    void update_outer(double alpha, Rows<const float> x, Rows<const float> d, OnError on = {}) {
        detail::Call call(on);
        const Shape shape = shape_of(call);
        const Rows<const float> in = x.cut("x", shape.rows, call);
        const Rows<const float> out = d.cut("d", in.rows(), shape.cols, call);
        call(memqc_crossbar_update_outer, handle_, alpha, in.rows(), in.data(), in.leading(),
             out.data(), out.leading());
    }

    /** Moves the weights to those that an optimizer of the host has moved; w becomes what the cells
     *  hold. @param w  rows x cols */
    void follow(Rows<float> w, OnError on = {}) {
        detail::Call call(on);
        const Rows<float> held = whole("w", w, call);
        call(memqc_crossbar_follow, handle_, held.data(), held.leading());
    }

    // --- what the array holds: rows x cols values, row by row ---

    [[nodiscard]] std::vector<float> weights(OnError on = {}) const {
        return matrix<float>(on, memqc_crossbar_get_weights);
    }
    [[nodiscard]] std::vector<float> nominal_weights(OnError on = {}) const {
        return matrix<float>(on, memqc_crossbar_get_nominal_weights);
    }
    [[nodiscard]] std::vector<std::int32_t> levels(std::size_t plane, OnError on = {}) const {
        return matrix<std::int32_t>(on, memqc_crossbar_get_levels, plane);
    }
    [[nodiscard]] std::vector<float> conductances(std::size_t plane, OnError on = {}) const {
        return matrix<float>(on, memqc_crossbar_get_conductances, plane);
    }
    /** 1 for a stuck cell, else 0. */
    [[nodiscard]] std::vector<std::int32_t> stuck(std::size_t plane, OnError on = {}) const {
        return matrix<std::int32_t>(on, memqc_crossbar_get_stuck, plane);
    }
    /** S, a value for each row. */
    [[nodiscard]] std::vector<float> reference(std::size_t slice, OnError on = {}) const {
        detail::Call call(on);
        std::vector<float> g(shape_of(call).rows);
        call(memqc_crossbar_get_reference, handle_, slice, g.data());
        return g;
    }

    // --- in service ---

    /** @param g  S, a conductance for each place; left out: the present ones */
    void stick(std::size_t plane, Span<const std::size_t> places, Span<const float> g = {},
               OnError on = {}) {
        detail::Call call(on);
        if (g.data())
            call.size("g", g.size(), places.size());
        call(memqc_crossbar_stick, handle_, plane, places.size(), places.data(), g.data());
    }
    void unstick(std::size_t plane, Span<const std::size_t> places, OnError on = {}) {
        detail::Call{on}(memqc_crossbar_unstick, handle_, plane, places.size(), places.data());
    }
    Remapping remap(OnError on = {}) {
        Remapping done;
        detail::Call{on}(memqc_crossbar_remap, handle_, &done.remapped, &done.lost);
        return done;
    }
    void advance(double seconds, OnError on = {}) {
        detail::Call{on}(memqc_crossbar_advance, handle_, seconds);
    }
    /** What DRIFT_COMPENSATION multiplies outputs with. */
    double compensation(OnError on = {}) const {
        double factor = 0;
        detail::Call{on}(memqc_crossbar_get_compensation, handle_, &factor);
        return factor;
    }
    double clock(OnError on = {}) const {
        double seconds = 0;
        detail::Call{on}(memqc_crossbar_get_clock, handle_, &seconds);
        return seconds;
    }
    /** @param counter  MEMQC_CROSSBAR_COUNT_... */
    std::uint64_t count(std::int32_t counter, OnError on = {}) const {
        std::uint64_t value = 0;
        detail::Call{on}(memqc_crossbar_get_count, handle_, counter, &value);
        return value;
    }
    /** @param what  MEMQC_CROSSBAR_REPORT_... */
    double report(std::int32_t what, OnError on = {}) const {
        double value = 0;
        detail::Call{on}(memqc_crossbar_get_report, handle_, what, &value);
        return value;
    }
    /** @param cost  MEMQC_CROSSBAR_COST_... */
    double cost(std::int32_t cost, OnError on = {}) const {
        double value = 0;
        detail::Call{on}(memqc_crossbar_get_cost, handle_, cost, &value);
        return value;
    }

  private:
    detail::Watcher watcher_;

    /** The values of a plane or of the weights. */
    template <class T, class Function, class... Which>
    std::vector<T> matrix(OnError on, Function function, Which... which) const {
        detail::Call call(on);
        const Shape shape = shape_of(call);
        std::vector<T> values(shape.rows * shape.cols);
        call(function, handle_, which..., values.data(), shape.cols);
        return values;
    }
    /** A matrix of the shape of the array. */
    template <class T> Rows<T> whole(const char *name, Rows<T> matrix, detail::Call &call) const {
        const Shape shape = shape_of(call);
        return matrix.cut(name, shape.rows, shape.cols, call);
    }
};

/** The crossbar of a network's layer, to read. It lives until the network is reset or destroyed. */
class BorrowedCrossbar {
  public:
    explicit BorrowedCrossbar(const memqc_crossbar *handle)
        : crossbar_(Crossbar::own(const_cast<memqc_crossbar *>(handle))) {
    }
    BorrowedCrossbar(BorrowedCrossbar &&) = default;
    BorrowedCrossbar &operator=(BorrowedCrossbar &&) = delete;
    ~BorrowedCrossbar() {
        crossbar_.release();
    }
    const Crossbar &operator*() const noexcept {
        return crossbar_;
    }
    const Crossbar *operator->() const noexcept {
        return &crossbar_;
    }

  private:
    Crossbar crossbar_;
};

} // namespace MEMQC_NAMESPACE
} // namespace memqc

#endif
