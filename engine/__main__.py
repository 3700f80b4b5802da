"""The command line: `python -m engine` and `layerscope-cli`.

Reads arguments, calls the engine, prints. What can be said without torch is said without importing it. Exit codes: 0 done;
1 the network cannot be built, the run did not come to its end or is not saved; 2 the arguments or a file cannot be read; 130
stopped with Ctrl-C or SIGTERM. Errors go to stderr in one line.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path

import msgspec

from engine.commands import moments, run_listing, sweep
from engine.data.info import DatasetError
from engine.data.sources import describe
from engine.data.sources import names as data_names
from engine.experiments import famous
from engine.experiments.experiment import Experiment, ExperimentError, preset, preset_names, read, trace_of
from engine.fields import edited
from engine.layers.catalog import KINDS
from engine.networks import summary
from engine.toml_text import inline
from engine.words import printable, say, table

DONE, FAILED, UNREADABLE, INTERRUPTED = 0, 1, 2, 130


class UsageError(ValueError):
    """Arguments that name nothing that can be read. The text says what was expected."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command that `argv` (the program's own arguments when None) names; returns the exit code."""
    _make_streams_safe()
    try:
        arguments = _parser().parse_args(argv)
    except SystemExit as left:  # argparse has printed its help, or what is wrong
        return int(left.code or 0)
    try:
        code: int = arguments.run(arguments)
        sys.stdout.flush()
    except BrokenPipeError:  # `| head` has read enough
        _drop_output()
        return DONE
    except OSError as error:  # the disk that the output goes to is full
        _drop_output()
        return _say_error(error, FAILED)
    except (UsageError, ExperimentError, DatasetError) as error:
        return _say_error(error)
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        return INTERRUPTED
    return code


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


def _say_error(error: Exception | str, code: int = UNREADABLE) -> int:
    print(f"error: {printable(str(error))}", file=sys.stderr)
    return code


# list


def _list(arguments: argparse.Namespace) -> int:
    names = {
        "presets": preset_names(),
        "networks": famous.names(),
        "datasets": data_names(),
        "layers": tuple(KINDS),
    }[arguments.what]
    if arguments.json:
        print(json.dumps(names))
    elif arguments.what == "layers":
        words = table("layers")
        lines = [(name, words[name]["en"] if name in words else "") for name in names]
        print(*summary.aligned(lines), sep="\n")
    else:
        lines = [(name, _first_sentence(say(arguments.what, f"{name}.about"))) for name in names]
        print(*summary.aligned(lines), sep="\n")
    return DONE


def _first_sentence(text: str) -> str:
    return text.partition(". ")[0].removesuffix(".") + "."


# summary


def _summary(arguments: argparse.Namespace) -> int:
    if bool(arguments.files) == bool(arguments.preset):
        raise UsageError("expected FILE... or --preset NAME")
    code = DONE
    for position, source in enumerate(arguments.files or [arguments.preset]):
        try:
            experiment = _known(source) if arguments.preset else read(source)
            if arguments.input:
                experiment = edited(experiment, network=edited(experiment.network, input=arguments.input))
            trace = trace_of(experiment)
        except (ExperimentError, DatasetError) as error:
            where = "" if isinstance(error, ExperimentError) else f"{source}: "
            code = _say_error(f"{where}{error}")
            continue
        if arguments.json:
            print(summary.as_json(source, trace))
        else:
            layers = experiment.network.layers
            print("\n" * bool(position) + summary.as_table(printable(f"{experiment.name} ({source})"), trace, layers))
            if advice := summary.advice(trace, layers):
                print(advice)
        if trace.problem is not None:
            code = max(code, FAILED)
    return code


def _known(name: str) -> Experiment:
    """The preset of this name, or the famous network: where both have the name, they have the same layers."""
    if name in preset_names():
        return preset(name)
    if name in famous.names():
        return famous.experiment(name)
    raise ExperimentError("no_preset", name=inline(name), choices=", ".join(dict.fromkeys(preset_names() + famous.names())))


# train, resume


def _train(arguments: argparse.Namespace) -> int:
    experiment = _changed(_chosen(arguments), arguments)
    from engine import progress
    from engine.runs.folder import default_root, new_folder
    from engine.training.worker import train

    try:
        folder = Path(arguments.out) if arguments.out else new_folder(default_root(), experiment.name)
    except OSError as error:
        raise UsageError(f"{default_root()}: cannot be written ({error.strerror}); --out DIR names another folder") from None
    with progress.shown() as on_progress:
        status = train(experiment, folder=folder, on_progress=on_progress)
    return progress.end(status, as_json=arguments.json)


def _resume(arguments: argparse.Namespace) -> int:
    from engine import progress
    from engine.runs.failures import RunError
    from engine.runs.folder import Run
    from engine.training.worker import resume

    folder = Path(arguments.run_folder)
    try:
        _changed(Run.open(folder).experiment, arguments)  # whether the options say something possible
        with progress.shown() as on_progress:
            status = resume(folder, epochs=arguments.epochs, device=arguments.device, on_progress=on_progress)
    except RunError as error:
        return _say_error(error)
    return progress.end(status, as_json=arguments.json)


def _chosen(arguments: argparse.Namespace) -> Experiment:
    """The experiment of FILE, of a run's folder, or of --preset NAME, if there are such data as it names."""
    if bool(arguments.file) == bool(arguments.preset):
        raise UsageError("expected FILE or --preset NAME")
    if arguments.preset:
        return preset(arguments.preset)
    inside = Path(arguments.file) / "experiment.toml"
    file = inside if inside.is_file() else arguments.file
    experiment = read(file)
    try:
        describe(experiment.data)
    except DatasetError as error:
        raise UsageError(f"{file}: {error}") from None
    return experiment


def _changed(experiment: Experiment, arguments: argparse.Namespace) -> Experiment:
    """`experiment` with what --seed, --epochs and --device say instead, where the command has them."""
    given = {key: value for key in ("seed", "epochs", "device") if (value := getattr(arguments, key, None)) is not None}
    training = {key: value for key, value in given.items() if key != "seed"}
    changes = {key: value for key, value in given.items() if key == "seed"}
    option = ""
    try:
        for option, value in training.items():
            experiment = edited(experiment, training=edited(experiment.training, **{option: value}))
        for option, value in changes.items():
            experiment = edited(experiment, **{option: value})
    except msgspec.ValidationError as error:
        raise UsageError(f"--{option}: {str(error).partition(' - at')[0]}") from None
    return experiment


# export


def _export(arguments: argparse.Namespace) -> int:
    from engine.experiments.export import to_pytorch
    from engine.experiments.problems import CannotRunError
    from engine.files import replace_file
    from engine.runs.failures import RunError

    try:
        script = to_pytorch(_chosen(arguments), *_as_it_was_run(arguments.file))
    except RunError as error:
        return _say_error(error)
    except CannotRunError as error:
        return _say_error(error.problem.sentence(), FAILED)
    if not arguments.out:
        print(script, end="")
        return DONE
    try:
        replace_file(arguments.out, script)
    except OSError as error:
        raise UsageError(f"{arguments.out}: cannot be written ({error.strerror or error})") from None
    return DONE


def _as_it_was_run(file: str | None) -> tuple[list[tuple[int, float]], int | None]:
    """The learning rates that were set in mid-run, and the number of threads, of the run whose folder `file` is; none of a file
    or a preset. Raises RunError."""
    if file is None or not Path(file).is_dir():
        return [], None
    from engine.runs.folder import Run

    run = Run.open(Path(file))
    kept = run.kept()
    if kept is None:
        return run.history().rates, None
    return run.metrics(kept.step, kept.lr).history.rates, kept.threads


# arguments


def _shape(text: str) -> tuple[int, ...]:
    """3x224x224 as (3, 224, 224)."""
    sizes = text.replace("×", "x").split("x")
    if not 1 <= len(sizes) <= 4 or not all(size.isdecimal() and 0 < int(size) <= 1_000_000 for size in sizes):
        raise argparse.ArgumentTypeError(f"{text!r} is no shape; expected sizes such as 3x224x224")
    return tuple(map(int, sizes))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="layerscope-cli", description="Layerscope's engine without its window.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    command = commands.add_parser("list", help="what there is to choose from")
    command.add_argument("what", choices=("presets", "networks", "datasets", "layers"))
    command.add_argument("--json", action="store_true", help="an array of names")
    command.set_defaults(run=_list)

    command = commands.add_parser("summary", help="shapes, parameters and MACs of a network")
    command.add_argument("files", nargs="*", metavar="FILE", help="an experiment's TOML file")
    command.add_argument("--preset", metavar="NAME", help="one of `list presets` or `list networks`")
    command.add_argument("--input", type=_shape, metavar="3x224x224", help="another input than the file's")
    command.add_argument("--json", action="store_true", help="one line a file")
    command.set_defaults(run=_summary)

    command = commands.add_parser("train", help="train an experiment; Ctrl-C and SIGTERM stop it and keep what it has reached")
    command.add_argument("file", nargs="?", metavar="FILE")
    command.add_argument("--preset", metavar="NAME")
    command.add_argument("--out", metavar="DIR", help="the run's folder (a new one among the user's data)")
    command.add_argument("--device", metavar="D", help="auto, cpu, cuda or mps")
    command.add_argument("--seed", type=int, metavar="N")
    command.add_argument("--epochs", type=int, metavar="N")
    command.add_argument("--json", action="store_true", help="the result as one JSON line")
    command.set_defaults(run=_train)

    command = commands.add_parser("resume", help="go on with a run that was stopped, or has ended and gets more epochs")
    command.add_argument("run_folder", metavar="RUN", help="the run's folder")
    command.add_argument("--epochs", type=int, metavar="N", help="in all, more than it has; kept in its experiment")
    command.add_argument("--device", metavar="D", help="auto, cpu, cuda or mps")
    command.add_argument("--json", action="store_true", help="the result as one JSON line")
    command.set_defaults(run=_resume)

    moments.add_to(commands)
    run_listing.add_to(commands)

    sweep.add_to(commands)

    command = commands.add_parser("export", help="an experiment as a script")
    command.add_argument("file", nargs="?", metavar="FILE", help="an experiment's file, or a run's folder")
    command.add_argument("--preset", metavar="NAME")
    command.add_argument("--to", required=True, choices=("pytorch",))
    command.add_argument("--out", metavar="FILE", help="where to write it (standard output)")
    command.set_defaults(run=_export)
    return parser


if __name__ == "__main__":
    sys.exit(main())
