// SPDX-License-Identifier: BSD-3-Clause
/** @file crossbar_read.hpp
 *  Reading crossbar arrays: crossbar_read.h for C++. memqc.hpp includes it.
 */
#ifndef MEMQC_CROSSBAR_READ_HPP
#define MEMQC_CROSSBAR_READ_HPP

#include "device.hpp"

namespace memqc {
inline namespace MEMQC_NAMESPACE {

class Crossbar;

/** Rows, columns and planes (slices x sides) of an array. */
struct Shape {
    std::size_t rows = 0, cols = 0, planes = 0;
};

/** Where a tile lies in its plane, and the shape of its circuit. */
struct Tile {
    std::size_t row = 0, col = 0, rows = 0, cols = 0;
};

/** Voltages of the nodes of a tile, V, rows x cols each. */
struct Nodes {
    std::vector<float> word, bit;
};

/** Currents of the branches of a tile, A: rows x cols, rows x (cols + 1) and (rows + 1) x cols. */
struct Branches {
    std::vector<float> cell, word, bit;
};

namespace detail {

/** The products of a Crossbar, its currents, and the inside of its tiles. */
class CrossbarReading : public Handle<Crossbar, CrossbarNoun> {
  public:
    Shape shape(OnError on = {}) const {
        Call call(on);
        return shape_of(call);
    }
    std::size_t rows() const {
        return shape().rows;
    }
    std::size_t cols() const {
        return shape().cols;
    }
    std::size_t planes() const {
        return shape().planes;
    }

    // --- products: batch x rows and batch x cols; y is what is returned or filled ---

    void mac(Rows<const float> x, Rows<float> y, OnError on = {}) {
        Call call(on);
        const Shape shape = shape_of(call);
        product(call, memqc_crossbar_mac, x, shape.rows, y, shape.cols);
    }
    [[nodiscard]] std::vector<float> mac(Rows<const float> x, OnError on = {}) {
        Call call(on);
        const Shape shape = shape_of(call);
        std::vector<float> y(x.cut("x", shape.rows, call).rows() * shape.cols);
        product(call, memqc_crossbar_mac, x, shape.rows, Rows<float>(y), shape.cols);
        return y;
    }
    void mac_transposed(Rows<const float> x, Rows<float> y, OnError on = {}) {
        Call call(on);
        const Shape shape = shape_of(call);
        product(call, memqc_crossbar_mac_transposed, x, shape.cols, y, shape.rows);
    }
    [[nodiscard]] std::vector<float> mac_transposed(Rows<const float> x, OnError on = {}) {
        Call call(on);
        const Shape shape = shape_of(call);
        std::vector<float> y(x.cut("x", shape.cols, call).rows() * shape.rows);
        product(call, memqc_crossbar_mac_transposed, x, shape.cols, Rows<float>(y), shape.rows);
        return y;
    }
    /** The number of the next vector, which numbers its noise. */
    std::uint64_t vector(OnError on = {}) const {
        std::uint64_t number = 0;
        Call{on}(memqc_crossbar_get_vector, handle_, &number);
        return number;
    }
    void rewind(std::uint64_t vector, OnError on = {}) {
        Call{on}(memqc_crossbar_rewind, handle_, vector);
    }
    /** @param x  vectors of rows inputs each */
    void calibrate(Rows<const float> x, double percentile = 100, OnError on = {}) {
        Call call(on);
        const Rows<const float> in = x.cut("x", shape_of(call).rows, call);
        call(memqc_crossbar_calibrate, handle_, in.rows(), in.data(), in.leading(), percentile);
    }
    /** @param x  vectors of cols inputs each */
    void calibrate_transposed(Rows<const float> x, double percentile = 100, OnError on = {}) {
        Call call(on);
        const Rows<const float> in = x.cut("x", shape_of(call).cols, call);
        call(memqc_crossbar_calibrate_transposed, handle_, in.rows(), in.data(), in.leading(),
             percentile);
    }

    // --- currents of a plane: batch x rows and batch x cols, V and A ---

    void currents(std::size_t plane, Rows<const float> volts, Rows<float> amps, OnError on = {}) {
        Call call(on);
        const Shape shape = shape_of(call);
        product(call, memqc_crossbar_currents, volts, shape.rows, amps, shape.cols, plane);
    }
    void currents_transposed(std::size_t plane, Rows<const float> volts, Rows<float> amps,
                             OnError on = {}) {
        Call call(on);
        const Shape shape = shape_of(call);
        product(call, memqc_crossbar_currents_transposed, volts, shape.cols, amps, shape.rows,
                plane);
    }
    void ideal_currents(std::size_t plane, Rows<const float> volts, Rows<float> amps,
                        OnError on = {}) const {
        Call call(on);
        const Shape shape = shape_of(call);
        product(call, memqc_crossbar_ideal_currents, volts, shape.rows, amps, shape.cols, plane);
    }
    void ideal_currents_transposed(std::size_t plane, Rows<const float> volts, Rows<float> amps,
                                   OnError on = {}) const {
        Call call(on);
        const Shape shape = shape_of(call);
        product(call, memqc_crossbar_ideal_currents_transposed, volts, shape.cols, amps, shape.rows,
                plane);
    }

    // --- inside the tiles ---

    Tile tile(std::size_t number, OnError on = {}) const {
        Call call(on);
        return tile_of(number, call);
    }
    /** @param volts  of the word lines of the tile */
    [[nodiscard]] Nodes nodes(std::size_t plane, std::size_t tile, Span<const float> volts,
                              OnError on = {}) {
        return nodes_by(on, memqc_crossbar_nodes, plane, tile, volts, false);
    }
    /** @param volts  of the bit lines of the tile */
    [[nodiscard]] Nodes nodes_transposed(std::size_t plane, std::size_t tile,
                                         Span<const float> volts, OnError on = {}) {
        return nodes_by(on, memqc_crossbar_nodes_transposed, plane, tile, volts, true);
    }
    [[nodiscard]] Branches branches(std::size_t plane, std::size_t tile, Span<const float> volts,
                                    OnError on = {}) {
        return branches_by(on, memqc_crossbar_branches, plane, tile, volts, false);
    }
    [[nodiscard]] Branches branches_transposed(std::size_t plane, std::size_t tile,
                                               Span<const float> volts, OnError on = {}) {
        return branches_by(on, memqc_crossbar_branches_transposed, plane, tile, volts, true);
    }

  protected:
    Shape shape_of(Call &call) const {
        Shape shape;
        call(memqc_crossbar_get_shape, handle_, &shape.rows, &shape.cols, &shape.planes);
        return shape;
    }

  private:
    /** Calls a function that makes a row of out of each row of in. */
    template <class Function, class... Plane>
    void product(Call &call, Function function, Rows<const float> in, std::size_t inputs,
                 Rows<float> out, std::size_t outputs, Plane... plane) {
        multiply(handle_, call, function, in, inputs, out, outputs, plane...);
    }
    template <class Function, class... Plane>
    void product(Call &call, Function function, Rows<const float> in, std::size_t inputs,
                 Rows<float> out, std::size_t outputs, Plane... plane) const {
        multiply(handle(), call, function, in, inputs, out, outputs, plane...);
    }
    template <class Type, class Function, class... Plane>
    static void multiply(Type *handle, Call &call, Function function, Rows<const float> in,
                         std::size_t inputs, Rows<float> out, std::size_t outputs, Plane... plane) {
        const Rows<const float> from = in.cut("the input", inputs, call);
        const Rows<float> to = out.cut("the output", from.rows(), outputs, call);
        call(function, handle, plane..., from.rows(), from.data(), from.leading(), to.data(),
             to.leading());
    }
    Tile tile_of(std::size_t number, Call &call) const {
        Tile tile;
        call(memqc_crossbar_tile, handle_, number, &tile.row, &tile.col, &tile.rows, &tile.cols);
        return tile;
    }
    template <class Function>
    Nodes nodes_by(OnError on, Function function, std::size_t plane, std::size_t number,
                   Span<const float> volts, bool transposed) {
        Call call(on);
        const Tile tile = tile_of(number, call);
        call.size("volts", volts.size(), transposed ? tile.cols : tile.rows);
        Nodes found{std::vector<float>(tile.rows * tile.cols),
                    std::vector<float>(tile.rows * tile.cols)};
        call(function, handle_, plane, number, volts.data(), found.word.data(), found.bit.data());
        return found;
    }
    template <class Function>
    Branches branches_by(OnError on, Function function, std::size_t plane, std::size_t number,
                         Span<const float> volts, bool transposed) {
        Call call(on);
        const Tile tile = tile_of(number, call);
        call.size("volts", volts.size(), transposed ? tile.cols : tile.rows);
        Branches found{std::vector<float>(tile.rows * tile.cols),
                       std::vector<float>(tile.rows * (tile.cols + 1)),
                       std::vector<float>((tile.rows + 1) * tile.cols)};
        call(function, handle_, plane, number, volts.data(), found.cell.data(), found.word.data(),
             found.bit.data());
        return found;
    }
};

} // namespace detail
} // namespace MEMQC_NAMESPACE
} // namespace memqc

#endif
