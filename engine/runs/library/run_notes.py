"""What people write on a run: its name, which is its experiment's, and a note, a file of its own in the run's folder.

Neither decides a number, so a run goes on as before. Called by the window's list of runs.
"""

from __future__ import annotations

from pathlib import Path

from engine.experiments.experiment import to_toml
from engine.fields import edited
from engine.files import replace_file
from engine.runs.failures import RunError
from engine.runs.folder import EXPERIMENT, Run

NOTE = "note.txt"
MOST_LETTERS = 20_000


def read_note(folder: Path) -> str:
    """The note in a run's folder; empty where there is none that can be read."""
    try:
        with (folder / NOTE).open(encoding="utf-8", errors="replace") as file:
            return file.read(MOST_LETTERS).strip()
    except OSError:
        return ""


def write_note(folder: Path, text: str) -> None:
    """Keep `text` as the run's note; an empty one takes the file away. Raises RunError."""
    text = text.strip()[:MOST_LETTERS]
    file = folder / NOTE
    try:
        if text:
            replace_file(file, text.encode("utf-8", "replace") + b"\n")
        else:
            file.unlink(missing_ok=True)
    except OSError as error:
        raise RunError("unwritable", file=file, error=error.strerror or error) from None


def rename(folder: Path, name: str) -> None:
    """Call the run's experiment `name`; the folder keeps its own name, so that nothing that leads to it is lost. Raises
    RunError: the experiment cannot be read or written, or the name is empty."""
    name = " ".join(name.split())
    if not name:
        raise RunError("empty_name", folder=folder)
    run = Run.open(folder)
    if run.experiment.name == name:
        return
    file = folder / EXPERIMENT
    try:
        replace_file(file, to_toml(edited(run.experiment, name=name)))
    except OSError as error:
        raise RunError("unwritable", file=file, error=error.strerror or error) from None
    except UnicodeEncodeError:
        raise RunError("half_name", file=file) from None
