"""Which data an experiment asks for (`Data`), and what is told of them without loading them (`DataInfo`): input shape, task,
how many samples fall to which part. `engine.data.sources.describe` makes the one of the other.

Neither torch nor scikit-learn nor numpy is imported: a network is traced on the data's shape before any of them is there.
Called by the data sets, by experiments and by the forms.
"""

from __future__ import annotations

from typing import Annotated, Literal, NamedTuple, TypeAlias

import msgspec

from engine.fields import setting
from engine.layers.base import Shape
from engine.words import CodedError, Phrase

Task: TypeAlias = Literal["classification", "regression", "next_token"]
LossName: TypeAlias = Literal["cross_entropy", "mean_squared_error"]
Option: TypeAlias = Literal[
    "length", "noise", "wave", "symbols", "digits", "reversed", "path", "column",
    "size", "channels", "target", "columns", "task",
]  # fmt: skip

Seed = Annotated[int, setting(0, 2**31 - 1, slider=(0, 100))]
WaveName = Literal["mixed", "sine", "square", "saw", "sum"]
Turned = Literal["nothing", "question", "answer", "both"]  # which part of an addition is written backwards
OwnPath = Annotated[str, msgspec.Meta(min_length=1, max_length=4096)]
ColumnName = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
ColumnNumber = Annotated[int, msgspec.Meta(ge=1, le=10_000)]
TableTask = Literal["classification", "regression"]
PictureSide = Annotated[int, setting(1, 512, slider=(8, 128), scale="log")]  # pixels

OPTIONS: tuple[Option, ...] = (
    *("length", "noise", "wave", "symbols", "digits", "reversed", "path", "column"),
    *("size", "channels", "target", "columns", "task"),
)
MOST_FOLDS = 12


class Data(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which data, how much of it, and how it is split. An option that the named data set does not have is refused by it."""

    name: str = "digits"
    validation: Annotated[float, setting(above=0.0, below=1.0, slider=(0.05, 0.5), step=0.05)] = 0.2
    samples: Annotated[int, setting(2, 1_000_000, slider=(100, 10_000), scale="log")] | None = None  # None: all, or its default
    length: Annotated[int, setting(1, 10_000, slider=(10, 200))] | None = None  # time steps of a sequence
    noise: Annotated[float, setting(0.0, 10.0, slider=(0.0, 1.0), step=0.01)] | None = None
    wave: WaveName | None = None
    symbols: Annotated[int, setting(1, 1_000, slider=(1, 20))] | None = None  # to be copied
    digits: Annotated[int, setting(1, 9, slider=(1, 5))] | None = None  # of each number, at most
    reversed: Turned | None = None
    path: OwnPath | None = None  # an own file; in an experiment's file relative to its folder. None: the one that comes along
    column: ColumnName | None = None  # of a CSV file: its name, or its number from 1 on. None: the first one of numbers
    # of pictures, height and width or one number for both; None: as they are, or what is usual for them
    size: PictureSide | Annotated[tuple[PictureSide, ...], msgspec.Meta(min_length=2, max_length=2)] | None = None
    channels: Literal[1, 3] | None = None  # of pictures, grey or red, green and blue; None: grey where all of them are
    target: ColumnName | ColumnNumber | None = None  # of a table, to be predicted: as `column`. None: what is usually meant
    columns: tuple[ColumnName | ColumnNumber, ...] | None = None  # of a table, to learn from. None: all that can be used
    task: TableTask | None = None  # what the target of a table is. None: classes, unless it has many numbers
    seed: Seed | None = None  # of generation and split; None: the experiment's
    folds: Annotated[int, setting(2, MOST_FOLDS)] | None = None  # cut into that many parts, of which one validates
    fold: Annotated[int, setting(1, MOST_FOLDS)] = 1  # which one, where there are folds


class DatasetError(CodedError):
    """Data that cannot be had as asked for. The sentence says what, where, and what was expected."""

    TABLE = "data_problems"


class Scaled(NamedTuple):
    """What an own series was before it was standardised: value = mean + deviation · x, in the file's units."""

    name: str  # of the column
    training: int  # values, from the first one on, whose mean and standard deviation these are
    mean: float
    deviation: float


class TableUse(NamedTuple):
    """What is read of a table: the places of its columns from 0 on, and a name for each number of a sample."""

    target: int
    columns: tuple[int, ...]
    target_name: str
    inputs: tuple[str, ...]


class DataInfo(msgspec.Struct, frozen=True, kw_only=True):
    """What a data set is, told without loading it. `input` leaves out the batch; `outputs` is how many numbers the network must
    end in: logits, or regression outputs (of every time step where the target is a series)."""

    name: str
    task: Task
    loss: LossName  # that the targets ask for
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
    symbols: int | None = None
    digits: int | None = None
    reversed: str | None = None
    path: str | None = None
    column: str | None = None
    size: tuple[int, int] | None = None  # of own pictures: height and width
    channels: int | None = None
    continues: bool = False  # whether the target is the input itself, one time step later, so that it can be gone on with
    scale: Scaled | None = None  # of a series that has been standardised
    table: TableUse | None = None
    reading: Phrase | None = None  # as what an own file is read: what nobody has said and was found in it
    notes: tuple[Phrase, ...] = ()  # what was done to an own file, and should be known
    options: tuple[Option, ...]
    folds: int | None = None
    fold: int = 1
    shared_out: bool = False  # so that each class stands in both parts, of which a drawn share may leave out a small one

    @property
    def samples(self) -> int:
        return self.train + self.validation
