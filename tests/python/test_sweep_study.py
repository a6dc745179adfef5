# SPDX-License-Identifier: BSD-3-Clause
"""The plans of examples/, and the search for the paper's setting in stages."""
import os
import subprocess
import sys
import unittest

from support import ROOT, main
from sweeping import InFolder

sys.path.insert(0, str(ROOT / "examples"))

import paper_search  # noqa: E402
from memqc import sweep  # noqa: E402
from memqc.sweep import Saved, _settings  # noqa: E402


def saved(states, accuracies, **settings):
    return Saved("0", "s", "f", "v", {"mlp.batch": 1, "device.states": states, "seed": 1,
                                      **settings}, {"accuracy": accuracies}, 0.0, "h")


class Plans(unittest.TestCase):
    def test_every_setting_makes_a_network(self):
        plan = sweep.Plan.load(paper_search.PLAN)
        settings = {paper_search.setting_of(point) for point in plan.points}
        self.assertGreaterEqual(len(settings), 300)
        self.assertEqual(len(plan.points), 4 * len(settings))
        for point in plan.points:
            if point["device.states"] == 16:
                _settings.network_of(point, 784)
        points = sweep.Plan.load(ROOT / "examples/plans/states.toml").points
        self.assertEqual(len(points), 24)
        for point in points:
            _settings.network_of(point, 784)


class Search(InFolder):
    def test_ranking(self):
        """By the farthest cell; that of 16 states by its best epoch, the others by the last."""
        near = [saved(4, [0.5, 0.11]), saved(16, [0.70, 0.1]), saved(32, [0.1, 0.88]),
                saved(64, [0.1, 0.93])]
        far = [row._replace(settings={**row.settings, "mlp.batch": 2}) for row in near]
        far[3] = saved(64, [0.93, 0.80], **{"mlp.batch": 2})
        half = [saved(4, [0.1], **{"mlp.batch": 3})]
        ranked = paper_search.ranked([*half, *far, *near])
        self.assertEqual([setting for setting, _ in ranked], ['{"mlp.batch": 1}',
                                                              '{"mlp.batch": 2}'])
        self.assertAlmostEqual(paper_search.distance(ranked[0][1]), 0.012)
        self.assertAlmostEqual(paper_search.distance(ranked[1][1]), 0.135)
        more = [row._replace(settings={**row.settings, "seed": 2}) for row in near]
        more[3] = more[3]._replace(record={"accuracy": [0.5, 0.97]})
        cells = paper_search.gathered([*near, *more])['{"mlp.batch": 1}']
        self.assertAlmostEqual(paper_search.distance(cells), 0.015)  # of the mean of two seeds

    def test_runs_that_fall(self):
        falling = saved(16, [0.5, 0.6, 0.7, 0.72, 0.7, 0.6, 0.3, 0.1, 0.1, 0.1])
        steady = saved(16, [0.5, 0.6, 0.7, 0.72, 0.7, 0.7, 0.7, 0.7, 0.7, 0.7])
        other = saved(32, falling.record["accuracy"])
        self.assertEqual(list(paper_search.falls([steady, falling, other])), [falling])

    def test_stages(self):
        out = os.path.join(self.folder, "paper.sqlite")
        small = [word for name, value in (("data.name", "synthetic"), ("data.train", 100),
                                          ("data.test", 50), ("mlp.epochs", 1))
                 for word in ("--set", f"{name}={value}")]
        result = subprocess.run(
            [sys.executable, "-W", "error", str(ROOT / "examples/paper_search.py"), "--out", out,
             "--first", "1", "--best", "1", "--seeds", "2", "--workers", "1", "--quiet", *small],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        self.assertEqual(result.returncode, 0, result.stdout)
        self.assertIn("| the paper |  | 10.0 | 71.2 | 86.8 | 93.5 |", result.stdout)
        self.assertRegex(result.stdout, r"\| hidden \[.*\| 2 \| [\d.]+ \| [\d.]+ \| [\d.]+ \| "
                                        r"[\d.]+ \| [\d.]+ \|")
        # one setting of the plan and the documented one, then another seed of the better one
        self.assertEqual(len(sweep.read(out)), 4 + 4 + 4)


if __name__ == "__main__":
    main()
