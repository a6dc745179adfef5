# SPDX-License-Identifier: BSD-3-Clause
"""Memory: what objects, failures and threads leave behind.

The heap of the C library and the objects of Python are counted, to the byte and to the object.
MEMQC_TEST_MANY=1 makes and destroys a million objects of each kind instead of a few thousand.
"""
import array
import concurrent.futures
import ctypes
import gc
import os
import pickle
import sys
import threading
import time
import unittest

from support import WEIGHTS, main, samples
import numpy as np

import memqc

MANY = os.environ.get("MEMQC_TEST_MANY") == "1"
SEGMENT = 1000  # calls: a leak of one object a thousand calls leaves one in each
SEGMENTS = 8
DEVICE = memqc.Device("ideal")
X, Y = samples(20)


class Heap(ctypes.Structure):
    """struct mallinfo2 of the GNU C library."""

    _fields_ = [(name, ctypes.c_size_t) for name in (
        "arena", "ordblks", "smblks", "hblks", "hblkhd", "usmblks", "fsmblks", "uordblks",
        "fordblks", "keepcost")]


try:
    mallinfo2 = ctypes.CDLL(None).mallinfo2
    mallinfo2.restype = Heap
except (AttributeError, OSError):
    print("skipped: the C library does not count its heap: no mallinfo2")
    sys.exit(77)


def heap():
    """Bytes of the heap in use, after all garbage is collected."""
    gc.collect()
    state = mallinfo2()
    return state.uordblks + state.hblkhd


def objects():
    """Number of Python's objects, after all garbage is collected. The list of them, as long as it
    lives, disturbs the heap: whoever counts both does it one after the other."""
    gc.collect()
    gc.collect()  # a dictionary that the first one emptied is an object no more
    return len(gc.get_objects())


def resident():
    """Resident memory, bytes."""
    with open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGESIZE")


def make_device():
    memqc.Device("ideal")


def make_crossbar():
    np.ones(3, "f4") @ memqc.Crossbar(DEVICE, WEIGHTS)


def make_mlp():
    memqc.MLP((4, 3, 2), DEVICE)


def copy_device():
    pickle.loads(pickle.dumps(DEVICE)).copy()


def fail():
    """Failures of several kinds: of an argument, a state, data, a file, bytes, and in Python."""
    mlp = memqc.MLP((4, 3))
    for kind, call in ((memqc.ArgumentError, lambda: DEVICE.level(0)),
                       (memqc.StateError, lambda: mlp.crossbar(0)),
                       (memqc.DataError, lambda: mlp.predict(X * np.nan)),
                       (memqc.FileError, lambda: memqc.Device.load("/nowhere/at/all")),
                       (memqc.FormatError, lambda: memqc.Device.from_bytes(b"no device")),
                       (memqc.ArgumentError, lambda: memqc.Device(sttes=3))):
        try:
            call()
        except kind:
            continue
        raise AssertionError(f"no {kind.__name__}")


def stop():
    """A long call with a progress function, which it leaves by an exception."""
    def progress(report):
        raise KeyError

    try:
        memqc.MLP((4, 3)).train_epoch(X, Y, progress=progress)
    except KeyError:
        pass


class Leaks(unittest.TestCase):
    """A leak grows in every segment. What caches and tables take is over after a few."""

    def steady(self, work, calls=SEGMENT, slack=0):
        for used, most in ((heap, slack), (objects, 0)):
            calm, grown = 0, array.array("q", [0] * SEGMENTS)
            for segment in range(SEGMENTS):
                before = used()
                for _ in range(calls):
                    work()
                grown[segment] = used() - before
                calm += grown[segment] <= most
                if calm == 2:
                    break
            else:
                self.fail(f"{used.__name__} grow: {grown.tolist()}")

    def test_objects(self):
        for work in (make_device, make_crossbar, make_mlp, copy_device):
            with self.subTest(work.__name__):
                self.steady(work)

    def test_failures(self):
        self.steady(fail)
        self.steady(stop)

    def test_networks_that_train_and_evaluate(self):
        def work():
            mlp = memqc.MLP((4, 3), DEVICE, instances=2).fit(X, Y)
            mlp.monte_carlo(X, Y)
            mlp.history

        self.steady(work)

    def test_this_test_finds_one_leak_in_a_thousand_calls(self):
        count, kept = [0], []

        def leak_handle():
            device = memqc.Device("ideal")
            count[0] += 1
            if count[0] % 1000 == 0:
                device._free.detach()

        def leak_exception():
            try:
                DEVICE.level(0)
            except memqc.ArgumentError as error:
                count[0] += 1
                if count[0] % 1000 == 0:
                    kept.append(error)

        for work in (leak_handle, leak_exception):
            with self.assertRaises(AssertionError):
                self.steady(work)

    def test_threads(self):
        """Eight threads with calls that fail and that succeed: none sees another's error."""
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            def work():
                self.assertEqual([text for text in pool.map(mixed, range(8)) if text], [])

            # Each thread keeps a few free blocks to itself, which count as used.
            self.steady(work, calls=SEGMENT // 100, slack=4096)

    def test_trainings_in_several_threads(self):
        """Four threads train at once, are stopped and fail; and one lost network is found."""
        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            def work():
                self.assertEqual(list(pool.map(train, range(4))), [np.float64(0)] * 4)

            def leak():
                work()
                lost = memqc.MLP((4, 3), DEVICE)
                lost._free.detach()

            self.steady(work, calls=SEGMENT // 100, slack=4096)
            with self.assertRaises(AssertionError):
                self.steady(leak, calls=SEGMENT // 100, slack=4096)


SHARED = memqc.Crossbar(memqc.Device("ideal", states=4096), np.eye(8), mapping="differential")
BARRIER = threading.Barrier(8)
TRAININGS = threading.Barrier(4)


def mixed(number, turns=25):
    """What a thread does: failures whose text has its own number, and products in between."""
    BARRIER.wait()
    own = memqc.Device("ideal", states=number + 8)
    x = np.full((1, 8), number / 8, "f4")
    for turn in range(turns):
        try:
            own.level(-1000 * number - turn - 1)
            return "no error"
        except memqc.ArgumentError as error:
            if f"= {-1000 * number - turn - 1} is outside" not in str(error):
                return f"thread {number} was told: {error}"
        if own.levels != number + 8:
            return f"thread {number} has {own.levels} levels"
        y = x @ SHARED
        if np.abs(y - x).max() > 0.01:
            return f"thread {number} got {y}"
        try:
            memqc.MLP((4, number + 2)).fit(X, Y + 100 + number)
            return "no error"
        except memqc.DataError as error:
            if not str(error).endswith(f"is outside 0 .. {number + 1}"):
                return f"thread {number} was told: {error}"
    return None


def train(number):
    """A training to the end, one that is stopped and goes on, one that fails, and a study. Returns
    how far two networks differ that were trained alike."""
    def stopped(report):
        raise KeyError(number)

    TRAININGS.wait()
    networks = [memqc.MLP((4, 3), DEVICE, seed=number, instances=3, threads=2) for _ in range(2)]
    networks[0].fit(X, Y, epochs=2)
    try:
        networks[1].fit(X, Y, epochs=2, progress=stopped)
        return "not stopped"
    except KeyError as error:
        if error.args != (number,):
            return f"thread {number} was stopped by {error}"
    networks[1].fit(X, Y, epochs=2)
    try:
        networks[1].train_epoch(X * np.inf, Y)
        return "no error"
    except memqc.DataError:
        pass
    first, second = (mlp.monte_carlo(X, Y) for mlp in networks)
    return np.abs(first - second).max()


class Million(unittest.TestCase):
    def grown(self, work, calls, what=None):
        for _ in range(max(calls // 100, 20)):
            work()
        tracked, pages, used, begun = objects(), resident(), heap(), time.monotonic()
        for _ in range(calls):
            work()
        used = heap() - used
        pages, tracked = resident() - pages, objects() - tracked
        print(f"{work.__name__}: {what or calls} in {time.monotonic() - begun:.0f} s, heap "
              f"{used:+d} B, Python {tracked:+d} objects, resident {pages / 1024:+.0f} KiB")
        self.assertLess(used, 65536)
        self.assertLess(tracked, 200)
        self.assertLess(pages, 1 << 20)

    @unittest.skipUnless(os.path.exists("/proc/self/statm"), "needs /proc")
    def test_many(self):
        calls = 1000000 if MANY else 1000
        for work in (make_device, make_crossbar, make_mlp):
            self.grown(work, calls)
        self.grown(fail, 100000 // 6 + 1 if MANY else 200, 100002 if MANY else 1200)
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            def eight_threads():
                self.assertEqual([text for text in pool.map(mixed, range(8)) if text], [])

            turns = 2500 if MANY else 25
            self.grown(eight_threads, turns, f"8 x {turns * 25} failing and succeeding")


if __name__ == "__main__":
    sys.setswitchinterval(1e-4)
    main()
