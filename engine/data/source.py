"""What every data set is: one class that describes it, loads it, and writes its lines of an exported script.

A data set is a subclass of `StoredImages` or `Generated` in `engine.data.sources`, or of `TextSource`, `SeriesSource` and
`TableSource`, which are made of a user's own file; its name and a sentence about it stand in `assets/words/datasets.toml`.
Everything is drawn from one seeded numpy generator, never from global random states: the same `Data` and seed give the same
arrays.

Images are float32 in 0..1 and nothing more is done to them: 0 stays the ground, so that zero padding goes on with it. The
classes are split so that each part has the whole's proportions.

Numpy is imported only where arrays are made.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any, ClassVar, Literal, NamedTuple, TypeAlias

from msgspec.structs import replace

from engine.data.found import Found
from engine.data.info import OPTIONS, Data, DataInfo, DatasetError, Option, Scaled, Task
from engine.figures import binary_size, full_count
from engine.layers.base import Shape
from engine.words import Phrase

if TYPE_CHECKING:
    import polars
    from numpy.typing import NDArray

    Array: TypeAlias = NDArray[Any]

LARGEST_BYTES = 2**29  # of a generated data set, its targets included
_TOLD = {"turned": "reversed"}  # an argument whose field of `DataInfo` has another name, which is a builtin function's


class Arrays(NamedTuple):
    """Inputs and targets of both parts. Images (N, C, H, W) and series (N, T, F) are float32, tokens (N, T) int64; targets are
    classes (N,) int64, numbers (N, F) or whole series (N, T, F) float32, or the next tokens (N, T) int64."""

    x_train: Array
    y_train: Array
    x_validation: Array
    y_validation: Array


class Framing(NamedTuple):
    """How the things in a data set's pictures were placed, light on a ground of 0: each scaled, its proportions kept, until its
    longer side was `side` cells, with the middle of its "box", or its centre of "mass", in the middle of the picture."""

    side: int
    middle: Literal["box", "mass"]


class DataScript(NamedTuple):
    """A data set's part of an exported script: `text` leaves x_train, y_train, x_validation and y_validation on DEVICE."""

    text: str
    imports: tuple[str, ...]  # beside numpy, torch and torch.nn
    standard: tuple[str, ...] = ()  # the same from Python's own library
    packages: str = "torch numpy"  # to install


@dataclass(frozen=True, eq=False)
class ShownRows:
    """The rows of a table that validate, as they were written, and the units of what is to be predicted."""

    names: tuple[str, ...]  # of the columns that are learned from
    target: str
    cells: polars.DataFrame  # theirs, and the target's
    scale: Scaled | None  # of a target of numbers

    def row(self, number: int) -> tuple[str | None, ...]:
        """The cells that are learned from; None where a value is missing."""
        return self.cells.row(number)[:-1]

    def truth(self, number: int) -> str:
        return str(self.cells.row(number)[-1])


class Source:
    """One named data set: `class Digits(StoredImages, name="digits")`."""

    name: ClassVar[str]
    task: ClassVar[Task]
    outputs: ClassVar[int]  # numbers that a network must end in
    classes: ClassVar[tuple[str, ...]] = ()  # labels, or the vocabulary
    options: ClassVar[tuple[Option, ...]] = ()
    length: ClassVar[int] = 0  # time steps, where nobody says how many; so for the five below
    noise: ClassVar[float] = 0.0
    wave: ClassVar[str] = "mixed"
    symbols: ClassVar[int] = 0
    digits: ClassVar[int] = 0
    reversed: ClassVar[str] = "nothing"
    continues: ClassVar[bool] = False  # whether a target is the sample itself, one time step later
    endings: ClassVar[tuple[str, ...]] = ()  # of the names of files that are taken for it, as ".csv"

    def __init_subclass__(cls, name: str = "", **arguments: Any) -> None:
        super().__init_subclass__(**arguments)
        if name:
            cls.name = name
            SOURCES[name] = cls()

    def describe(self, data: Data) -> DataInfo:
        """What `arrays` gives for `data`, which its declarations allow. Raises DatasetError."""
        for option in OPTIONS:
            if getattr(data, option) is not None and option not in self.options:
                raise self._no_option(option)
        return self.described(data)

    def found(self, data: Data) -> Found:
        """What there is for `data`, or why there is nothing. Raises nothing."""
        try:
            info = self.describe(data)
        except DatasetError as problem:
            return Found(data=data, problem=problem)
        return Found(data=data, info=info, notes=info.notes)

    def described(self, data: Data) -> DataInfo:
        """What `describe` does, for data that have no option but those that there are."""
        length = self.length_for(data)
        samples = self.samples_for(data, length)
        train, validation = self._split(data, samples)
        return self._info(data, length, train, validation)

    def _info(
        self, data: Data, length: int | None, train: int, validation: int, classes: tuple[str, ...] | None = None
    ) -> DataInfo:
        """`classes`, where they are not always the same."""
        shape, target = self.shapes(length or 0)
        return DataInfo(
            name=self.name,
            task=self.task,
            loss="mean_squared_error" if self.task == "regression" else "cross_entropy",
            input=shape,
            tokens=self.task == "next_token",
            outputs=self.outputs if classes is None else len(classes),
            target=target,
            classes=self.classes if classes is None else classes,
            train=train,
            validation=validation,
            length=length if "length" in self.options else None,
            noise=None if "noise" not in self.options else self.noise if data.noise is None else data.noise,
            wave=None if "wave" not in self.options else data.wave or self.wave,
            symbols=None if "symbols" not in self.options else data.symbols or self.symbols,
            digits=None if "digits" not in self.options else data.digits or self.digits,
            reversed=None if "reversed" not in self.options else data.reversed or self.reversed,
            path=data.path,
            column=data.column,
            continues=self.continues,
            options=self.options,
            folds=data.folds,
            fold=data.fold,
        )

    def length_for(self, data: Data) -> int | None:
        """Time steps of a sample; None where its parts are no steps. Raises DatasetError where they are too few."""
        if "length" not in self.options:
            return None
        length = data.length or self.length
        if length < (least := self.least_length(data)):
            raise DatasetError("too_short", name=self.name, length=length, least=least)
        return length

    def least_length(self, data: Data) -> int:
        """The fewest time steps that make a sample."""
        return 1

    def samples_for(self, data: Data, length: int | None) -> int:
        """How many samples there are for `data`. Raises DatasetError where they are more than can be had."""
        raise NotImplementedError

    def shapes(self, length: int) -> tuple[Shape, Shape]:
        """The shape of one sample and of its target, () for a class: a token or a number at every step, and the same of the
        target, where nobody says otherwise."""
        steps: Shape = (length,) if self.task == "next_token" else (length, 1)
        return steps, steps

    def arrays(self, info: DataInfo, seed: int) -> Arrays:
        """The data that `info` tells of. Raises DatasetError where a file of the program is missing or damaged."""
        raise NotImplementedError

    def shown_rows(self, info: DataInfo, seed: int) -> ShownRows | None:
        """Of a table, the samples that validate as they stand in it. Raises DatasetError."""
        return None

    def script(self, info: DataInfo, seed: str) -> DataScript:
        """The same as Python's text, `seed` being the expression for it."""
        raise NotImplementedError

    def _no_option(self, option: Option) -> DatasetError:
        if self.options:
            return DatasetError("other_options", option=option, name=self.name, options=", ".join(self.options))
        return DatasetError("no_options", option=option, name=self.name)

    def _split(self, data: Data, samples: int, counts: Sequence[int] | None = None) -> tuple[int, int]:
        """How many samples train and how many validate: at least one of each, of classified data one of each class. `counts`
        are the samples of each class, where they are not always the same: of such data, the user's own, both parts are made as
        large as that where there are enough samples."""
        if data.folds is None:
            validation = max(1, round(samples * data.validation))
        elif data.fold > data.folds:
            raise DatasetError("no_such_fold", fold=data.fold, folds=data.folds)
        else:  # the first folds take what is left over, one each
            validation = samples // data.folds + (data.fold <= samples % data.folds)
        least = (len(self.classes) if counts is None else len(counts)) if self.task == "classification" else 1
        if counts is not None and data.folds is None and 1 < least <= samples // 2:
            validation = min(max(validation, least), samples - least)
        train = samples - validation
        for part, count in ((_said("validation"), validation), (_said("training"), train)):
            if count < least:
                needs = _said("needs_classes", least=least) if least > 1 else _said("needs_one")
                values = {"samples": full_count(samples), "name": self.name, "count": count, "part": part, "needs": needs}
                if data.folds is not None:
                    raise DatasetError("fold_too_small", folds=data.folds, **values)
                raise DatasetError("part_too_small", share=f"{data.validation:g}", **values)
        return train, validation

    @staticmethod
    def _in_both_parts(info: DataInfo, data: Data, counts: Sequence[int]) -> DataInfo:
        """`info` of data whose classes have so many samples, shared out where drawing would leave one out of a part."""
        if len(counts) < 2 or info.folds is not None:
            return info
        notes = info.notes
        if info.validation != max(1, round(info.samples * data.validation)):
            parts = {"train": full_count(info.train), "validation": full_count(info.validation)}
            values = {"share": f"{data.validation:g}", "classes": full_count(len(counts)), **parts}
            notes = (*notes, Phrase("data_notes", "one_of_each_class", values))
        return replace(info, notes=notes, shared_out=_may_leave_out(counts, info.train, info.validation))


def _may_leave_out(counts: Sequence[int], train: int, validation: int) -> bool:
    """Whether `stratified` may put no sample of a class into one of the parts: a class has its share of the one that trains,
    rounded up or down, and of what is left then its share of the other."""
    total = sum(counts)
    for count in counts:
        least, most = count * train // total, -(-count * train // total)
        if least < 1 or (count - most) * validation < total - train:
            return True
    return False


def _said(code: str, **values: object) -> Phrase:
    return Phrase(DatasetError.TABLE, code, values)


SOURCES: dict[str, Source] = {}  # filled by the classes of `engine.data.sources`, through which it is asked


class StoredImages(Source):
    """Images that come with the program or with a package, and their classes."""

    task = "classification"
    stored: ClassVar[int]  # images
    image: ClassVar[Shape]  # (C, H, W), or (T, F) where the rows are read one by one
    framing: ClassVar[Framing | None] = None  # where the pictures were placed alike

    def images(self) -> tuple[Array, Array, float]:
        """All images (N, H, W), their classes (N,), and what white is in them. Raises DatasetError."""
        raise NotImplementedError

    def samples_for(self, data: Data, length: int | None) -> int:
        samples = data.samples or self.stored
        if samples > self.stored:
            raise DatasetError("too_few_stored", name=self.name, stored=full_count(self.stored), samples=full_count(samples))
        return samples

    def shapes(self, length: int) -> tuple[Shape, Shape]:
        return self.image, ()

    def arrays(self, info: DataInfo, seed: int) -> Arrays:
        """The counts of `info` drawn from the whole so that every class keeps its share."""
        import numpy as np

        images, labels, white = self.images_of(info)
        y = labels.astype(np.int64)
        train, validation = drawn(info, y, seed)
        # not [:, None]: its stride of 0 would become one that torch takes for channels-last, and convolves in another order
        parts = (_shares(images[part], white).reshape(-1, *info.input) for part in (train, validation))
        return Arrays(next(parts), y[train], next(parts), y[validation])

    def images_of(self, info: DataInfo) -> tuple[Array, Array, float]:
        """The `images` that `info` tells of, where they are not always the same."""
        return self.images()

    def images_script_of(self, info: DataInfo) -> DataScript:
        """The same of `images_script`."""
        return self.images_script()

    def script(self, info: DataInfo, seed: str) -> DataScript:
        return drawn_script(self.images_script_of(info), info, seed)

    def images_script(self) -> DataScript:
        """Lines that leave the `images`, in 0..1, and their `labels`."""
        raise NotImplementedError


def drawn(info: DataInfo, y: Array, seed: int) -> tuple[Array, Array]:
    """Which samples of the classes `y` (N,) train and which validate, drawn so that every class keeps its share."""
    import numpy as np

    from engine.data.split import folded, shared_out, stratified

    if info.shared_out:
        return shared_out(np.random.default_rng(seed), y, info.train, info.validation)
    if info.folds is None:
        return stratified(y, info.train, info.validation, seed)
    return folded(np.random.default_rng(seed), y, info.samples, info.folds, info.fold)


def drawn_script(made: DataScript, info: DataInfo, seed: str) -> DataScript:
    """`made`, which leaves `images` in 0..1 and their `labels`, and lines that draw the same from them."""
    shape = ", ".join(map(str, info.input))
    axes = "N, C, H, W" if len(info.input) == 3 else "N, T, F"
    if info.folds is not None or info.shared_out:
        function, call = own_drawing(info, seed)
        split = _OWN_DRAWING.format(shape=shape, axes=axes, call=call)
        text = f"{function}\n\n\n{made.text.strip()}\n{split}"
        imports = ("from numpy.typing import NDArray", *made.imports)
        return DataScript(text, tuple(dict.fromkeys(imports)), made.standard, made.packages)
    split = _STRATIFIED.format(shape=shape, axes=axes, train=info.train, validation=info.validation, seed=seed)
    return DataScript(
        text=made.text.strip("\n") + "\n" + split,
        imports=(*made.imports, "from sklearn.model_selection import train_test_split"),
        standard=made.standard,
        packages=f"{made.packages} scikit-learn",
    )


def own_drawing(info: DataInfo, seed: str) -> tuple[str, str]:
    """The text of a function that draws the parts of samples of the classes y, and a call of it: for folds, and for what is
    shared out."""
    from engine.data.split import folded, shared_out

    if info.shared_out:
        sizes = f"train={info.train}, validation={info.validation}"
        return inspect.getsource(shared_out).strip(), f"shared_out(np.random.default_rng({seed}), y, {sizes})"
    sizes = f"samples={info.samples}, folds={info.folds}, fold={info.fold}"
    return inspect.getsource(folded).strip(), f"folded(np.random.default_rng({seed}), y, {sizes})"


def _shares(images: Array, white: float) -> Array:
    """images / white as float32, from 0 to 1. Of bytes each of the 256 quotients is computed once: a division of them all, in
    double precision, takes ten times their memory."""
    import numpy as np

    if images.dtype != np.uint8:
        return (images / white).astype(np.float32)
    return (np.arange(256) / white).astype(np.float32)[images]


_STRATIFIED = """
x = images.astype(np.float32).reshape(-1, {shape})  # {axes}
y = labels.astype(np.int64)
parts = train_test_split(x, y, train_size={train}, test_size={validation}, stratify=y, random_state={seed})
x_train, x_validation, y_train, y_validation = (torch.from_numpy(part).to(DEVICE) for part in parts)
"""


_OWN_DRAWING = """
x = images.astype(np.float32).reshape(-1, {shape})  # {axes}
y = labels.astype(np.int64)
train, validation = {call}
x_train, x_validation = (torch.from_numpy(x[part]).to(DEVICE) for part in (train, validation))
y_train, y_validation = (torch.from_numpy(y[part]).to(DEVICE) for part in (train, validation))
"""


class Generated(Source):
    """Samples made by a formula: `made_by` names the function, in the module `formulas` of `engine.data.made`, whose arguments
    are what `DataInfo` tells, and `with_help_of` those that it calls. The script prints them, and calls it as `load` does. The
    samples' order is random already, or, where `ordered`, is made so; the first ones train."""

    formulas: ClassVar[str] = "generated"
    made_by: ClassVar[str]
    with_help_of: ClassVar[tuple[str, ...]] = ()
    samples: ClassVar[int]  # made when nobody says how many
    bytes_a_step: ClassVar[int]  # of one sample, its target included; where there are no time steps, of all of it
    ordered: ClassVar[bool] = False

    def _function(self, name: str) -> Callable[..., Any]:
        found: Callable[..., Any] = getattr(import_module(f"engine.data.made.{self.formulas}"), name)
        return found

    def _arguments(self, info: DataInfo) -> dict[str, Any]:
        """Of the function, without the generator, which is the first one where it draws."""
        names = [name for name in inspect.signature(self._function(self.made_by)).parameters if name != "rng"]
        return {name: getattr(info, _TOLD.get(name, name)) for name in names}

    @property
    def _draws(self) -> bool:
        return "rng" in inspect.signature(self._function(self.made_by)).parameters

    def _call(self, info: DataInfo) -> str:
        values = (
            f'{name}="{value}"' if isinstance(value, str) else f"{name}={value!r}"
            for name, value in self._arguments(info).items()
        )
        return f"{self.made_by}({', '.join((*(['rng'] if self._draws else []), *values))})"

    def constants(self) -> str:
        """Lines that the functions need above them."""
        return ""

    def samples_for(self, data: Data, length: int | None) -> int:
        samples = data.samples or self.samples
        size = samples * (length or 1) * self.bytes_a_step
        if size > LARGEST_BYTES and length is None:
            raise DatasetError(
                "too_large_samples",
                samples=full_count(samples),
                size=binary_size(size),
                most=binary_size(LARGEST_BYTES),
                fitting=full_count(LARGEST_BYTES // self.bytes_a_step),
            )
        if size > LARGEST_BYTES:
            assert length is not None
            raise DatasetError(
                "too_large",
                samples=full_count(samples),
                length=full_count(length),
                size=binary_size(size),
                most=binary_size(LARGEST_BYTES),
                fitting=full_count(LARGEST_BYTES // (self.bytes_a_step * length)),
            )
        return samples

    def arrays(self, info: DataInfo, seed: int) -> Arrays:
        import numpy as np

        rng = np.random.default_rng(seed)
        x, y = self._function(self.made_by)(*([rng] if self._draws else []), **self._arguments(info))
        if self.ordered:
            order = rng.permutation(info.samples)
            x, y = x[order], y[order]
        if info.folds is not None:
            own = np.arange(info.samples) % info.folds == info.fold - 1
            return Arrays(x[~own], y[~own], x[own], y[own])
        n = info.train
        return Arrays(x[:n], y[:n], x[n:], y[n:])

    def script(self, info: DataInfo, seed: str) -> DataScript:
        lines = [f"rng = np.random.default_rng({seed})", f"x, y = map(torch.from_numpy, {self._call(info)})"]
        if self.ordered:
            lines += [f"order = torch.from_numpy(rng.permutation({info.samples}))", "x, y = x[order], y[order]"]
        if info.folds is not None:
            lines += [
                f"own = torch.arange({info.samples}) % {info.folds} == {info.fold - 1}  # fold {info.fold} of {info.folds}",
                "x_train, x_validation = x[~own].to(DEVICE), x[own].to(DEVICE)",
                "y_train, y_validation = y[~own].to(DEVICE), y[own].to(DEVICE)",
            ]
        else:
            lines += self._split_script(info)
        functions = [inspect.getsource(self._function(name)).strip() for name in (*self.with_help_of, self.made_by)]
        text = "\n\n\n".join(part for part in (self.constants(), *functions, "\n".join(lines)) if part)
        return DataScript(text, imports=("from numpy.typing import NDArray",))

    @staticmethod
    def _split_script(info: DataInfo) -> list[str]:
        return [
            f"x_train, x_validation = x.to(DEVICE).split([{info.train}, {info.validation}])",
            f"y_train, y_validation = y.to(DEVICE).split([{info.train}, {info.validation}])",
        ]


class MadePoints(Generated):
    """Points of a plane in two classes, whose names are the numbers that the targets have."""

    formulas = "points"
    task = "classification"
    outputs = 2
    classes = ("0", "1")
    options = ("noise",)
    samples = 1000
    bytes_a_step = 16

    def shapes(self, length: int) -> tuple[Shape, Shape]:
        return (2,), ()
