# SPDX-License-Identifier: BSD-3-Clause
"""Copies, threads, Ctrl-C and exceptions."""
import concurrent.futures
import copy
import os
import pickle
import signal
import sys
import tempfile
import threading
import time
import unittest

from support import WEIGHTS, main, samples
import numpy as np

import memqc
from memqc import _errors


class Copies(unittest.TestCase):
    def objects(self):
        x, y = samples()
        device = memqc.Device("hfox-a", states=16, seed=9)
        device.staircase(2)
        crossbar = memqc.Crossbar(device, WEIGHTS, read_noise=1e-5, seed=3)
        mlp = memqc.MLP((4, 5, 3), device, seed=4).fit(x, y, 1)
        return [(device, lambda one: one.staircase(3)),
                (crossbar, lambda one: np.ones(3) @ one),
                (mlp, lambda one: one.fit(x, y, 2).weights(0)[0])]

    def test_copies_go_on_as_the_original(self):
        for thing, use in self.objects():
            with tempfile.TemporaryDirectory() as folder:
                path = os.path.join(folder, "thing")
                thing.save(path)
                twins = [thing.copy(), copy.copy(thing), copy.deepcopy(thing),
                         *(pickle.loads(pickle.dumps(thing, protocol))
                           for protocol in range(2, pickle.HIGHEST_PROTOCOL + 1))]
                if not isinstance(thing, memqc.Device):  # whose draws a file does not count
                    twins += [type(thing).load(path), type(thing).from_bytes(thing.to_bytes())]
                wanted = use(thing)
                for twin in twins:
                    np.testing.assert_array_equal(use(twin), wanted)
                    self.assertEqual(repr(twin), repr(thing))

    def test_bad_bytes(self):
        data = memqc.Device().to_bytes()
        self.assertEqual(memqc.Device.from_bytes(memoryview(data)).states, 32)
        for bad in (b"", data[:-1], b"x" * 100):
            with self.assertRaises(memqc.FormatError):
                memqc.Device.from_bytes(bad)
        with self.assertRaises(OSError):
            memqc.MLP.load("/nowhere/at/all")

    def test_subclasses(self):
        self.assertIs(type(pickle.loads(pickle.dumps(Special("ideal")))), Special)


class Special(memqc.Device):
    pass


class Exceptions(unittest.TestCase):
    def test_relatives(self):
        for kind in _errors.BY_STATUS.values():
            self.assertTrue(issubclass(kind, memqc.Error))
            again = pickle.loads(pickle.dumps(kind("text")))
            self.assertEqual((type(again), str(again)), (kind, "text"))
        for kind, relative in ((memqc.ArgumentError, ValueError), (memqc.DataError, ValueError),
                               (memqc.OutOfMemoryError, MemoryError), (memqc.FileError, OSError)):
            self.assertTrue(issubclass(kind, relative))

    def test_memory_error(self):
        with self.assertRaisesRegex(ValueError, "2\\^30|1073741824"):
            memqc.Crossbar(memqc.Device(), (1 << 20, 1 << 20))


class Threads(unittest.TestCase):
    def test_errors_are_not_mixed_up(self):
        device = memqc.Device("ideal")

        def work(number):
            own = memqc.Device("ideal", states=number + 8)
            for turn in range(300):
                try:
                    own.level(-number - 1)
                    return "no error"
                except memqc.ArgumentError as error:
                    if f"= {-number - 1} is outside" not in str(error):
                        return str(error)
                if own.levels != number + 8 or device.levels != 32:
                    return "wrong levels"
            return None

        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            self.assertEqual([text for text in pool.map(work, range(8)) if text], [])

    def test_one_array_in_many_threads(self):
        crossbar = memqc.Crossbar(memqc.Device("ideal"), np.eye(64), mapping="differential")
        x = np.random.default_rng(0).random((16, 64), dtype=np.float32)

        def work(row):
            return np.array([x[row] @ crossbar for _ in range(50)])

        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            for row, results in enumerate(pool.map(work, range(16))):
                np.testing.assert_allclose(results, np.broadcast_to(x[row], (50, 64)), atol=0.04)

    def together(self, work, count=4):
        """Threads find what one alone finds; they are first."""
        with concurrent.futures.ThreadPoolExecutor(count) as pool:
            found = list(pool.map(work, range(count)))
        for number, results in enumerate(found):
            np.testing.assert_array_equal(results, work(number))

    def test_networks_of_ones_own(self):
        x, y = samples(200)

        def work(number):
            mlp = memqc.MLP((4, 5, 3), memqc.Device("hfox-a"), seed=number).fit(x, y, 2)
            loss = mlp.history["loss"]
            return np.concatenate([mlp.weights(0)[0].ravel(), mlp.outputs(x).ravel(), loss])

        self.together(work)

    def test_a_device_and_an_array_that_all_read(self):
        device = memqc.Device("hfox-a", seed=7)
        crossbar = memqc.Crossbar(device, WEIGHTS, seed=3)

        def work(number):
            twin = pickle.loads(pickle.dumps(device))
            own = crossbar.copy()
            own.update(WEIGHTS[::-1], 0.1 * number)
            return np.concatenate([np.ravel(twin.staircase(2)), [device.states, device.level(3)[0]],
                                   crossbar.weights.ravel(), own.weights.ravel()])

        self.together(work)

    def test_other_threads_run_during_a_long_call(self):
        x, y = samples(40000)
        mlp, ticks, done = memqc.MLP((4, 400, 3), batch=100, input_bits=0), [], threading.Event()

        def tick():
            while not done.is_set():
                ticks.append(time.monotonic())
                time.sleep(0.001)

        thread = threading.Thread(target=tick)
        thread.start()
        mlp.progress_interval = 1000000
        started = time.monotonic()
        mlp.train_epoch(x, y)
        ended = time.monotonic()
        done.set()
        thread.join()
        self.assertTrue(any(started < at < ended for at in ticks))


class ControlC(unittest.TestCase):
    def interrupted(self, **arguments):
        x, y = samples(1000)
        mlp = memqc.MLP((4, 64, 3), memqc.Device("hfox-a"), progress_interval=100)
        timer = threading.Timer(0.2, os.kill, (os.getpid(), signal.SIGINT))
        timer.start()
        with self.assertRaises(KeyboardInterrupt):
            mlp.fit(x, y, 1000000, **arguments)
        timer.join()
        self.assertIs(signal.getsignal(signal.SIGINT), signal.default_int_handler)
        epochs = mlp.epochs
        mlp.fit(x, y, epochs + 1)
        self.assertEqual(mlp.epochs, epochs + 1)

    def test_training_stops_cleanly(self):
        self.interrupted()
        self.interrupted(progress=lambda report: sum(range(1000)) < 0)

    def test_in_another_thread_nothing_is_installed(self):
        x, y = samples(100)
        mlp, raised = memqc.MLP((4, 3)), []

        def work():
            try:
                mlp.fit(x, y, 2)
            except BaseException as error:
                raised.append(error)

        thread = threading.Thread(target=work)
        thread.start()
        thread.join()
        self.assertEqual((raised, mlp.epochs), ([], 2))


if __name__ == "__main__":
    sys.setswitchinterval(1e-4)
    main()
