-- SPDX-License-Identifier: BSD-3-Clause
-- LuaJIT calls the library without a wrapper: the declarations are those of the C headers, read by
-- the C preprocessor. Programs an array and prints its product, each number with all its digits.
--
--     luajit ffi.lua [LIBRARY [FLAGS]]
--
-- LIBRARY is the file or the name of the library, libmemqc.so.0. FLAGS find the headers; without
-- them pkg-config is asked.
local ffi = require("ffi")

-- What a command prints.
local function output(command)
    local pipe = assert(io.popen(command))
    local text = pipe:read("*a")
    pipe:close()
    assert(#text > 0, "nothing comes from: " .. command)
    return text
end

-- The declarations without those of the system's headers: LuaJIT has size_t and int32_t.
local function declarations(flags)
    local text = output("printf '#include <memqc/memqc.h>' | " .. (os.getenv("CC") or "cc") ..
                        " -E -P " .. flags .. " -")
    local first = text:find("typedef int32_t memqc_status", 1, true)
    assert(first, "these are not the headers of memqc")
    return text:sub(first)
end

local flags = arg[2] or output("pkg-config --cflags memqc"):gsub("%s+$", "")
ffi.cdef(declarations(flags))
local memqc = ffi.load(arg[1] or "libmemqc.so.0")

local function try(status)
    if status ~= memqc.MEMQC_OK then
        error(ffi.string(memqc.memqc_status_name(status)) .. ": " ..
              ffi.string(memqc.memqc_last_error()), 2)
    end
end

-- A handle that the garbage collector destroys: create(..., out) makes it.
local function owned(kind, create, ...)
    local out = ffi.new("memqc_" .. kind .. " *[1]")
    local count, arguments = select("#", ...) + 1, { ... }
    arguments[count] = out
    try(create(unpack(arguments, 1, count)))
    return ffi.gc(out[0], function(handle)
        memqc["memqc_" .. kind .. "_destroy"](ffi.new("memqc_" .. kind .. " *[1]", handle))
    end)
end

local ROWS, COLS, BATCH = 3, 2, 2
local device = owned("device", memqc.memqc_device_create_preset, "hfox-a")
try(memqc.memqc_device_set(device, memqc.MEMQC_DEVICE_STATES, 64))
local crossbar = owned("crossbar", memqc.memqc_crossbar_create, device, ROWS, COLS, 1)

-- Parameters by name, choices by name.
local key, choice = ffi.new("int32_t[1]"), ffi.new("int32_t[1]")
try(memqc.memqc_crossbar_key("mapping", key))
try(memqc.memqc_crossbar_choice(key[0], "differential", choice))
try(memqc.memqc_crossbar_set(crossbar, key[0], choice[0]))

try(memqc.memqc_crossbar_program(crossbar, ffi.new("float[6]", 0.5, -0.25, 1, 0, -1, 0.75), COLS))
local x = ffi.new("float[6]", 1, 0, 1, 0.5, 0.25, 0)
local y = ffi.new("float[?]", BATCH * COLS)
try(memqc.memqc_crossbar_mac(crossbar, BATCH, x, ROWS, y, COLS))
for i = 0, BATCH * COLS - 1 do
    print(string.format("%.9g", y[i]))
end

-- A progress function in Lua: it may stop a call, and must not raise errors through C.
local sizes = ffi.new("size_t[2]", 2, 2)
local mlp = owned("mlp", memqc.memqc_mlp_create, sizes, 2, nil, 1)
local told = 0
local progress = ffi.cast("memqc_progress", function(_, at)
    told = at[memqc.MEMQC_PROGRESS_EPOCH]
    return 1
end)
jit.off() -- a compiled call must not call back into Lua
try(memqc.memqc_mlp_set_progress(mlp, progress, nil))
local status = memqc.memqc_mlp_train_epoch(mlp, 1, ffi.new("float[2]", 1, 0), 2, ffi.new("int32_t[1]", 1))
assert(status == memqc.MEMQC_STOPPED and told == 1)
try(memqc.memqc_mlp_set_progress(mlp, nil, nil))
progress:free()

-- A failure: the status, and the text that names the argument.
local failed, message = pcall(try, memqc.memqc_device_set(device, memqc.MEMQC_DEVICE_STATES, 1))
assert(not failed)
print(message)
