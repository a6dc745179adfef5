// SPDX-License-Identifier: BSD-3-Clause
/** @file handle.hpp
 *  What devices, arrays and networks have in common. memqc.hpp includes it.
 */
#ifndef MEMQC_HANDLE_HPP
#define MEMQC_HANDLE_HPP

#include "nouns.hpp"
#include "parameters.hpp"

namespace memqc {
inline namespace MEMQC_NAMESPACE {

/** The owner of a handle of the C library: base of Device, Crossbar and MLP. Below, <noun> is
 *  device, crossbar or mlp. */
template <class Self, class Noun> class Handle {
  public:
    using handle_type = typename Noun::type;

    /** An empty object. */
    Handle() noexcept = default;
    Handle(Handle &&other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {
    }
    Handle &operator=(Handle &&other) noexcept {
        if (this != &other) {
            Noun::destroy(&handle_);
            handle_ = std::exchange(other.handle_, nullptr);
        }
        return *this;
    }
    Handle(const Handle &) = delete;
    Handle &operator=(const Handle &) = delete;
    ~Handle() {
        Noun::destroy(&handle_);
    }

    /** An object that owns a handle from C. */
    static Self own(handle_type *handle) noexcept {
        Self made;
        made.handle_ = handle;
        return made;
    }
    /** The handle, for C functions; it stays owned. nullptr in an empty object. */
    handle_type *handle() noexcept {
        return handle_;
    }
    const handle_type *handle() const noexcept {
        return handle_;
    }
    /** Gives the handle away; who gets it destroys it. A progress function must be taken away
     *  before. */
    handle_type *release() noexcept {
        return std::exchange(handle_, nullptr);
    }
    bool empty() const noexcept {
        return !handle_;
    }

    /** memqc_<noun>_copy(): an independent copy. */
    [[nodiscard]] Self clone(OnError on = {}) const {
        Self made;
        detail::Call{on}(Noun::copy, handle_, &made.handle_);
        return made;
    }

    /** memqc_<noun>_save() */
    void save(const std::string &path, OnError on = {}) const {
        detail::Call{on}(Noun::save, handle_, path.c_str());
    }
    /** memqc_<noun>_load() */
    [[nodiscard]] static Self load(const std::string &path, OnError on = {}) {
        Self made;
        detail::Call{on}(Noun::load, path.c_str(), &made.handle_);
        return made;
    }
    /** memqc_<noun>_save_memory(): the bytes of a file. */
    [[nodiscard]] std::vector<unsigned char> save_memory(OnError on = {}) const {
        detail::Call call(on);
        std::size_t size = 0;
        void *const none = nullptr;
        call(Noun::save_memory, handle_, none, std::size_t(0), &size);
        std::vector<unsigned char> bytes(size);
        if (!call(Noun::save_memory, handle_, bytes.data(), bytes.size(), &size))
            bytes.clear();
        return bytes;
    }
    /** memqc_<noun>_load_memory() */
    [[nodiscard]] static Self load_memory(Span<const unsigned char> bytes, OnError on = {}) {
        Self made;
        detail::Call{on}(Noun::load_memory, bytes.data(), bytes.size(), &made.handle_);
        return made;
    }

    /** memqc_<noun>_set_seed() */
    void set_seed(std::uint64_t seed, OnError on = {}) {
        detail::Call{on}(Noun::set_seed, handle_, seed);
    }
    /** memqc_<noun>_get_seed() */
    std::uint64_t seed(OnError on = {}) const {
        std::uint64_t seed = 0;
        detail::Call{on}(Noun::get_seed, handle_, &seed);
        return seed;
    }

    /** memqc_<noun>_set() */
    void set(const Key &key, const Value &value, OnError on = {}) {
        detail::Call call(on);
        const std::int32_t found = detail::find<Noun>(key, call);
        const double number = detail::number<Noun>(found, value, call);
        call(Noun::set, handle_, found, number);
    }
    /** memqc_<noun>_set_many(): all or none, in any order. */
    void set(Span<const Setting> settings, OnError on = {}) {
        detail::Call call(on);
        std::vector<std::int32_t> keys;
        std::vector<double> values;
        for (const Setting &setting : settings) {
            keys.push_back(detail::find<Noun>(setting.key, call));
            values.push_back(detail::number<Noun>(keys.back(), setting.value, call));
        }
        call(Noun::set_many, handle_, keys.size(), keys.data(), values.data());
    }
    /** memqc_<noun>_get() */
    double get(const Key &key, OnError on = {}) const {
        detail::Call call(on);
        double value = 0;
        const std::int32_t found = detail::find<Noun>(key, call);
        call(Noun::get, handle_, found, &value);
        return value;
    }
    /** The name of the value of a parameter that is a choice; "" of one that is none. */
    std::string choice(const Key &key, OnError on = {}) const {
        detail::Call call(on);
        double value = 0;
        const std::int32_t found = detail::find<Noun>(key, call);
        if (!call(Noun::get, handle_, found, &value))
            return "";
        const Parameter parameter = detail::describe<Noun>(found, call);
        if (parameter.choices.empty())
            return "";
        return parameter.choices.at(static_cast<std::size_t>(value - parameter.min));
    }
    /** memqc_<noun>_uses(): whether a parameter has an effect now. */
    bool uses(const Key &key, OnError on = {}) const {
        detail::Call call(on);
        std::int32_t flag = 0;
        const std::int32_t found = detail::find<Noun>(key, call);
        call(Noun::uses, handle_, found, &flag);
        return flag != 0;
    }
    /** A parameter to read and to assign: device["sigma"] = 1e-6. */
    Slot<Self> operator[](Key key) {
        return Slot<Self>(static_cast<Self &>(*this), std::move(key));
    }
    Slot<const Self> operator[](Key key) const {
        return Slot<const Self>(static_cast<const Self &>(*this), std::move(key));
    }

    /** All parameters, as the library describes them. */
    [[nodiscard]] static std::vector<Parameter> parameters() {
        detail::Call call{OnError()};
        std::vector<Parameter> found;
        for (std::size_t index = 0; index < Noun::keys(); index++)
            found.push_back(detail::describe<Noun>(Noun::key_at(index), call));
        return found;
    }
    /** One parameter. */
    [[nodiscard]] static Parameter parameter(const Key &key, OnError on = {}) {
        detail::Call call(on);
        const std::int32_t found = detail::find<Noun>(key, call);
        return call.failed() ? Parameter() : detail::describe<Noun>(found, call);
    }

  protected:
    handle_type *handle_ = nullptr;

    /** Takes the handle of a new object once its settings are set. */
    void adopt(Self &made, Span<const Setting> settings, detail::Call &call) {
        Status status;
        made.set(settings, status);
        if (status.ok())
            std::swap(handle_, made.handle_);
        else
            call.fail(status.code(), status.text());
    }
};

} // namespace MEMQC_NAMESPACE
} // namespace memqc

#endif
