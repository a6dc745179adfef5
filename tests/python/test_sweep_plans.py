# SPDX-License-Identifier: BSD-3-Clause
"""Plans of memqc.sweep and what they refuse, what the identity of a point is, and its training."""
import json
import os

from support import main
from sweeping import GRID, TOML, InFolder, plan_of, TABLES

import memqc
from memqc import sweep
from memqc.sweep import _run, _settings, _store


class Plans(InFolder):
    def test_grid_list_and_ranges(self):
        plan = sweep.Plan.load(self.path("small.toml", TOML))
        self.assertEqual((plan.name, len(plan.points)), ("small", 4))
        self.assertEqual(plan.axes, ("seed", "device.states"))
        self.assertEqual(plan.points[1]["device.states"], 16)
        plan = plan_of(points=[{"mlp": {"rule": "nearest-level"}}, {"mlp.rule": "sign"}], grid=GRID)
        self.assertEqual(len(plan.points), 8)
        self.assertEqual(plan.points[7], {**plan.points[0], "mlp.rule": "sign", "seed": 2,
                                          "device.states": 16})
        rates = plan_of(grid={"mlp.learning_rate": {"from": 0.1, "to": 10, "count": 3,
                                                    "scale": "log"}})
        self.assertEqual([point["mlp.learning_rate"] for point in rates.points], [0.1, 1, 10])
        half = plan_of(grid={"device.sigma": {"from": 0, "to": 1, "count": 3}})
        self.assertEqual([point["device.sigma"] for point in half.points], [0, 0.5, 1])

    def test_tables_change_together(self):
        plan = plan_of(grid={"schedule": [{"mlp": {"schedule": "constant"}},
                                          {"mlp": {"schedule": "cosine", "schedule_period": 2}}],
                             "mlp": {"hidden": [[4], [4, 4]]}})
        self.assertEqual(len(plan.points), 4)
        self.assertEqual(plan.axes, ("mlp.hidden", "mlp.schedule", "mlp.schedule_period"))
        self.assertNotIn("mlp.schedule_period", plan.points[0])

    def test_sample(self):
        grid = {"mlp.learning_rate": {"from": 1, "to": 50}, "mlp.batch": {"from": 1, "to": 50},
                **GRID}
        axes = ["mlp.learning_rate", "mlp.batch"]
        plan = plan_of(grid=grid, sample={"count": 30, "axes": axes})
        self.assertEqual(len(plan.points), 120)
        drawn = {(point["mlp.learning_rate"], point["mlp.batch"]) for point in plan.points}
        self.assertEqual(len(drawn), 30)
        self.assertIn((1.0, 50), {(1.0, 50)} | drawn)
        self.assertEqual(plan, plan_of(grid=grid, sample={"count": 30, "axes": axes}))
        other = plan_of(grid=grid, sample={"count": 30, "seed": 2, "axes": axes})
        self.assertNotEqual(plan.points, other.points)
        self.assertEqual(sweep._plan.sampled([[{"a": 1}, {"a": 2}], [{"b": 1}]], 5, 1),
                         [({"a": 1}, {"b": 1}), ({"a": 2}, {"b": 1})])
        # The draw is the same for ever: numbers of SHA-256, not of Python's generator.
        axes = [[{"a": i} for i in range(100)]]
        self.assertEqual([place[0]["a"] for place in sweep._plan.sampled(axes, 5, 1)], SAMPLED)

    def test_wrong_plans_name_key_value_and_range(self):
        for tables, says in WRONG:
            with self.subTest(says=says), self.assertRaises(memqc.ArgumentError) as caught:
                self.here(sweep.Plan.of({**TABLES, **tables}))
            self.assertIn(says, str(caught.exception))
        self.assertFalse(os.path.exists(self.out + "-wal"))

    def test_wrong_files(self):
        with self.assertRaisesRegex(memqc.FormatError, "wrong.toml: no TOML: .*line 1"):
            sweep.Plan.load(self.path("wrong.toml", "name = \n"))
        with self.assertRaises(memqc.FileError):
            sweep.Plan.load(os.path.join(self.folder, "none.toml"))
        with self.assertRaisesRegex(memqc.ArgumentError, r"one.toml: grid.device.states = 1; "):
            sweep.Plan.load(self.path("one.toml", TOML.replace("[4, 16]", "[4, 1]")))

    def test_every_parameter_can_be_set(self):
        known = set(_settings.names())
        for table, kind in (("device", memqc.Device), ("crossbar", memqc.Crossbar),
                            ("mlp", memqc.MLP)):
            for name, parameter in kind.parameters().items():
                full = f"{table}.{name}"
                if full in _settings.ELSEWHERE:
                    continue
                self.assertIn(full, known)
                value = parameter.initial
                if value == "crossbar":
                    value = "sign"
                self.assertEqual(_settings.checked("", full, value), value)
        self.assertEqual(_settings.checked("", "layer.1.adc_bits", 4.0), 4)


WRONG = [
    ({"device": {"preset": "hfox-a", "states": 1}}, "device.states = 1; it must be 2 .. "),
    ({"device": {"preset": "hfox"}}, 'device.preset = "hfox"; it must be "none", "hfox-a", '),
    ({"device": {"preset": "hfox-a", "sigmma": 1}},
     "device.sigmma: there is no such setting; did you mean device.sigma"),
    ({"mlp": {"rule": "best"}}, 'mlp.rule = "best"; it must be "float", "noise-aware", '),
    ({"mlp": {"batch": 2.5}}, "mlp.batch = 2.5; it must be 1 .. 65536, whole"),
    ({"mlp": {"hidden": [0]}}, "mlp.hidden = [0]; it must be a list of whole numbers, 1 .. 65536"),
    ({"mlp": {"dropout": "half"}}, 'mlp.dropout = "half"; it must be 0 .. 0.95'),
    ({"learning_rate": 1}, "learning_rate: there is no such setting; did you mean "
                           "mlp.learning_rate"),
    ({"seed": True}, "seed = true; it must be 0 .. "),
    ({"mlp": {"seconds": 10}}, "mlp.seconds: after.seconds sets it"),
    ({"crossbar": {"rule": "sign"}}, "crossbar.rule: mlp.rule sets it"),
    ({"crossbar": {"adc_bits": 17}}, "crossbar.adc_bits = 17; it must be 0 .. 16, whole bits"),
    ({"after": {"seconds": [1, -1]}}, "after.seconds = [1, -1]; it must be a number or a list of "
                                      "numbers, 0 .. 1e+30"),
    ({"data": {"name": "letters"}}, 'data.name = "letters"; it must be "found", "mnist", '),
    ({"grid": {"seed": 3}}, "grid.seed = 3; it must be a list of values, or a range"),
    ({"grid": {"seed": [1, 1.0]}}, "grid.seed has {'seed': 1} twice"),
    ({"grid": {"seed": {"from": 5, "to": 1}}}, "grid.seed = {'from': 5, 'to': 1}; a range has"),
    ({"grid": {"mlp.momentum": {"from": 0, "to": 0.5}}}, "a range without count is of whole"),
    ({"grid": {"seed": {"from": 1, "to": 9, "count": 1}}}, "count = 1; it must be 2 .. 1000000"),
    ({"grid": {"seed": {"from": 1, "to": 2000}, "mlp.batch": {"from": 1, "to": 501}}},
     "the grid has 1002000 points; 1000000 are the most"),
    ({"seed": {"from": 1, "to": 9}}, "seed: a range belongs into [grid]"),
    ({"grid": {"a": [{"seed": 1}, 2]}}, "grid.a has tables and values"),
    ({"sample": {"count": 0}}, "sample = {'count': 0}; it must have count, 1 .. 1000000"),
    ({"sample": {"count": 3, "axes": ["mlp.batch"]}, "grid": GRID},
     "sample.axes = ['mlp.batch']; it must be names of [grid]: device.states, seed"),
    ({"points": []}, "points = []; it must be tables: [[points]]"),
    ({"name": 3}, "name = 3; it must be a text"),
    # what only the library knows
    ({"mlp": {"schedule_period": 3}}, "point 1 of 1: memqc_mlp_set_many: schedule_period = 3 "
                                      "would be without effect"),
    ({"device": {}}, "none of device.preset, device.model and device.file says which device"),
    ({"device": {"preset": "none", "states": 4}}, 'device.states is of no use: device.preset = '),
    ({"layer": {"5": {"adc_bits": 4}}}, "layer.5: the layers are 0 .. 1"),
]
SAMPLED = [97, 18, 10, 84, 60]


class Identity(InFolder):
    def one(self, **changes):
        settings = dict(plan_of().points[0])
        settings.update(changes)
        return _run.identity_of(_run.TRAIN, settings)

    def test_all_that_changes_numbers_changes_it(self):
        known = [self.one()]
        for name, value in (("seed", 2), ("data.train", 61), ("mlp.epochs", 3), ("mlp.batch", 9),
                            ("device.sigma", 1e-6), ("crossbar.adc_bits", 5),
                            ("layer.0.init_range", 0.1), ("after.seconds", [0.0]),
                            ("after.transfer", True), ("mlp.hidden", [5])):
            known.append(self.one(**{name: value}))
        self.assertEqual(len(set(known)), len(known))

    def test_what_is_said_twice_is_the_same(self):
        self.assertEqual(self.one(), self.one(seed=1))
        self.assertEqual(self.one(), self.one(**{"mlp.batch": memqc.MLP.parameters()
                                                 ["batch"].initial}))
        point = plan_of().points[0]
        self.assertEqual(self.one(), _run.identity_of(_run.TRAIN, dict(reversed(point.items()))))

    def test_version_and_function(self):
        one = self.one()
        before, _run.__version__ = _run.__version__, "0.0.0"
        try:
            self.assertNotEqual(self.one(), one)
        finally:
            _run.__version__ = before
        self.assertNotEqual(_run.identity_of("a:f", {"x": 1}), _run.identity_of("a:g", {"x": 1}))

    def test_a_worker_with_other_pictures_is_found_out(self):
        task = _run.Task("0" * 32, plan_of().points[0])
        with self.assertRaisesRegex(memqc.StateError, "has other pictures than the study"):
            _run.work(sweep.train, _run.TRAIN, task)


class Training(InFolder):
    def test_numbers_are_those_of_the_network(self):
        point = {**plan_of().points[0], "after.seconds": [0.0, 1e6], "after.instances": 3,
                 "after.transfer": True, "layer.0.init_range": 0.2}
        record = sweep.train(point)
        images = sweep._train.images_of("synthetic", "", 60, 40)
        mlp = memqc.MLP((images.train.x.shape[1], 4, 10), memqc.Device("hfox-a", seed=1), seed=1,
                        learning_rate=3)
        mlp.set_layer(0, init_range=0.2)
        accuracies = []
        for epoch in (1, 2):
            mlp.fit(images.train.x, images.train.labels, epoch)
            accuracies.append(mlp.score(images.test.x, images.test.labels))
        self.assertEqual(record["accuracy"], accuracies)
        self.assertEqual(record["loss"], mlp.history["loss"].tolist())
        self.assertEqual(record["pulses"], mlp.history["pulses"].sum())
        new = mlp.transfer(memqc.Device("hfox-a", seed=1))
        self.assertEqual(record["transferred"], new.score(images.test.x, images.test.labels))
        self.assertEqual(len(record["later"]), 2)
        self.assertEqual(record["later"][1], float(new.monte_carlo(
            images.test.x, images.test.labels, seconds=1e6, instances=3).mean()))

    def test_devices(self):
        path = os.path.join(self.folder, "mine.memqc")
        memqc.Device("hfox-a", states=8).save(path)
        points = [{**plan_of().points[0]} for _ in range(3)]
        for point, more in zip(points, ({"device.file": path}, {"device.preset": "none",
                                                                "mlp.rule": "float"},
                                        {"device.model": "soft-bounds"})):
            del point["device.preset"]
            point.update(more)
        results = self.here(points)
        self.assertEqual((len(results), results.failures), (3, {}))
        self.assertEqual(sweep.train({**plan_of().points[0], "device.states": 8}),
                         dict(results[0].record))
        points[0]["device.preset"] = "ideal"
        with self.assertRaisesRegex(memqc.ArgumentError, "it must be one of the two"):
            self.here(points)

    def test_divergence_is_a_result(self):
        point = {**plan_of().points[0], "device.preset": "none", "mlp.rule": "float",
                 "mlp.activation": "relu", "mlp.learning_rate": 1e6, "mlp.input_bits": 0,
                 "mlp.hidden": [8, 8, 8, 8]}
        record = json.loads(_store.compact(sweep.train(point)))
        self.assertEqual(record["diverged"], 1)

if __name__ == "__main__":
    main()
