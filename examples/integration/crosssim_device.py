#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Memristors of libmemqc as the devices of CrossSim 3.2 (https://github.com/sandialabs/cross-sim).

    import crosssim_device
    crosssim_device.use(memqc.Device("hfox-a", states=64), params.xbar.device, seed=1)

use() selects the class MemqcDevice for programming errors, drift, read noise and I-V curves. The
parameters can do it one by one too: params.xbar.device.programming_error.model = "MemqcDevice".
A class of your own, `class Mine(MemqcDevice): device = memqc.Device(...)`, is a second device.

usage: crosssim_device.py   compares a product of CrossSim's with and without the device
"""
import numpy as np

import memqc

try:
    from simulator.devices.idevice import EmptyDevice
except ImportError as error:
    raise ImportError("CrossSim is not installed: see github.com/sandialabs/cross-sim") from error


class MemqcDevice(EmptyDevice):
    """Cells of a memqc.Device. CrossSim makes an object for each array and each kind of error."""

    device = memqc.Device("hfox-a", states=64)
    seeds = np.random.default_rng(0)  #: every object draws the seed of its copy of the device

    def __init__(self, device_params, error_params):
        super().__init__(device_params, error_params)
        self.device = type(self).device.copy()
        self.device.seed = self.seeds
        self.programmings = 0
        self.g_max = self.device.level(1).nominal
        self.g_min = self.device.level(self.device.levels).nominal
        self.scale = self.Grange_norm / (self.g_max - self.g_min)

    def siemens(self, x):
        """CrossSim's conductances, Gmin_norm .. Gmax_norm, as those of the device's window."""
        return np.maximum(self.g_min + (np.asarray(x) - self.Gmin_norm) / self.scale, 0)

    def normalized(self, g, like):
        """The way back, in the precision in which CrossSim computes."""
        return (self.Gmin_norm + (g.astype(float) - self.g_min) * self.scale).astype(like.dtype)

    def programmed(self, x):
        """Conductances of cells that are programmed to the levels nearest to their targets."""
        levels = self.device.nearest(self.siemens(x))
        self.programmings += 1
        return self.device.draw(levels, draw=self.programmings)

    def programming_error(self, x):
        return self.normalized(self.programmed(x), x)

    def drift_error(self, x, time):
        """Programming included, as CrossSim wants it. The time is in seconds."""
        g = self.programmed(x)
        return self.normalized(self.device.age(g, time, draw=self.programmings), x)

    def read_noise(self, x):
        return self.normalized(self.device.read(self.siemens(x)), x)

    def bent(self, v):
        """The voltages at which ohmic cells would carry the currents of the device, over Vread."""
        vread = self.device_params.Vread
        ones = np.ones(np.shape(v), np.float32)
        return self.device.current(ones, np.asarray(v) * vread).astype(float) / vread

    def nonlinear_current(self, g, v):
        """Currents of cells. Their voltages may have more axes than their conductances."""
        g = np.asarray(g)[(...,) + (None,) * (np.ndim(v) - np.ndim(g))]
        offset = self.g_min * self.scale - self.Gmin_norm
        return (self.siemens(g) * self.scale * self.bent(v) - offset * v).astype(g.dtype)

    def nonlinear_current_sum(self, g, v):
        """Currents of lines, where all cells of an input have its voltage."""
        offset = self.g_min * self.scale - self.Gmin_norm
        sums = np.matmul(self.siemens(g) * self.scale, self.bent(v))
        return (sums - offset * np.matmul(np.ones_like(g), v)).astype(g.dtype)


def use(device, device_params, seed=0, model=MemqcDevice):
    """Makes a device that of a model, and the model that of params.xbar.device."""
    model.device, model.seeds = device.copy(), np.random.default_rng(seed)
    g_max, g_min = device.level(1).nominal, device.level(device.levels).nominal
    device_params.Rmin, device_params.infinite_on_off_ratio = 1 / g_max, g_min == 0
    device_params.Rmax = 1 / g_min if g_min else 1e30
    device_params.Vread = device.read_voltage
    for kind in ("programming_error", "drift_error", "read_noise", "nonlinear_IV"):
        of_kind = getattr(device_params, kind, None)  # older versions have no nonlinear_IV
        if of_kind is not None:
            of_kind.model, of_kind.enable = model.__name__, True
    if not device.iv_nonlinearity and hasattr(device_params, "nonlinear_IV"):
        device_params.nonlinear_IV.enable = False  # saves its time


def main():
    from simulator import AnalogCore, CrossSimParameters
    params = CrossSimParameters()
    rng = np.random.default_rng(0)
    w, x = rng.uniform(-1, 1, (32, 64)), rng.uniform(0, 1, 64)
    exact = AnalogCore(w, params) @ x
    device = memqc.Device("hfox-a", states=64, read_noise=1e-6)
    for seconds in (0, 3600):
        use(device, params.xbar.device, seed=1)
        params.xbar.device.time = seconds
        off = AnalogCore(w, params) @ x - exact
        print(f"after {seconds} s: error of the product, rms / rms: "
              f"{np.sqrt(np.mean(off ** 2) / np.mean(exact ** 2)):.4f}")


if __name__ == "__main__":
    main()
