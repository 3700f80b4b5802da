"""Layerscope's window: arguments, one QApplication, one window. `python app.py --help` says what it takes."""

from __future__ import annotations

import argparse
import logging
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from gui.lab.names import LabText


def main(argv: Sequence[str] | None = None) -> int:
    """Open the window and run until it is closed, which ends the process. Returns 2, with one line on stderr that says why,
    where no window could be opened."""
    arguments = _parser().parse_args(argv)
    from gui import before_qt

    before_qt.put_off_collecting()
    from engine import kernels
    from engine.experiments.experiment import ExperimentError
    from engine.runs.weights_file import is_weights_file
    from gui.shell.display import why_no_window

    kernels.keep_few()
    kernels.multiply_in_one_thread()
    reason, found = why_no_window(), None
    by_window = arguments.file is not None and (is_weights_file(arguments.file) or _is_data(arguments.file))
    if reason is None and arguments.file is not None and not by_window:
        try:
            found = _read(arguments.file)
        except ExperimentError as error:
            reason = f"layerscope: {error}"
    if reason is not None:
        print(reason, file=sys.stderr)
        return 2
    if sys.platform == "win32":
        import torch  # noqa: F401  torch 2.9 and later cannot load its libraries there after Qt has loaded its own

    before_qt.import_engine()
    from PySide6.QtWidgets import QApplication

    from gui.main_window import MainWindow
    from gui.shell import errors, settings, theme
    from gui.shell.signals import EndingSignals

    app = QApplication(sys.argv[:1])
    app.setApplicationName("Layerscope")
    app.setOrganizationName("Layerscope")
    errors.start_log(settings.log_file())
    reporter = errors.ErrorReporter()
    reporter.install()
    theme.start(app)
    window = MainWindow(settings.settings_file(), lab=arguments.lab, chosen_language=arguments.language)
    window.first_painted.connect(before_qt.begin_collecting)
    window.torch_is_ready.connect(before_qt.begin_collecting)
    reporter.set_window(window)
    EndingSignals(window.close, window)
    window.show()
    if found is not None:
        window.open_text(found)
    elif by_window:
        window.open_path(arguments.file)
    return _leave(app.exec())


def _is_data(path: Path) -> bool:
    """Whether it is a folder, a table or a text of the user's own, to be learned from."""
    from gui.lab.names import is_data

    return path.exists() and is_data(path)


def _read(file: Path) -> LabText:
    """The text of `file`. Raises ExperimentError where the file cannot be read, or holds an experiment that is not valid. A
    lab's setting is checked by the lab, once there is a window to say what is wrong."""
    from gui.lab.names import TRAINING, read_file

    found = read_file(file)
    if found.lab in (None, TRAINING):
        _ = found.experiment
    return found


def _leave(code: int) -> NoReturn:
    """End the process now: everything is saved and every thread that could be was joined. The interpreter's own way out takes
    torch and Qt apart for half a second to two, waits for a training step that does not end, and aborts where a thread is still
    inside torch."""
    logging.shutdown()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def _parser() -> argparse.ArgumentParser:
    from gui.lab.names import LABS

    parser = argparse.ArgumentParser(prog="layerscope", description="A playground for learning how CNNs and LSTMs work.")
    parser.add_argument(
        "file",
        nargs="?",
        type=Path,
        metavar="FILE",
        help="an experiment, a lab's setting, code of a network, weights, or data of your own to learn from",
    )
    parser.add_argument("--lab", choices=tuple(LABS), help="the lab to show first")
    parser.add_argument("--language", choices=("ko", "en"), help="the language of the window")
    return parser


if __name__ == "__main__":
    sys.exit(main())
