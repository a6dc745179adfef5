# SPDX-License-Identifier: BSD-3-Clause
"""Pictures to train on: MNIST and its relatives where they are found, else synthetic digits.

    >>> images = memqc.data.load()
    >>> mlp.fit(images.train.x, images.train.labels, epochs=10)

The places are those of the C examples: a folder that is named, $MEMQC_DATA, the cache that
examples/get-mnist.sh fills, and Debian's package dataset-fashion-mnist.
"""

from __future__ import annotations

import gzip
import io
import os
import sys
import zlib
from typing import Iterator, NamedTuple, Optional, Union

import numpy as np
import numpy.typing as npt

from . import _synthetic
from ._arrays import Floats, Ints
from ._errors import ArgumentError, FileError, FormatError
from ._jumps import read_jumps

__all__ = ["CLASSES", "Images", "Samples", "load", "read_idx",
           "read_jumps"]

CLASSES = 10
FILES = ("train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte",
         "t10k-labels-idx1-ubyte")
SYSTEM_FOLDER = "/usr/share/datasets/fashion-mnist"
MOST_UNASKED, MOST_RATIO = 1 << 24, 32  # what a compressed file may unpack to: see _unpacked()
KINDS = {1: "labels", 3: "images"}
Path = Union[str, "os.PathLike[str]"]


class Samples(NamedTuple):
    """Pictures and what they show."""

    x: Floats  #: (samples, pixels), 0 .. 1
    labels: Ints  #: 0 .. 9


class Images(NamedTuple):
    """A set to train on and one to test with."""

    source: str  #: which data it is and where it comes from, for people
    shape: tuple[int, int]  #: rows and columns of a picture
    train: Samples
    test: Samples


def _unpacked(path: Path, content: bytes) -> bytes:
    """What gzip has packed: up to 16 MB, or 32 bytes for each byte of the file. MNIST has 5."""
    most = max(MOST_UNASKED, MOST_RATIO * len(content))
    with gzip.GzipFile(fileobj=io.BytesIO(content)) as file:
        unpacked = file.read(most + 1)
    if len(unpacked) > most:
        raise FormatError(f"{path}: too large: {len(content)} compressed bytes unpack to more than "
                          f"{most}")
    return unpacked


def read_idx(path: Path, dimensions: int) -> npt.NDArray[np.uint8]:
    """The bytes of an IDX file, plain or compressed by gzip: 1 dimension of labels, 3 of images."""
    if dimensions not in KINDS:
        raise ArgumentError(f"dimensions = {dimensions}; it must be 1 (labels) or 3 (images)")
    try:
        with open(path, "rb") as file:
            content = file.read()
        if content[:2] == b"\x1f\x8b":
            content = _unpacked(path, content)
    except (zlib.error, EOFError, gzip.BadGzipFile) as error:
        raise FormatError(f"{path}: damaged compressed data ({error})") from None
    except OSError as error:
        raise FileError(*error.args) from error
    magic = bytes([0, 0, 8, dimensions])
    if content[:4] != magic:
        raise FormatError(f"{path}: not an IDX file of {KINDS[dimensions]}: it begins with "
                          f"0x{content[:4].hex()}, not 0x{magic.hex()}")
    head = 4 + 4 * dimensions
    if len(content) < head:
        raise FormatError(f"{path}: truncated: the header should have {head} bytes, but the file "
                          f"has {len(content)}")
    shape = [int(size) for size in np.frombuffer(content, ">u4", dimensions, 4)]
    expected = int(np.prod([np.uint64(size) for size in shape], dtype=object))
    if expected == 0:
        raise FormatError(f"{path}: empty: the header gives a size of 0")
    if len(content) - head != expected:
        raise FormatError(f"{path}: the header promises {expected} bytes, but "
                          f"{len(content) - head} follow it")
    return np.frombuffer(content, np.uint8, offset=head).reshape(shape)


def _file(folder: str, name: str) -> Optional[str]:
    for ending in ("", ".gz"):
        path = os.path.join(folder, name + ending)
        if os.path.exists(path):
            return path
    return None


def _samples(images_path: str, labels_path: str, most: int) -> tuple[Samples, tuple[int, int]]:
    images, labels = read_idx(images_path, 3), read_idx(labels_path, 1)
    if len(images) != len(labels):
        raise FormatError(f"{labels_path}: has {len(labels)} labels, but {images_path} has "
                          f"{len(images)} images")
    if labels.max() >= CLASSES:
        raise FormatError(f"{labels_path}: label {int(labels.argmax())} is {labels.max()}, "
                          f"allowed are 0 to {CLASSES - 1}")
    x = images[:most].reshape(min(most, len(images)), -1) / np.float32(255)
    rows, cols = images.shape[1:]
    return Samples(x, labels[:most].astype(np.int32)), (rows, cols)


def _places(folder: Optional[Path]) -> Iterator[tuple[Optional[str], str, bool]]:
    """Where to look: the folder, what it stands for, and whether the user has named it."""
    environment, cache = os.environ.get("MEMQC_DATA"), os.environ.get("XDG_CACHE_HOME", "")
    if not os.path.isabs(cache):
        home = os.environ.get("HOME")
        cache = os.path.join(home, ".cache") if home else ""
    yield None if folder is None else os.fspath(folder), "the IDX files of the folder given", True
    yield environment or None, "the IDX files of $MEMQC_DATA", True
    yield cache and os.path.join(cache, "memqc", "mnist"), "MNIST from get-mnist.sh", False
    yield SYSTEM_FOLDER, "Fashion-MNIST from Debian's dataset-fashion-mnist", False


def load(folder: Optional[Path] = None, *, train: int = 60000, test: int = 10000,
         seed: int = 1) -> Images:
    """At most so many pictures to train on and to test with, the first ones.

    Looked for in the folder, then in $MEMQC_DATA, $XDG_CACHE_HOME/memqc/mnist (or
    ~/.cache/memqc/mnist) and Debian's Fashion-MNIST. Where none is, synthetic digits are drawn
    with the seed. The first two must have the four files; the others are passed over.
    """
    for name, value in (("train", train), ("test", test)):
        if value < 1:
            raise ArgumentError(f"{name} = {value}; it must be 1 or more")
    for place, what, named in _places(folder):
        if not place:
            continue
        found = [_file(place, name) for name in FILES]
        paths = [path for path in found if path is not None]
        if len(paths) == len(FILES):
            first, shape = _samples(paths[0], paths[1], train)
            second, other = _samples(paths[2], paths[3], test)
            if shape != other:
                raise FormatError(f"{paths[2]}: has images of {other[0]} x {other[1]}, but "
                                  f"{paths[0]} of {shape[0]} x {shape[1]}")
            return Images(f"{what} in {place}", shape, first, second)
        if named:
            missing = os.path.join(place, FILES[found.index(None)])
            raise FileError(f"{missing}: neither it nor {os.path.basename(missing)}.gz can be "
                            f"found ({what})")
        if paths:
            print(f"data: passing over {place}, which has {len(paths)} of the {len(FILES)} files",
                  file=sys.stderr)
    return Images(f"synthetic digits, built in and drawn with seed {seed}",
                  (_synthetic.SIDE, _synthetic.SIDE),
                  Samples(*_synthetic.digits(seed, 0, train)),
                  Samples(*_synthetic.digits(seed, _synthetic.FIRST_TEST_DIGIT, test)))
