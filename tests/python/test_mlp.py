# SPDX-License-Identifier: BSD-3-Clause
"""Networks: training, history, use, transfer and studies."""
import os
import pickle
import tempfile
import unittest

from support import main, samples
import numpy as np

import memqc
from memqc import _synthetic

X, Y = samples()


def network(**parameters):
    return memqc.MLP((4, 8, 3), memqc.Device("hfox-a"), **{
        "seed": 1, "rule": "mixed-precision", "activation": "relu", "loss": "cross-entropy",
        "input_bits": 0, "learning_rate": 0.1, **parameters})


class Drift(unittest.TestCase):
    def test_compensation_keeps_what_drift_takes(self):
        x, y = _synthetic.digits(1, 0, 2000)
        seen, wanted = _synthetic.digits(1, _synthetic.FIRST_TEST_DIGIT, 500)
        mlp = memqc.MLP((784, 32, 10), rule="float", activation="relu", loss="cross-entropy",
                        mapping="differential", normalization="array", input_bits=0,
                        learning_rate=0.1, batch=10, seed=1).fit(x, y, epochs=4)
        means = {}
        for vectors in (0, 1):
            for seconds in (0, 3.15e8):  # ten years
                mlp.set(drift_compensation=vectors)
                means[vectors, seconds] = mlp.monte_carlo(
                    seen, wanted, memqc.Device("pcm"), instances=8, seconds=seconds).mean()
        self.assertEqual(means[0, 0], means[1, 0])
        self.assertGreater(means[1, 3.15e8], means[0, 3.15e8] + 0.01)
        self.assertGreater(means[1, 3.15e8], means[1, 0] - 0.03)


class Training(unittest.TestCase):
    def test_a_fit_without_an_epoch_left_warns(self):
        mlp = network().fit(X, Y, epochs=2)
        with self.assertWarnsRegex(UserWarning, "epochs = 2 .* has had 2"):
            mlp.fit(X, Y, epochs=2)
        self.assertEqual(mlp.epochs, 2)
        self.assertEqual(mlp.fit(X, Y, epochs=3).epochs, 3)

    def test_fit_learns_and_tells(self):
        mlp = network()
        self.assertIs(mlp.fit(X, Y, epochs=20, validation=0.1), mlp)
        self.assertGreater(mlp.score(X, Y), 0.6)
        history = mlp.history
        self.assertEqual(history["epoch"].tolist(), list(range(1, 21)))
        self.assertTrue(all(len(column) == 20 for column in history.values()))
        self.assertFalse(np.isnan(history["validation_accuracy"]).any())
        self.assertEqual((mlp.epochs, mlp.best_epoch > 0), (20, True))
        mlp.reset()
        self.assertEqual((mlp.epochs, len(mlp.history["loss"])), (0, 0))

    def test_progress_stops_and_training_goes_on(self):
        told = []

        def stop(report):
            told.append(report)
            return report.epoch == 2

        mlp, other = network(progress_interval=100), network(progress_interval=100)
        with self.assertRaises(memqc.Stopped):
            mlp.fit(X, Y, 4, progress=stop)
        self.assertEqual((told[0].phase, told[0].epoch, told[0].total), ("training", 1, 300))
        mlp.fit(X, Y, 4)
        other.fit(X, Y, 4)
        np.testing.assert_array_equal(mlp.weights(0)[0], other.weights(0)[0])

    def test_exceptions_pass_through_progress(self):
        mlp = network()

        def change(report):
            mlp.learning_rate = 0.2

        with self.assertRaises(memqc.StateError):
            mlp.train_epoch(X, Y, progress=change)
        with self.assertRaises(memqc.StateError):
            mlp.train_epoch(X, Y, progress=lambda report: mlp.fit(X, Y))
        seen = []
        mlp.train_epoch(X, Y, progress=lambda report: seen.append(mlp.weights(1)[1].shape))
        self.assertEqual(seen[0], (3,))

    def test_layouts_and_refusals(self):
        one, two = network(), network()
        one.fit(X, Y, 2)
        wide = np.zeros((300, 7))
        wide[:, 2:6] = X
        two.fit(wide[:, 2:6].reshape(300, 2, 2), Y.astype("i8").tolist(), 2)
        np.testing.assert_array_equal(one.weights(1)[0], two.weights(1)[0])
        for x, y, kind in ((X[:, :3], Y, memqc.ArgumentError), (X, Y[1:], memqc.ArgumentError),
                           (X, Y + 1, memqc.DataError), (X, Y + 0.5, memqc.ArgumentError),
                           (X * np.inf, Y, memqc.DataError)):
            with self.assertRaises(kind), np.errstate(invalid="ignore"):
                one.fit(x, y, 3)
        with self.assertRaisesRegex(memqc.ArgumentError, "4294967296"):
            one.fit(X, Y, 1 << 32)

    def test_checkpoint(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "ü.mlp")
            mlp = network()
            mlp.checkpoint(path)
            mlp.fit(X, Y, 2)
            loaded = memqc.MLP.load(path)
            self.assertEqual((loaded.sizes, loaded.epochs), ((4, 8, 3), 2))
            self.assertEqual(pickle.loads(pickle.dumps(loaded)).sizes, (4, 8, 3))
            mlp.checkpoint(None)
            self.assertEqual(mlp.fit(X, Y, 3).epochs, 3)
            np.testing.assert_array_equal(loaded.fit(X, Y, 3).weights(0)[0], mlp.weights(0)[0])


class Use(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.mlp = network().fit(X, Y, 20)

    def test_predictions(self):
        outputs, classes = self.mlp.outputs(X), self.mlp.predict(X)
        np.testing.assert_array_equal(outputs.argmax(1), classes)
        np.testing.assert_allclose(outputs.sum(1), 1, rtol=1e-5)
        found = self.mlp.evaluate(X, Y)
        self.assertAlmostEqual(found.accuracy, (classes == Y).mean())
        self.assertEqual(found.confusion.sum(), 300)
        self.assertEqual(self.mlp.predict(np.empty((0, 4))).shape, (0,))

    def test_weights_and_arrays(self):
        mlp = self.mlp.copy()
        w, bias = mlp.weights(0)
        self.assertEqual((w.shape, bias.shape), ((4, 8), (8,)))
        np.testing.assert_array_equal(mlp.crossbar(0).weights, w)
        mlp.set_weights(1, bias=[1, 2, 3])
        self.assertEqual(mlp.weights(1)[1].tolist(), [1, 2, 3])
        mlp.set_weights(0, np.asfortranarray(np.zeros((4, 8))))
        self.assertEqual(mlp.device(1).states, 32)
        with self.assertRaises(memqc.ArgumentError):
            mlp.weights(2)

    def test_digital_networks_and_transfer(self):
        mlp = memqc.MLP([4, 8, 3], learning_rate=0.1, input_bits=0)
        mlp.init()
        mlp.fit(X, Y, 5)
        with self.assertRaises(memqc.StateError):
            mlp.crossbar(0)
        moved = mlp.transfer(memqc.Device("ideal", states=256))
        self.assertEqual((moved.sizes, moved.crossbar(1).shape), ((4, 8, 3), (8, 3)))
        mixed = memqc.MLP((4, 3, 2), memqc.Device("ideal"))
        mixed.set_layer(0, rule="float")
        mixed.set_device(0, None)
        with self.assertRaises(memqc.StateError):
            mixed.device(0)

    def test_studies(self):
        told = []
        accuracies = self.mlp.monte_carlo(X, Y, memqc.Device("hfox-b"), instances=4, threads=2,
                                          progress=told.append)
        self.assertEqual(accuracies.shape, (4,))
        self.assertEqual(told[-1].phase, "monte_carlo")
        summary = memqc.summary(accuracies)
        self.assertLessEqual(summary["low"], summary["mean"])
        hits = self.mlp.monte_carlo_hits(X, Y, memqc.Device("hfox-b"))
        np.testing.assert_allclose(hits.mean(axis=1), accuracies)
        told = memqc.crossed(hits)
        self.assertAlmostEqual(told["mean"], accuracies.mean())
        half = memqc.combine([told["by_rows"], told["by_columns"], told["by_both"]],
                             [told["freedom"]] * 3)
        self.assertGreater(told["high"] - told["low"], summary["high"] - summary["low"])
        self.assertLess(abs(half), 1)
        self.assertEqual(memqc.crossed(hits, hits)["mean"], 0)
        with self.assertRaisesRegex(memqc.ArgumentError, "one shape"):
            memqc.crossed(hits, hits[:2])
        with self.assertRaisesRegex(memqc.ArgumentError, "1 variances, but 2"):
            memqc.combine([1], [1, 2])
        told = memqc.nested(hits.reshape(2, 2, -1))
        self.assertAlmostEqual(told["mean"], accuracies.mean())
        self.assertGreater(told["by_columns"], 0)
        with self.assertRaisesRegex(memqc.ArgumentError, "devices, networks, images"):
            memqc.nested(hits)
        limits = self.mlp.sensitivity(X, Y, "c2c", instances=2)
        self.assertGreater(limits.value, 0)
        everything = self.mlp.sensitivity(X[:50], Y[:50])
        self.assertIn("drift", everything)
        gains = [one.gain for one in everything.values()][:-1]
        self.assertEqual(gains, sorted(gains, reverse=True))
        self.assertEqual(list(everything)[-1], "all")
        with self.assertRaisesRegex(memqc.ArgumentError, "read_noise"):
            self.mlp.sensitivity(X, Y, "nothing")

    def test_shares_add_up(self):
        device = memqc.Device("hfox-b", states=3, sigma=10 * memqc.G0, drift_nu=0.1)
        shares = self.mlp.shapley(X, Y, device, instances=3, seconds=100)
        self.assertEqual(list(shares)[-1], "all")
        parts = [share.loss for name, share in shares.items() if name != "all"]
        self.assertAlmostEqual(sum(parts), shares["all"].loss)
        self.assertEqual(parts, sorted(parts, reverse=True))
        self.assertEqual(shares["faults"], (0,) * 7)
        self.assertLess(shares["c2c"].low, shares["c2c"].loss)
        with self.assertRaisesRegex(memqc.ArgumentError, "orders = 1"):
            self.mlp.shapley(X, Y, device, orders=1)


if __name__ == "__main__":
    main()
