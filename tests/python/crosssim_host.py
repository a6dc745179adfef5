# SPDX-License-Identifier: BSD-3-Clause
"""A host that calls devices as CrossSim 3.2 does, for where CrossSim is not installed.

What a device sees is the same: its base class, the parameters, the search for a model among the
subclasses by its name, the trial calls with one zero, copies as arguments, clipping afterwards, and
drift in place of programming from some time on. It was written after CrossSim's description of
these things; the rest of it is as small as possible: balanced arrays without wires or converters.
"""
import sys
import types

import numpy as np


class IDevice:
    def __init__(self, device_params, weight_error_params):
        self.device_params = device_params
        for name in ("Gmin_norm", "Gmax_norm", "Grange_norm", "clip_conductance", "cell_bits",
                     "time"):
            setattr(self, name, getattr(device_params, name))
        self.magnitude = weight_error_params.magnitude
        self.on_off_ratio = 1 / self.Gmin_norm if self.Gmin_norm else 1e20


class EmptyDevice(IDevice):
    """Raises for what a model does not define."""

    def read_noise(self, input_):
        raise NotImplementedError

    def programming_error(self, input_):
        raise NotImplementedError

    def drift_error(self, input_, time):
        raise NotImplementedError

    def nonlinear_current(self, Gmat, Vmat):
        raise NotImplementedError

    def nonlinear_current_sum(self, Gmat, Vterm):
        raise NotImplementedError


class IdealDevice(EmptyDevice):
    def read_noise(self, input_):
        return input_

    def programming_error(self, input_):
        return input_

    def drift_error(self, input_, time):
        return input_


KINDS = ("read_noise", "programming_error", "drift_error", "nonlinear_IV")


class DeviceParameters:
    cell_bits, Rmin, Rmax, Vread, time = 0, 1000, 10000, 0.1, 0
    infinite_on_off_ratio = clip_conductance = False

    def __init__(self):
        for kind in KINDS:
            setattr(self, kind, types.SimpleNamespace(enable=False, model="IdealDevice",
                                                      magnitude=0))

    Gmin_norm = property(lambda self: 0.0 if self.infinite_on_off_ratio else self.Rmin / self.Rmax)
    Gmax_norm = property(lambda self: 1)
    Grange_norm = property(lambda self: self.Gmax_norm - self.Gmin_norm)


class CrossSimParameters:
    def __init__(self):
        self.xbar = types.SimpleNamespace(device=DeviceParameters())
        self.simulation = types.SimpleNamespace(fast_nonlinear_IV=False)


def subclasses(root):
    return [found for one in root.__subclasses__() for found in [one, *subclasses(one)]]


class Device:
    """The models of an array, one for each kind."""

    def __init__(self, params, models):
        self.params, self.models = params, models

    @staticmethod
    def create_device(params):
        known = {one.__name__: one for one in subclasses(IDevice) if one is not EmptyDevice}
        for kind in KINDS:
            if getattr(params, kind).model not in known:
                raise ValueError(f"Unknown model: {getattr(params, kind).model}")
        models = {kind: known[getattr(params, kind).model](params, getattr(params, kind))
                  for kind in KINDS}
        models["read_noise"].read_noise(np.zeros(1))
        models["programming_error"].programming_error(np.zeros(1))
        models["drift_error"].drift_error(np.zeros(1), 0)
        return Device(params, models)

    def _applied(self, kind, input_, *arguments):
        if not getattr(self.params, kind).enable:
            return input_
        noisy = getattr(self.models[kind], kind)(input_.copy(), *arguments)
        low, high = (self.params.Gmin_norm, 1) if self.params.clip_conductance else (0, None)
        return noisy.clip(low, high)

    def apply_write_error(self, input_):
        if self.params.time == 0 and self.params.programming_error.model != "IdealDevice":
            return self._applied("programming_error", input_)
        return self._applied("drift_error", input_, self.params.time)

    def read_noise(self, input_):
        return self._applied("read_noise", input_)

    def nonlinear_current(self, g, v):
        return self.models["nonlinear_IV"].nonlinear_current(g, v)

    def nonlinear_current_sum(self, g, v):
        return self.models["nonlinear_IV"].nonlinear_current_sum(g, v)


class AnalogCore:
    """Two arrays, of the positive weights and of the magnitudes of the negative ones."""

    def __init__(self, matrix, params):
        self.params, device = params, params.xbar.device
        self.scale = np.abs(matrix).max() / device.Grange_norm
        self.sides = []
        for sign in (1, -1):
            model = Device.create_device(device)
            target = device.Gmin_norm + np.maximum(sign * matrix, 0) / self.scale
            self.sides.append((sign, model, model.apply_write_error(target)))

    def __matmul__(self, x):
        total = 0
        for sign, device, programmed in self.sides:
            g = device.read_noise(programmed.copy())
            if not self.params.xbar.device.nonlinear_IV.enable:
                line = g @ x
            elif self.params.simulation.fast_nonlinear_IV:
                line = device.nonlinear_current_sum(g, x)
            else:
                line = device.nonlinear_current(g, np.tile(x, (len(g), 1))).sum(axis=1)
            total = total + sign * line
        return self.scale * total


def install():
    """Puts the host where Python looks for CrossSim."""
    package = types.ModuleType("simulator")
    package.AnalogCore, package.CrossSimParameters = AnalogCore, CrossSimParameters
    devices = types.ModuleType("simulator.devices")
    idevice, device = (types.ModuleType("simulator.devices." + name)
                       for name in ("idevice", "device"))
    idevice.IDevice, idevice.EmptyDevice, idevice.IdealDevice = IDevice, EmptyDevice, IdealDevice
    device.Device = Device
    for module in (package, devices, idevice, device):
        sys.modules[module.__name__] = module
