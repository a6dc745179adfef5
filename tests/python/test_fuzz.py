# SPDX-License-Identifier: BSD-3-Clause
"""Random calls with hostile arguments: wrong types and shapes, gaps between elements, NaN, objects
that were never made. Only the package's exceptions come out (TypeError for what is no number at
all), and after each of them the object is what it was. MEMQC_FUZZ_PYTHON: how many calls on each
kind of object, 1500 where it is not set."""
import inspect
import os
import pickle
import unittest
import warnings

from support import main
import numpy as np

import memqc

CALLS = int(os.environ.get("MEMQC_FUZZ_PYTHON", 1500))
ROWS, COLS, SAMPLES = 4, 3, 6
#: what writes files, needs others, or takes seconds
LEFT_OUT = {"save", "load", "checkpoint", "jumps_from_csv", "from_bytes", "sensitivity", "shapley",
            "fit_jump_bands", "presets", "parameters"}
NUMBERS = (-1, 0, 1, 2, 3, 7, -2**31, 2**31, 2**63, 2**64, 2**70, -2**70, 0.5, -1.5, 1e-30, 1e30,
           1e308, float("nan"), float("inf"), -float("inf"), True)
NO_NUMBERS = (None, "x", "", b"x", "nan", (), [], {}, [[1], [2, 3]], object(), print, 1j, ...)
TYPES = ("f4", "f8", "f2", ">f4", "i1", "i4", "i8", "u8", "?", "c8", "O", "U3", "M8[s]")


class Hostile:
    """Arguments drawn from a generator."""

    def __init__(self, seed):
        self.rng = np.random.default_rng(seed)

    def one_of(self, choices):
        return choices[int(self.rng.integers(len(choices)))]

    def shaped(self, shape):
        """An array of a shape whose elements may be anything and lie anywhere."""
        values = self.rng.uniform(-1, 1, shape)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            array = values.astype(self.one_of(TYPES))
        way = int(self.rng.integers(8))
        if way == 0 and array.size and array.dtype.kind == "f":
            array.reshape(-1)[0] = self.one_of((np.nan, np.inf, -np.inf))
        elif way == 1:
            array = np.asfortranarray(array)
        elif way == 2 and array.ndim:
            array = np.repeat(array, 2, axis=-1)[..., ::2]
        elif way == 3 and array.ndim:
            array = array[..., ::-1]
        elif way == 4 and array.size:
            array = np.broadcast_to(array.reshape(-1)[0], shape)
        elif way == 5:
            array.flags.writeable = False
        elif way == 6 and array.dtype.kind == "f":  # not aligned
            raw = np.zeros(array.nbytes + 1, "u1")[1:].view(array.dtype).reshape(array.shape)
            raw[...] = array
            array = raw
        return array

    def array(self):
        return self.shaped(tuple(self.rng.integers(0, 7, int(self.rng.integers(0, 4)))))

    def argument(self):
        way = int(self.rng.integers(10))
        if way < 4:
            return self.one_of(NUMBERS)
        if way < 6:
            return self.one_of(NO_NUMBERS)
        return self.array() if way < 9 else memqc.Device("ideal")

    def good(self, name):
        """What an argument of this name may be."""
        floats = {"x": (SAMPLES, ROWS), "w": (ROWS, COLS), "d": (SAMPLES, COLS),
                  "step": (ROWS, COLS), "volts": (SAMPLES, ROWS), "conductances": (3,),
                  "state": (3,)}
        if name in floats:
            values = self.rng.random(floats[name]).astype("f4")
            return values * 1e-5 if name in ("conductances", "state") else values
        whole = {"y": (COLS, SAMPLES), "rows": (ROWS, 2), "cols": (COLS, 2), "pulses": (3, 2),
                 "levels": (30, 3), "traps": (2, 3)}
        if name in whole:
            return self.rng.integers(0, *whole[name])
        if name == "name":
            return self.one_of(("states", "g_max", "mapping", "learning_rate", "adc_bits"))
        return self.one_of((0, 1, 2, 0.5))


def parts(kind):
    """Methods of a class and properties that can be set, by name."""
    for name in dir(kind):
        if name in LEFT_OUT or name.startswith("_"):
            continue
        found = inspect.getattr_static(kind, name)
        if isinstance(found, property):
            yield name, found
        elif inspect.isfunction(found):
            yield name, found


def arguments(hostile, method):
    """Positional and named arguments: most of them good, or none."""
    bad = hostile.one_of((0.0, 0.2, 0.5, 1.0))

    def value(name):
        return hostile.argument() if hostile.rng.random() < bad else hostile.good(name)

    placed, named = [], {}
    for parameter in list(inspect.signature(method).parameters.values())[1:]:
        needed = parameter.default is parameter.empty
        if parameter.kind is parameter.VAR_KEYWORD:
            names = sorted(memqc.Crossbar.parameters())
            named.update({hostile.one_of(names): hostile.argument() for _ in range(2)})
        elif parameter.name in ("progress", "threads", "instances"):
            continue
        elif parameter.kind is parameter.KEYWORD_ONLY:
            if needed or hostile.rng.random() < 0.3:
                named[parameter.name] = value(parameter.name)
        elif needed or hostile.rng.random() < 0.5:
            placed.append(value(parameter.name))
        else:
            break
    if "epochs" in inspect.signature(method).parameters:
        placed[2:] = [hostile.one_of((0, 1, 2, -1, 1.5, np.nan, None, "x"))]
    return placed, named


class Calls(unittest.TestCase):
    def attempt(self, hostile, thing, name, part):
        """One call; returns the object to go on with, and whether the call succeeded."""
        before = pickle.dumps(thing)
        placed, named = [], {}
        try:
            if isinstance(part, property):
                placed = [hostile.argument()]
                if part.fset and hostile.rng.random() < 0.7:
                    setattr(thing, name, placed[0])
                else:
                    getattr(thing, name)
            else:
                placed, named = arguments(hostile, part)
                getattr(thing, name)(*placed, **named)
            return True
        except (memqc.Error, TypeError) as error:
            after = pickle.dumps(thing)
            what = f"{type(thing).__name__}.{name}(*{placed}, **{named}): {error!r}"
            self.assertEqual(after, before, f"changed by {what}")
            self.assertTrue(str(error), f"no text: {what}")
        except Exception as error:
            error.args = (f"{type(thing).__name__}.{name}(*{placed}, **{named}): "
                          f"{type(error).__name__}: {error}",)
            raise
        return False

    def attack(self, make, seed):
        hostile = Hostile(seed)
        thing = make(hostile)
        every = list(parts(type(thing)))
        self.assertGreater(len(every), 20)
        succeeded, failed = set(), set()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", memqc.DeviceWarning)
            for call in range(CALLS):
                if call % 50 == 0:
                    thing = make(hostile)
                name, part = hostile.one_of(every)
                (succeeded if self.attempt(hostile, thing, name, part) else failed).add(name)
        self.assertGreater(len(succeeded), 0.6 * len(every), set(n for n, _ in every) - succeeded)
        self.assertGreater(len(failed), 0.5 * len(every), set(n for n, _ in every) - failed)

    def test_devices(self):
        self.attack(lambda hostile: memqc.Device(hostile.one_of(memqc.Device.presets()), seed=3), 1)

    def test_arrays(self):
        def make(hostile):
            mapping = hostile.one_of(("single", "differential", "reference"))
            device = memqc.Device(hostile.one_of(("hfox-a", "rpu", "ideal")))
            w = hostile.rng.uniform(-1, 1, (ROWS, COLS))
            return memqc.Crossbar(device, w, mapping=mapping, seed=5)

        self.attack(make, 2)

    def test_networks(self):
        def make(hostile):
            device = memqc.Device("hfox-a") if hostile.rng.random() < 0.7 else None
            return memqc.MLP((ROWS, 2, COLS), device, seed=6, instances=2)

        self.attack(make, 3)

    def test_objects_that_were_never_made(self):
        hostile = Hostile(4)
        for kind in (memqc.Device, memqc.Crossbar, memqc.MLP):
            for name, part in parts(kind):
                thing = kind.__new__(kind)
                with self.assertRaises((memqc.Error, TypeError), msg=f"{kind.__name__}.{name}"):
                    if isinstance(part, property):
                        len(getattr(thing, name))  # of conductances, which are read one by one
                    else:
                        placed, named = arguments(hostile, part)
                        getattr(thing, name)(*placed, **named)


if __name__ == "__main__":
    main()
