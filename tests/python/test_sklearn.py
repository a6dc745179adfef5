# SPDX-License-Identifier: BSD-3-Clause
"""memqc.sklearn: a classifier as scikit-learn wants it."""
import contextlib
import io
import pickle
import subprocess
import sys
import types
import unittest
import warnings
from unittest import mock

from support import main, need, samples
import numpy as np

need("sklearn")
import sklearn
from sklearn.base import BaseEstimator, clone
from sklearn.exceptions import NotFittedError, SkipTestWarning
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MinMaxScaler
from sklearn.utils import validation
from sklearn.utils.estimator_checks import check_estimator

import memqc
from memqc.sklearn import MemristorClassifier

X, Y = samples()
NAMES = np.array(["left", "middle", "right"])


def classifier(**changes):
    return MemristorClassifier(**{"hidden_layer_sizes": (8,), "epochs": 20, "random_state": 1,
                                  **changes})


class Conventions(unittest.TestCase):
    def test_every_check_of_scikit_learn(self):
        for one in (MemristorClassifier(), MemristorClassifier(None),
                    MemristorClassifier(memqc.Device("rpu"), rule="pulse-train")):
            with warnings.catch_warnings():
                warnings.simplefilter("error", SkipTestWarning)
                check_estimator(one)

    def test_parameters_clones_and_pickles(self):
        device = memqc.Device("hfox-a", states=64)
        one = classifier(device=device, parameters={"adc_bits": 8})
        self.assertIs(one.get_params()["device"], device)
        self.assertIs(one.set_params(epochs=3), one)
        twin = clone(one)
        self.assertEqual((twin.device.states, twin.parameters), (64, {"adc_bits": 8}))
        one.fit(X, Y)
        again = pickle.loads(pickle.dumps(one))
        np.testing.assert_array_equal(again.predict_proba(X), one.predict_proba(X))
        np.testing.assert_array_equal(twin.fit(X, Y).predict_proba(X), one.predict_proba(X))
        self.assertIn("epochs=3", repr(one))
        with self.assertRaises(ValueError):
            one.set_params(epoch=3)

    def test_pipelines_and_searches(self):
        pipeline = make_pipeline(MinMaxScaler(), classifier())
        self.assertGreater(cross_val_score(pipeline, 100 * X - 50, NAMES[Y], cv=3).mean(), 0.8)
        grid = {"memristorclassifier__rule": ["stochastic", "mixed-precision"],
                "memristorclassifier__parameters": [{"dac_bits": 2}, {"dac_bits": 8}]}
        search = GridSearchCV(pipeline, grid, cv=3).fit(X, Y)
        self.assertEqual(search.best_params_["memristorclassifier__parameters"], {"dac_bits": 8})
        self.assertGreater(search.score(X, Y), 0.8)

    def test_tags_before_1_6(self):
        noisy = memqc.Device("hfox-a", read_noise=1e-6)
        for one, wanted in ((classifier(), False), (classifier(device=noisy), True),
                            (classifier(parameters={"input_noise": 0.01}), True),
                            (classifier(device=None), False), (classifier(rule="no"), False)):
            self.assertIs(one._more_tags()["non_deterministic"], wanted)
        if hasattr(BaseEstimator, "_get_tags"):
            self.assertTrue(classifier(device=noisy)._get_tags()["non_deterministic"])

    def test_tags_since_1_6(self):
        def tags(self):
            return types.SimpleNamespace(non_deterministic=False, other=3)

        one = classifier(parameters={"input_noise": 0.01})
        with mock.patch.object(BaseEstimator, "__sklearn_tags__", tags, create=True):
            found = one.__sklearn_tags__()
        self.assertEqual((found.non_deterministic, found.other), (True, 3))

    def test_validation_since_1_6(self):
        def validate_data(estimator, /, X="no_validation", y="no_validation", reset=True, **rest):
            called.append(sorted(rest))
            return estimator._validate_data(X, y, reset, **rest)

        if not hasattr(BaseEstimator, "_validate_data"):
            self.skipTest("this scikit-learn has no other form")
        called = []
        with mock.patch.object(validation, "validate_data", validate_data, create=True):
            one = classifier().fit(X, Y)
            one.predict(X)
            with self.assertRaisesRegex(ValueError, "expecting 4 features"):
                one.predict(X[:, :3])
        self.assertEqual(called, [["dtype", "order"]] * 3)

    def test_without_scikit_learn(self):
        code = "import sys; sys.modules['sklearn'] = None; import memqc; import memqc.sklearn"
        result = subprocess.run([sys.executable, "-c", code], text=True, stderr=subprocess.PIPE)
        self.assertIn("ImportError: memqc.sklearn needs scikit-learn", result.stderr)
        self.assertIn("apt install python3-sklearn", result.stderr)


class Learning(unittest.TestCase):
    def test_it_is_the_network_of_the_library(self):
        one = classifier(batch_size=5, parameters={"adc_bits": 8}).fit(X, NAMES[Y])
        mlp = memqc.MLP((4, 8, 3), memqc.Device("hfox-a"), seed=1, rule="mixed-precision",
                        mapping="differential", activation="relu", loss="cross-entropy",
                        input_bits=0, batch=5, learning_rate=0.1, adc_bits=8).fit(X, Y, 20)
        np.testing.assert_array_equal(one.predict_proba(X), mlp.outputs(X))
        np.testing.assert_array_equal(one.predict(X), NAMES[mlp.predict(X)])
        self.assertEqual(one.score(X, NAMES[Y]), mlp.score(X, Y))
        self.assertGreater(mlp.score(X, Y), 0.85)
        self.assertEqual((one.n_iter_, one.n_features_in_, one.classes_.tolist()),
                         (20, 4, NAMES.tolist()))
        self.assertEqual(one.history_["loss"].tolist(), mlp.history["loss"].tolist())

    def test_digital_and_linear_networks(self):
        for one in (classifier(device=None), classifier(device="ideal", rule="float"),
                    classifier(hidden_layer_sizes=(), epochs=100, parameters={"w_max": 8})):
            self.assertGreater(one.fit(X, Y).score(X, Y), 0.8)
        self.assertEqual(classifier(hidden_layer_sizes=()).fit(X, Y).network_.sizes, (4, 3))

    def test_partial_fit(self):
        one = classifier(device=memqc.Device("ideal", states=512))
        for epoch in range(10):
            for part in range(0, 300, 100):
                one.partial_fit(X[part:part + 100], NAMES[Y[part:part + 100]], classes=NAMES)
        self.assertGreater(one.score(X, NAMES[Y]), 0.85)
        self.assertEqual(one.n_iter_, 30)
        one.set_params(learning_rate=1e-12).partial_fit(X, NAMES[Y])
        self.assertEqual(one.network_.learning_rate, 1e-12)
        with self.assertRaisesRegex(ValueError, "classes is missing"):
            classifier().partial_fit(X, Y)
        with self.assertRaisesRegex(ValueError, "in the first call they were"):
            one.partial_fit(X, NAMES[Y], classes=["left", "right"])
        for strange in ("above", "zenith"):
            with self.assertRaisesRegex(ValueError, f"y holds \\['{strange}'\\]"):
                one.partial_fit(X[:2], ["left", strange])
        fitted = classifier(epochs=2).fit(X, Y)
        self.assertEqual(fitted.partial_fit(X, Y).n_iter_, 3)

    def test_early_stopping(self):
        one = classifier(epochs=500, validation=0.2, patience=3).fit(X, Y)
        history = one.history_
        self.assertLess(one.n_iter_, 500)
        self.assertEqual(one.n_iter_, one.network_.best_epoch + 3)
        self.assertTrue(one.network_.restore_best)
        self.assertFalse(np.isnan(history["validation_accuracy"]).any())
        with self.assertRaisesRegex(ValueError, "patience"):
            classifier(patience=3).fit(X, Y)

    def test_seeds(self):
        def weights(random_state):
            return classifier(epochs=1, random_state=random_state).fit(X, Y).network_.weights(0)[0]

        for make in (lambda: 7, lambda: np.int64(7), lambda: np.random.RandomState(7),
                     lambda: np.random.default_rng(7)):
            np.testing.assert_array_equal(weights(make()), weights(make()))
        np.testing.assert_array_equal(weights(7), weights(np.int64(7)))
        self.assertTrue((weights(7) != weights(8)).any())
        self.assertTrue((weights(None) != weights(None)).any())

    def test_refusals(self):
        for changes, text in (({"parameters": {"batch": 3}}, "the argument batch_size"),
                              ({"parameters": {"adc_bit": 3}}, "adc_bits"),
                              ({"device": "hfox-z"}, "hfox-z"), ({"rule": "none"}, "pulse-train"),
                              ({"epochs": 0}, "epochs"), ({"progress": 3}, "progress")):
            with self.assertRaisesRegex(memqc.ArgumentError, text):
                classifier(**changes).fit(X, Y)
        with self.assertRaises(NotFittedError):
            classifier().predict(X)
        self.assertFalse(hasattr(classifier(), "history_"))
        squared = classifier(parameters={"loss": "squared-error"})
        self.assertFalse(hasattr(squared, "predict_proba"))
        self.assertEqual(squared.fit(X, Y).predict(X).shape, (300,))

    def test_progress(self):
        stream = io.StringIO()
        with contextlib.redirect_stderr(stream):
            classifier(progress=True).fit(X, Y)
        self.assertRegex(stream.getvalue(), "epoch 20 of 20: 6000 of 6000 samples")


if __name__ == "__main__":
    print("scikit-learn", sklearn.__version__)
    main()
