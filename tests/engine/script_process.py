"""Exported scripts as a learner runs them: without any of our modules, warnings as errors, one after the other in one process
that is started once, as importing torch and its optimisers takes seconds."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.patience import GIVE_UP_S

# Runs each script as __main__ and says, in hexadecimal, what it has measured, and how its weights are named.
RUNNER = """
import contextlib, io, json, os, runpy, sys, traceback
for line in sys.stdin:
    folder, *sys.argv = json.loads(line)
    os.chdir(folder)
    answer = {}
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        try:
            found = runpy.run_path(sys.argv[0], run_name="__main__")
        except SystemExit as left:
            answer["exit"] = left.code
        except BaseException:
            answer["error"] = traceback.format_exc()
        else:
            if "losses" in found:
                weights = found["model"].state_dict()
                answer["steps"] = [loss.hex() for loss in found["losses"]]
                answer["validation"] = float(found["validation_loss"]).hex()
                answer["weights"] = {name: list(value.shape) for name, value in weights.items()}
                answer["sum"] = float(sum(value.double().sum() for value in weights.values())).hex()
    answer["printed"] = printed.getvalue().splitlines()
    print(json.dumps(answer), flush=True)
"""


class ScriptProcess:
    """Starts with the first script, ends with `close`."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[str] | None = None
        self._errors = tempfile.TemporaryFile("w+", encoding="utf-8")  # noqa: SIM115  (as long as the process)

    def run(self, script: Path, *arguments: object) -> dict[str, Any]:
        """What `script` has printed and, of a training, measured; "exit" where it has left with a code or a sentence.

        Raises AssertionError with what it wrote to stderr, and with the traceback of a script that failed.
        """
        if self._process is None:
            self._process = subprocess.Popen(
                [sys.executable, "-I", "-W", "error", "-c", RUNNER],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._errors, encoding="ascii",
            )  # fmt: skip
        assert self._process.stdin is not None and self._process.stdout is not None
        print(json.dumps([str(script.parent), script.name, *map(str, arguments)]), file=self._process.stdin, flush=True)
        line = self._process.stdout.readline()
        self._errors.seek(0)
        errors = self._errors.read()
        assert line and not errors, errors or "the process is gone"
        answer: dict[str, Any] = json.loads(line)
        assert "error" not in answer, answer["error"]
        return answer

    def close(self) -> None:
        if self._process is not None:
            self._process.communicate(timeout=GIVE_UP_S)
        self._errors.close()
