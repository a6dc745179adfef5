# SPDX-License-Identifier: BSD-3-Clause
"""Layers of PyTorch on arrays: products, gradients, rules, noise-aware training and refusals."""
import unittest
import warnings

from support import main, need
need("torch")
import numpy as np
import torch

import memqc
import memqc.torch

torch.set_num_threads(1)
IDEAL = memqc.Device("ideal", states=64)
PAIRS = {"device": IDEAL, "mapping": "differential"}


def x_of(*shape, seed=0):
    return torch.from_numpy(np.random.default_rng(seed).normal(size=shape).astype("f4"))


def gradients(layer, x, function, *parameters):
    """Outputs, and gradients of a sum of squares by the inputs and the parameters."""
    given = x.clone().requires_grad_()
    for parameter in parameters:
        parameter.grad = None
    y = function(given)
    y.square().sum().backward()
    return [y.detach(), given.grad, *(parameter.grad for parameter in parameters)]


class Products(unittest.TestCase):
    def same(self, got, wanted, tolerance=2e-5):
        for one, other in zip(got, wanted):
            np.testing.assert_allclose(one.numpy(), other.numpy(), rtol=tolerance,
                                       atol=tolerance * (1 + np.abs(other.numpy()).max(initial=0)))

    def test_linear_is_that_of_torch(self):
        for bias in (True, "row", False):
            layer = memqc.torch.Linear(5, 3, bias, **PAIRS)
            parts = list(layer.parameters())
            for x in (x_of(4, 5), x_of(2, 4, 5), x_of(5), x_of(0, 5), x_of(5, 4).t(),
                      x_of(4, 10)[:, ::2], x_of(4, 5).double(), x_of(2, 0, 5)):
                def plain(z):
                    return torch.nn.functional.linear(z.float(), layer.weight, layer.bias)
                got = gradients(layer, x, layer, *parts)
                self.assertEqual((got[0].dtype, got[1].dtype), (torch.float32, x.dtype))
                self.same(got, gradients(layer, x, plain, *parts))

    def test_convolution_is_that_of_torch(self):
        warnings.filterwarnings("ignore", "Using padding='same'")  # torch copies then
        for settings in ({}, {"stride": 2, "padding": 1}, {"padding": "same", "dilation": (2, 1)},
                         {"padding": (0, 2), "stride": (1, 3), "bias": "row"},
                         {"padding": 2, "padding_mode": "reflect", "bias": False},
                         {"padding": 1, "padding_mode": "circular"},
                         {"padding": 1, "padding_mode": "replicate"}):
            layer = memqc.torch.Conv2d(2, 3, (3, 2), **settings, **PAIRS)
            twin = torch.nn.Conv2d(2, 3, (3, 2), **{**settings, "bias": layer.bias is not None})
            with torch.no_grad():
                for name, part in twin.named_parameters():
                    part.copy_(getattr(layer, name))
            for x in (x_of(4, 2, 9, 7), x_of(1, 2, 9, 7), x_of(2, 9, 7),
                      x_of(4, 9, 7, 2).permute(0, 3, 1, 2)):
                if x.ndim == 3 and layer.padding_mode != "zeros":
                    continue  # torch.nn of 1.13 cannot
                self.same(gradients(layer, x, layer, *layer.parameters()),
                          gradients(twin, x, twin, *twin.parameters()), 5e-5)
            self.assertEqual(layer(x_of(0, 2, 9, 7)).shape, twin(x_of(1, 2, 9, 7))[:0].shape)

    def test_both_ways_go_through_converters_and_wires(self):
        plain = memqc.torch.Linear(6, 4, **PAIRS)
        layer = memqc.torch.Linear(6, 4, False, **PAIRS, adc_bits=5, word_resistance=50,
                                   bit_resistance=50, initial=plain, seed=3)
        x, d = x_of(3, 6), x_of(3, 4, seed=1)
        given = x.clone().requires_grad_()
        y = layer(given)
        y.backward(d)
        np.testing.assert_array_equal(y.detach().numpy(), x.numpy() @ layer.crossbar)
        np.testing.assert_array_equal(given.grad.numpy(), d.numpy() @ layer.crossbar.T)
        self.assertFalse(torch.allclose(y, x @ layer.weight.t(), rtol=1e-3))
        np.testing.assert_allclose(layer.weight.grad, d.t() @ x, rtol=1e-5, atol=1e-6)

    def test_read_noise_is_that_of_the_array(self):
        layer = memqc.torch.Linear(6, 4, **PAIRS, read_noise=1e-5)
        with torch.no_grad():
            self.assertFalse(torch.equal(layer(x_of(2, 6)), layer(x_of(2, 6))))

    def test_refusals(self):
        layer = memqc.torch.Linear(5, 3, **PAIRS)
        convolution = memqc.torch.Conv2d(2, 3, 3, **PAIRS)
        for call, text in (
                (lambda: layer(x_of(2, 4)), "last axis must be 5"),
                (lambda: layer(torch.ones(2, 5).long()), "floating-point"),
                (lambda: layer(np.ones((2, 5))), "torch.Tensor"),
                (lambda: layer(torch.ones(2, 5, device="meta")), "on the CPU"),
                (lambda: convolution(x_of(1, 3, 9, 9)), "2, rows, columns"),
                (lambda: convolution(x_of(1, 2, 2, 9)), "smaller than the kernel"),
                (layer.double, "torch.float64"), (layer.half, "torch.float16"),
                (lambda: layer.to("meta"), "meta"),
                (lambda: memqc.torch.Linear(5, 3, device="cpu"), "memqc.Device"),
                (lambda: memqc.torch.Linear(0, 3, device=IDEAL), "in_features = 0"),
                (lambda: memqc.torch.Linear(5, 3, "both", device=IDEAL), "bias = 'both'"),
                (lambda: memqc.torch.Linear(5, 3, device=IDEAL, maping="single"), "mapping"),
                (lambda: memqc.torch.Linear(5, 3, device=IDEAL, w_max=1, transfer_range=3),
                 "no effect with w_max"),
                (lambda: memqc.torch.Linear(5, 3, device=IDEAL, transfer_range=-1), "0 or more"),
                (lambda: memqc.torch.Conv2d(4, 4, 3, groups=2, device=IDEAL), "groups = 2"),
                (lambda: memqc.torch.Conv2d(4, 4, 3, padding="same", stride=2, device=IDEAL),
                 "stride 1"),
                (lambda: memqc.torch.Conv2d(4, 4, 3, padding_mode="same", device=IDEAL), "one of"),
                (lambda: memqc.torch.Conv2d(4, 4, 3, padding=-1, device=IDEAL), "padding = -1")):
            with self.assertRaisesRegex(memqc.ArgumentError, text):
                call()
        self.assertEqual(layer.float().cpu()(x_of(1, 5)).shape, (1, 3))
        given = x_of(2, 5).requires_grad_()
        with self.assertRaisesRegex(memqc.StateError, "second derivatives"):
            torch.autograd.grad(layer(given).square().sum(), given, create_graph=True)


class Rules(unittest.TestCase):
    def stepped(self, layer, optimizer, steps=1):
        for step in range(steps):
            optimizer.zero_grad()
            layer(x_of(6, 5, seed=step)).square().sum().backward()
            optimizer.step()

    def test_a_step_goes_by_the_rule(self):
        for rule in ("nearest-level", "stochastic", "sign", "mixed-precision", "one-directional"):
            for bias in (True, "row"):
                layer = memqc.torch.Linear(5, 3, bias, **PAIRS, rule=rule, seed=2)
                twin = layer.crossbar.copy()
                optimizer = torch.optim.Adam(layer.parameters(), 0.01)
                before = layer._mirror.matrix().copy()
                self.stepped(layer, optimizer)
                moved = layer._mirror.matrix() - before
                layer.write()
                twin.update(moved)
                np.testing.assert_array_equal(layer.crossbar.weights, twin.weights)
                np.testing.assert_array_equal(layer._mirror.matrix(), twin.weights)

    def test_outer_products(self):
        for name, rule in (("rpu", "pulse-train"), ("soft-bounds", "tiki-taka"),
                           ("soft-bounds", "tiki-taka-2")):
            layer = memqc.torch.Linear(5, 3, device=memqc.Device(name), rule=rule, seed=2,
                                       w_max=1, tiki_taka_pairs=50) if "tiki" in rule else \
                memqc.torch.Linear(5, 3, device=memqc.Device(name), rule=rule, seed=2, w_max=1)
            twin = layer.crossbar.copy()
            optimizer = torch.optim.SGD(layer.parameters(), 0.1)
            x = x_of(6, 5)
            optimizer.zero_grad()
            y = layer(x)
            y.square().mean().backward()
            d = (2 * y / y.numel()).detach()
            optimizer.step()
            layer.write()
            twin.update_outer(x.numpy(), d.numpy(), -0.1)
            # The rate comes back out of the rounded step, which hardly ever matters to a train.
            near = np.isclose(layer.crossbar.weights, twin.weights, atol=1e-6)
            self.assertGreater(near.mean(), 0.8, rule)
            self.assertGreater(layer.crossbar.report["moved"], 0)

    def test_outer_products_take_plain_descent_alone(self):
        layer = memqc.torch.Linear(5, 3, device=memqc.Device("rpu"), rule="pulse-train", w_max=1)
        self.stepped(layer, torch.optim.Adam(layer.parameters(), 0.1))
        with self.assertRaisesRegex(memqc.StateError, "plain gradient descent"):
            layer.write()
        layer.refresh()
        optimizer = torch.optim.SGD(layer.parameters(), 0.1)
        layer(x_of(6, 5)).sum().backward()  # a pass without a step
        optimizer.zero_grad()
        before = layer.crossbar.weights
        layer(x_of(6, 5, seed=1)).square().sum().backward()
        layer(x_of(6, 5, seed=2)).square().sum().backward()  # gathered
        torch.nn.utils.clip_grad_norm_(layer.parameters(), 0.5)
        optimizer.step()
        step = layer._mirror.matrix() - before
        layer.write()
        moved = layer.crossbar.weights - before
        self.assertGreater(np.corrcoef(moved.ravel(), step.ravel())[0, 1], 0.8)

    def test_when_the_array_is_written(self):
        layer = memqc.torch.Linear(5, 3, **PAIRS, rule="mixed-precision")
        optimizer = torch.optim.SGD(layer.parameters(), 1.0)
        held = layer.crossbar.weights
        self.stepped(layer, optimizer)
        with torch.no_grad():  # an evaluation after the step sees the new weights
            y = layer(x_of(2, 5))
        np.testing.assert_allclose(y.numpy(), x_of(2, 5).numpy() @ layer.crossbar.weights
                                   + layer.bias.detach().numpy(), rtol=1e-5, atol=1e-5)
        self.assertFalse((held == layer.crossbar.weights).all())
        before = layer.crossbar.counts["programmed"]
        with torch.no_grad():
            layer(x_of(2, 5))
        self.assertEqual(layer.crossbar.counts["programmed"], before)
        layer.weight.data.add_(-0.5)  # an old optimizer's way, which leaves the version alone
        layer.weight.grad = torch.ones_like(layer.weight)
        layer._mirror.stepped = True
        layer.write()
        self.assertGreater(layer.crossbar.counts["programmed"], before)
        with torch.no_grad():
            layer.weight.grad.fill_(1)
            layer.weight[0, 0] = float("nan")
        with self.assertRaises(memqc.DataError):
            layer(x_of(2, 5))

    def test_initialization_programs(self):
        layer = memqc.torch.Linear(5, 3, **PAIRS, rule="sign", w_max=1)
        torch.nn.init.uniform_(layer.weight, -1, 1)
        wanted = layer.weight.detach().clone()
        layer.write()
        np.testing.assert_allclose(layer.crossbar.weights, wanted.t(), atol=0.01)
        layer.program(-wanted)
        np.testing.assert_allclose(layer.weight.detach(), -wanted, atol=0.01)
        with self.assertRaises(memqc.ArgumentError):
            layer.program(torch.ones(2, 2))
        for rule in ("sign", "pulse-train"):  # after training, whose gradients are still there
            trained = memqc.torch.Linear(5, 3, **PAIRS, rule=rule, w_max=1)
            self.stepped(trained, torch.optim.SGD(trained.parameters(), 0.1))
            trained.reset_parameters()
            np.testing.assert_array_equal(trained.crossbar.weights.T, trained.weight.detach())
            np.testing.assert_allclose(trained.crossbar.weights, 0, atol=5 ** -0.5 + 0.01)
            self.assertLess(trained.crossbar.report["moved"], 16)
        torch.nn.utils.vector_to_parameters(torch.full((18,), 0.5), layer.parameters())
        self.stepped(layer, torch.optim.SGD(layer.parameters(), 0.1))
        np.testing.assert_array_equal(layer.crossbar.weights.T, layer.weight.detach())

    def test_noise_aware(self):
        device = memqc.Device("hfox-a")
        for mapping in ("single", "differential", "reference", "differential-two-sided"):
            layer = memqc.torch.Linear(40, 30, device=device, mapping=mapping, seed=1,
                                       rule="noise-aware", transfer_range=3)
            self.assertTrue(layer.digital)
            eye, weights = torch.eye(40), layer.weight.detach().clone()
            with torch.no_grad():
                seen = torch.stack([layer(eye) - layer.bias for _ in range(100)])
                layer.eval()
                np.testing.assert_allclose((layer(eye) - layer.bias).t(), weights, atol=1e-6)
            drawn = []
            for seed in range(100):
                other = memqc.Crossbar(device, (40, 30), seed=seed)
                other.set(mapping=mapping, w_max=layer.crossbar.w_max)
                other.program(weights.t())
                drawn.append(other.weights)
            np.testing.assert_allclose(seen.mean(0), np.mean(drawn, 0), atol=0.7 * np.std(drawn, 0).max())
            if mapping == "reference":  # whose own noise, one draw a row, is left to training
                continue
            self.assertAlmostEqual(float(seen.std(0).mean() / np.std(drawn, 0, ddof=1).mean()), 1,
                                   delta=0.05)
        with self.assertRaisesRegex(memqc.StateError, "program"):
            layer.age(1)
        layer.train()
        layer(x_of(9, 40)).sum().backward()
        np.testing.assert_allclose(layer.weight.grad, x_of(9, 40).sum(0).expand(30, 40), rtol=1e-4,
                                   atol=1e-4)
        with torch.no_grad():
            layer.weight.fill_(1e6)
        layer(x_of(1, 40))
        self.assertLessEqual(float(layer.weight.max()), np.float32(layer.crossbar.w_max))
        layer.program(rule="mixed-precision")
        self.assertEqual((layer.digital, layer.crossbar.rule), (False, "mixed-precision"))
        with self.assertRaisesRegex(memqc.ArgumentError, "slices"):
            memqc.torch.Linear(4, 3, **PAIRS, rule="noise-aware", slices=2, slice_base=8)


if __name__ == "__main__":
    main()
