# SPDX-License-Identifier: BSD-3-Clause
"""The pages in a browser: at two widths and in two colour schemes every figure is there, nothing
is clipped, the console is empty, and nothing is asked of anybody.

$MEMQC_SCREENSHOTS names a folder for pictures of what was seen.
"""
import os
import re
import sys
import tempfile
import time
import unittest

from support import ROOT, main

try:
    import matplotlib  # noqa: F401
except ImportError:
    print("skipped: this Python has no matplotlib")
    sys.exit(77)

from browser import PROGRAM, Browser  # noqa: E402

if PROGRAM is None:
    print("skipped: chromium is not installed")
    sys.exit(77)

from memqc import _cli  # noqa: E402
from memqc._report import paper_tables  # noqa: E402

SHOTS = os.environ.get("MEMQC_SCREENSHOTS")
LOOKS = [(width, dark) for width in (390, 1280) for dark in (False, True)]
CLIPPED = """[...document.querySelectorAll('body *')].filter(one =>
    !one.closest('thead') && !one.matches('.skip') && one.clientWidth > 0 &&
    (one.scrollWidth > one.clientWidth + 1 || one.getBoundingClientRect().right >
     document.documentElement.clientWidth + 1)).map(one => one.outerHTML.slice(0, 80))"""
CONTRAST = """(() => {
    const light = text => { const [r, g, b] = text.match(/[\\d.]+/g).map(value => {
        const part = value / 255;
        return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4; });
        return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
    const ground = one => { for (; one; one = one.parentElement) {
        const colour = getComputedStyle(one).backgroundColor;
        if (!/rgba\\(.*, 0\\)/.test(colour)) return colour; } return 'rgb(255, 255, 255)'; };
    return Math.min(...[...document.querySelectorAll('body *')].map(one => {
        const both = [light(getComputedStyle(one).color), light(ground(one))].sort((a, b) => b - a);
        return (both[0] + 0.05) / (both[1] + 0.05); })); })()"""


class Pages(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.folder.cleanup)
        cls.browser = Browser()
        cls.addClassCleanup(cls.browser.close)

    def path(self, name):
        return os.path.join(self.folder.name, name)

    def look_at(self, path, figures):
        browser = self.browser
        for width, dark in LOOKS:
            with self.subTest(width=width, dark=dark):
                browser.look(width, dark)
                browser.open(path)
                self.assertEqual(browser.evaluate(
                    "[...document.images].map(one => one.naturalWidth > 0 && one.complete)"),
                    [True] * figures)
                self.assertEqual(browser.evaluate(CLIPPED), [])
                self.assertLessEqual(browser.evaluate("document.documentElement.scrollWidth"),
                                     width)
                self.assertEqual(browser.complaints(), [])
                asked = [url for url in browser.requests() if not url.startswith("data:")]
                self.assertEqual(len(asked), 1)
                self.assertRegex(asked[0], r"^file:///")
                self.assertGreater(browser.evaluate(CONTRAST), 4.5)
                self.shown("document.images[0].currentSrc !== document.images[0].src", dark,
                           "the figure of the other colour scheme")
                if SHOTS:
                    name = re.sub(r"\.html$", "", os.path.basename(path))
                    browser.picture(os.path.join(
                        SHOTS, f"{name}-{width}-{'dark' if dark else 'light'}.png"))

    def shown(self, expression, value, text):
        """The browser changes pictures a while after the colour scheme."""
        for _ in range(100):
            if self.browser.evaluate(expression) == value:
                return
            time.sleep(0.1)
        self.fail(text)

    def test_report(self):
        page = self.path("report.html")
        code = _cli.main(["report", str(ROOT / "examples/data/soft-bounds.csv"), "-o", page,
                          "--quick", "--quiet", "--images", "300", "--tests", "100", "--seeds",
                          "2", "--epochs", "2", "--hidden", "8", "--instances", "2"])
        self.assertEqual(code, 0)
        self.look_at(page, 8)
        self.browser.look(800, True, "print")
        ground = self.browser.evaluate("getComputedStyle(document.body).backgroundColor")
        self.assertEqual(ground, "rgb(255, 255, 255)", "paper is white")
        self.shown("document.images[0].currentSrc === document.images[0].src", True,
                   "the light figure on paper")

    def test_paper(self):
        tables = {f"figure{name}": rows for name, rows in paper_tables.switching().items()}
        tables |= {"figure2d": paper_tables.ramp(), "figure3": paper_tables.staircases(32),
                   "figure4": paper_tables.staircases(63)}
        tables["figure3c"], tables["figure3c-widths"] = paper_tables.histograms(500)
        for name, runs in (("figure5c", [("A", states) for states in (4, 16, 32, 64)]),
                           ("figure5d", [(sample, 32) for sample in ("ideal", "A", "B")])):
            tables[name] = [{"sample": sample, "states": str(states), "seed": str(seed),
                             "epoch": str(epoch), "test_accuracy": str(40 + 4 * epoch + seed)}
                            for sample, states in runs for seed in (1, 2)
                            for epoch in range(1, 11)]
        for name, rows in tables.items():
            with open(self.path(name + ".csv"), "w", encoding="utf-8") as file:
                file.write(",".join(rows[0]) + "\n")
                file.writelines(",".join(row.values()) + "\n" for row in rows)
        page = self.path("paper.html")
        self.assertEqual(_cli.main(["paper", "--tables", self.folder.name, "-o", page,
                                    "--quiet"]), 0)
        self.look_at(page, 9)

    def test_a_page_that_is_wrong_is_seen(self):
        """What the test looks for, it finds."""
        page = self.path("wrong.html")
        with open(page, "w", encoding="utf-8") as file:
            file.write("<body><img src='missing.png'><div style='width: 3000px'>wide</div>"
                       "<p style='color: #aaa; background: #fff'>faint</p>"
                       "<script>console.error('bad')</script>")
        self.browser.look(390, False)
        self.browser.events.clear()
        self.browser.call("Page.navigate", url="file://" + page)
        self.browser.evaluate("new Promise(done => setTimeout(done, 300))")
        self.assertIn("'bad'", str(self.browser.complaints()))
        self.assertTrue(self.browser.evaluate(CLIPPED))
        self.assertLess(self.browser.evaluate(CONTRAST), 3)
        self.assertTrue(any("missing.png" in url for url in self.browser.requests()))


if __name__ == "__main__":
    main()
