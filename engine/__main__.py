"""The command line: `python -m engine` and `layerscope-cli`.

Reads the arguments and runs the command that they name, one of `engine.commands`. What can be said without torch is said
without importing it. Exit codes: 0 done; 1 the network cannot be built, the run did not come to its end or is not saved; 2 the
arguments or a file cannot be read; 130 stopped with Ctrl-C or SIGTERM. Errors go to stderr in one line.
"""

from __future__ import annotations

import argparse
import os
import sys
import warnings
from collections.abc import Sequence
from pathlib import Path

from engine import kernels
from engine.commands import (
    exporting,
    fetching_data,
    from_books,
    gates,
    looking_at_data,
    moments,
    offered,
    one_run,
    run_listing,
    summing_up,
    sweep,
)
from engine.commands.exits import DONE, FAILED, INTERRUPTED, UsageError, refuse
from engine.commands.given.given_zip import unpacked
from engine.data.info import DatasetError
from engine.experiments.brought.written_code import BroughtError
from engine.experiments.experiment import ExperimentError
from engine.runs.failures import RunError
from engine.training.distributed.launch import ProcessesError, launched

COMMANDS = (  # in the order of the help
    offered,
    looking_at_data,
    fetching_data,
    summing_up,
    one_run,
    moments,
    gates,
    run_listing,
    sweep,
    exporting,
    from_books,
)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command that `argv` (the program's own arguments when None) names; returns the exit code."""
    _make_streams_safe()
    kernels.keep_few()
    kernels.multiply_in_one_thread()
    # of torch, about its own speed: nothing to be done about
    warnings.filterwarnings("ignore", message="LSTM with projections is not supported with oneDNN")
    try:
        launch = launched()
        if launch is not None and not launch.leads:
            _fall_silent()
        arguments = _parser().parse_args(argv)
        if launch is not None and not getattr(arguments, "may_be_shared", False):
            raise ProcessesError("one_process_only", command=arguments.command_name)
        with unpacked(arguments) as given:
            code: int = given.run(given)
        sys.stdout.flush()
    except SystemExit as left:  # argparse has printed its help, or what is wrong
        return int(left.code or 0)
    except BrokenPipeError:  # `| head` has read enough
        _drop_output()
        return DONE
    except OSError as error:  # the disk that the output goes to is full
        _drop_output()
        return refuse(error, FAILED)
    except (UsageError, ExperimentError, DatasetError, RunError, BroughtError, ProcessesError) as error:
        return refuse(error)
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        return INTERRUPTED
    return code


def _fall_silent() -> None:
    """Of several processes that torchrun has started for one run, the first one alone prints."""
    sys.stdout = sys.stderr = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115  (as long as the program)


def _make_streams_safe() -> None:
    """Where there is no stream (`>&-`), what is said goes nowhere; a name in Korean does not end a listing on a Windows code
    page."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115  (as long as the program)
        elif hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")


def _drop_output() -> None:
    """What is still buffered has nowhere to go, and must not fail again at the interpreter's exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="layerscope-cli", description="Layerscope's engine without its window.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND", dest="command_name")
    for command in COMMANDS:
        command.add_to(commands)
    return parser


if __name__ == "__main__":
    sys.exit(main())
