# SPDX-License-Identifier: BSD-3-Clause
"""Tables of jumps in NumPy, and the update rules that send them pulses, after docs/devices.md and
docs/rules.md; arrays of the library with the same face; a task for both.

All arrays here have an axis of instances in front, each with random numbers of its own."""
import functools

import support  # noqa: F401
import numpy as np

import memqc

LOW, HIGH = 1e-5, 1e-4


def quantile(g, q, at, u):
    """Bilinear, as device_measured.h has it."""
    p = u * (q.shape[1] - 1)
    j = np.minimum(p.astype(int), q.shape[1] - 2)
    x = np.clip(np.interp(at, g, np.arange(len(g))), 0, len(g) - 1)
    i = np.minimum(x.astype(int), len(g) - 2)
    low, high = (q[k, j] + (p - j) * (q[k, j + 1] - q[k, j]) for k in (i, i + 1))
    return low + (x - i) * (high - low)


WRONG = {
    "the nearest node": lambda g, q, at, u: quantile(g, q, nearest(g, at), u),
    "the node below": lambda g, q, at, u: quantile(g, q, below(g, at), u),
    "the quantile below": lambda g, q, at, u: quantile(g, q, at, below(even_grid(q), u)),
    "an even grid": lambda g, q, at, u: quantile(np.linspace(g[0], g[-1], len(g)), q, at, u),
}  # look-ups that the tests must tell from the right one


def nearest(g, at):
    return g[np.abs(np.subtract.outer(at, g)).argmin(axis=-1)]


def below(g, at):
    return g[np.maximum(np.searchsorted(g, at, "right") - 1, 0)]


def even_grid(q):
    return np.linspace(0, 1, q.shape[1])


def uneven(size=4e-6):
    """Few conductances and quantiles, far from a line in either, so that wrong interpolation shows."""
    g = LOW + (HIGH - LOW) * np.array([0, 0.1, 0.35, 1])
    spread = 0.5 * np.array([-1, -0.8, -0.4, 0.3, 2.4])
    up = size * (np.array([1.6, 0.5, 1.5, 0.4])[:, None] + spread)
    down = -size * (np.array([0.4, 1.4, 0.5, 1.7])[:, None] + spread)[:, ::-1]
    return g.astype(np.float32), up.astype(np.float32), down.astype(np.float32)


def skewed(nodes=9, quantiles=33, size=4e-6, power=1):
    """Skewed jumps that shrink along the window, as SET and RESET of a filament have them: the
    conductances, and the quantiles up and down."""
    x = np.linspace(0, 1, nodes) ** power
    g = LOW + (HIGH - LOW) * x
    spread = -np.log1p(-0.97 * np.linspace(0, 1, quantiles)) - 0.4
    up = size * (1.2 - x)[:, None] * (0.6 + spread)
    down = -size * (0.3 + 0.7 * x)[:, None] * (0.8 + spread)[::-1]
    return g.astype(np.float32), up.astype(np.float32), np.sort(down, axis=1).astype(np.float32)


class Jumps:
    """A device: tables, each the (conductances, quantiles) of both directions, and the window."""

    def __init__(self, tables, window=(LOW, HIGH), states=32, look_up=quantile):
        self.tables, self.states, self.look_up = tables, states, look_up
        self.low, self.high = (float(np.float32(end)) for end in window)
        self.middle, self.range = 0.5 * (self.low + self.high), self.high - self.low
        self.spacing = self.range / (states - 1)

    def device(self):
        """The same of the library."""
        made = memqc.Device(model="jumps", g_min=self.low, g_max=self.high, states=self.states)
        for number, (up, down) in enumerate(self.tables):
            made.set_jumps("up", *up, table=number)
            made.set_jumps("down", *down, table=number)
        return made

    def pulse(self, random, g, counts, which):
        """Pulses of either sign, one after the other, on cells of the tables `which`."""
        g = np.array(g)
        for k in range(int(np.abs(counts).max(initial=0))):
            for number, (up, down) in enumerate(self.tables):
                for sign, table in ((1, up), (-1, down)):
                    at = np.nonzero((sign * counts > k) & (which == number))
                    here = g[at]
                    jump = self.look_up(*table, here, random.random(len(here)))
                    g[at] = np.clip(here + jump, self.low, self.high)
        return g

    # Programming

    def size(self, g, up):
        """The size of the mean pulse, the mean over the tables; 0 where it goes the wrong way."""
        sizes = []
        for table in self.tables:
            nodes, q = table[0 if up else 1]
            mean = np.interp(g, nodes, (q[:, 1:] + q[:, :-1]).mean(axis=1, dtype=float) / 2)
            sizes.append(mean if up else -mean)
        return np.maximum(np.mean(sizes, axis=0), 0)

    def after(self, g, up):
        """Where the mean pulse leads."""
        return np.clip(g + (1 if up else -1) * self.size(g, up), self.low, self.high)

    @property
    def step(self):
        """The mean size of the pulses up and down in the middle of the window."""
        return 0.5 * float(self.size(self.middle, True) + self.size(self.middle, False))

    @functools.cached_property
    def coarse(self):
        """Does a pulse cross more than a quarter of the window, and than the spacing of levels?"""
        g = np.linspace(self.low, self.high, 1025)
        most = max(np.abs(self.after(g, up) - g).max() for up in (True, False))
        return most > max(0.25 * self.range, self.spacing)

    @functools.cached_property
    def course(self):
        """Nominal pulses as programming has them: coarse ones are looked up at 1025 nodes."""
        if not self.coarse:
            return self.after
        nodes = np.linspace(self.low, self.high, 1025)
        after = {up: self.after(nodes, up).astype(np.float32) for up in (True, False)}
        return lambda g, up: np.interp(g, nodes, after[up])

    def plan(self, g, target):
        """Pulses there, and back where they are coarse, that end nearest by the nominal course. A
        pulse more must bring a thousandth of the spacing."""
        least = 1e-3 * self.spacing
        sign, at, miss = np.where(target > g, 1, -1), np.array(g), np.abs(g - target)
        there, back, passed = (np.zeros(g.shape, int) for _ in range(3))
        for leg in range(2 if self.coarse else 1):
            going, up = passed > 0 if leg else np.full(g.shape, True), (sign > 0) ^ bool(leg)
            for n in range(1, 16385):
                ahead = np.where(up, self.course(at, True), self.course(at, False))
                going &= np.abs(ahead - at) > 1e-3 * least
                if not going.any():
                    break
                at = np.where(going, ahead, at)
                better = going & (np.abs(at - target) < miss - least)
                there[better], back[better] = passed[better] if leg else n, n if leg else 0
                miss = np.where(better, np.abs(at - target), miss)
                crossed = going & np.where(up, at >= target, at <= target)
                if not leg:
                    passed[crossed] = n
                going &= ~crossed
        return sign * there, -sign * back


class Weights:
    """Weights on single cells, whose scale is 1, and the rule that moves them."""

    rule, keys = "", ""

    def __init__(self, jumps, g, seed, length=31, **options):
        self.jumps, self.random, self.length = jumps, np.random.default_rng(seed), length
        self.g, self.options = np.array(g, float), options
        self.which = self.random.integers(0, len(jumps.tables), self.g.shape)
        self.unit = 2 / jumps.range
        self.pulse_weight = self.unit * jumps.step
        self.begin()

    def begin(self):
        """What the rule keeps."""

    @property
    def w(self):
        return self.unit * (self.g - self.jumps.middle)

    def lines(self, x, gain, slots):
        """Do lines fire? (instances, slots, lines), for as many slots as each instance has."""
        p, slot = np.minimum(gain[:, None] * np.abs(x), 1), np.arange(int(slots.max(initial=0)))
        fire = self.random.random((len(x), len(slot), x.shape[1])) < p[:, None]
        return fire & (slot[None, :, None] < slots[:, None, None])

    def train(self, g, which, outer):
        """A pulse train on the cells g for one sample of each instance, where any is needed."""
        x, d, alpha = outer
        most_x, most_d = np.abs(x).max(axis=1), np.abs(d).max(axis=1)
        needed = abs(alpha) * most_x * most_d / self.pulse_weight
        slots, some = np.minimum(self.length, np.ceil(needed)), needed > 0
        gain = np.sqrt(abs(alpha) / (self.pulse_weight * np.where(some, slots, 1)))
        balance = np.sqrt(np.where(some, most_d, 1) / np.where(some, most_x, 1))
        rows, cols = self.lines(x, gain * balance, slots), self.lines(d, gain / balance, slots)
        counts = np.einsum("nsi,nsj->nij", rows.astype(np.float32), cols.astype(np.float32))
        signs = np.sign(alpha) * np.sign(x)[:, :, None] * np.sign(d)[:, None, :]
        return self.jumps.pulse(self.random, g, (counts * signs).astype(int), which), some


class PulseTrain(Weights):
    """Gokmen and Vlasov 2016, with update management."""

    rule = "pulse-train"

    def update(self, x, d, alpha):
        self.g, _ = self.train(self.g, self.which, (x, d, alpha))


class TikiTaka(Weights):
    """Gokmen and Haensch 2020: trains on a fast array, rows of which are added to the slow one."""

    rule, keys = "tiki-taka", "tiki_taka_"

    def begin(self):
        self.of_fast = self.random.integers(0, len(self.jumps.tables), self.g.shape)
        self.fast, one = np.full(self.g.shape, self.jumps.middle), np.ones(self.g.shape, int)
        for _ in range(self.options["pairs"]):
            for sign in (1, -1):
                self.fast = self.jumps.pulse(self.random, self.fast, sign * one, self.of_fast)
        self.zero = self.fast.copy()
        self.updates = np.full(len(self.g), 2 * self.options["pairs"])

    def update(self, x, d, alpha):
        self.fast, trained = self.train(self.fast, self.of_fast, (x, d, alpha))
        self.updates += trained
        every = self.options["every"]
        due = np.nonzero(trained & (self.updates % every == 0))[0]
        at = due, self.updates[due] // every % self.g.shape[1]
        v = self.options["rate"] * self.unit * (self.fast[at] - self.zero[at])
        slots = np.minimum(self.length,
                           np.ceil(np.abs(v).max(axis=1, initial=0) / self.pulse_weight))
        gain = 1 / (self.pulse_weight * np.maximum(slots, 1))
        counts = (self.lines(v, gain, slots).sum(axis=1) * np.sign(v)).astype(int)
        self.g[at] = self.jumps.pulse(self.random, self.g[at], counts, self.which[at])


class MixedPrecision(Weights):
    """Nandakumar 2020: an accumulator that passes whole levels on."""

    rule = "mixed-precision"

    def begin(self):
        jumps = self.jumps
        self.position = np.clip(np.rint((self.g - jumps.low) / jumps.spacing), 0, jumps.states - 1)
        self.chi, self.per = np.zeros(self.g.shape), self.unit * jumps.spacing

    def update(self, x, d, alpha):
        jumps = self.jumps
        self.chi += alpha * x[:, :, None] * d[:, None, :]
        whole = np.trunc(self.chi / self.per)
        self.chi -= whole * self.per
        to = np.clip(self.position + whole, 0, jumps.states - 1)
        at = np.nonzero(to != self.position)
        self.position = to
        g, which = self.g[at], self.which[at]
        for counts in jumps.plan(g, jumps.low + to[at] * jumps.spacing):
            g = jumps.pulse(self.random, g, counts, which)
        self.g[at] = g


class Arrays:
    """Arrays of the library with the face of Weights, each of cells of its own."""

    def __init__(self, rule, jumps, g, seed, **options):
        keys = {rule.keys + key: value for key, value in options.items()}
        self.arrays = [memqc.Crossbar(jumps.device(), np.zeros(g.shape[1:]),
                                      seed=seed + number, rule=rule.rule, **keys)
                       for number in range(len(g))]
        for array, start in zip(self.arrays, g):
            array.conductances[0] = start

    @property
    def g(self):
        return np.array([array.conductances[0] for array in self.arrays])

    @property
    def w(self):
        return np.array([array.weights for array in self.arrays])

    def update(self, x, d, alpha):
        for array, one, other in zip(self.arrays, x, d):
            array.update_outer(one[None], other[None], alpha)


# A task: four clouds of points in eight dimensions, 8-6-4 with biases, logistic units and softmax,
# sample by sample.

def clouds(count, seed, spread=0.35):
    centres = np.random.default_rng(77).uniform(0, 1, (4, 8))
    random = np.random.default_rng(seed)
    y = random.integers(0, 4, count)
    x = centres[y] + spread * random.standard_normal((count, 8))
    return with_one(np.clip(x, -0.5, 1.5)), y


def with_one(x):
    return np.concatenate([x, np.ones(x.shape[:-1] + (1,))], axis=-1)


def forward(x, first, second):
    h = with_one(1 / (1 + np.exp(-np.einsum("n...i,nij->n...j", x, first))))
    o = np.einsum("n...i,nij->n...j", h, second)
    e = np.exp(o - o.max(axis=-1, keepdims=True))
    return h, e / e.sum(axis=-1, keepdims=True)


def accuracies(make, jumps, count, *, seed=1, steps=1200, rate=0.2):
    """Of `count` networks, each trained from weights and in an order of its own, which depend on the
    seed alone. make(g, seed) gives the weights of a layer."""
    random = np.random.default_rng(seed)
    x, y = clouds(600, 1)
    layers = []
    for shape in ((9, 6), (7, 4)):
        w = random.uniform(-0.3, 0.3, (count, *shape))
        levels = np.rint((1 + w) / 2 * (jumps.states - 1))
        layers.append(make(jumps.low + levels * jumps.spacing, 1000 * seed + 7 * len(layers)))
    first, second = layers
    for picked in random.integers(0, len(y), (steps, count)):
        h, p = forward(x[picked], first.w, second.w)
        p[np.arange(count), y[picked]] -= 1
        back = np.einsum("nj,nij->ni", p, second.w)[:, :-1] * h[:, :-1] * (1 - h[:, :-1])
        second.update(h, p, -rate)
        first.update(x[picked], back, -rate)
    test, labels = clouds(500, 2)
    _, p = forward(np.broadcast_to(test, (count, *test.shape)), first.w, second.w)
    return (p.argmax(axis=-1) == labels).mean(axis=-1)
