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
from pathlib import Path

import msgspec

from engine.data.info import DatasetError
from engine.exports.export_problems import ExportError
from engine.runs.failures import RunError

MODULE = "engine.exports.onnx_process"
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


def onnx_elsewhere(folder: Path, moment: int | None, language: str) -> bytes:
    """The file of the run in `folder`. Raises ExportError, and OSError where no process can be started."""
    with tempfile.TemporaryDirectory(prefix="layerscope-") as place:
        out = Path(place) / "network.onnx"
        order = OnnxOrder(str(folder.resolve()), moment, str(out), language)
        root = str(Path(__file__).parents[2])
        before = os.environ.get("PYTHONPATH")
        environment = os.environ | {"PYTHONPATH": os.pathsep.join([root, before] if before else [root]), "PYTHONSAFEPATH": "1"}
        done = subprocess.run(
            [sys.executable, "-m", MODULE],
            input=msgspec.json.encode(order),
            capture_output=True,
            env=environment,
            creationflags=_APART,
            start_new_session=True,  # a Ctrl-C in the terminal is for the window
            check=False,
        )
        try:
            answer = msgspec.json.decode(done.stdout.splitlines()[-1], type=OnnxAnswer)
        except (IndexError, msgspec.MsgspecError):
            said = done.stderr.decode("utf-8", "replace").strip().splitlines()
            raise ExportError("process_ended", error=said[-1][:300] if said else done.returncode) from None
        if answer.refused:
            raise RefusedElsewhere(answer.refused)
        return out.read_bytes()


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
