# SPDX-License-Identifier: BSD-3-Clause
"""Arrays: products of every layout, planes, updates, wires, service and accounts."""
import unittest

from support import WEIGHTS, main
import numpy as np

import memqc

IDEAL = memqc.Device("ideal")


def array(w=WEIGHTS, **parameters):
    return memqc.Crossbar(IDEAL, w, **{"seed": 1, "mapping": "differential", **parameters})


class Products(unittest.TestCase):
    def setUp(self):
        self.w = np.random.default_rng(0).uniform(-1, 1, (6, 4))
        self.crossbar = array(self.w)
        self.held = self.crossbar.weights
        self.x = np.random.default_rng(1).random((5, 6), dtype=np.float32)

    def same(self, got, wanted):
        self.assertEqual(got.dtype, np.float32)
        np.testing.assert_allclose(got, wanted, rtol=1e-5, atol=1e-6)

    def test_every_layout_gives_the_product(self):
        wide = np.zeros((10, 9), np.float32)
        wide[::2, 2:8] = self.x
        frozen = self.x.copy()
        frozen.flags.writeable = False
        for x in (self.x, np.asfortranarray(self.x), wide[::2, 2:8], self.x[::-1][::-1],
                  self.x.astype(float), self.x.tolist(), frozen, self.x.astype(">f4"),
                  np.repeat(self.x, 2, axis=1)[:, ::2]):
            self.same(x @ self.crossbar, self.x @ self.held)
        self.same(wide[::2, 2:8][::-1] @ self.crossbar, self.x[::-1] @ self.held)
        self.same(self.x[0] @ self.crossbar, self.x[0] @ self.held)
        self.same(self.x.reshape(5, 1, 6) @ self.crossbar, (self.x @ self.held)[:, None])
        self.same(np.ones((2, 6), bool) @ self.crossbar, np.ones((2, 6)) @ self.held)
        self.assertEqual((np.empty((0, 6), "f4") @ self.crossbar).shape, (0, 4))
        self.same(np.broadcast_to(self.x[0], (3, 6)) @ self.crossbar,
                  np.broadcast_to(self.x[0], (3, 6)) @ self.held)

    def test_transpose(self):
        x = np.ones((2, 4), "f4")
        self.same(x @ self.crossbar.T, x @ self.held.T)
        self.same(self.crossbar @ x[0], self.held @ x[0])
        self.same(self.crossbar @ x.T, self.held @ x.T)
        self.assertEqual((self.crossbar.shape, self.crossbar.T.shape), ((6, 4), (4, 6)))
        self.assertIs(self.crossbar.T.T, self.crossbar)
        self.same(self.crossbar.T.weights, self.held.T)

    def test_rows_are_not_copied(self):
        from memqc import _arrays
        wide = np.zeros((10, 9), np.float32)
        rows, leading = _arrays.laid_out(wide[::2, 2:8])
        self.assertTrue(np.shares_memory(rows, wide))
        self.assertEqual(leading, 18)

    def test_out(self):
        out = np.zeros((5, 8), np.float32)
        view = out[:, 2:6]
        self.assertIs(self.crossbar.mac(self.x, out=view), view)
        self.same(view, self.x @ self.held)
        self.assertEqual(out[:, :2].any() or out[:, 6:].any(), False)
        for bad in (np.zeros((5, 4)), np.zeros((4, 5), "f4").T, np.zeros((5, 3), "f4")):
            with self.assertRaises(memqc.ArgumentError):
                self.crossbar.mac(self.x, out=bad)

    def test_refusals(self):
        for bad, kind in (([1, 2], ValueError), (3.0, ValueError), (["a"] * 6, ValueError),
                          (np.ones(6, complex), ValueError),
                          (np.full(6, np.nan), memqc.DataError)):
            with self.assertRaises(kind):
                self.crossbar.mac(bad)
        with self.assertRaises(memqc.StateError):
            np.ones(6) @ memqc.Crossbar(IDEAL, (6, 4))
        with self.assertRaises(memqc.ArgumentError):
            memqc.Crossbar(IDEAL, [1, 2, 3])
        with self.assertRaises(memqc.ArgumentError):
            memqc.Crossbar("ideal", WEIGHTS)


class Cells(unittest.TestCase):
    def test_planes(self):
        crossbar = array()
        self.assertEqual(len(crossbar.conductances), 2)
        g = crossbar.conductances[0].copy()
        g[0, 0] = 5e-4
        crossbar.conductances[0] = np.asfortranarray(g, float)
        np.testing.assert_array_equal(crossbar.conductances[0], g)
        self.assertEqual(np.asarray(crossbar.conductances).shape, (2, 3, 2))
        self.assertEqual(crossbar.levels[-1].dtype, np.int32)
        with self.assertRaises(IndexError):
            crossbar.conductances[2]
        with self.assertRaises(TypeError):
            crossbar.levels[0] = g
        blank = memqc.Crossbar(IDEAL, (3, 2))
        blank.conductances[0] = g
        np.testing.assert_array_equal(blank.conductances[0], g)

    def test_programming(self):
        crossbar = array()
        np.testing.assert_allclose(crossbar.nominal_weights, WEIGHTS, atol=0.02)
        crossbar.program_cells(0, 1, 1.0)
        crossbar.program_cells([1, 2], [0, 0], [-1.0, 1.0])
        np.testing.assert_allclose(crossbar.weights[[0, 1, 2], [1, 0, 0]], [1, -1, 1], atol=1e-4)
        self.assertEqual(crossbar.report["cells"], 4)
        crossbar.weights = np.zeros((3, 2))
        self.assertFalse(crossbar.weights.any())
        crossbar.pulse(0, 0, 1)
        self.assertNotEqual(crossbar.weights[0, 0], 0)
        with self.assertRaises(memqc.ArgumentError):
            crossbar.program_cells(0, 2, 1)

    def test_updates(self):
        crossbar = array()
        self.assertEqual(crossbar.update(np.zeros((3, 2))), 0)
        self.assertEqual(crossbar.update([[1, 0], [0, 0], [0, 0]], alpha=-0.5), 1)
        self.assertAlmostEqual(crossbar.weights[0, 0], 0, 1)
        self.assertNotIn("error_sd", crossbar.report)
        trains = array(rule="pulse-train")
        self.assertGreater(trains.update_outer(np.ones((20, 3)), np.ones((20, 2)), -0.1), 0)
        with self.assertRaises(memqc.ArgumentError):
            trains.update_outer(np.ones((2, 3)), np.ones((3, 2)))

    def test_follow(self):
        crossbar, other = array(rule="mixed-precision"), array(rule="mixed-precision")
        held = crossbar.weights
        wide = np.zeros((3, 4), np.float32)
        w = wide[:, 1:3]
        w[:] = held + np.float32(0.4)
        step = w - held
        self.assertEqual(crossbar.follow(w), other.update(step))
        np.testing.assert_array_equal(w, crossbar.weights)
        np.testing.assert_array_equal(w, other.weights)
        self.assertFalse(wide[:, [0, 3]].any())
        frozen = held.copy()
        frozen.flags.writeable = False
        for bad in (held.astype(float), np.asfortranarray(held), held[:2], frozen):
            with self.assertRaises(memqc.ArgumentError):
                crossbar.follow(bad)

    def test_reference(self):
        crossbar = array(mapping="reference")
        g = crossbar.reference()
        crossbar.set_reference(g * 1.1)
        np.testing.assert_allclose(crossbar.reference(), g * 1.1, rtol=1e-6)

    def test_wires(self):
        crossbar = array(word_resistance=10, bit_resistance=10)
        volts = np.array([0.1, 0.2, 0.1], "f4")
        ideal, real = crossbar.ideal_currents(volts), crossbar.currents(volts)
        np.testing.assert_allclose(ideal, volts @ crossbar.conductances[0], rtol=1e-5)
        self.assertTrue((real < ideal).all())
        self.assertEqual(crossbar.tile(), (0, 0, 3, 2))
        self.assertEqual(crossbar.nodes(volts).word.shape, (3, 2))
        branches = crossbar.branches(volts)
        np.testing.assert_allclose(branches.cell.sum(0), real, rtol=1e-4)
        self.assertEqual(crossbar.T.branches([0.1, 0.1]).word.shape, (3, 3))
        self.assertEqual(crossbar.T.nodes([0.1, 0.1]).bit.shape, (3, 2))
        self.assertEqual(crossbar.T.currents([0.1, 0.1], plane=1).shape, (3,))
        self.assertEqual(crossbar.T.ideal_currents([[0.1, 0.1]]).shape, (1, 3))
        with self.assertRaises(memqc.ArgumentError):
            crossbar.nodes([1, 2])

    def test_converters_and_noise(self):
        crossbar = array(adc_bits=6, adc_range="calibrated")
        with self.assertRaises(memqc.StateError):
            np.ones(3) @ crossbar
        crossbar.calibrate(np.eye(3), 99)
        crossbar.T.calibrate(np.eye(2))
        self.assertEqual((np.ones(3) @ crossbar).shape, (2,))
        noisy = array(read_noise=1e-5)
        first = np.ones(3) @ noisy
        self.assertFalse((first == np.ones(3) @ noisy).all())
        self.assertEqual(noisy.vector, 2)
        noisy.vector = 0
        np.testing.assert_array_equal(first, np.ones(3) @ noisy)

    def test_service(self):
        crossbar = memqc.Crossbar(memqc.Device("ideal", drift_nu=0.1), WEIGHTS,
                                  mapping="differential")
        crossbar.stick([0], [0], 1e-3)
        crossbar.stick(1, 1, plane=1)
        self.assertEqual(crossbar.stuck[0].tolist(), [[1, 0], [0, 0], [0, 0]])
        self.assertEqual(len(crossbar.remap()), 2)
        crossbar.unstick(0, 0)
        self.assertFalse(crossbar.stuck[0].any())
        before = crossbar.conductances[0]
        crossbar.advance(1e4)
        self.assertEqual(crossbar.clock, 1e4)
        self.assertTrue((crossbar.conductances[0] < before).all())
        crossbar.device = memqc.Device("ideal", drift_nu=0.1, temperature=350)
        self.assertEqual(crossbar.device.temperature, 350)

    def test_drift_is_compensated(self):
        crossbar = memqc.Crossbar(memqc.Device("ideal", drift_nu=0.1), WEIGHTS,
                                  mapping="differential", drift_compensation=3)
        before = np.eye(3) @ crossbar
        self.assertEqual(crossbar.compensation, 1)
        crossbar.advance(1e4)
        self.assertAlmostEqual(crossbar.compensation, 1e4 ** 0.1, delta=1e-4)
        np.testing.assert_allclose(np.eye(3) @ crossbar, before, rtol=1e-5)

    def test_accounts_and_progress(self):
        told = []
        w = np.random.default_rng(0).uniform(-1, 1, (70, 70))
        crossbar = memqc.Crossbar(memqc.Device("hfox-a"), w, scheme="verify",
                                  progress=told.append)
        self.assertEqual({report.phase for report in told}, {"programming"})
        self.assertGreater(crossbar.counts["programmed"], 4899)
        self.assertGreater(crossbar.costs["energy"], 0)
        with self.assertRaises(memqc.Stopped):
            crossbar.program(w, progress=lambda report: True)


if __name__ == "__main__":
    main()
