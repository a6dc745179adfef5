// SPDX-License-Identifier: BSD-3-Clause
/** @file nouns.hpp
 *  The C functions that devices, arrays and networks have in common. memqc.hpp includes it.
 */
#ifndef MEMQC_NOUNS_HPP
#define MEMQC_NOUNS_HPP

#include "status.hpp"

namespace memqc {
inline namespace MEMQC_NAMESPACE {
namespace detail {

/** The functions of memqc_device. */
struct DeviceNoun {
    using type = memqc_device;
    static constexpr auto destroy = memqc_device_destroy;
    static constexpr auto copy = memqc_device_copy;
    static constexpr auto save = memqc_device_save;
    static constexpr auto load = memqc_device_load;
    static constexpr auto save_memory = memqc_device_save_memory;
    static constexpr auto load_memory = memqc_device_load_memory;
    static constexpr auto set_seed = memqc_device_set_seed;
    static constexpr auto get_seed = memqc_device_get_seed;
    static constexpr auto set = memqc_device_set;
    static constexpr auto set_many = memqc_device_set_many;
    static constexpr auto get = memqc_device_get;
    static constexpr auto uses = memqc_device_uses;
    static constexpr auto keys = memqc_device_keys;
    static constexpr auto key_at = memqc_device_key_at;
    static constexpr auto key = memqc_device_key;
    static constexpr auto key_text = memqc_device_key_text;
    static constexpr auto key_value = memqc_device_key_value;
    static constexpr auto choice = memqc_device_choice;
    static constexpr auto choice_name = memqc_device_choice_name;
};

/** The functions of memqc_crossbar. */
struct CrossbarNoun {
    using type = memqc_crossbar;
    static constexpr auto destroy = memqc_crossbar_destroy;
    static constexpr auto copy = memqc_crossbar_copy;
    static constexpr auto save = memqc_crossbar_save;
    static constexpr auto load = memqc_crossbar_load;
    static constexpr auto save_memory = memqc_crossbar_save_memory;
    static constexpr auto load_memory = memqc_crossbar_load_memory;
    static constexpr auto set_seed = memqc_crossbar_set_seed;
    static constexpr auto get_seed = memqc_crossbar_get_seed;
    static constexpr auto set = memqc_crossbar_set;
    static constexpr auto set_many = memqc_crossbar_set_many;
    static constexpr auto get = memqc_crossbar_get;
    static constexpr auto uses = memqc_crossbar_uses;
    static constexpr auto keys = memqc_crossbar_keys;
    static constexpr auto key_at = memqc_crossbar_key_at;
    static constexpr auto key = memqc_crossbar_key;
    static constexpr auto key_text = memqc_crossbar_key_text;
    static constexpr auto key_value = memqc_crossbar_key_value;
    static constexpr auto choice = memqc_crossbar_choice;
    static constexpr auto choice_name = memqc_crossbar_choice_name;
};

/** The functions of memqc_mlp. */
struct MLPNoun {
    using type = memqc_mlp;
    static constexpr auto destroy = memqc_mlp_destroy;
    static constexpr auto copy = memqc_mlp_copy;
    static constexpr auto save = memqc_mlp_save;
    static constexpr auto load = memqc_mlp_load;
    static constexpr auto save_memory = memqc_mlp_save_memory;
    static constexpr auto load_memory = memqc_mlp_load_memory;
    static constexpr auto set_seed = memqc_mlp_set_seed;
    static constexpr auto get_seed = memqc_mlp_get_seed;
    static constexpr auto set = memqc_mlp_set;
    static constexpr auto set_many = memqc_mlp_set_many;
    static constexpr auto get = memqc_mlp_get;
    static constexpr auto uses = memqc_mlp_uses;
    static constexpr auto keys = memqc_mlp_keys;
    static constexpr auto key_at = memqc_mlp_key_at;
    static constexpr auto key = memqc_mlp_key;
    static constexpr auto key_text = memqc_mlp_key_text;
    static constexpr auto key_value = memqc_mlp_key_value;
    static constexpr auto choice = memqc_mlp_choice;
    static constexpr auto choice_name = memqc_mlp_choice_name;
};

} // namespace detail
} // namespace MEMQC_NAMESPACE
} // namespace memqc

#endif
