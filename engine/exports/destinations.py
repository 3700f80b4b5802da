"""Where an experiment or a run can go, one row each: a new one is a row here, its function, and an entry of the window's menu.

Called by the command `export` and by the window. torch is imported only where weights go out.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from engine.exports.export_problems import ExportError
from engine.exports.outgoing import Outgoing
from engine.words import Phrase


@dataclass(frozen=True)
class Wanted:
    """What is asked for beside the destination: the weights of the last kept `moment` up to that iteration (None: the last
    ones), words in a `language`."""

    moment: int | None = None
    language: str = "en"


@dataclass(frozen=True)
class Exported:
    """A file's content, and what is to be said of it."""

    content: bytes | str
    notes: tuple[Phrase, ...] = ()


@dataclass(frozen=True)
class Destination:
    """`suffix` is that of the file's name. `needs_run`: an experiment alone is not enough. `of_moment`: it can be of the
    weights at any kept moment. `is_text`: it can be printed."""

    suffix: str
    made: Callable[[Outgoing, Wanted], Exported]
    needs_run: bool = False
    of_moment: bool = False
    is_text: bool = False


def export(name: str, source: Outgoing, wanted: Wanted = Wanted()) -> Exported:
    """What goes to the destination of this name. Raises ExportError, RunError, CannotRunError and DatasetError where it cannot,
    and OSError and MemoryError."""
    destination = DESTINATIONS[name]
    if destination.needs_run and source.run is None:
        raise ExportError("needs_run", to=name)
    return destination.made(source, wanted)


def _pytorch(source: Outgoing, _: Wanted) -> Exported:
    from engine.experiments.scripts.export import to_pytorch

    return Exported(to_pytorch(source.experiment, source.rates, source.threads, source.changes))


def _notebook(source: Outgoing, wanted: Wanted) -> Exported:
    from engine.exports.notebook import notebook

    return Exported(notebook(source.experiment, source.rates, source.threads, source.changes, wanted.language))


def _tensorboard(source: Outgoing, _: Wanted) -> Exported:
    from engine.exports.event_file import event_file

    return Exported(*event_file(source))


def _onnx(source: Outgoing, wanted: Wanted) -> Exported:
    from engine.exports.onnx_file import onnx_file

    return Exported(onnx_file(source.experiment, *source.weights(wanted.moment)))


def _weights(source: Outgoing, wanted: Wanted) -> Exported:
    from engine.exports.weight_file import weight_file

    return Exported(weight_file(source.experiment, *source.weights(wanted.moment)))


def _csv(source: Outgoing, _: Wanted) -> Exported:
    from engine.exports.metrics_table import metrics_csv

    return Exported(metrics_csv(source))


def _zip(source: Outgoing, _: Wanted) -> Exported:
    from engine.exports.run_zip import run_zip

    assert source.run is not None
    return Exported(*run_zip(source.run))


DESTINATIONS = {
    "pytorch": Destination(".py", _pytorch, is_text=True),
    "notebook": Destination(".ipynb", _notebook, is_text=True),
    "tensorboard": Destination(".tfevents", _tensorboard, needs_run=True),
    "onnx": Destination(".onnx", _onnx, of_moment=True),
    "weights": Destination(".safetensors", _weights, of_moment=True),
    "csv": Destination(".csv", _csv, needs_run=True, is_text=True),
    "zip": Destination(".zip", _zip, needs_run=True),
}
