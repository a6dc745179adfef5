// SPDX-License-Identifier: BSD-3-Clause
/** @file mlp.hpp
 *  memqc::MLP: mlp.h and study.h for C++. memqc.hpp includes it.
 */
#ifndef MEMQC_MLP_HPP
#define MEMQC_MLP_HPP

#include "crossbar.hpp"

namespace memqc {
inline namespace MEMQC_NAMESPACE {

/** Loss, accuracy and confusion matrix of labelled samples. */
struct Evaluation {
    double loss = 0;
    double accuracy = 0;                  ///< 0 .. 1
    std::vector<std::uint64_t> confusion; ///< outputs x outputs, row = label, column = class
};

/** Weights and biases of a layer. */
struct Layer {
    std::size_t inputs = 0, outputs = 0;
    std::vector<float> w;    ///< inputs x outputs
    std::vector<float> bias; ///< outputs
};

/** What memqc_mlp_sensitivity() found out, by MEMQC_MLP_LIMIT_... */
using Limits = std::array<double, MEMQC_MLP_LIMITS>;

/** The shares of memqc_mlp_shapley(): rows by property - MEMQC_MLP_PROPERTY_ALL, values by
 *  MEMQC_MLP_SHARE_... */
using Shares = std::array<std::array<double, MEMQC_MLP_SHARE_VALUES>, MEMQC_MLP_PROPERTIES>;

/** A multilayer perceptron whose weights are on crossbars. Each method is the function
 *  memqc_mlp_<method>() of mlp.h or study.h, without "get_". x holds a sample in each row. */
class MLP : public Handle<MLP, detail::MLPNoun> {
  public:
    /** An empty object. */
    MLP() = default;

    /** memqc_mlp_create() with digital weights. @param sizes  of the layers, inputs first */
    explicit MLP(Span<const std::size_t> sizes, std::uint64_t seed = 0, OnError on = {}) {
        const memqc_device *const none = nullptr;
        detail::Call{on}(memqc_mlp_create, sizes.data(), sizes.size(), none, seed, &handle_);
    }
    /** memqc_mlp_create() with weights on a device. */
    MLP(Span<const std::size_t> sizes, const Device &device, std::uint64_t seed = 0,
        OnError on = {}) {
        detail::Call{on}(memqc_mlp_create, sizes.data(), sizes.size(), device.handle(), seed,
                         &handle_);
    }

    // --- life ---

    void init(OnError on = {}) {
        detail::Call{on}(memqc_mlp_init, handle_);
    }
    void reset(OnError on = {}) {
        detail::Call{on}(memqc_mlp_reset, handle_);
    }
    /** memqc_mlp_get_shape() */
    std::size_t layers(OnError on = {}) const {
        detail::Call call(on);
        return shape_of(call).layers;
    }
    std::size_t inputs(OnError on = {}) const {
        detail::Call call(on);
        return shape_of(call).inputs;
    }
    std::size_t outputs(OnError on = {}) const {
        detail::Call call(on);
        return shape_of(call).outputs;
    }
    /** memqc_mlp_get_sizes(): units of each layer, inputs first */
    [[nodiscard]] std::vector<std::size_t> sizes(OnError on = {}) const {
        detail::Call call(on);
        return sizes_of(call);
    }
    /** Gives a layer another device. */
    void set_device(std::size_t layer, const Device &device, OnError on = {}) {
        detail::Call{on}(memqc_mlp_set_device, handle_, layer, device.handle());
    }
    /** Takes the device of a layer away. */
    void set_device(std::size_t layer, std::nullptr_t, OnError on = {}) {
        const memqc_device *const none = nullptr;
        detail::Call{on}(memqc_mlp_set_device, handle_, layer, none);
    }
    [[nodiscard]] Device device(std::size_t layer, OnError on = {}) const {
        memqc_device *made = nullptr;
        detail::Call{on}(memqc_mlp_get_device, handle_, layer, &made);
        return Device::own(made);
    }

    // --- parameters of a layer; those of the network are set() and get() ---

    void set_layer(std::size_t layer, const Key &key, const Value &value, OnError on = {}) {
        detail::Call call(on);
        const std::int32_t found = detail::find<detail::MLPNoun>(key, call);
        const double number = detail::number<detail::MLPNoun>(found, value, call);
        call(memqc_mlp_set_layer, handle_, layer, found, number);
    }
    double layer(std::size_t layer, const Key &key, OnError on = {}) const {
        detail::Call call(on);
        double value = 0;
        const std::int32_t found = detail::find<detail::MLPNoun>(key, call);
        call(memqc_mlp_get_layer, handle_, layer, found, &value);
        return value;
    }
    /** A parameter of the array of a layer, or of all arrays with MEMQC_MLP_ALL. */
    void set_crossbar(std::size_t layer, const Key &key, const Value &value, OnError on = {}) {
        detail::Call call(on);
        const std::int32_t found = detail::find<detail::CrossbarNoun>(key, call);
        const double number = detail::number<detail::CrossbarNoun>(found, value, call);
        call(memqc_mlp_set_crossbar, handle_, layer, found, number);
    }
    double crossbar(std::size_t layer, const Key &key, OnError on = {}) const {
        detail::Call call(on);
        double value = 0;
        const std::int32_t found = detail::find<detail::CrossbarNoun>(key, call);
        call(memqc_mlp_get_crossbar, handle_, layer, found, &value);
        return value;
    }

    // --- training ---

    /** @param function  takes a Progress. A true result stops the call; what it throws comes out of
     *                   the call. nullptr: none */
    template <class Function> void set_progress(Function function, OnError on = {}) {
        detail::Call call(on);
        watcher_.install(memqc_mlp_set_progress, handle_,
                         detail::progress_function(std::move(function)), call);
    }
    void set_progress(std::nullptr_t, OnError on = {}) {
        detail::Call call(on);
        watcher_.install(memqc_mlp_set_progress, handle_, nullptr, call);
    }
    /** @param samples  between two checkpoints; 0: at the end of epochs only */
    void set_checkpoint(const std::string &path, std::uint64_t samples = 0, OnError on = {}) {
        detail::Call{on}(memqc_mlp_set_checkpoint, handle_, path.c_str(), samples);
    }
    void set_checkpoint(std::nullptr_t, OnError on = {}) {
        const char *const none = nullptr;
        detail::Call{on}(memqc_mlp_set_checkpoint, handle_, none, std::uint64_t(0));
    }
    void train_epoch(Rows<const float> x, Span<const std::int32_t> labels, OnError on = {}) {
        detail::Call call(on);
        const Rows<const float> in = samples(x, labels, call);
        watcher_.run(call, memqc_mlp_train_epoch, handle_, in.rows(), in.data(), in.leading(),
                     labels.data());
    }
    /** @param epochs  to be completed, those of earlier calls included */
    void fit(Rows<const float> x, Span<const std::int32_t> labels, std::uint32_t epochs,
             OnError on = {}) {
        detail::Call call(on);
        const Rows<const float> in = samples(x, labels, call);
        watcher_.run(call, memqc_mlp_fit, handle_, in.rows(), in.data(), in.leading(),
                     labels.data(), epochs);
    }
    std::uint32_t epochs(OnError on = {}) const {
        std::uint32_t count = 0;
        detail::Call{on}(memqc_mlp_get_epochs, handle_, &count);
        return count;
    }
    std::uint32_t best_epoch(OnError on = {}) const {
        std::uint32_t epoch = 0;
        detail::Call{on}(memqc_mlp_get_best_epoch, handle_, &epoch);
        return epoch;
    }
    /** @param epoch  from 1   @param what  MEMQC_MLP_HISTORY_... */
    double history(std::uint32_t epoch, std::int32_t what, OnError on = {}) const {
        double value = 0;
        detail::Call{on}(memqc_mlp_get_history, handle_, epoch, what, &value);
        return value;
    }

    // --- use ---

    /** @param outputs  samples x outputs, or {}   @param classes  one for each sample, or {} */
    void predict(Rows<const float> x, Rows<float> outputs, Span<std::int32_t> classes,
                 OnError on = {}) {
        detail::Call call(on);
        const Counts shape = shape_of(call);
        const Rows<const float> in = x.cut("x", shape.inputs, call);
        Rows<float> out = outputs;
        if (!outputs.absent())
            out = outputs.cut("outputs", in.rows(), shape.outputs, call);
        if (classes.data())
            call.size("classes", classes.size(), in.rows());
        call(memqc_mlp_predict, handle_, in.rows(), in.data(), in.leading(), out.data(),
             out.leading(), classes.data());
    }
    /** The class of each sample. */
    [[nodiscard]] std::vector<std::int32_t> predict(Rows<const float> x, OnError on = {}) {
        detail::Call call(on);
        const Rows<const float> in = x.cut("x", shape_of(call).inputs, call);
        std::vector<std::int32_t> classes(in.rows());
        float *const none = nullptr;
        call(memqc_mlp_predict, handle_, in.rows(), in.data(), in.leading(), none, std::size_t(0),
             classes.data());
        return classes;
    }
    [[nodiscard]] Evaluation evaluate(Rows<const float> x, Span<const std::int32_t> labels,
                                      OnError on = {}) {
        detail::Call call(on);
        Evaluation found;
        const std::size_t classes = shape_of(call).outputs;
        const Rows<const float> in = samples(x, labels, call);
        found.confusion.resize(classes * classes);
        call(memqc_mlp_evaluate, handle_, in.rows(), in.data(), in.leading(), labels.data(),
             &found.loss, &found.accuracy, found.confusion.data());
        return found;
    }
    /** memqc_mlp_get_weights() into memory of the caller. @param w  or {}   @param bias  or {} */
    void weights(std::size_t layer, Rows<float> w, Span<float> bias, OnError on = {}) {
        detail::Call call(on);
        const Layer shape = layer_of(layer, call);
        Rows<float> to = w;
        if (!w.absent())
            to = w.cut("w", shape.inputs, shape.outputs, call);
        if (bias.data())
            call.size("bias", bias.size(), shape.outputs);
        call(memqc_mlp_get_weights, handle_, layer, to.data(), to.leading(), bias.data());
    }
    [[nodiscard]] Layer weights(std::size_t layer, OnError on = {}) {
        detail::Call call(on);
        Layer found = layer_of(layer, call);
        found.w.resize(found.inputs * found.outputs);
        found.bias.resize(found.outputs);
        call(memqc_mlp_get_weights, handle_, layer, found.w.data(), found.outputs,
             found.bias.data());
        return found;
    }
    /** @param w  inputs x outputs; {}: as they are   @param bias  outputs; {}: as they are */
    void set_weights(std::size_t layer, Rows<const float> w, Span<const float> bias = {},
                     OnError on = {}) {
        detail::Call call(on);
        const Layer shape = layer_of(layer, call);
        Rows<const float> from = w;
        if (!w.absent())
            from = w.cut("w", shape.inputs, shape.outputs, call);
        if (bias.data())
            call.size("bias", bias.size(), shape.outputs);
        call(memqc_mlp_set_weights, handle_, layer, from.data(), from.leading(), bias.data());
    }
    [[nodiscard]] BorrowedCrossbar borrow_crossbar(std::size_t layer, OnError on = {}) {
        const memqc_crossbar *borrowed = nullptr;
        detail::Call{on}(memqc_mlp_borrow_crossbar, handle_, layer, &borrowed);
        return BorrowedCrossbar(borrowed);
    }
    /** A new network with these weights on new arrays, of the devices of the layers. */
    [[nodiscard]] MLP transfer(OnError on = {}) {
        return transferred(nullptr, on);
    }
    /** The same, on arrays of one device. */
    [[nodiscard]] MLP transfer(const Device &device, OnError on = {}) {
        return transferred(device.handle(), on);
    }

    // --- studies: the parameters "instances", "threads", "seconds" and "target" are the network's ---

    /** Accuracies of instances of the network, on the devices of the layers. */
    [[nodiscard]] std::vector<double>
    monte_carlo(Rows<const float> x, Span<const std::int32_t> labels, OnError on = {}) {
        return accuracies(nullptr, x, labels, on);
    }
    /** The same, on one device for all layers. */
    [[nodiscard]] std::vector<double> monte_carlo(Rows<const float> x,
                                                  Span<const std::int32_t> labels,
                                                  const Device &device, OnError on = {}) {
        return accuracies(device.handle(), x, labels, on);
    }
    /** Which samples the instances are right about: bits, for crossed(). */
    [[nodiscard]] std::vector<std::uint8_t> monte_carlo_hits(Rows<const float> x,
                                                             Span<const std::int32_t> labels,
                                                             const Device &device,
                                                             OnError on = {}) {
        std::vector<std::uint8_t> hits;
        accuracies(device.handle(), x, labels, on, &hits);
        return hits;
    }
    /** What a property costs, MEMQC_MLP_PROPERTY_..., on the devices of the layers. */
    [[nodiscard]] Limits sensitivity(std::int32_t property, Rows<const float> x,
                                     Span<const std::int32_t> labels, OnError on = {}) {
        return limits(nullptr, property, x, labels, on);
    }
    /** The same, on one device for all layers. */
    [[nodiscard]] Limits sensitivity(std::int32_t property, Rows<const float> x,
                                     Span<const std::int32_t> labels, const Device &device,
                                     OnError on = {}) {
        return limits(device.handle(), property, x, labels, on);
    }
    /** The loss to all properties, divided among them, on the devices of the layers. Of more than
     *  6, so many orders are drawn; 0: all of them. */
    [[nodiscard]] Shares shapley(std::size_t orders, Rows<const float> x,
                                 Span<const std::int32_t> labels, OnError on = {}) {
        return shares(nullptr, orders, x, labels, on);
    }
    /** The same, on one device for all layers. */
    [[nodiscard]] Shares shapley(std::size_t orders, Rows<const float> x,
                                 Span<const std::int32_t> labels, const Device &device,
                                 OnError on = {}) {
        return shares(device.handle(), orders, x, labels, on);
    }

  private:
    struct Counts {
        std::size_t layers = 0, inputs = 0, outputs = 0;
    };
    detail::Watcher watcher_;

    Counts shape_of(detail::Call &call) const {
        Counts shape;
        call(memqc_mlp_get_shape, handle_, &shape.layers, &shape.inputs, &shape.outputs);
        return shape;
    }
    std::vector<std::size_t> sizes_of(detail::Call &call) const {
        std::size_t n = 0;
        std::size_t *const none = nullptr;
        call(memqc_mlp_get_sizes, handle_, n, none, &n);
        std::vector<std::size_t> sizes(n);
        call(memqc_mlp_get_sizes, handle_, n, sizes.data(), &n);
        return sizes;
    }
    Layer layer_of(std::size_t layer, detail::Call &call) {
        const std::vector<std::size_t> sizes = sizes_of(call);
        Layer found;
        float *const none = nullptr;
        if (!sizes.empty() && layer < sizes.size() - 1) {
            found.inputs = sizes[layer];
            found.outputs = sizes[layer + 1];
        } else { // which this refuses in its words
            call(memqc_mlp_get_weights, handle_, layer, none, std::size_t(0), none);
        }
        return found;
    }
    /** x with as many columns as the network has inputs, and as many labels as rows. */
    Rows<const float> samples(Rows<const float> x, Span<const std::int32_t> labels,
                              detail::Call &call) const {
        const Rows<const float> in = x.cut("x", shape_of(call).inputs, call);
        call.size("labels", labels.size(), in.rows());
        return in;
    }
    MLP transferred(const memqc_device *device, OnError on) {
        MLP made;
        detail::Call{on}(memqc_mlp_transfer, handle_, device, &made.handle_);
        return made;
    }
    std::vector<double> accuracies(const memqc_device *device, Rows<const float> x,
                                   Span<const std::int32_t> labels, OnError on,
                                   std::vector<std::uint8_t> *hits = nullptr) {
        detail::Call call(on);
        double instances = 0;
        const Rows<const float> in = samples(x, labels, call);
        call(memqc_mlp_get, handle_, MEMQC_MLP_INSTANCES, &instances);
        std::vector<double> found(static_cast<std::size_t>(instances));
        if (hits) {
            hits->assign(found.size() * ((in.rows() + 7) / 8), 0);
            watcher_.run(call, memqc_mlp_monte_carlo_hits, handle_, device, in.rows(), in.data(),
                         in.leading(), labels.data(), found.data(), hits->data());
        } else
            watcher_.run(call, memqc_mlp_monte_carlo, handle_, device, in.rows(), in.data(),
                         in.leading(), labels.data(), found.data());
        return found;
    }
    Limits limits(const memqc_device *device, std::int32_t property, Rows<const float> x,
                  Span<const std::int32_t> labels, OnError on) {
        detail::Call call(on);
        Limits found{};
        const Rows<const float> in = samples(x, labels, call);
        watcher_.run(call, memqc_mlp_sensitivity, handle_, device, property, in.rows(), in.data(),
                     in.leading(), labels.data(), found.data());
        return found;
    }

    Shares shares(const memqc_device *device, std::size_t orders, Rows<const float> x,
                  Span<const std::int32_t> labels, OnError on) {
        detail::Call call(on);
        Shares found{};
        const Rows<const float> in = samples(x, labels, call);
        watcher_.run(call, memqc_mlp_shapley, handle_, device, orders, in.rows(), in.data(),
                     in.leading(), labels.data(), found[0].data());
        return found;
    }
};

} // namespace MEMQC_NAMESPACE
} // namespace memqc

#endif
