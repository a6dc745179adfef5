# SPDX-License-Identifier: BSD-3-Clause
"""The synthetic digits of the C examples (examples/common/synthetic.c), many at a time.

Digit number `index` of a seed is the same picture here and there, but for pixels whose rounding
differs in the last of 255 steps.
"""

from __future__ import annotations

from typing import Any, Callable, NamedTuple

import numpy as np
import numpy.typing as npt

SIDE = 28
STEPS = 6  # lines from one control point to the next
WAVES = 3
JITTER, ROTATION, SLANT_MEAN, SLANT, ASPECT, WAVE = 0.038, 0.15, 0.12, 0.23, 0.16, 0.038
BOX, SMALLEST, SHIFT, THINNEST, THICKEST, FAINTEST = 20.0, 0.86, 0.6, 0.85, 2.0, 0.78
FIRST_TEST_DIGIT = 10**12

# Four variants of each digit. A control point is x,y in per cent of the glyph's box, y downwards;
# ^ breaks the tangent there, and / ends the stroke.
GLYPHS = (
    (  # 0
     "50,0 22,14 8,50 22,87 50,100 78,87 92,50 78,14 48,0/",
     "62,4 30,8 8,40 14,82 45,100 80,80 92,42 74,8 40,6/",
     "45,6 18,40 20,85 48,100 76,70 82,30 66,2 38,10/",
     "50,0 10,20 0,55 20,92 52,98 90,84 100,45 82,10 46,2/",
    ),
    (  # 1
     "50,0^ 50,50 50,100/",
     "52,0^ 49,50 50,100/",
     "30,24^ 54,0^ 52,50 52,100/",
     "28,22^ 52,0^ 52,99/ 22,100^ 80,99/",
    ),
    (  # 2
     "10,24 24,5 54,0 80,18 72,46 42,74 8,98^ 50,96 96,97/",
     "12,16 50,0 80,22 64,58 30,90 8,92 14,74 42,80 66,96 94,90/",
     "8,10 44,0 78,10 84,36 52,66 6,92^ 40,88 88,100/",
     "22,30 34,4 66,4 74,32 50,68 16,94 8,78 34,76 64,98 92,84/",
    ),
    (  # 3
     "12,12 44,0 78,14 70,38 40,48^ 76,56 88,78 54,100 8,88/",
     "12,3^ 82,2^ 44,42^ 78,52 86,80 48,100 6,88/",
     "18,8 56,0 76,20 50,44 36,48 60,50 82,70 62,98 14,96/",
     "20,14 52,0 80,12 74,34 44,46^ 80,62 70,90 30,100 10,82/",
    ),
    (  # 4
     "20,2^ 12,50^ 50,54 88,50/ 76,4^ 70,50 66,100/",
     "66,0^ 6,66^ 96,64/ 66,2^ 64,100/",
     "16,6 14,36 32,52 60,48 82,26/ 84,0^ 78,50 70,100/",
     "34,0 12,40 16,54^ 54,56 92,46/ 78,16^ 62,58 54,100/",
    ),
    (  # 5
     "84,2^ 28,3^ 20,44^ 52,36 82,54 78,86 44,100 8,90/",
     "30,6^ 22,42^ 56,42 78,66 60,96 10,96/ 30,5^ 92,0/",
     "92,0 44,6 28,30 46,46 68,62 64,90 34,100 6,86/",
     "80,4^ 36,4^ 24,38^ 64,46 76,74 52,96 16,94 10,76/",
    ),
    (  # 6
     "72,0 34,26 12,64 26,94 58,98 80,76 64,54 34,60 16,80/",
     "44,0 26,36 18,74 38,98 68,90 70,66 46,60 24,78/",
     "84,4 50,8 18,38 10,76 36,100 76,92 86,66 58,52 18,66/",
     "60,0 26,40 14,78 44,100 84,84 70,64 36,76 22,90/",
    ),
    (  # 7
     "8,6^ 88,3^ 60,46 40,100/",
     "10,12 40,6 84,4^ 70,48 60,100/",
     "8,6^ 88,3^ 60,48 42,100/ 30,54^ 82,48/",
     "12,24^ 14,5^ 52,6 86,2 76,34 54,100/",
    ),
    (  # 8
     "76,14 46,0 20,20 46,46 78,74 50,100 20,78 50,48 80,22 66,6/",
     "50,0 24,20 50,44 76,22 50,0 40,2/ 50,44 18,72 48,100 82,74 52,44/",
     "84,8 44,2 26,24 52,50 66,80 40,100 22,82 50,48 88,12/",
     "62,2 32,14 40,40 64,66 60,94 34,98 26,76 56,46 78,16 58,2/",
    ),
    (  # 9
     "80,18 50,2 18,22 30,48 64,44 82,18^ 78,60 70,100/",
     "78,22 46,0 14,22 34,46 70,38 80,16 78,64 54,96 22,92/",
     "74,14 40,10 20,36 44,48 76,20^ 64,60 44,100/",
     "70,6 32,4 20,30 50,46 78,24 70,4 74,50 72,100/",
    ),
)

Words = npt.NDArray[np.uint64]
Reals = npt.NDArray[np.float32]
F = np.float32


def mix(z: Words) -> Words:
    """splitmix64's scrambler (Steele, Lea and Flood, OOPSLA 2014)."""
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xbf58476d1ce4e5b9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94d049bb133111eb)
    return z ^ (z >> np.uint64(31))


class Stream:
    """The random numbers of many digits, side by side."""

    def __init__(self, seed: int, index: Words, purpose: int) -> None:
        first = mix(np.array([(seed + 0x9e3779b97f4a7c15) % 2**64], np.uint64))
        self.state = mix(mix(first ^ index) + np.uint64(purpose))

    def next(self) -> Words:
        self.state = self.state + np.uint64(0x9e3779b97f4a7c15)
        return mix(self.state)

    def uniform(self, low: float, high: float) -> Reals:
        unit = (self.next() >> np.uint64(40)).astype(F) * F(2.0**-24)
        return np.asarray(F(low) + F(high - low) * unit, F)

    def normal(self, sd: float) -> Reals:
        """Near enough to normal, and never beyond 3 sd."""
        first, second = self.uniform(-1, 1), self.uniform(-1, 1)
        return (first + second + self.uniform(-1, 1)) * F(sd)


def labels_of(seed: int, index: Words) -> npt.NDArray[np.int32]:
    """Each block of ten digits is a permutation of the ten labels."""
    blocks, block_of = np.unique(index // np.uint64(10), return_inverse=True)
    stream, rows = Stream(seed, blocks, 1), np.arange(blocks.size)
    order = np.zeros((blocks.size, 10), np.int32)
    for i in range(10):
        j = (stream.next() % np.uint64(i + 1)).astype(np.intp)
        order[:, i] = order[rows, j]
        order[rows, j] = i
    return order[block_of, (index % np.uint64(10)).astype(np.intp)]


class Curve(NamedTuple):
    """Points of many digits of one variant, and where a stroke ends."""

    x: Reals  # points x digits
    y: Reals
    end: list[bool]


def spline(a: Reals, b: Reals, c: Reals, d: Reals, t: float) -> Reals:
    u = F(t)
    cubic = u * (c - a + u * (2 * a - 5 * b + 4 * c - d + u * (3 * (b - c) + d - a)))
    return np.asarray(F(0.5) * (2 * b + cubic), F)


def trace(glyph: str, stream: Stream) -> Curve:
    """Catmull-Rom curves through the jittered control points, as short lines."""
    words = glyph.split()
    kinds = [word[-1] if word[-1] in "^/" else "" for word in words]
    points = []
    for word in words:
        x, y = (F(0.01) * F(int(value)) - F(0.5) for value in word.rstrip("^/").split(","))
        jitter_x = x + stream.normal(JITTER)
        points.append((jitter_x, y + stream.normal(JITTER)))
    traced: list[tuple[Reals, Reals]] = []
    end, starts = [], True
    for i in range(len(points) - 1):
        if kinds[i] == "/":
            starts = True
            continue
        b, c = points[i], points[i + 1]
        a = b if starts or kinds[i] == "^" else points[i - 1]
        d = points[i + 2] if kinds[i + 1] == "" else c
        for step in range(0 if starts else 1, STEPS + 1):
            t = step / STEPS
            traced.append((spline(a[0], b[0], c[0], d[0], t), spline(a[1], b[1], c[1], d[1], t)))
            end.append(step == STEPS and kinds[i + 1] == "/")
        starts = False
    return Curve(np.array([x for x, _ in traced]), np.array([y for _, y in traced]), end)


def distort(curve: Curve, stream: Stream) -> Curve:
    """The elastic distortion, and then width, slant and rotation."""
    x, y = curve.x, curve.y
    for _ in range(WAVES):
        kx, ky = stream.uniform(-5, 5), stream.uniform(-5, 5)
        phase = stream.uniform(0, 6.2831853)
        dx, dy = stream.normal(WAVE), stream.normal(WAVE)
        height = np.sin(kx * x + ky * y + phase)
        x, y = x + dx * height, y + dy * height
    angle, slant = stream.normal(ROTATION), F(SLANT_MEAN) + stream.normal(SLANT)
    width = F(0.78) * np.exp(stream.normal(ASPECT))
    x = width * x - slant * y
    cosine, sine = np.cos(angle), np.sin(angle)
    return Curve(cosine * x - sine * y, sine * x + cosine * y, curve.end)


def fit(curve: Curve, half_width: Reals, stream: Stream) -> Curve:
    """Scales the ink into MNIST's box, its centre of mass in the middle of the page."""
    x, y = curve.x, curve.y
    inked = ~np.array(curve.end[:-1])[:, None]
    length = np.where(inked, np.hypot(np.diff(x, axis=0), np.diff(y, axis=0)), F(0))
    mass = F(1e-6) + length.sum(axis=0)
    extent = np.maximum(np.maximum(np.ptp(x, axis=0), np.ptp(y, axis=0)), F(0.1))
    scale = (F(BOX) - 2 * half_width) * stream.uniform(SMALLEST, 1) / extent
    placed = []
    for value in (x, y):
        moment = (F(0.5) * length * (value[1:] + value[:-1])).sum(axis=0)
        middle = F(0.5 * (SIDE - 1)) - scale * moment / mass
        placed.append(scale * value + (middle + stream.normal(SHIFT)))
    return Curve(placed[0], placed[1], curve.end)


def draw_line(near: Reals, curve: Curve, i: int, reach: Reals) -> None:
    """Raises the pixels near a line to reach^2 - distance^2, where that is more."""
    ax, ay, bx, by = curve.x[i], curve.y[i], curve.x[i + 1], curve.y[i + 1]
    dx, dy = bx - ax, by - ay
    per_length2 = F(1) / np.maximum(dx * dx + dy * dy, F(1e-12))
    pixels = []
    for a, b in ((ax, bx), (ay, by)):
        first = np.clip(np.ceil(np.minimum(a, b) - reach), 0, SIDE - 1)
        last = np.clip(np.floor(np.maximum(a, b) + reach), 0, SIDE - 1)
        window = np.arange(int((last - first).max()) + 1)
        pixels.append(np.minimum(first[:, None].astype(np.intp) + window, SIDE - 1))
    cols, rows = pixels[0][:, None, :], pixels[1][:, :, None]

    def wide(value: Reals) -> Reals:
        return np.asarray(value[:, None, None], F)

    px, py = cols.astype(F) - wide(ax), rows.astype(F) - wide(ay)
    t = np.clip((px * wide(dx) + py * wide(dy)) * wide(per_length2), F(0), F(1))
    px, py = px - t * wide(dx), py - t * wide(dy)
    at = (np.arange(ax.size)[:, None, None], rows, cols)
    near[at] = np.maximum(near[at], wide(reach * reach) - px * px - py * py)


def draw(curve: Curve, half_width: Reals, ink: Reals) -> Reals:
    """Ink over one pixel's width at the edge of a stroke, in steps of 1/255."""
    reach = half_width + F(0.5)
    near = np.zeros((reach.size, SIDE, SIDE), F)
    for i, ends in enumerate(curve.end[:-1]):
        if not ends:
            draw_line(near, curve, i, reach)
    wide: Callable[[Reals], Any] = lambda value: value[:, None, None]
    hidden = np.sqrt(np.maximum(wide(reach * reach) - near, F(0)))
    covered = np.where(near > 0, np.minimum(wide(reach) - hidden, F(1)), F(0))
    return np.asarray(np.floor(F(255) * wide(ink) * covered + F(0.5)) / F(255), F)


def digits(seed: int, first: int, n: int) -> tuple[Reals, npt.NDArray[np.int32]]:
    """Digits number first .. first + n - 1 of a seed: pixels (n, 784) of 0 .. 1, and labels."""
    index = np.arange(first, first + n, dtype=np.uint64)
    labels = labels_of(seed, index)
    variant = (Stream(seed, index, 2).next() % np.uint64(4)).astype(np.intp)
    pixels = np.empty((n, SIDE, SIDE), F)
    for label, variants in enumerate(GLYPHS):
        for number, glyph in enumerate(variants):
            these = np.flatnonzero((labels == label) & (variant == number))
            for start in range(0, these.size, 512):
                some = these[start:start + 512]
                stream = Stream(seed, index[some], 2)
                stream.next()  # has chosen the variant
                half_width = stream.uniform(THINNEST, THICKEST)
                ink = stream.uniform(FAINTEST, 1)
                curve = fit(distort(trace(glyph, stream), stream), half_width, stream)
                pixels[some] = draw(curve, half_width, ink)
    return pixels.reshape(n, SIDE * SIDE), labels
