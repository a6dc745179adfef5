// SPDX-License-Identifier: BSD-3-Clause
/** @file device.hpp
 *  memqc::Device: device.h and fit.h for C++. memqc.hpp includes it.
 */
#ifndef MEMQC_DEVICE_HPP
#define MEMQC_DEVICE_HPP

#include "handle.hpp"
#include "progress.hpp"

#include <array>

namespace memqc {
inline namespace MEMQC_NAMESPACE {

/** What pulses cost, by MEMQC_DEVICE_COST_...: functions add to it. */
using Cost = std::array<double, MEMQC_DEVICE_COSTS>;

/** Statistics of programming a cell to a level, S. */
struct Level {
    double nominal = 0, mean = 0, sd = 0;
};

/** Nodes of a table of steps, S. */
struct Table {
    std::vector<float> g, step;
};

/** A row that a fit left out. */
struct LeftOut {
    std::size_t row;
    float value;         ///< S
    std::int32_t reason; ///< MEMQC_DEVICE_LEFT_OUT_...
    const char *text;    ///< the reason in words
};

/** Levels from level 1 down, S: quantiles are rows of as many for each, or empty. */
struct LevelTable {
    std::vector<float> g, sd, quantiles;
};

/** Measured curves, a row for each pulse. pulse is required; the others may be left out. */
struct Curves {
    Span<const float> g; ///< S, conductances after the pulses
    Span<const std::int32_t> pulse, cycle, device, direction, read; ///< MEMQC_DEVICE_COLUMN_...
};

/** A model of a memristor: parameters and a seed. It holds no cells: methods work on neighbouring
 *  cells from number `cell` on, and the noise is that of the number `draw`, which the caller counts.
 *  Each method is the function memqc_device_<method>() of device.h. */
class Device : public Handle<Device, detail::DeviceNoun> {
  public:
    /** An empty object. */
    Device() = default;

    /** memqc_device_create_preset(): a published device, such as "hfox-a". */
    explicit Device(const std::string &preset, OnError on = {}) {
        detail::Call{on}(memqc_device_create_preset, preset.c_str(), &handle_);
    }
    /** The same with other parameters: Device("hfox-a", {{"states", 64}}). */
    Device(const std::string &preset, Span<const Setting> settings, OnError on = {}) {
        detail::Call call(on);
        Device made;
        if (call(memqc_device_create_preset, preset.c_str(), &made.handle_))
            adopt(made, settings, call);
    }
    /** memqc_device_create(): a device of a model, such as "soft-bounds", with settings. */
    [[nodiscard]] static Device of_model(const Value &model, Span<const Setting> settings = {},
                                         OnError on = {}) {
        detail::Call call(on);
        Device made, result;
        const double number = detail::number<detail::DeviceNoun>(MEMQC_DEVICE_MODEL, model, call);
        if (call(memqc_device_create, static_cast<std::int32_t>(number), &made.handle_))
            result.adopt(made, settings, call);
        return result;
    }
    /** memqc_device_preset_name(): the names of all presets. */
    [[nodiscard]] static std::vector<std::string> presets() {
        std::vector<std::string> names;
        while (const char *const name = memqc_device_preset_name(names.size()))
            names.emplace_back(name);
        return names;
    }

    // --- from measured curves ---

    /** memqc_device_fit()
     *  @param model     MEMQC_DEVICE_FIT_BEST, a model, or one of MEMQC_DEVICE_FIT_QUANTIZED_...
     *  @param progress  called after each candidate; a true result stops the fit */
    template <class Function>
    [[nodiscard]] static Device fit(const Curves &curves, std::int32_t model, Function progress,
                                    OnError on = {}) {
        detail::Call call(on);
        detail::Watch watch(detail::progress_function(std::move(progress)));
        return fitted(curves, model, &watch, call);
    }
    [[nodiscard]] static Device fit(const Curves &curves,
                                    std::int32_t model = MEMQC_DEVICE_FIT_BEST, OnError on = {}) {
        detail::Call call(on);
        return fitted(curves, model, nullptr, call);
    }
    /** @param what   MEMQC_DEVICE_FIT_...
     *  @param which  a key for STANDARD_ERROR, else a candidate */
    double fit_value(std::int32_t what, const Key &which = MEMQC_DEVICE_FIT_BEST,
                     OnError on = {}) const {
        detail::Call call(on);
        double value = 0;
        const std::int32_t key = detail::find<detail::DeviceNoun>(which, call);
        call(memqc_device_fit_value, handle_, what, key, &value);
        return value;
    }

    /** memqc_device_fit_draw(): a device of what the data leave open */
    [[nodiscard]] Device fit_draw(std::uint64_t seed, std::uint64_t draw, OnError on = {}) const {
        detail::Call call(on);
        Device drawn;
        call(memqc_device_fit_draw, handle_, seed, draw, &drawn.handle_);
        return drawn;
    }
    /** memqc_device_fit_level_errors(): of what level_table() has; no quantiles */
    [[nodiscard]] LevelTable fit_level_errors(OnError on = {}) const {
        detail::Call call(on);
        std::size_t n = 0;
        float *const none = nullptr;
        call(memqc_device_fit_level_errors, handle_, std::size_t(0), none, none, &n);
        LevelTable errors{std::vector<float>(n), std::vector<float>(n), {}};
        if (n > 0)
            call(memqc_device_fit_level_errors, handle_, n, errors.g.data(), errors.sd.data(), &n);
        return errors;
    }
    /** memqc_device_fit_residuals(): in ascending order */
    [[nodiscard]] std::vector<float> fit_residuals(OnError on = {}) const {
        detail::Call call(on);
        std::vector<float> found;
        for (std::size_t n = 0, twice = 0; twice < 2 && !call.failed(); twice++, found.resize(n))
            call(memqc_device_fit_residuals, handle_, found.size(), found.data(), &n);
        return found;
    }
    /** memqc_device_fit_left_out() */
    [[nodiscard]] std::vector<LeftOut> left_out(OnError on = {}) const {
        detail::Call call(on);
        std::vector<std::size_t> rows;
        std::vector<float> values;
        std::vector<std::int32_t> reasons;
        std::vector<LeftOut> found;
        for (std::size_t n = 0, twice = 0; twice < 2 && !call.failed(); twice++) {
            call(memqc_device_fit_left_out, handle_, rows.size(), rows.data(), values.data(),
                 reasons.data(), &n);
            rows.resize(n), values.resize(n), reasons.resize(n);
        }
        for (std::size_t i = 0; i < rows.size() && !call.failed(); i++)
            found.push_back({rows[i], values[i], reasons[i], memqc_device_fit_reason(reasons[i])});
        return found;
    }

    // --- levels and tables ---

    void set_table(std::int32_t direction, Span<const float> g, Span<const float> step,
                   OnError on = {}) {
        detail::Call call(on);
        call.size("step", step.size(), g.size());
        call(memqc_device_set_table, handle_, direction, g.size(), g.data(), step.data());
    }
    /** memqc_device_get_table() */
    [[nodiscard]] Table table(std::int32_t direction, OnError on = {}) const {
        detail::Call call(on);
        std::size_t n = 0;
        float *const none = nullptr;
        call(memqc_device_get_table, handle_, direction, std::size_t(0), none, none, &n);
        Table table{std::vector<float>(n), std::vector<float>(n)};
        call(memqc_device_get_table, handle_, direction, n, table.g.data(), table.step.data(), &n);
        return table;
    }
    /** memqc_device_set_levels(): sd empty for 0; quantiles, g.size() rows of them, empty for the
     *  normal law. */
    void set_levels(Span<const float> g, Span<const float> sd = {},
                    Span<const float> quantiles = {}, OnError on = {}) {
        detail::Call call(on);
        const std::size_t each = g.size() ? quantiles.size() / g.size() : 0;
        if (sd.size())
            call.size("sd", sd.size(), g.size());
        call.size("quantiles", quantiles.size(), each * g.size());
        call(memqc_device_set_levels, handle_, g.size(), g.data(), sd.data(), each,
             quantiles.data());
    }
    /** memqc_device_get_levels() */
    [[nodiscard]] LevelTable level_table(OnError on = {}) const {
        detail::Call call(on);
        std::size_t n = 0, each = 0;
        float *const none = nullptr;
        call(memqc_device_get_levels, handle_, std::size_t(0), none, none, &n, std::size_t(0), none,
             &each);
        LevelTable table{std::vector<float>(n), std::vector<float>(n),
                         std::vector<float>(n * each)};
        call(memqc_device_get_levels, handle_, n, table.g.data(), table.sd.data(), &n, n * each,
             table.quantiles.data(), &each);
        return table;
    }
    std::size_t levels(OnError on = {}) const {
        std::size_t n = 0;
        detail::Call{on}(memqc_device_levels, handle_, &n);
        return n;
    }
    Level level(std::int32_t level, OnError on = {}) const {
        Level found;
        detail::Call{on}(memqc_device_level, handle_, level, &found.nominal, &found.mean,
                         &found.sd);
        return found;
    }
    [[nodiscard]] std::vector<std::int32_t> nearest(Span<const float> g, OnError on = {}) const {
        std::vector<std::int32_t> levels(g.size());
        detail::Call{on}(memqc_device_nearest, handle_, g.size(), g.data(), levels.data());
        return levels;
    }
    /** Voltages of the RESET pulses, one for each level. */
    [[nodiscard]] std::vector<float> ramp(OnError on = {}) const {
        detail::Call call(on);
        std::size_t n = 0;
        call(memqc_device_levels, handle_, &n);
        std::vector<float> volts(n);
        call(memqc_device_ramp, handle_, volts.data());
        return volts;
    }
    /** What n cells have of a parameter that varies from cell to cell. */
    [[nodiscard]] std::vector<float> cells(const Key &key, std::uint64_t cell, std::size_t n,
                                           OnError on = {}) const {
        detail::Call call(on);
        std::vector<float> values(n);
        const std::int32_t found = detail::find<detail::DeviceNoun>(key, call);
        call(memqc_device_cells, handle_, found, cell, n, values.data());
        return values;
    }
    /** Conductances after each of n pulses without noise. */
    [[nodiscard]] std::vector<float> response(std::int32_t direction, double start, std::size_t n,
                                              OnError on = {}) const {
        std::vector<float> g(n);
        detail::Call{on}(memqc_device_response, handle_, direction, start, n, g.data());
        return g;
    }

    // --- cells programmed from nothing ---

    /** A conductance for each level. @param negative  may be nullptr */
    void draw(std::uint64_t cell, std::uint64_t draw, Span<const std::int32_t> levels,
              Span<float> g, std::uint64_t *negative = nullptr, OnError on = {}) const {
        detail::Call call(on);
        call.size("g", g.size(), levels.size());
        call(memqc_device_draw, handle_, cell, draw, levels.size(), levels.data(), g.data(),
             negative);
    }
    [[nodiscard]] std::vector<float> draw(std::uint64_t cell, std::uint64_t draw,
                                          Span<const std::int32_t> levels, OnError on = {}) const {
        std::vector<float> g(levels.size());
        this->draw(cell, draw, levels, g, nullptr, on);
        return g;
    }
    /** @param g  cells x levels */
    void draw_levels(std::uint64_t cell, std::uint64_t draw, Span<const std::int32_t> levels,
                     Rows<float> g, OnError on = {}) const {
        detail::Call call(on);
        const Rows<float> to = g.cut("g", levels.size(), call);
        call(memqc_device_draw_levels, handle_, cell, draw, to.rows(), levels.size(), levels.data(),
             to.data(), to.leading());
    }
    /** cycles x levels conductances. @param negative  may be nullptr */
    [[nodiscard]] std::vector<float> staircase(std::uint64_t cell, std::uint64_t draw,
                                               std::size_t cycles,
                                               std::uint64_t *negative = nullptr,
                                               OnError on = {}) const {
        detail::Call call(on);
        std::size_t n = 0;
        call(memqc_device_levels, handle_, &n);
        std::vector<float> g(cycles * n);
        call(memqc_device_staircase, handle_, cell, draw, cycles, g.data(), n, negative);
        return g;
    }

    // --- pulses: g and cost may be left out ---

    void pulse(std::uint64_t cell, std::uint64_t draw, std::int32_t pulses, Span<float> state,
               Span<float> g = {}, Cost *cost = nullptr, OnError on = {}) const {
        moved(on, state, g, cost, memqc_device_pulse, cell, draw, state.size(), pulses);
    }
    void pulse_each(std::uint64_t cell, std::uint64_t draw, Span<const std::int32_t> pulses,
                    Span<float> state, Span<float> g = {}, Cost *cost = nullptr,
                    OnError on = {}) const {
        moved(on, state, g, cost, memqc_device_pulse_each, cell, draw, pulses.size(),
              pulses.data());
    }
    void program(std::uint64_t cell, std::uint64_t draw, Span<const std::int32_t> levels,
                 Span<float> state, Span<float> g = {}, Cost *cost = nullptr,
                 OnError on = {}) const {
        moved(on, state, g, cost, memqc_device_program, cell, draw, levels.size(), levels.data());
    }
    void apply(std::uint64_t cell, std::uint64_t draw, double volts, Span<float> state,
               Span<float> g = {}, Cost *cost = nullptr, OnError on = {}) const {
        moved(on, state, g, cost, memqc_device_apply, cell, draw, state.size(), volts);
    }

    // --- after programming: g and out may be one array ---

    void read(std::uint64_t cell, std::uint64_t draw, Span<const float> g, Span<float> out,
              OnError on = {}) const {
        detail::Call call(on);
        call.size("out", out.size(), g.size());
        call(memqc_device_read, handle_, cell, draw, g.size(), g.data(), out.data());
    }
    /** @param seconds  since the programming   @param cycles  programmings before it */
    void age(std::uint64_t cell, std::uint64_t draw, double seconds, double cycles,
             Span<const float> g, Span<float> out, OnError on = {}) const {
        detail::Call call(on);
        call.size("out", out.size(), g.size());
        call(memqc_device_age, handle_, cell, draw, seconds, cycles, g.size(), g.data(),
             out.data());
    }
    /** The first states of the traps of n cells. */
    [[nodiscard]] std::vector<std::int32_t> telegraph_begin(std::uint64_t cell, std::uint64_t draw,
                                                            std::size_t n, OnError on = {}) const {
        std::vector<std::int32_t> traps(n);
        detail::Call{on}(memqc_device_telegraph_begin, handle_, cell, draw, n, traps.data());
        return traps;
    }
    void telegraph_advance(std::uint64_t cell, std::uint64_t draw, double seconds,
                           Span<std::int32_t> traps, OnError on = {}) const {
        detail::Call{on}(memqc_device_telegraph_advance, handle_, cell, draw, seconds, traps.size(),
                         traps.data());
    }
    void telegraph_read(Span<const std::int32_t> traps, Span<const float> g, Span<float> out,
                        OnError on = {}) const {
        detail::Call call(on);
        call.size("g", g.size(), traps.size());
        call.size("out", out.size(), traps.size());
        call(memqc_device_telegraph_read, handle_, traps.size(), traps.data(), g.data(),
             out.data());
    }
    /** MEMQC_DEVICE_FAULT_... of n cells. */
    [[nodiscard]] std::vector<std::int32_t> faults(std::uint64_t cell, std::size_t n,
                                                   OnError on = {}) const {
        std::vector<std::int32_t> kinds(n);
        float *const none = nullptr;
        detail::Call{on}(memqc_device_faults, handle_, cell, n, kinds.data(), none);
        return kinds;
    }
    /** memqc_device_faults(): changes the conductances of stuck cells to those at which they stay. */
    void stick(std::uint64_t cell, Span<float> g, OnError on = {}) const {
        std::int32_t *const none = nullptr;
        detail::Call{on}(memqc_device_faults, handle_, cell, g.size(), none, g.data());
    }
    void current(Span<const float> g, Span<const float> volts, Span<float> amps,
                 OnError on = {}) const {
        detail::Call call(on);
        call.size("volts", volts.size(), g.size());
        call.size("amps", amps.size(), g.size());
        call(memqc_device_current, handle_, g.size(), g.data(), volts.data(), amps.data());
    }

  private:
    static Device fitted(const Curves &curves, std::int32_t model, detail::Watch *watch,
                         detail::Call &call) {
        Device made;
        const std::size_t n = curves.g.size();
        const Span<const std::int32_t> lists[] = {curves.device, curves.cycle, curves.pulse,
                                                  curves.direction, curves.read};
        const char *const names[] = {"device", "cycle", "pulse", "direction", "read"};
        const std::int32_t *columns[5] = {};
        for (std::size_t i = 0; i < 5; i++) {
            if (!lists[i].data())
                continue;
            call.size(names[i], lists[i].size(), n);
            columns[i] = lists[i].data();
        }
        if (call.failed())
            return made;
        const memqc_status code =
            memqc_device_fit(model, n, 5, columns, curves.g.data(),
                             watch ? &detail::Watch::told : nullptr, watch, &made.handle_);
        if (watch)
            watch->rethrow();
        if (code != MEMQC_OK)
            call.fail(code, memqc_last_error());
        return made;
    }

    /** Calls a function that moves cells; n is the size of what there is one of for each cell. */
    template <class Function, class What>
    void moved(OnError on, Span<float> state, Span<float> g, Cost *cost, Function function,
               std::uint64_t cell, std::uint64_t draw, std::size_t n, What what) const {
        detail::Call call(on);
        call.size("state", state.size(), n);
        if (g.data())
            call.size("g", g.size(), n);
        call(function, handle_, cell, draw, n, what, state.data(), g.data(),
             cost ? cost->data() : nullptr);
    }
};

} // namespace MEMQC_NAMESPACE
} // namespace memqc

#endif
