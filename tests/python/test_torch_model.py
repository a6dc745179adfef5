# SPDX-License-Identifier: BSD-3-Clause
"""Networks of PyTorch on arrays: conversion, saving, time, Monte Carlo, and memqc.MLP beside them."""
import contextlib
import copy
import io
import os
import pickle
import subprocess
import sys
import unittest

from support import ROOT, main, need, samples
need("torch")
import numpy as np
import torch
from torch import nn

import memqc
import memqc.torch

torch.set_num_threads(1)
DEVICE = memqc.Device("hfox-a", drift_nu=0.05)
X, Y = (torch.from_numpy(part) for part in samples())
Y = Y.long()


def network():
    torch.manual_seed(3)
    return nn.Sequential(nn.Linear(4, 16), nn.ReLU(), nn.Linear(16, 3))


def converted(model=None, **parameters):
    return memqc.torch.convert(model or network(), DEVICE, **{
        "mapping": "differential", "rule": "mixed-precision", "transfer_range": 10, "seed": 5,
        **parameters})


def train(model, epochs=10, rate=0.5):
    optimizer = torch.optim.SGD(model.parameters(), rate)
    for _ in range(epochs):
        for first in range(0, len(X), 50):
            optimizer.zero_grad()
            nn.functional.cross_entropy(model(X[first:first + 50]), Y[first:first + 50]).backward()
            optimizer.step()
    return model


def score(model):
    return float((model(X).argmax(1) == Y).float().mean())


def same_arrays(test, one, other):
    for layer, twin in zip(memqc.torch.layers(one).values(), memqc.torch.layers(other).values()):
        test.assertEqual(layer.crossbar.to_bytes(), twin.crossbar.to_bytes())


class Conversion(unittest.TestCase):
    def test_training_in_situ(self):
        model = train(converted(), 20)
        self.assertGreater(score(model), 0.8)
        for layer in memqc.torch.layers(model).values():
            np.testing.assert_array_equal(layer.weight.detach().t(), layer.crossbar.weights)

    def test_what_is_converted(self):
        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.features = nn.Sequential(nn.Conv2d(1, 2, 3), nn.BatchNorm2d(2), nn.ReLU())
                self.first = self.again = nn.Linear(8, 8)
                self.last = nn.Linear(8, 2, bias=False)
                self.listed = [self.last]

            def forward(self, x):
                return self.listed[0](self.again(self.first(self.features(x).flatten(1))))

        net = Net().eval()
        net.first.weight.requires_grad_(False)
        made = memqc.torch.convert(net, DEVICE, exclude="features", mapping="differential")
        self.assertEqual(list(memqc.torch.layers(made)), ["first", "last"])
        self.assertIs(made.first, made.again)
        self.assertIs(made.listed[0], made.last)
        self.assertIsInstance(net.first, nn.Linear)
        self.assertFalse(made.first.weight.requires_grad or made.first.training)
        self.assertIsNone(made.last.bias)
        x = torch.rand(3, 1, 4, 4)
        self.assertEqual(made(x).shape, (3, 2))
        self.assertEqual(made.first.crossbar.counts["samples"], 6)
        self.assertIs(memqc.torch.convert(net, DEVICE, inplace=True, mapping="differential"), net)
        self.assertIsInstance(net.features[0], memqc.torch.Conv2d)
        self.assertIs(net.first, net.again)
        single = memqc.torch.convert(nn.Linear(4, 2), DEVICE, scheme="verify", verify_tolerance=1)
        self.assertEqual(single.crossbar.scheme, "verify")
        self.assertEqual(single.crossbar.w_max, single.crossbar.w_max)

    def test_refusals(self):
        hooked = network()
        hooked[0].register_forward_hook(lambda *_: None)
        grouped = nn.Sequential(nn.Conv2d(4, 4, 3, groups=2))
        for call, text in ((lambda: memqc.torch.convert(nn.ReLU(), DEVICE), "no torch.nn.Linear"),
                           (lambda: converted(exclude="3"), 'no module "3"'),
                           (lambda: converted(exclude="*"), "no torch.nn.Linear"),
                           (lambda: converted(hooked), '"0" has hooks'),
                           (lambda: converted(grouped), '"0", Conv2d: groups = 2'),
                           (lambda: converted(maping=1), "mapping"),
                           (lambda: memqc.torch.convert(network(), "hfox-a"), "memqc.Device"),
                           (lambda: memqc.torch.age(network(), 1), "no layer on an array"),
                           (lambda: memqc.torch.monte_carlo(converted(), score, 0), "1 or more")):
            with self.assertRaisesRegex(memqc.ArgumentError, text):
                call()

    def test_transformers_go_through_their_arrays(self):
        encoder = nn.TransformerEncoderLayer(8, 2, 16, batch_first=True).eval()
        made = memqc.torch.convert(encoder, memqc.Device("ideal", states=1024),
                                   mapping="differential")
        with torch.no_grad():
            np.testing.assert_allclose(made(torch.ones(1, 3, 8)), encoder(torch.ones(1, 3, 8)),
                                       atol=0.02)
        for layer in memqc.torch.layers(made).values():
            self.assertEqual(layer.crossbar.counts["samples"], 3)

    def test_noise_aware_networks(self):
        model = train(converted(rule="noise-aware", noise_factor=1.5), 20)
        self.assertTrue(model[0].digital)
        accuracies = memqc.torch.monte_carlo(model, score, 3)
        self.assertTrue(model[0].digital)
        self.assertGreater(accuracies.mean(), 0.7)
        self.assertIs(memqc.torch.program(model, scheme="verify"), model)
        self.assertFalse(model[0].digital)
        self.assertGreater(score(model.eval()), 0.7)


class Copies(unittest.TestCase):
    def setUp(self):
        self.model = train(converted(), 2)

    def goes_on(self, twin):
        same_arrays(self, self.model, twin)
        train(self.model, 1)
        train(twin, 1)
        same_arrays(self, self.model, twin)

    def test_copies_go_on_alike(self):
        self.goes_on(copy.deepcopy(self.model))
        self.goes_on(pickle.loads(pickle.dumps(self.model)))

    def test_state_dict(self):
        file = io.BytesIO()
        torch.save(self.model.state_dict(), file)
        file.seek(0)
        twin = converted(seed=9)
        twin.load_state_dict(torch.load(file))
        self.goes_on(twin)

    def test_weights_of_a_digital_network(self):
        other = network()
        self.model.load_state_dict(other.state_dict(), strict=False)
        held = torch.from_numpy(self.model[0].crossbar.weights.T)
        np.testing.assert_array_equal(held, self.model[0].weight.detach())
        self.assertLess(float((held - other[0].weight.detach()).abs().mean()), 0.15)
        with self.assertRaisesRegex(RuntimeError, "_extra_state"):
            self.model.load_state_dict(other.state_dict())

    def test_what_is_no_network_is_named(self):
        for call in (lambda: memqc.torch.convert(5, memqc.Device("ideal")),
                     lambda: memqc.torch.age(5, 1)):
            with self.assertRaisesRegex(memqc.ArgumentError, "model is a int; .* torch.nn.Module"):
                call()

    def test_bad_states_are_refused(self):
        before = copy.deepcopy(self.model)
        good = self.model.state_dict()["0._extra_state"]
        altered = good.clone()
        altered[len(good) // 2] ^= 255
        other = memqc.torch.Linear(3, 3, device=DEVICE).get_extra_state()
        for bad, text in ((good[:-1], "0._extra_state"), (good[:20], "0._extra_state"),
                          (altered, "0._extra_state"), (other, "must be \\(4, 16\\)"),
                          (good.float(), "torch.uint8"), ({"rule": 1}, "torch.uint8"),
                          (torch.empty(0, dtype=torch.uint8), "0._extra_state")):
            state = {**self.model.state_dict(), "0._extra_state": bad}
            state["0.weight"] = torch.zeros(16, 4)
            with self.assertRaisesRegex(RuntimeError, text):
                self.model.load_state_dict(state)
            with self.assertRaises(memqc.Error):
                self.model[0].set_extra_state(bad)
            same_arrays(self, before, self.model)
            self.assertTrue(torch.equal(before[0].weight, self.model[0].weight))


class Studies(unittest.TestCase):
    def test_age(self):
        model = train(converted(), 2)
        weights, held = model[0].weight.detach().clone(), model[0].crossbar.weights
        self.assertIs(memqc.torch.age(model, 1e6), model)
        self.assertEqual(model[2].crossbar.clock, 1e6)
        self.assertFalse((held == model[0].crossbar.weights).all())
        np.testing.assert_array_equal(model[0].weight.detach().t(), model[0].crossbar.weights)
        self.assertFalse(torch.equal(weights, model[0].weight))

    def test_monte_carlo(self):
        model = train(converted(adc_bits=8), 20)
        before, told = copy.deepcopy(model), []
        first, again, worse = (memqc.torch.monte_carlo(model, score, 4, seed=seed, device=device,
                                                       progress=told.append, seconds=10)
                               for seed, device in ((1, None), (1, None), (1, memqc.Device(
                                   "hfox-b", states=4))))
        same_arrays(self, before, model)
        np.testing.assert_array_equal(first, again)
        self.assertGreater(len(set(first.tolist())), 1)
        self.assertGreater(first.mean(), worse.mean())
        self.assertEqual((told[3].phase, told[3].done, told[3].total), ("monte_carlo", 4, 4))
        with contextlib.redirect_stderr(io.StringIO()) as shown:
            memqc.torch.monte_carlo(model, score, 3, progress=True)
        self.assertRegex(shown.getvalue(), r"Monte Carlo: 3 of 3 instances, accuracy [\d.]+ %")
        few = memqc.torch.monte_carlo(model, score, 9, progress=lambda report: report.done == 2)
        self.assertEqual(few.shape, (2,))

    def seen(self, model):
        return [layer.crossbar for layer in memqc.torch.layers(model).values()]

    def test_instances_keep_the_parameters(self):
        model = converted(adc_bits=7, read_noise=2e-6)
        found = []
        memqc.torch.monte_carlo(model, lambda one: found.extend(self.seen(one)) or 0.0, 1,
                                device=memqc.Device("hfox-a", read_noise=1e-6), dac_bits=6)
        self.assertEqual([(one.adc_bits, one.dac_bits, one.mapping) for one in found],
                         [(7, 6, "differential")] * 2)
        self.assertEqual([(one.read_noise, one.w_max) for one in found],
                         [(2e-6, one.w_max) for one in self.seen(model)])
        self.assertFalse((found[0].weights == self.seen(model)[0].weights).all())

    def test_what_follows_the_device_follows_that_of_the_instances(self):
        found = []
        memqc.torch.monte_carlo(converted(), lambda one: found.extend(self.seen(one)) or 0.0, 1,
                                device=memqc.Device("hfox-a", read_noise=1e-6))
        self.assertEqual([one.read_noise for one in found], [1e-6] * 2)


class BesideMLP(unittest.TestCase):
    """The same weights and device give what memqc.MLP gives."""

    def pair(self, rule, device=None, bias="digital"):
        mlp = memqc.MLP((4, 16, 3), device or memqc.Device("hfox-a"), rule=rule, seed=4,
                        activation="relu", loss="cross-entropy", input_bits=0, batch=300,
                        learning_rate=0.5, w_max=2, mapping="differential", bias=bias)
        mlp.init()
        model = converted(bias=bias, transfer_range=None)
        for number, layer in enumerate(memqc.torch.layers(model).values()):
            layer.crossbar = mlp.crossbar(number)
            if bias == "digital":
                with torch.no_grad():
                    layer.bias.copy_(torch.from_numpy(mlp.weights(number)[1]))
        return mlp, model

    def outputs(self, model):
        with torch.no_grad():
            return torch.softmax(model(X), 1).numpy()

    def test_outputs_are_equal(self):
        for bias in ("digital", "row"):
            mlp, model = self.pair("mixed-precision", bias=bias)
            np.testing.assert_allclose(self.outputs(model), mlp.outputs(X.numpy()), atol=1e-6)

    def test_a_training_is_equal(self):
        for rule in ("mixed-precision", "one-directional", "nearest-level", "sign"):
            for bias in ("digital", "row"):
                mlp, model = self.pair(rule, bias=bias)
                optimizer = torch.optim.SGD(model.parameters(), 0.5)
                for _ in range(4):  # epochs of one minibatch each
                    mlp.train_epoch(X.numpy(), Y.numpy())
                    optimizer.zero_grad()
                    nn.functional.cross_entropy(model(X), Y).backward()
                    optimizer.step()
                levels = [np.mean(mlp.crossbar(number).nominal_weights
                                  == layer.crossbar.nominal_weights)
                          for number, layer in enumerate(memqc.torch.layers(model).values())]
                self.assertGreater(min(levels), 0.95, (rule, bias, levels))
                np.testing.assert_allclose(self.outputs(model), mlp.outputs(X.numpy()), atol=0.02)


class Examples(unittest.TestCase):
    def test_examples_run(self):
        for name in ("torch_mlp.py", "torch_lenet.py"):
            result = subprocess.run([sys.executable, "-W", "error", ROOT / "examples" / name,
                                     "--quick"], env=os.environ, text=True, stdout=subprocess.PIPE,
                                    stderr=subprocess.STDOUT)
            self.assertEqual(result.returncode, 0, result.stdout)
            self.assertRegex(result.stdout, r"epoch 1: \d+\.\d\d %")


if __name__ == "__main__":
    main()
