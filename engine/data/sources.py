"""The data sets, one class each: a new one is one class here and its words in `assets/words/datasets.toml`.

`describe` tells what a data set is without numpy, scikit-learn or torch. Called by experiments, `engine.data.datasets`, the
command line and the forms.
"""

from __future__ import annotations

import zipfile
import zlib
from functools import lru_cache
from os.path import isdir
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import msgspec

from engine.assets import asset
from engine.data.found import Found
from engine.data.idx.idx_images import IdxImages
from engine.data.idx.idx_sets import published_in
from engine.data.info import Data, DataInfo, DatasetError
from engine.data.own.own_pictures import FolderSource
from engine.data.own.own_series import SeriesSource
from engine.data.own.own_text import TextSource
from engine.data.own.tables.own_table import TableSource
from engine.data.source import SOURCES, DataScript, Framing, Generated, MadePoints, Source, StoredImages
from engine.fields import validated
from engine.figures import full_count
from engine.layers.base import Shape
from engine.toml_text import inline, key
from engine.toml_values import explained
from engine.words import Phrase

if TYPE_CHECKING:
    from numpy.typing import NDArray

DIGITS = tuple("0123456789")


def names() -> tuple[str, ...]:
    """The data sets there are; the first is the default."""
    return tuple(SOURCES)


def source_named(name: str) -> Source:
    """The data set of this name. Raises DatasetError."""
    if name not in SOURCES:
        raise DatasetError("unknown", name=inline(name), choices=", ".join(SOURCES))
    return SOURCES[name]


def describe(data: Data) -> DataInfo:
    """What loading `data` would give. Raises DatasetError where it would, unless only the file itself can tell."""
    return _source_of(data).describe(data)


def _source_of(data: Data) -> Source:
    """Raises DatasetError: an unknown name, a value that its declaration does not allow."""
    source = source_named(data.name)
    try:
        validated(data)
    except msgspec.ValidationError as error:
        problem = explained(error, msgspec.to_builtins(data), Data, lambda path: f"data.{key(path)}")
        raise DatasetError("not_allowed", problem=problem.phrase) from None
    return source


def found_for(data: Data) -> Found:
    """What there is for `data`, or why there is nothing. Raises nothing."""
    try:
        return _source_of(data).found(data)
    except DatasetError as problem:
        return Found(data=data, problem=problem)


def found_at(path: Path) -> Found:
    """What there is at `path`, and which data it would be: a folder of IDX files, or of pictures; a file by the ending of its
    name, or a text. Raises nothing."""
    ending = path.suffix.lower()
    by_ending = next((name for name, source in SOURCES.items() if ending in source.endings), "text")
    is_folder = isdir(path)  # noqa: PTH112  (False also for what may not be looked at)
    name = _of_folder(path) if is_folder else by_ending
    return found_for(Data(name=name, path=str(path.absolute())))


def _of_folder(path: Path) -> str:
    try:
        return published_in(path) or "folder"
    except OSError:
        return "folder"  # which says why it cannot be read


class Digits(StoredImages, name="digits"):
    """scikit-learn's digits, in 17 shades of grey."""

    outputs = 10
    classes = DIGITS
    stored = 1797
    image: ClassVar[Shape] = (1, 8, 8)
    framing: ClassVar[Framing | None] = Framing(8, "box")  # from top to bottom

    def images(self) -> tuple[NDArray[Any], NDArray[Any], float]:
        try:
            images, labels = read_digits()
        except (OSError, ValueError, EOFError, zlib.error) as error:
            raise DatasetError("digits_unreadable", error=error) from error
        return images, labels, 16.0

    def images_script(self) -> DataScript:
        return DataScript(
            """
digits = load_digits()  # 8x8 images in 17 shades of grey
images, labels = digits.images / 16, digits.target
""",
            imports=("from sklearn.datasets import load_digits",),
        )


class StoredNpz(StoredImages):
    """Images of 28x28 bytes that come with the program, in a file of the data set's name (see assets/data/README.md)."""

    def images(self) -> tuple[NDArray[Any], NDArray[Any], float]:
        return (*read_npz(asset("data", f"{self.stem}.npz"), self.stem, self.stored), 255.0)

    @property
    def stem(self) -> str:
        """The file's name without its ending, which data sets of the same images share."""
        return self.name.removesuffix("-rows")

    def images_script(self) -> DataScript:
        return DataScript(
            f"""
if len(sys.argv) != 2:
    raise SystemExit(f"usage: python {{sys.argv[0]}} PATH/{self.stem}.npz (in the folder assets/data of Layerscope)")
with np.load(sys.argv[1]) as file:
    images, labels = file["images"] / 255, file["labels"]
""",
            imports=(),
            standard=("import sys",),
        )


class Mnist5k(StoredNpz, name="mnist-5k"):
    """5,000 digits of MNIST."""

    outputs = 10
    classes = DIGITS
    stored = 5000
    image: ClassVar[Shape] = (1, 28, 28)
    framing: ClassVar[Framing | None] = Framing(20, "mass")  # as LeCun et al. (1998) made MNIST


def read_digits() -> tuple[NDArray[Any], NDArray[Any]]:
    """Images (1797, 8, 8) and their classes (1797,), as scikit-learn's `load_digits` has them. They are read from its file: its
    import takes longer than a first step of training. Raises OSError, EOFError, ValueError, zlib.error where it is damaged."""
    from importlib.util import find_spec

    package = find_spec("sklearn")
    file = Path(package.origin or "").parent / "datasets" / "data" / "digits.csv.gz" if package is not None else None
    if file is None or not file.is_file():  # another version keeps it elsewhere
        from sklearn.datasets import load_digits

        digits = load_digits()
        return digits.images, digits.target
    return _digits_in(file, file.stat().st_mtime_ns)


@lru_cache(maxsize=1)
def _digits_in(file: Path, _changed_ns: int) -> tuple[NDArray[Any], NDArray[Any]]:
    """Read once for all runs: what a `file` of text holds, as arrays that nobody can write to. Raises as `read_digits`."""
    import gzip

    import numpy as np

    rows = np.array(gzip.decompress(file.read_bytes()).replace(b"\n", b",").strip(b",").split(b","), np.float64).reshape(-1, 65)
    images, labels = rows[:, :64].reshape(-1, 8, 8), rows[:, 64].astype(np.int64)
    for array in (images, labels):
        array.flags.writeable = False
    return images, labels


def read_npz(path: Path, name: str, stored: int) -> tuple[NDArray[Any], NDArray[Any]]:
    """Images (stored, 28, 28) uint8 and their classes (stored,) from the file of the data set `name`. Raises DatasetError."""
    import numpy as np

    expected = Phrase(DatasetError.TABLE, "npz_expected", {"stored": full_count(stored)})
    values = {"name": name, "file": path, "expected": expected}
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
            images, labels = arrays["images"], arrays["labels"]
    except FileNotFoundError:
        raise DatasetError("npz_missing", **values) from None
    except (OSError, ValueError, EOFError, KeyError, zipfile.BadZipFile, zlib.error) as error:
        raise DatasetError("npz_damaged", error=error, **values) from error
    if (images.shape, labels.shape) != ((stored, 28, 28), (stored,)) or images.dtype != np.uint8:
        raise DatasetError("npz_differs", found=f"{images.dtype} {images.shape}", **values)
    return images, labels


class Waves(Generated, name="waves"):
    """Sine, square and saw waves and sums of two sines: the next value at every time step."""

    made_by = "make_waves"
    task = "regression"
    outputs = 1
    continues = True
    options = ("length", "noise", "wave")
    samples = 500
    length = 100
    noise = 0.02
    bytes_a_step = 8


class Adding(Generated, name="adding"):
    """The adding problem: the sum of two marked values of a series."""

    made_by = "make_adding"
    task = "regression"
    outputs = 1
    options = ("length",)
    samples = 10_000
    length = 50
    bytes_a_step = 12

    def least_length(self, data: Data) -> int:
        return 2  # a marked value in each half

    def shapes(self, length: int) -> tuple[Shape, Shape]:
        return (length, 2), (1,)


class Counting(Generated, name="counting"):
    """Counting in Korean, one text cut into pieces: the next character."""

    made_by = "make_counting"
    with_help_of = ("korean_numeral",)
    task = "next_token"
    outputs = 14
    continues = True
    classes = tuple(" 일이삼사오육칠팔구십백천만")
    options = ("length",)
    samples = 2000
    length = 40
    bytes_a_step = 16
    ordered = True

    def constants(self) -> str:
        return f'KOREAN_CHARACTERS = "{"".join(self.classes)}"'


class Copying(Generated, name="copy"):
    """The copy problem: symbols, a long wait, and the symbols again."""

    made_by = "make_copy"
    task = "next_token"
    outputs = 10
    classes = tuple("·abcdefgh?")
    options = ("length", "symbols")
    samples = 10_000
    length = 15
    symbols = 3
    bytes_a_step = 16

    def least_length(self, data: Data) -> int:
        return 2 * (data.symbols or self.symbols) + 1


class Addition(Generated, name="addition"):
    """Additions as text: the answer, a character at a time, once the question has been read."""

    made_by = "make_addition"
    task = "next_token"
    outputs = 13
    classes = tuple("0123456789+ _")
    options = ("digits", "reversed")
    samples = 20_000
    digits = 3
    bytes_a_step = 16

    def length_for(self, data: Data) -> int:
        return 3 * (data.digits or self.digits) + 2

    def samples_for(self, data: Data, length: int | None) -> int:
        questions: int = 10 ** (2 * (data.digits or self.digits))
        if data.samples is None:
            return min(self.samples, questions)
        if data.samples > questions:
            values = {"stored": full_count(questions), "samples": full_count(data.samples)}
            raise DatasetError("too_few_stored", name=self.name, **values)
        return super().samples_for(data, length)

    def constants(self) -> str:
        return f'ADDITION_CHARACTERS = "{"".join(self.classes)}"'


class RandomWalk(Generated, name="random-walk"):
    """Random walks: the next value at every time step, of which nothing but the last value can be known."""

    made_by = "make_random_walk"
    task = "regression"
    outputs = 1
    continues = True
    options = ("length", "noise")
    samples = 500
    length = 100
    noise = 0.1
    bytes_a_step = 8


class DigitRows(Digits, name="digits-rows"):
    """The same digits, read row by row: a time step is a row of 8 pixels."""

    image = (8, 8)
    framing = None


class MnistRows(Mnist5k, name="mnist-5k-rows"):
    """The same part of MNIST, read row by row: a time step is a row of 28 pixels."""

    image = (28, 28)
    framing = None


class OwnText(TextSource, name="text"):
    """A text of the user's; without one, five Korean poems."""


class OwnSeries(SeriesSource, name="series"):
    """A column of the user's table; without one, the yearly sunspots."""


class OwnPictures(FolderSource, name="folder"):
    """Pictures of the user's, a class for each subfolder."""


class OwnTable(TableSource, name="table"):
    """A table of the user's; without one, Fisher's irises."""


class Moons(MadePoints, name="moons"):
    """Two half rings that reach into each other."""

    made_by = "make_moons"
    noise = 0.15


class Circles(MadePoints, name="circles"):
    """A ring inside of another one."""

    made_by = "make_circles"
    noise = 0.1


class Spirals(MadePoints, name="spirals"):
    """Two spirals, wound into each other."""

    made_by = "make_spirals"
    noise = 0.03


class Xor(MadePoints, name="xor"):
    """Four quarters of a square, those across from each other alike."""

    made_by = "make_xor"
    noise = 0.0


class Shapes(Generated, name="shapes"):
    """Discs, squares, triangles, stars, crosses and rings of random size, place and rotation, 28x28."""

    formulas = "drawn_shapes"
    made_by = "make_shapes"
    with_help_of = ("distance_to_star", "distance_to_box", "distance_to_shape")
    task = "classification"
    outputs = 6
    classes = ("●", "■", "▲", "★", "＋", "◎")
    options = ("noise",)
    samples = 2000
    noise = 0.1
    bytes_a_step = 28 * 28 * 4 + 8

    def shapes(self, length: int) -> tuple[Shape, Shape]:
        return (1, 28, 28), ()


class Hangul(StoredNpz, name="hangul"):
    """The 14 basic consonants of Hangul, 250 of each, drawn from a font (see assets/data/README.md)."""

    outputs = 14
    classes = tuple("ㄱㄴㄷㄹㅁㅂㅅㅇㅈㅊㅋㅌㅍㅎ")
    stored = 3500
    image: ClassVar[Shape] = (1, 28, 28)
    framing: ClassVar[Framing | None] = Framing(16, "box")


class Mnist(IdxImages, name="mnist"):
    """The 60,000 training images of MNIST, from IDX files."""

    classes = DIGITS
    framing: ClassVar[Framing | None] = Framing(20, "mass")


class FashionMnist(IdxImages, name="fashion-mnist"):
    """The 60,000 training images of Fashion-MNIST, from IDX files."""

    classes = ("T-shirt", "trousers", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "boot")
