// SPDX-License-Identifier: BSD-3-Clause
/** @file parameters.hpp
 *  Parameters by name or by key, as the library describes them. memqc.hpp includes it.
 */
#ifndef MEMQC_PARAMETERS_HPP
#define MEMQC_PARAMETERS_HPP

#include "status.hpp"
#include "views.hpp"

#include <string_view>
#include <vector>

namespace memqc {
inline namespace MEMQC_NAMESPACE {

/** A parameter: its name, such as "sigma", or its key, such as MEMQC_DEVICE_SIGMA. */
class Key {
  public:
    Key(const char *name) : name_(name) {
    }
    Key(const std::string &name) : name_(name) {
    }
    Key(std::string_view name) : name_(name) {
    }
    Key(std::int32_t key) noexcept : key_(key), named_(false) {
    }

    bool named() const noexcept {
        return named_;
    }
    const std::string &name() const noexcept {
        return name_;
    }
    std::int32_t key() const noexcept {
        return key_;
    }

  private:
    std::string name_;
    std::int32_t key_ = 0;
    bool named_ = true;
};

/** A value of a parameter: a number, a constant, or the name of a choice. */
class Value {
  public:
    Value(const char *choice) : choice_(choice) {
    }
    Value(const std::string &choice) : choice_(choice) {
    }
    Value(std::string_view choice) : choice_(choice) {
    }
    template <class T,
              class = std::enable_if_t<std::is_arithmetic<T>::value || std::is_enum<T>::value>>
    Value(T number) noexcept : number_(static_cast<double>(number)), named_(false) {
    }

    bool named() const noexcept {
        return named_;
    }
    const std::string &choice() const noexcept {
        return choice_;
    }
    double number() const noexcept {
        return number_;
    }

  private:
    std::string choice_;
    double number_ = 0;
    bool named_ = true;
};

/** A parameter and its value: set({{"states", 64}, {"law", "measured"}}). */
struct Setting {
    Key key;
    Value value;
};

/** What the library says of a parameter. */
struct Parameter {
    std::string name;
    std::string unit;  ///< "" for a pure number
    std::string group; ///< related parameters have the same group
    std::string text;  ///< one sentence on what it does
    std::int32_t key = 0;
    std::int32_t kind = 0;            ///< MEMQC_KIND_...
    double min = 0;                   ///< of a choice, its first constant
    double max = 0;                   ///< of a choice, its last constant
    double initial = 0;               ///< in a new object
    bool by_layer = false;            ///< the layers of a network may differ in it
    bool settled = false;             ///< creation or the first programming settles it
    std::vector<std::string> choices; ///< their names, from min on; none where it is no choice
};

namespace detail {

/** The key of a parameter of a noun. */
template <class Noun> std::int32_t find(const Key &key, Call &call) {
    std::int32_t found = key.key();
    if (key.named())
        call(Noun::key, key.name().c_str(), &found);
    return found;
}

/** A value as the library takes it. */
template <class Noun> double number(std::int32_t key, const Value &value, Call &call) {
    std::int32_t constant = 0;
    if (!value.named())
        return value.number();
    call(Noun::choice, key, value.choice().c_str(), &constant);
    return constant;
}

/** What the library says of a key. */
template <class Noun> Parameter describe(std::int32_t key, Call &call) {
    Parameter found;
    const auto text = [&](std::int32_t what) -> std::string {
        const char *const read = Noun::key_text(key, what);
        return read ? read : "";
    };
    const auto value = [&](std::int32_t what) {
        double read = 0;
        call(Noun::key_value, key, what, &read);
        return read;
    };
    found.key = key;
    found.name = text(MEMQC_KEY_NAME);
    found.unit = text(MEMQC_KEY_UNIT);
    found.group = text(MEMQC_KEY_GROUP);
    found.text = text(MEMQC_KEY_TEXT);
    found.kind = static_cast<std::int32_t>(value(MEMQC_KEY_KIND));
    found.min = value(MEMQC_KEY_MIN);
    found.max = value(MEMQC_KEY_MAX);
    found.initial = value(MEMQC_KEY_INITIAL);
    found.by_layer = value(MEMQC_KEY_BY_LAYER) > 0;
    found.settled = value(MEMQC_KEY_SETTLED) > 0;
    if (found.kind == MEMQC_KIND_CHOICE && !call.failed()) {
        const auto last = static_cast<std::int32_t>(found.max);
        for (auto choice = static_cast<std::int32_t>(found.min); choice <= last; choice++)
            found.choices.emplace_back(Noun::choice_name(key, choice));
    }
    return found;
}

} // namespace detail

/** A parameter of an object: device["sigma"] = 1e-6; double sigma = device["sigma"]. It refers to
 *  the object, and throws where the call fails. */
template <class Object> class Slot {
  public:
    Slot(Object &object, Key key) : object_(object), key_(std::move(key)) {
    }

    operator double() const {
        return object_.get(key_);
    }
    Slot &operator=(const Value &value) {
        object_.set(key_, value);
        return *this;
    }
    Slot &operator=(const Slot &other) {
        return *this = Value(static_cast<double>(other));
    }
    Slot(const Slot &) = default;
    /** The name of the value of a parameter that is a choice. */
    std::string choice() const {
        return object_.choice(key_);
    }
    /** Whether the parameter has an effect now. */
    bool used() const {
        return object_.uses(key_);
    }

  private:
    Object &object_;
    Key key_;
};

} // namespace MEMQC_NAMESPACE
} // namespace memqc

#endif
