# SPDX-License-Identifier: BSD-3-Clause
"""Parameters: keyword arguments, attributes and help, all from the library's tables."""
import pydoc
import unittest

from support import WEIGHTS, main

import memqc
from memqc import _native, _parameters


class Parameters(unittest.TestCase):
    def test_every_parameter_is_an_attribute_with_help(self):
        objects = [memqc.Device(), memqc.Crossbar(memqc.Device("ideal"), (3, 2)),
                   memqc.MLP((3, 2), memqc.Device("ideal"))]
        for thing in objects:
            for name, parameter in type(thing).parameters().items():
                getattr(thing, name)
                self.assertIn(parameter.text, getattr(type(thing), name).__doc__)
                self.assertEqual(thing.get(name), getattr(thing, name), name)
                self.assertTrue(parameter.group, name)

    def test_help_shows_unit_range_and_choices(self):
        text = pydoc.render_doc(memqc.Device, renderer=pydoc.plaintext)
        self.assertIn("quantized", text)
        self.assertIn(memqc.Device.parameters()["read_noise"].text, text)
        self.assertIn("1e-06 .. 4 V", text)

    def test_a_new_parameter_needs_no_code(self):
        """A table of the library with one more key becomes one more attribute."""
        real = _native.C
        key = 1999

        class Extended:
            def __getattr__(self, name):
                return getattr(real, name)

            def device_keys(self):
                return real.device_keys() + 1

            def device_key_at(self, index):
                return real.device_key_at(index) or key

            def device_key_text(self, code, what):
                return b"brand_new" if code == key else real.device_key_text(code, what)

            def device_key_value(self, code, what, value):
                return real.device_key_value(1002 if code == key else code, what, value)

        _parameters.C = Extended()
        try:
            class Newer(memqc.Device, noun="device"):
                pass
        finally:
            _parameters.C = real
        self.assertEqual(Newer.parameters()["brand_new"].kind, "whole")
        self.assertIn("brand_new", dir(Newer))
        self.assertNotIn("brand_new", memqc.Device.parameters())

    def test_choices_are_strings(self):
        device = memqc.Device("hfox-a", law="measured", states=64)
        self.assertEqual((device.law, device.states), ("measured", 64))
        device.law = "linear"
        self.assertEqual(device.law, "linear")
        with self.assertRaisesRegex(ValueError, '"printed", "linear", "measured"'):
            device.law = "lniear"
        self.assertIsInstance(device.states, int)

    def test_set_is_all_or_none(self):
        device = memqc.Device("hfox-a")
        with self.assertRaises(memqc.ArgumentError):
            device.set(states=16, sigma=-1)
        self.assertEqual(device.states, 32)
        crossbar = memqc.Crossbar(memqc.Device("ideal"), WEIGHTS, adc_current=1e-3,
                                  adc_range="amperes", adc_bits=8)
        self.assertEqual(crossbar.adc_current, 1e-3)
        self.assertFalse(memqc.Crossbar(memqc.Device("ideal"), WEIGHTS).uses("adc_current"))

    def test_parameters_of_networks_and_arrays_are_set_together(self):
        mlp = memqc.MLP((4, 3, 2), memqc.Device("hfox-a"), mapping="differential")
        for drawn in (False, True):
            for parameters in ({"adc_bits": 8, "read_voltage": -1}, {"dropout": 0.5, "adc_bits": -1},
                               {"adc_bits": 8, "adc_range": "amperes", "read_noise": -1},
                               {"rule": "stochastic", "adc_bits": 99}):
                before = mlp.to_bytes()
                with self.assertRaises(memqc.ArgumentError):
                    mlp.set(**parameters)
                with self.assertRaises(memqc.ArgumentError):
                    mlp.set_layer(1, **parameters)
                self.assertEqual(mlp.to_bytes(), before)
            mlp.set_layer(1, learning_rate=0.5, adc_bits=4, input_noise=1e-3)
            self.assertEqual((mlp.get_layer(1, "adc_bits"), mlp.adc_bits), (4, 0))
            mlp.set_layer(1, rule="stochastic", adc_bits=0)
            self.assertEqual(mlp.get_layer(1, "rule"), "stochastic")
            mlp.init()

    def test_unknown_names(self):
        with self.assertRaisesRegex(memqc.ArgumentError, "did you mean states"):
            memqc.Device("hfox-a", sttes=3)
        with self.assertRaises(AttributeError):
            memqc.Device().sttes = 3
        with self.assertRaises(AttributeError):
            memqc.Device().sttes
        with self.assertRaisesRegex(memqc.ArgumentError, "learning_rate"):
            memqc.MLP((2, 2), learningrate=1)
        with self.assertRaisesRegex(memqc.ArgumentError, "adc_bits"):
            memqc.MLP((2, 2), adcbits=1)
        with self.assertRaisesRegex(memqc.ArgumentError, "it must be"):
            memqc.Device(states=None)

    def test_a_network_takes_parameters_of_its_arrays(self):
        device = memqc.Device("ideal")
        mlp = memqc.MLP((4, 3, 2), device, rule="mixed-precision", mapping="differential",
                        adc_current=1e-3, adc_range="amperes", adc_bits=8, activation="relu")
        self.assertEqual((mlp.rule, mlp.mapping, mlp.adc_bits, mlp.activation),
                         ("mixed-precision", "differential", 8, "relu"))
        mlp.set_layer(1, adc_bits=6, learning_rate=0.5)
        self.assertEqual((mlp.get_layer(0, "adc_bits"), mlp.get_layer(1, "adc_bits")), (8, 6))
        self.assertEqual(mlp.get_layer(1, "learning_rate"), 0.5)
        mlp.rule = "float"
        self.assertEqual(mlp.rule, "float")
        mlp.rule = "stochastic"
        self.assertEqual(mlp.get_layer(1, "rule"), "stochastic")


if __name__ == "__main__":
    main()
