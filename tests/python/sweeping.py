# SPDX-License-Identifier: BSD-3-Clause
"""What the tests of memqc.sweep share: a small plan, and studies in threads of the test."""
import concurrent.futures
import os
import tempfile
import unittest

from memqc import sweep

TABLES = {"data": {"name": "synthetic", "train": 60, "test": 40}, "device": {"preset": "hfox-a"},
          "mlp": {"hidden": [4], "epochs": 2, "learning_rate": 3}}
GRID = {"device": {"states": [4, 16]}, "seed": [1, 2]}
TOML = """
name = "small"
[data]
name = "synthetic"
train = 60
test = 40
[device]
preset = "hfox-a"
[mlp]
hidden = [4]
epochs = 2
learning_rate = 3
[grid]
seed = {from = 1, to = 2}
device.states = [4, 16]
"""
HERE = os.path.dirname(os.path.abspath(__file__))


def plan_of(**more):
    return sweep.Plan.of({**TABLES, **more})


def own(count, **more):
    return [{"i": i, **more} for i in range(count)]


class InFolder(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        self.out = os.path.join(self.folder, "results.sqlite")

    def path(self, name, text):
        path = os.path.join(self.folder, name)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        return path

    def here(self, points, **how):
        """A study in threads of this process."""
        with concurrent.futures.ThreadPoolExecutor(2) as executor:
            return sweep.run(points, out=how.pop("out", self.out), executor=executor, **how)
