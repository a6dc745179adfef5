# SPDX-License-Identifier: BSD-3-Clause
"""Pictures to train on: IDX files, where they are looked for, and the synthetic digits."""
import gzip
import os
import struct
import tempfile
import tracemalloc
import unittest
import unittest.mock

from support import main

import numpy

import memqc
import memqc.data


def idx(*shape, fill=None):
    """An IDX file of a shape, whose bytes count up."""
    size = int(numpy.prod(shape))
    body = bytes(i % 10 for i in range(size)) if fill is None else bytes([fill]) * size
    return bytes([0, 0, 8, len(shape)]) + struct.pack(f">{len(shape)}I", *shape) + body


class Folder(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)

    def path(self, name, content):
        path = os.path.join(self.folder.name, name)
        with open(path, "wb") as file:
            file.write(content)
        return path

    def fill(self, **instead):
        contents = {"train-images-idx3-ubyte": idx(6, 2, 3), "train-labels-idx1-ubyte": idx(6),
                    "t10k-images-idx3-ubyte.gz": gzip.compress(idx(4, 2, 3, fill=255)),
                    "t10k-labels-idx1-ubyte": idx(4)}
        for name, content in {**contents, **instead}.items():
            if content is not None:
                self.path(name, content)
        return self.folder.name


class Idx(Folder):
    def test_plain_and_compressed(self):
        plain = memqc.data.read_idx(self.path("a", idx(2, 3, 4)), 3)
        packed = memqc.data.read_idx(self.path("b", gzip.compress(idx(2, 3, 4))), 3)
        self.assertEqual(plain.shape, (2, 3, 4))
        self.assertEqual(plain.reshape(-1)[:12].tolist(), list(range(10)) + [0, 1])
        numpy.testing.assert_array_equal(plain, packed)

    def test_damage(self):
        good, packed = idx(2, 3, 4), gzip.compress(idx(2, 3, 4))
        for content, says in (
                (good[:-1], "promises 24 bytes, but 23"), (good + b"x", "but 25 follow"),
                (idx(5), "not an IDX file of images"), (b"", "not an IDX file"),
                (good[:9], "truncated"), (packed[:-9], "damaged"), (packed[:20], "damaged"),
                (packed[:12] + b"????" + packed[16:], "damaged"), (idx(0, 3, 4), "size of 0"),
                (b"\0\0\x08\x03" + b"\xff" * 12, "promises 792281")):
            path = self.path("damaged", content)
            with self.assertRaises(memqc.FormatError) as caught:
                memqc.data.read_idx(path, 3)
            self.assertIn(says, str(caught.exception))
            self.assertIn(path, str(caught.exception))
        with self.assertRaises(memqc.FileError):
            memqc.data.read_idx(self.path("damaged", b"") + ".no", 3)
        with self.assertRaises(memqc.ArgumentError):
            memqc.data.read_idx("damaged", 2)

    def test_a_bomb(self):
        bomb = gzip.compress(idx(128, 1024, 1024, fill=0), 1)
        tracemalloc.start()
        self.addCleanup(tracemalloc.stop)
        self.assertLess(len(bomb), 1 << 20)
        with self.assertRaises(memqc.FormatError) as caught:
            memqc.data.read_idx(self.path("bomb", bomb), 3)
        self.assertIn("unpack to more than", str(caught.exception))
        self.assertLess(tracemalloc.get_traced_memory()[1], 1 << 26)


class Places(Folder):
    def test_a_named_folder(self):
        images = memqc.data.load(self.fill(), train=5)
        self.assertIn(self.folder.name, images.source)
        self.assertEqual(images.shape, (2, 3))
        self.assertEqual(images.train.x.shape, (5, 6))
        self.assertEqual(images.train.x.dtype, numpy.float32)
        self.assertEqual(images.train.labels.tolist(), [0, 1, 2, 3, 4])
        numpy.testing.assert_array_equal(images.test.x, numpy.ones((4, 6), "f4"))

    def test_what_is_missing_or_wrong(self):
        for name, content, kind, says in (
                ("train-labels-idx1-ubyte", idx(5), memqc.FormatError, "has 5 labels"),
                ("train-labels-idx1-ubyte", idx(6, fill=10), memqc.FormatError, "label 0 is 10"),
                ("t10k-images-idx3-ubyte", idx(4, 3, 3), memqc.FormatError, "images of 3 x 3")):
            with self.assertRaises(kind) as caught:
                memqc.data.load(self.fill(**{name: content}))
            self.assertIn(says, str(caught.exception))
        with tempfile.TemporaryDirectory() as empty:
            with self.assertRaises(memqc.FileError) as caught:
                memqc.data.load(empty)
            self.assertIn("train-images-idx3-ubyte.gz", str(caught.exception))
        with self.assertRaises(memqc.ArgumentError):
            memqc.data.load(test=0)

    def test_the_order(self):
        nowhere = {"MEMQC_DATA": "", "XDG_CACHE_HOME": self.folder.name + "/cache"}
        with unittest.mock.patch.dict(os.environ, nowhere), \
                unittest.mock.patch.object(memqc.data, "SYSTEM_FOLDER", "/nowhere"):
            images = memqc.data.load(train=20, test=10, seed=3)
            self.assertEqual(images.source, "synthetic digits, built in and drawn with seed 3")
            os.environ["MEMQC_DATA"] = self.fill()
            self.assertIn("$MEMQC_DATA", memqc.data.load().source)
            os.environ["MEMQC_DATA"] = "/nowhere/at/all"
            with self.assertRaises(memqc.FileError):
                memqc.data.load()


class Synthetic(unittest.TestCase):
    def load(self, **options):
        with unittest.mock.patch.object(memqc.data, "_places", lambda folder: iter(())):
            return memqc.data.load(**options)

    def test_digits(self):
        images = self.load(train=400, test=100)
        self.assertEqual(numpy.bincount(images.train.labels).tolist(), [40] * 10)
        steps = images.train.x * 255
        numpy.testing.assert_allclose(steps, steps.round(), atol=1e-4)
        self.assertEqual(images.train.x.min(), 0)
        self.assertGreater(images.train.x.max(), 0.9)
        # Labelled by the nearest mean of a class, which does little worse on MNIST itself.
        means = numpy.array([images.train.x[images.train.labels == k].mean(0) for k in range(10)])
        distances = ((images.test.x[:, None] - means) ** 2).sum(2)
        self.assertGreater((distances.argmin(1) == images.test.labels).mean(), 0.6)

    def test_a_digit_depends_on_its_number_alone(self):
        few, many = self.load(train=7, test=3), self.load(train=60, test=30)
        numpy.testing.assert_array_equal(few.train.x, many.train.x[:7])
        numpy.testing.assert_array_equal(few.test.labels, many.test.labels[:3])
        other = self.load(train=7, test=3, seed=2)
        self.assertFalse(numpy.array_equal(few.train.x, other.train.x))

    def test_the_digits_of_the_c_examples(self):
        """Sums over pictures that synthetic_digit() of examples/common/synthetic.c made."""
        images = self.load(train=4, test=1, seed=7)
        self.assertEqual(images.train.labels.tolist(), LABELS)
        numpy.testing.assert_allclose(images.train.x.sum(1), SUMS, atol=0.02)


LABELS = [2, 7, 1, 6]
SUMS = [165.9961, 45.3804, 34.2353, 140.7333]

if __name__ == "__main__":
    main()
