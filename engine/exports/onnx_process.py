"""An ONNX file made in a process of its own: `python -m engine.exports.onnx_process`.

torch's exporter has switches that are one for all threads, and a training may be under way beside it. The order comes as a line
of JSON on stdin, the answer as one on stdout; the file is written where the order says. Called by the window's thread that
exports, through `onnx_elsewhere`.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import msgspec

from engine.data.info import DatasetError
from engine.exports.export_problems import ExportError
from engine.runs.failures import RunError

MODULE = "engine.exports.onnx_process"
LOOKS_S = 0.1  # between two looks at whether it is stopped
if sys.platform == "win32":
    _APART = subprocess.CREATE_NO_WINDOW
else:
    _APART = 0


class OnnxOrder(msgspec.Struct, frozen=True):
    """A run's folder, which of its moments (None: its last weights), where the file goes, and the language of what is
    refused."""

    folder: str
    moment: int | None
    out: str
    language: str


class OnnxAnswer(msgspec.Struct, frozen=True):
    """`refused`: why there is no file, in the order's language."""

    refused: str = ""


class RefusedElsewhere(ExportError):  # noqa: N818  (a sentence that comes as it is)
    """What the process has refused, in the words that it has said."""

    def __init__(self, sentence: str) -> None:
        super().__init__("process_refused", sentence=sentence)


def onnx_elsewhere(folder: Path, moment: int | None, language: str, is_stopped: Callable[[], bool]) -> bytes:
    """The file of the run in `folder`. Raises ExportError, and OSError where no process can be started. Where it `is_stopped`
    in between, the process is ended, and nothing is left of it."""
    with tempfile.TemporaryDirectory(prefix="layerscope-") as place:
        out, order = Path(place) / "network.onnx", Path(place) / "order.json"
        order.write_bytes(msgspec.json.encode(OnnxOrder(str(folder.resolve()), moment, str(out), language)))
        root = str(Path(__file__).parents[2])
        before = os.environ.get("PYTHONPATH")
        environment = os.environ | {"PYTHONPATH": os.pathsep.join([root, before] if before else [root]), "PYTHONSAFEPATH": "1"}
        with (
            order.open("rb") as given,  # not a pipe: Popen forgets to write it where the first look ends too early
            subprocess.Popen(
                [sys.executable, "-m", MODULE],
                stdin=given,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env=environment,
                creationflags=_APART,
                start_new_session=True,  # a Ctrl-C in the terminal is for the window
            ) as process,
        ):
            said, errors = _spoken(process, is_stopped)
        try:
            answer = msgspec.json.decode(said.splitlines()[-1], type=OnnxAnswer)
        except (IndexError, msgspec.MsgspecError):
            lines = errors.decode("utf-8", "replace").strip().splitlines()
            raise ExportError("process_ended", error=lines[-1][:300] if lines else process.returncode) from None
        if answer.refused:
            raise RefusedElsewhere(answer.refused)
        return out.read_bytes()


def _spoken(process: subprocess.Popen[bytes], is_stopped: Callable[[], bool]) -> tuple[bytes, bytes]:
    """What the process has said on its two streams by its end."""
    while True:
        try:
            return process.communicate(timeout=LOOKS_S)
        except subprocess.TimeoutExpired:  # what was said is kept for the next call
            if is_stopped():
                process.kill()


def main() -> None:
    order = msgspec.json.decode(sys.stdin.buffer.read(), type=OnnxOrder)
    print(msgspec.json.encode(OnnxAnswer(_refused(order))).decode("utf-8"), flush=True)


def _refused(order: OnnxOrder) -> str:
    """Write the file; why that cannot be, or ""."""
    from engine.experiments.problems import CannotRunError
    from engine.exports.onnx_file import onnx_file
    from engine.exports.outgoing import Outgoing

    try:
        source = Outgoing.of_run(Path(order.folder))
        Path(order.out).write_bytes(onnx_file(source.experiment, *source.weights(order.moment)))
    except (ExportError, RunError, DatasetError) as error:
        return error.message(order.language)
    except CannotRunError as error:
        return error.problem.sentence(order.language)
    except MemoryError:
        return ExportError("memory").message(order.language)
    return ""


if __name__ == "__main__":
    main()
