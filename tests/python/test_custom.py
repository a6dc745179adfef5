# SPDX-License-Identifier: BSD-3-Clause
"""Devices whose pulses are Python functions."""
import gc
import threading
import unittest

import support  # noqa: F401
import numpy as np

import memqc
from memqc import _custom


def linear(pulse):
    """LINEAR of 2 % of the window with slopes of 0.5, and noise of the step."""
    window = pulse.high - pulse.low
    up = pulse.volts > 0
    y = np.where(up, pulse.g - pulse.low, pulse.high - pulse.g) / window
    f = 0.02 * window * (1 - 0.5 * y) * (1 + pulse.parameters["noise"] * pulse.normals)
    return pulse.g + np.where(up, f, -f)


def made(noise=0.0, **parameters):
    return memqc.Device.custom(linear, name="linear", cells={"noise": noise}, g_min=1e-5,
                               g_max=1e-4, **parameters)


class Custom(unittest.TestCase):
    def test_it_is_the_built_in_model(self):
        built_in = memqc.Device(model="linear", g_min=1e-5, g_max=1e-4, step=1.8e-6)
        for way in ("up", "down"):
            np.testing.assert_allclose(made().response(way, 4e-5, 30),
                                       built_in.response(way, 4e-5, 30), rtol=1e-5)
        w = np.random.default_rng(1).uniform(-1, 1, (8, 6)).astype(np.float32)
        arrays = [memqc.Crossbar(device, w) for device in (made(), built_in)]
        np.testing.assert_allclose(arrays[0].weights, arrays[1].weights, atol=1e-4)

    def test_parameters_of_cells(self):
        device = memqc.Device.custom(linear, cells={"noise": (0.2, 0.5), "more": (1, 0, 0.3)})
        self.assertEqual(device.custom_parameters, [(0.2, 0.5, 0.0), (1.0, 0.0, 0.3)])
        self.assertAlmostEqual(float(device.custom_cells(1, 20000).std()), 0.3, delta=0.01)
        device.set_custom([0.1, (2, 0, 0)])
        self.assertEqual(device.custom_parameters, [(0.1, 0.0, 0.0), (2.0, 0.0, 0.0)])
        for bad in ({"noise": (1, 2, 3, 4)}, {"noise": "x"}, {"noise": (1, -1)}):
            with self.assertRaises((memqc.ArgumentError, memqc.DataError)):
                memqc.Device.custom(linear, cells=bad)
        with self.assertRaisesRegex(memqc.ArgumentError, "must be a function"):
            memqc.Device.custom(3)
        with self.assertRaisesRegex(memqc.ArgumentError, "create_custom"):
            memqc.Device(model="custom")

    def test_functions_live_as_long_as_their_devices(self):
        gc.collect()
        before = len(_custom.HELD)
        array = memqc.Crossbar(made(), np.eye(3))
        gc.collect()
        self.assertEqual(len(_custom.HELD), before + 1)
        array.program(np.eye(3))
        copy = array.device
        del array
        gc.collect()
        self.assertGreater(copy.pulse([2e-5], 1).state[0], 2e-5)
        del copy
        gc.collect()
        self.assertEqual(len(_custom.HELD), before)

    def test_what_it_raises_comes_out(self):
        fail = threading.Event()

        def step(pulse):
            if fail.is_set():
                raise ZeroDivisionError("mine")
            return pulse.g + 1e-6 * np.sign(pulse.volts) * (1 + 0.1 * pulse.normals)

        device = memqc.Device.custom(step, g_min=1e-5, g_max=1e-4)
        x = np.random.default_rng(0).random((40, 6), np.float32)
        labels = (x[:, 0] > 0.5).astype(np.int32)
        net = memqc.MLP([6, 2], device, learning_rate=1)
        net.train_epoch(x, labels)
        weights = net.weights(0)[0]
        fail.set()
        for call in (lambda: device.pulse([2e-5], 1), lambda: memqc.Crossbar(device, np.eye(2)),
                     lambda: net.train_epoch(x, labels),
                     lambda: net.monte_carlo(x, labels, instances=4, threads=2)):
            with self.assertRaisesRegex(ZeroDivisionError, "mine"):
                call()
        fail.clear()
        np.testing.assert_array_equal(net.weights(0)[0], weights)
        net.train_epoch(x, labels)
        nan = memqc.Device.custom(lambda pulse: pulse.g * np.nan)
        with self.assertRaisesRegex(memqc.DataError, "NaN"):
            nan.pulse([1e-4], 1)
        wrong = memqc.Device.custom(lambda pulse: [1, 2, 3])
        with self.assertRaises(ValueError):
            wrong.pulse([1e-4] * 2, 1)

    def test_threads_do_not_matter(self):
        device = made((0.5, 0.3), states=8)
        x = np.random.default_rng(0).random((60, 6), np.float32)
        labels = (x[:, 0] > x[:, 1]).astype(np.int32)
        net = memqc.MLP([6, 2], device)
        for _ in range(5):
            net.train_epoch(x, labels)
        one, two = (net.monte_carlo(x, labels, instances=6, threads=threads) for threads in (1, 2))
        np.testing.assert_array_equal(one, two)
        self.assertGreater(one.std(), 0)

    def test_no_file_holds_it(self):
        for thing in (made(), memqc.Crossbar(made(), np.eye(2)), memqc.MLP([2, 2], made())):
            with self.assertRaisesRegex(memqc.StateError, "no file can hold"):
                thing.to_bytes()


if __name__ == "__main__":
    unittest.main()
