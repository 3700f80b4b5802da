"""Which data an experiment asks for, and what they are without loading them: input shape, task, how many samples fall to
which part.

Neither torch nor scikit-learn nor numpy is imported: a network is traced on the data's shape before any of them is there.
Called by `engine.experiments.experiment`, `engine.data.datasets`, the command line and the forms.
"""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

import msgspec

from engine.fields import setting, validated
from engine.layers.base import Shape

Task: TypeAlias = Literal["classification", "regression", "next_token"]
Option: TypeAlias = Literal["length", "noise", "wave"]

Seed = Annotated[int, setting(0, 2**31 - 1, slider=(0, 100))]
WaveName = Literal["mixed", "sine", "square", "saw", "sum"]

LARGEST_MB = 512  # of a generated data set, its targets included


class Data(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which data, how much of it, and how it is split. An option that the named data set does not have is refused by it."""

    name: str = "digits"
    validation: Annotated[float, setting(above=0.0, below=1.0, slider=(0.05, 0.5), step=0.05)] = 0.2
    samples: Annotated[int, setting(2, 1_000_000, slider=(100, 10_000), scale="log")] | None = None  # None: all, or its default
    length: Annotated[int, setting(2, 10_000, slider=(10, 200))] | None = None  # time steps of a generated sequence
    noise: Annotated[float, setting(0.0, 10.0, slider=(0.0, 1.0), step=0.01)] | None = None
    wave: WaveName | None = None
    seed: Seed | None = None  # of generation and split; None: the experiment's


class DatasetError(ValueError):
    """Data that cannot be had as asked for. The text says what, where, and what was expected."""


class Source(msgspec.Struct, frozen=True, kw_only=True):
    """One named data set. `stored` is how many samples its file has; a generated one has None there and makes `samples`
    of `length` steps when not told otherwise."""

    task: Task
    image: Shape = ()
    features: int = 0  # numbers a time step; 0: tokens or an image
    outputs: int
    classes: tuple[str, ...] = ()
    stored: int | None = None
    samples: int = 0
    length: int = 0
    noise: float = 0.0
    options: tuple[Option, ...] = ()


_DIGITS = tuple("0123456789")
SOURCES: dict[str, Source] = {
    "digits": Source(
        task="classification", image=(1, 8, 8), outputs=10, classes=_DIGITS, stored=1797
    ),
    "mnist-5k": Source(
        task="classification", image=(1, 28, 28), outputs=10, classes=_DIGITS, stored=5000
    ),
    "waves": Source(
        task="regression", features=1, outputs=1, samples=500, length=100, noise=0.02,
        options=("length", "noise", "wave"),
    ),
    "adding": Source(
        task="regression", features=2, outputs=1, samples=10_000, length=50, options=("length",)
    ),
    "counting": Source(
        task="next_token", outputs=14, classes=tuple(" 일이삼사오육칠팔구십백천만"), samples=2000, length=40,
        options=("length",),
    ),
}  # fmt: skip


class DataInfo(msgspec.Struct, frozen=True, kw_only=True):
    """What `describe` finds out. `input` leaves out the batch; `outputs` is how many numbers the network must end in:
    logits, or regression outputs (of every time step where the target is a series)."""

    name: str
    task: Task
    loss: Literal["cross_entropy", "mean_squared_error"]
    input: Shape
    tokens: bool
    outputs: int
    target: Shape  # of one sample's target; () for a class
    classes: tuple[str, ...]
    train: int
    validation: int
    length: int | None
    noise: float | None
    wave: str | None
    options: tuple[Option, ...]

    @property
    def samples(self) -> int:
        return self.train + self.validation


def names() -> tuple[str, ...]:
    """The data sets there are; the first is the default."""
    return tuple(SOURCES)


def describe(data: Data) -> DataInfo:
    """What `load` would give for `data`. Raises DatasetError where it would, unless only the file itself can tell."""
    source = SOURCES.get(data.name)
    if source is None:
        raise DatasetError(f"data.name: there is no data set {data.name!r}; there are {', '.join(SOURCES)}")
    try:
        validated(data)
    except msgspec.ValidationError as error:
        raise DatasetError(f"data: {error}") from None
    for option in ("length", "noise", "wave"):
        if getattr(data, option) is not None and option not in source.options:
            has = f"its options are {', '.join(source.options)}" if source.options else "it is stored as it is"
            raise DatasetError(f"data.{option}: {data.name} has no such option; {has}")

    length = (data.length or source.length) if "length" in source.options else None
    samples = _samples(data, source, length)
    train, validation = _split(data, source, samples)
    shape: Shape
    target: Shape
    if source.image:
        shape, target = source.image, ()
    elif source.task == "next_token":
        assert length is not None
        shape = target = (length,)
    else:
        assert length is not None
        shape = (length, source.features)
        target = (length, 1) if data.name == "waves" else (1,)
    return DataInfo(
        name=data.name,
        task=source.task,
        loss="mean_squared_error" if source.task == "regression" else "cross_entropy",
        input=shape,
        tokens=source.task == "next_token",
        outputs=source.outputs,
        target=target,
        classes=source.classes,
        train=train,
        validation=validation,
        length=length,
        noise=None if "noise" not in source.options else source.noise if data.noise is None else data.noise,
        wave=None if "wave" not in source.options else data.wave or "mixed",
        options=source.options,
    )


def _samples(data: Data, source: Source, length: int | None) -> int:
    samples = data.samples or source.stored or source.samples
    if source.stored is not None and samples > source.stored:
        raise DatasetError(f"data.samples: {data.name} has {source.stored:,} samples, {samples:,} were asked for")
    if length is not None:
        bytes_a_step = 16 if source.task == "next_token" else 4 * (source.features + 1)
        megabytes = samples * length * bytes_a_step / 1e6
        if megabytes > LARGEST_MB:
            raise DatasetError(
                f"data.samples: {samples:,} samples of {length:,} steps would need {megabytes:,.0f} MB, "
                f"at most {LARGEST_MB} MB are made; with {length:,} steps that is "
                f"{int(LARGEST_MB * 1e6 / bytes_a_step / length):,} samples"
            )
    return samples


def _split(data: Data, source: Source, samples: int) -> tuple[int, int]:
    """How many samples train and how many validate: at least one of each, of classified data one of each class."""
    validation = max(1, round(samples * data.validation))
    train = samples - validation
    least = len(source.classes) if source.task == "classification" else 1
    for part, count in (("validation", validation), ("training", train)):
        if count < least:
            needs = f"the {least} classes need at least one each" if least > 1 else "it needs at least one"
            raise DatasetError(
                f"data.validation: {data.validation:g} of {samples:,} samples of {data.name} leaves {count} for {part}; {needs}"
            )
    return train, validation
