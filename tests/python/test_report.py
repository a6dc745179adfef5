# SPDX-License-Identifier: BSD-3-Clause
"""The pages of memqc report and memqc paper: what is on them, and that no user's text is markup."""
import contextlib
import dataclasses
import html.parser
import io
import json
import os
import sys
import tempfile
import unittest
import warnings

from support import ROOT, main, numpy

try:
    import matplotlib  # noqa: F401
except ImportError:
    print("skipped: this Python has no matplotlib")
    sys.exit(77)

import memqc  # noqa: E402
from memqc import _cli  # noqa: E402
from memqc._report.likely import Likely  # noqa: E402
from memqc._report import (html as markup, measured, paper_drawing,  # noqa: E402
                           paper_loop_drawing, paper_tables, results, training, words)

DATA = ROOT / "examples/data"
SMALL = ["--quick", "--quiet", "--images", "300", "--tests", "100", "--seeds", "2", "--epochs", "1",
         "--hidden", "8", "--instances", "2"]
HOSTILE = "<img src=x onerror=alert(1)>&\"'.csv"


class Reader(html.parser.HTMLParser):
    """The tags of a page, in balance, and the text of each element."""

    def __init__(self, page):
        super().__init__()
        self.open, self.tags, self.links, self.heads = [], [], [], []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))
        if tag not in markup.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open and self.open.pop() == tag, (tag, self.open)

    def of(self, tag):
        return [attributes for name, attributes in self.tags if name == tag]


def run(*arguments):
    """A command: its exit code and what it printed."""
    output = io.StringIO()
    with contextlib.redirect_stdout(output):
        code = _cli.main(list(map(str, arguments)))
    return code, output.getvalue()


class Page(unittest.TestCase):
    """A small report of a file with hostile names."""

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.folder.cleanup)
        place = cls.folder.name
        source = os.path.join(place, HOSTILE)
        lines = (DATA / "hfox-a.csv").read_text(encoding="utf-8").splitlines()
        lines[1] += ',"<script>alert(2)</script>"'
        lines[2:] = [line + ",</table>" for line in lines[2:]]
        with open(source, "w", encoding="utf-8") as file:
            file.write("\n".join(lines) + "\n")
        page, numbers = os.path.join(place, "page.html"), os.path.join(place, "numbers.json")
        cls.code, cls.printed = run("report", source, "-o", page, "--json", numbers,
                                    "--set", "read_noise=2e-6", *SMALL)
        with open(page, encoding="utf-8") as file:
            cls.page = file.read()
        with open(numbers, encoding="utf-8") as file:
            cls.numbers = json.load(file)
        cls.reader = Reader(cls.page)

    def test_it_ran(self):
        self.assertEqual(self.code, 0)
        self.assertIn("page.html", self.printed)
        self.assertEqual(sorted(os.listdir(self.folder.name)),
                         sorted([HOSTILE, "numbers.json", "page.html"]))

    def test_no_text_of_the_user_is_markup(self):
        self.assertEqual(self.reader.of("script"), [])
        self.assertTrue(all("onerror" not in attributes for _, attributes in self.reader.tags))
        self.assertIn("&lt;img src=x onerror=alert(1)&gt;&amp;&quot;&#x27;.csv", self.page)
        self.assertIn("&lt;script&gt;alert(2)&lt;/script&gt;", self.page)
        self.assertEqual(self.reader.open, [])

    def test_accessible_and_by_itself(self):
        reader = self.reader
        self.assertEqual(reader.of("html"), [{"lang": "en"}])
        for landmark in ("header", "nav", "main", "footer", "h1"):
            self.assertEqual(len(reader.of(landmark)), 1, landmark)
        images = reader.of("img")
        self.assertEqual(len(images), 8)
        for image in images:
            self.assertGreater(len(image["alt"]), 30)
            self.assertTrue(image["src"].startswith("data:image/"))
        self.assertEqual(len(reader.of("source")), 8)
        for table_head in reader.of("th"):
            self.assertIn(table_head["scope"], ("row", "col"))
        ids = [attributes["id"] for _, attributes in reader.tags if "id" in attributes]
        self.assertEqual(len(ids), len(set(ids)))
        for link in reader.of("a"):
            self.assertIn(link["href"][1:], ids)
        self.assertNotIn("http://", self.page.replace("http://www.w3.org", ""))
        self.assertNotIn("https://", self.page)

    def test_the_numbers_are_those_of_the_page(self):
        found = self.numbers
        self.assertEqual(found["measured"]["rows"], 384)
        self.assertEqual(found["measured"]["passed_over"], ["<script>alert(2)</script>"])
        self.assertEqual(found["fit"]["given"], {"read_noise": 2e-6})
        self.assertEqual([rule["name"] for rule in found["rules"]],
                         ["float", "nearest", "mixed", "one-directional", "transfer"])
        for rule in found["rules"]:
            mean = rule["accuracy"]
            self.assertEqual(mean["mean"], sum(rule["accuracies"]) / len(rule["accuracies"]))
            self.assertTrue(0 <= mean["low"] <= mean["mean"] <= mean["high"] <= 1)
            self.assertIn(f">{100 * mean['mean']:.2f} %<", self.page)
            self.assertEqual(rule["pulses"] > 0, rule["on_device"])
        limits = {one["name"]: one for one in found["studies"]["limits"]}
        self.assertEqual(set(limits), {"levels", "c2c", "d2d", "asymmetry", "read_noise", "faults",
                                       "drift", "all"})
        self.assertAlmostEqual(limits["read_noise"]["value"], 2e-6)
        self.assertIn("One device was measured", self.page)

    def test_accuracy_to_expect(self):
        found = self.numbers["prediction"]
        self.assertEqual([found[name] for name in ("way", "other", "devices", "networks")],
                         ["posterior", None, 4, 2])
        self.assertEqual([rule["name"] for rule in found["rules"]], ["mixed", "nearest"])
        for rule in found["rules"]:
            mean = rule["accuracy"]
            self.assertAlmostEqual(mean["mean"], numpy.mean(rule["accuracies"]))
            self.assertTrue(0 <= mean["low"] < mean["mean"] < mean["high"] <= 1)
            # No shorter than what two of the parts alone would leave.
            half = max(mean["high"] - mean["mean"], mean["mean"] - mean["low"])
            self.assertGreater(half, 1.9 * numpy.hypot(rule["by_training"], rule["by_pictures"]))
            self.assertIn(f"{100 * mean['low']:.2f} to {100 * mean['high']:.2f}", self.page)
        self.assertIn("2 networks on each of 4 devices, drawn from the errors of the fit", self.page)

    def test_equal_commands_give_equal_numbers(self):
        code, text = run("report", os.path.join(self.folder.name, HOSTILE), "--json", "-", "-o",
                         os.path.join(self.folder.name, "page.html"), "--set", "read_noise=2e-6",
                         *SMALL, "--jobs", "1")
        again = json.loads(text)
        self.assertEqual(code, 0)
        for found in (again, self.numbers):
            found.pop("seconds", None)
        self.assertEqual(again, self.numbers)


class OtherReports(unittest.TestCase):
    def report(self, name, *arguments):
        with tempfile.TemporaryDirectory() as folder:
            page = os.path.join(folder, "page.html")
            code, text = run("report", DATA / name, "-o", page, "--json", "-", *SMALL, *arguments)
            self.assertEqual(code, 0)
            with open(page, encoding="utf-8") as file:
                return json.loads(text), file.read()

    def test_a_pulsed_device_that_drifts(self):
        found, page = self.report("soft-bounds.csv", "--rules", "float,mixed,pulse-trains",
                                  "--set", "drift_nu=0.05")
        self.assertEqual([rule["name"] for rule in found["rules"]],
                         ["float", "mixed", "pulse-trains"])
        self.assertEqual([course["assumed"] for course in found["studies"]["ageing"]], [False])
        self.assertIn("soft-bounds", found["fit"]["taken"])
        self.assertIn("leave --quick out", page)
        self.assertEqual(Reader(page).open, [])

    def test_a_target_out_of_reach(self):
        found, page = self.report("hfox-a.csv", "--target", "99.9", "--rules", "float")
        self.assertAlmostEqual(found["studies"]["target"], 0.999)
        self.assertIn("no device can give it 99.9 %", page)
        self.assertTrue(all(one["allowed"] is None for one in found["studies"]["limits"]))


    def test_a_device_beyond_the_limits_of_quantization(self):
        rows = (DATA / "hfox-a.csv").read_text(encoding="utf-8").splitlines()[2:]
        with tempfile.TemporaryDirectory() as folder:
            path, page = os.path.join(folder, "large.csv"), os.path.join(folder, "page.html")
            with open(path, "w", encoding="utf-8") as file:
                file.write("cycle,pulse,conductance [G0]\n")
                file.writelines(f"{cycle},{pulse},{1.5 * float(g)}\n"
                                for cycle, pulse, g in (row.split(",") for row in rows))
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                code, text = run("report", path, "-o", page, "--json", "-", *SMALL, "--rules",
                                 "float", "--draws", "0")
            self.assertEqual(code, 0)
            found = json.loads(text)
            with open(page, encoding="utf-8") as file:
                self.assertIn("Note: a level above 16 G0: Joule heating", file.read())
        self.assertEqual(len(found["fit"]["warnings"]), 1)
        self.assertIsNone(found["prediction"])


class LikelyDevices(unittest.TestCase):
    def test_drawn_from_the_errors_of_the_fit(self):
        device = memqc.Device.fit(DATA / "hfox-a.csv", model="quantized-linear")
        device.set(drift_nu=0.03)
        likely = Likely(device, str(DATA / "hfox-a.csv"), {"drift_nu": 0.03})
        self.assertEqual((likely.way, likely.other), ("posterior", None))
        drawn = [likely.draw(number) for number in range(100)]
        sigma = numpy.array([one.sigma for one in drawn])
        error = device.fit_value("standard_error", "sigma")
        self.assertAlmostEqual(sigma.std() / error, 1, delta=0.3)  # 4 standard errors of 100
        self.assertTrue(all(one.drift_nu == 0.03 for one in drawn))

    def test_cycles_drawn_with_replacement(self):
        table = memqc._fit.read_csv(str(DATA / "hfox-a.csv"))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            device = memqc.Device.fit(table, model="table")
            likely = Likely(device, table, {"read_noise": 1e-6})
            self.assertEqual(likely.way, "bootstrap")
            tops = [likely.draw(number) for number in (0, 1, 0)]
        self.assertEqual(tops[0].to_bytes(), tops[2].to_bytes())
        self.assertNotEqual(tops[0].to_bytes(), tops[1].to_bytes())
        self.assertEqual([one.fit_candidate for one in tops], ["table"] * 3)
        self.assertEqual([one.read_noise for one in tops], [1e-6] * 3)
        self.assertEqual([one.fit_value("cycles") for one in tops], [12] * 3)

    def test_few_cycles(self):
        rows = memqc._fit.read_csv(str(DATA / "hfox-a.csv"))
        few = {name: numpy.asarray(column)[:96] for name, column in rows.items()}
        device = memqc.Device.fit(few, model="table")
        likely = Likely(device, few, {})
        self.assertEqual(likely.way, "unknown")
        self.assertIs(likely.draw(3), device)


class Words(unittest.TestCase):
    def setUp(self):
        self.measured, self.fit, _ = measured.fit(str(DATA / "hfox-a.csv"))

    def with_p(self, **p):
        fit = dataclasses.replace(self.fit, candidates=[
            dataclasses.replace(one, ks_p=p.get(one.name.replace("-", "_"), 0.001))
            for one in self.fit.candidates])
        return words.fit_verdict(self.measured, fit)[1]

    def test_verdicts(self):
        self.assertIn("The residuals agree with quantized-linear",
                      words.fit_verdict(self.measured, self.fit)[1])
        self.assertEqual(words.fit_verdict(self.measured, self.fit)[0],
                         "quantized-linear describes these data, and so does "
                         "quantized-proportional: there are too few points to tell them apart.")
        self.assertIn("only the least bad of the candidates", self.with_p())
        roughly = self.with_p(power=0.5)
        self.assertIn("described only roughly", roughly)
        self.assertIn("power", roughly)

    def test_neighbours_and_drift(self):
        texts = words.fit_verdict(self.measured, self.fit)
        self.assertIn("cannot tell quantized-linear from quantized-proportional: the BIC of "
                      "quantized-proportional is lower by 5.33, too little", texts[2])
        self.assertIn("told from nothing", words.drift(self.fit)[0])
        far = dataclasses.replace(self.fit, drift=10 * self.fit.drift_error)
        self.assertIn("is taken out", words.drift(far)[0])

    def test_one_cycle_of_a_pulsed_device_tells_its_noise(self):
        one = dataclasses.replace(self.measured, cycles=1)
        for taken, told in (("quantized-linear", True), ("soft-bounds", False)):
            fit = dataclasses.replace(self.fit, taken=taken)
            self.assertEqual(any("Only one cycle" in text
                                 for text in words.amounts_verdict(one, fit)), told)

    def test_few_points(self):
        fit = dataclasses.replace(self.fit, points=20)
        self.assertTrue(any("Few points: 20 for 4 parameters" in text
                            for text in words.fit_verdict(self.measured, fit)))

    def test_numbers(self):
        for given, text in (((1.2e-5, "S"), "12 µS"), ((0.5, "%"), "50 %"), ((0, "S"), "0 S"),
                            ((9.9999e-7, "S"), "1 µS"), ((None, "S"), "–"), ((3, ""), "3"),
                            ((float("inf"), "S"), "any"), ((1e-20, "J"), "1e−05 fJ")):
            self.assertEqual(words.amount(*given), text)
        self.assertEqual(words.banded(89e-6, 63.6e-6, 1.84e-4, "S"), "89 (63.6 to 184) µS")
        self.assertEqual(words.banded(0.2, 0.1, 0.3, "% of the range"),
                         "20 (10 to 30) % of the range")
        self.assertEqual(words.plus_minus(1.23976e-3, 4.4e-6, "S"), "1.2398 ± 0.0044 mS")
        self.assertEqual([words.duration(s) for s in (1, 3600, 1000, 2592000)],
                         ["1 second", "1 hour", "1000 seconds", "30 days"])

    def test_intervals_stay_within_all_and_nothing(self):
        mean = training.mean_of([0.99, 0.5])
        self.assertEqual((mean.low, mean.high), (0.0, 1.0))
        self.assertIsNone(training.mean_of([0.9]).low)

    def test_json_has_no_nan(self):
        plain = results.plain({"a": float("nan"), "b": [float("inf")], "c": (1.5, "x")})
        self.assertEqual(plain, {"a": None, "b": ["Infinity"], "c": [1.5, "x"]})

    def test_markup(self):
        self.assertEqual(markup.tag("p", "<b>", markup.tag("i", "&"), class_='"x"'),
                         '<p class="&quot;x&quot;">&lt;b&gt;<i>&amp;</i>\n</p>\n')


class Paper(unittest.TestCase):
    def test_tables_are_those_of_the_library(self):
        rows = paper_tables.staircases(32)
        device = memqc.Device("hfox-b", law="measured")
        g = device.staircase(12, cell=2, draw=0) / memqc.G0
        own = [float(row["conductance_g0"]) for row in rows if row["sample"] == "B"]
        numpy.testing.assert_allclose(own, g.reshape(-1))
        ramp = paper_tables.ramp()
        numpy.testing.assert_allclose([float(row["conductance_g0"]) for row in ramp],
                                      16 - 0.5 * numpy.arange(32), rtol=1e-6)

    @classmethod
    def setUpClass(cls):
        cls.switching = paper_tables.switching()

    def test_switching_is_that_of_the_example(self):
        tables = self.switching
        self.assertEqual([len(tables[name]) for name in ("2a", "2b", "2c", "2c-steps")],
                         [7648, 500, 6648, 64])
        first, last = tables["2b"][0], tables["2b"][-1]
        found = [first["r_on_ohm"], first["r_off_ohm"], last["r_on_ohm"], last["r_off_ohm"],
                 tables["2a"][1]["current_a"], tables["2c-steps"][-1]["conductance_s"]]
        # What examples/paper writes, which computes currents in single precision.
        numpy.testing.assert_allclose(numpy.array(found, float),
                                      [308.79, 35246.08, 288.09, 34589.09, 5.152053e-7,
                                       3.615216e-5], rtol=2e-5)
        g = [float(row["conductance_g0"]) for row in tables["2c-steps"]
             if row["sample"] == "ideal"]
        numpy.testing.assert_allclose(g, 16 - 0.5 * numpy.arange(32), rtol=1e-6)

    def test_pictures_of_switching(self):
        from matplotlib.colors import to_hex
        drawn = dict(paper_loop_drawing.pictures(self.switching))
        self.assertEqual(list(drawn), ["figure2a", "figure2b", "figure2c"])
        self.assertEqual([len(drawn[name].axes) for name in drawn], [3, 2, 3])
        limits = [max(line.get_ydata()[0] for line in axes.lines if len(set(line.get_ydata())) == 1)
                  for axes in drawn["figure2a"].axes]
        numpy.testing.assert_allclose(limits, [0.01, 0.005, 0.005])
        counted = [sum(patch.get_height() for patch in axes.patches)
                   for axes in drawn["figure2b"].axes]
        self.assertEqual(counted, [500, 500])
        scans = drawn["figure2c"].axes[0].lines
        self.assertEqual(len(scans), 32)
        self.assertEqual(len({to_hex(line.get_color()) for line in scans}), 32)
        never = [{"sample": "B", "cycle": "1", "r_on_ohm": "300", "r_off_ohm": "inf"}]
        self.assertEqual(len(paper_loop_drawing.draw_resistances(never).axes), 2)

    def test_page(self):
        with tempfile.TemporaryDirectory() as folder:
            rows = paper_tables.staircases(32)
            with open(os.path.join(folder, "figure3.csv"), "w", encoding="utf-8") as file:
                file.write(",".join(rows[0]) + "\n")
                file.writelines(",".join(row.values()) + "\n" for row in rows)
            with open(os.path.join(folder, "figure5c.csv"), "w", encoding="utf-8") as file:
                file.write("sample,states,seed,epoch,test_accuracy\n")
                file.writelines(f"A,32,{seed},{epoch},{50 + 3 * epoch + seed}\n"
                                for seed in (1, 2) for epoch in range(1, 11))
            page = os.path.join(folder, "paper.html")
            code, _ = run("paper", "--tables", folder, "-o", page, "--quiet", "--note", "<b>MNIST")
            self.assertEqual(code, 0)
            with open(page, encoding="utf-8") as file:
                text = file.read()
        self.assertIn(">81.50 %<", text)
        self.assertIn("86.8 %", text)
        self.assertIn("&lt;b&gt;MNIST", text)
        reader = Reader(text)
        self.assertEqual((reader.open, len(reader.of("img"))), ([], 2))
        self.assertEqual(list(paper_drawing.PAPER), ["5c", "5d"])


if __name__ == "__main__":
    main()
