"""An experiment: network, data, training settings and seed; the TOML file; presets.

The whole of what a run needs, as one frozen value. Everything in the window can be saved as such a file and opened from one.
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeAlias

import msgspec

from engine import words
from engine.assets import asset
from engine.data.info import Data, Seed, describe
from engine.experiments.optimisers import OPTIMIZERS
from engine.fields import Field, fields, setting
from engine.files import replace_file
from engine.layers.base import Layer
from engine.layers.catalog import KINDS, AnyLayer
from engine.networks.trace import Trace, trace

MOST_BYTES = 1_000_000  # of a file
MOST_LAYERS = 2_000  # in a network, those inside composites counted; ResNet-152 has about 500
MOST_LEVELS = 30  # of composites in composites
LONG_KEY = re.compile(r"""(?<![\w"'-])(?:[\w"'-]++\s*+\.\s*+){50}""")  # a.a.a...: tomllib needs the square of its length

if TYPE_CHECKING:  # a type checker knows no Literal of names that are made at run time
    OptimizerName: TypeAlias = str
else:
    OptimizerName = Literal[tuple(OPTIMIZERS)]
LossName = Literal["cross_entropy", "mean_squared_error"]
DeviceName = Literal["auto", "cpu", "cuda", "mps"]


class Network(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Layers in order. `input` is (C, H, W), (T, F) or (T,) without the batch; None: taken from the data."""

    input: Annotated[tuple[Annotated[int, setting(1, 1_000_000)], ...], msgspec.Meta(min_length=1, max_length=4)] | None = None
    layers: tuple[AnyLayer, ...] = ()


class Training(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How it is trained, in torch.optim's names. An option that the named optimiser does not have is ignored by it."""

    optimizer: OptimizerName = "Adam"
    lr: Annotated[float, setting(above=0.0, high=100.0, slider=(1e-5, 1.0), scale="log")] = 1e-3
    momentum: Annotated[float, setting(0.0, below=1.0, slider=(0.0, 0.99), step=0.01)] = 0.0  # SGD, RMSprop
    nesterov: bool = False  # SGD
    weight_decay: Annotated[float, setting(0.0, 10.0, slider=(0.0, 0.1), step=0.001)] = 0.0
    loss: LossName | None = None  # None: what the data's targets ask for
    batch_size: Annotated[int, setting(1, 100_000, slider=(1, 512), scale="log")] = 64
    epochs: Annotated[int, setting(1, 1_000_000, slider=(1, 100))] = 20
    clip: Annotated[float, setting(above=0.0, high=1e6, slider=(0.1, 10.0), scale="log")] | None = None  # largest gradient norm
    device: DeviceName = "auto"


class Experiment(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    name: str = "untitled"
    seed: Seed = 0
    data: Data = Data()
    network: Network = Network()
    training: Training = Training()


class ExperimentError(ValueError):
    """An experiment that cannot be read or written. The text names the file, the key and what was expected."""


def read(path: str | Path) -> Experiment:
    """The experiment in the TOML file at `path`. Raises ExperimentError."""
    return parse(read_text(path), str(path))


def read_text(path: str | Path) -> str:
    """The text of the TOML file at `path`, be it an experiment or a lab's setting. Raises ExperimentError."""
    file = Path(path)
    try:
        if not file.is_file():
            raise ExperimentError(f"{path}: {_what_is_there(file)}; expected a TOML file")
        if (size := file.stat().st_size) > MOST_BYTES:
            raise ExperimentError(f"{path}: {size:,} bytes are too many; expected at most {MOST_BYTES:,}")
        return file.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise ExperimentError(f"{path}: line {line} is not UTF-8 text; expected a TOML file") from None
    except OSError as error:
        raise ExperimentError(f"{path}: cannot be read ({error.strerror or error})") from None
    except ValueError as error:  # a null byte in the name, which no file has
        if isinstance(error, ExperimentError):
            raise
        raise ExperimentError(f"{str(path)!r}: cannot be read ({error})") from None


def parse(text: str, source: str = "experiment") -> Experiment:
    """The experiment that TOML `text` describes; `source` names it in errors. Raises ExperimentError."""
    if long := LONG_KEY.search(text):
        line = text.count("\n", 0, long.start()) + 1
        raise ExperimentError(f"{source}: line {line} has a key of more than 50 parts; expected at most 5")
    try:
        content = tomllib.loads(text)
        _check_size(content, source)
        return msgspec.convert(content, Experiment)
    except tomllib.TOMLDecodeError as error:
        end = f"(at line {text.rstrip().count(chr(10)) + 1}, the end of the file)"
        sentence = str(error).replace("(at end of document)", end)
        raise ExperimentError(f"{source}: not valid TOML: {sentence}") from None
    except msgspec.ValidationError as error:
        raise ExperimentError(f"{source}: {_explained(str(error), content)}") from None
    except RecursionError:
        raise ExperimentError(_too_deep(source)) from None
    except ExperimentError:
        raise
    except ValueError as error:  # tomllib lets a number of 5,000 digits and a 32nd of January pass on as they come
        raise ExperimentError(f"{source}: not valid TOML: {error}") from None


def to_toml(experiment: Experiment) -> str:
    """`experiment` as a file's text: what differs from the defaults, and the keys that every reader looks for. Parsing it
    gives `experiment` again."""
    written = "\n".join(f"{key} = {inline(getattr(experiment, key))}" for key in ("name", "seed")) + "\n"
    written += _table("data", experiment.data, ("name",))
    written += "\n[network]\n"
    if experiment.network.input is not None:
        written += f"input = {inline(experiment.network.input)}\n"
    for layer in experiment.network.layers:
        written += _table("[network.layers]", layer, ())
    return written + _table("training", experiment.training, ("optimizer", "lr", "batch_size", "epochs"))


def write(experiment: Experiment, path: str | Path) -> None:
    """Save `experiment` at `path`, whole or not at all. Raises ExperimentError."""
    try:
        replace_file(path, to_toml(experiment))
    except OSError as error:
        raise ExperimentError(f"{path}: cannot be written ({error.strerror or error})") from None
    except UnicodeEncodeError:
        raise ExperimentError(f"{path}: cannot be written: a name holds half a character") from None


def preset_names() -> tuple[str, ...]:
    """The presets that come with the program, in the order in which a learner meets them."""
    stems = {file.stem for file in asset("presets").glob("*.toml")}
    known = [stem for stem in words.table("presets") if stem in stems]
    return (*known, *sorted(stems.difference(known)))


def preset(name: str) -> Experiment:
    """The preset of this name. Raises ExperimentError when there is none."""
    if name not in preset_names():
        raise ExperimentError(f"there is no preset {name!r}; there are {', '.join(preset_names())}")
    return read(asset("presets", f"{name}.toml"))


def trace_of(experiment: Experiment) -> Trace:
    """The network's trace on the input it names, or on the data's where it names none.

    Raises data_info.DatasetError when it needs the data's shape and there is no such data.
    """

    layers, shape = experiment.network.layers, experiment.network.input
    if shape is not None:
        return trace(layers, shape)
    info = describe(experiment.data)
    return trace(layers, info.input, tokens=info.tokens)


def _what_is_there(file: Path) -> str:
    if file.is_dir():
        return "is a folder"
    return "is no ordinary file" if file.exists() else "is not there"


def _check_size(content: Any, source: str) -> None:
    """Refuse what would take the reader, the trace or torch minutes. Layers inside composites count too."""
    network = content.get("network")
    waiting = [(network.get("layers") if isinstance(network, dict) else None, 0)]
    count = 0
    while waiting:
        value, level = waiting.pop()
        if isinstance(value, dict):
            put_none_back(value)
            count, level = count + 1, level + 1
            waiting += [(part, level) for part in value.values() if isinstance(part, list)]
        elif isinstance(value, list):
            waiting += [(part, level) for part in value if isinstance(part, dict | list)]
        if level > MOST_LEVELS:
            raise ExperimentError(_too_deep(source))
    if count > MOST_LAYERS:
        raise ExperimentError(f"{source}: $.network.layers: {count:,} layers; expected at most {MOST_LAYERS:,}")


def put_none_back(layer: dict[str, Any]) -> None:
    """TOML has no None: a number that may be None and is not by default (BatchNorm2d's momentum) is written "none"."""
    if not any(value == "none" or (isinstance(value, list) and "none" in value) for value in layer.values()):
        return
    kind = layer.get("type")
    known = fields(KINDS[kind]) if isinstance(kind, str) and kind in KINDS else {}
    for name, value in layer.items():
        if name not in known or known[name].kind not in ("integer", "number"):
            continue
        if value == "none" and known[name].optional:
            layer[name] = None
        elif isinstance(value, list):  # AdaptiveAvgPool2d's output size
            layer[name] = [None if part == "none" else part for part in value]


def _too_deep(source: str) -> str:
    return f"{source}: $.network.layers: nested too deeply; expected at most {MOST_LEVELS} levels of layers"


def _explained(problem: str, content: Any) -> str:
    """msgspec's sentence, `Expected `int`, got `str` - at `$.seed``, with the key first and what there is to choose from."""
    sentence, _, path = problem.partition(" - at ")
    key = path.strip("`") or "$"
    if (named := re.fullmatch(r"Invalid value '(.*)'", sentence, re.DOTALL)) and key.endswith(".type"):
        return f"{key}: there is no layer {named[1]!r}; expected one of {', '.join(KINDS)}"
    if named := re.fullmatch(r"Object missing required field `(.*)`", sentence):
        return f"{key}.{named[1]}: is missing; expected a value for it"
    if named := re.fullmatch(r"Object contains unknown field `(.*)`", sentence, re.DOTALL):
        known = ("type", *_fields_at(key, content)) if "layers[" in key else _fields_at(key, content)
        return f"{key}.{named[1]}: there is no such key; expected one of {', '.join(known)}"
    if named := re.fullmatch(r"Invalid enum value (.*)", sentence, re.DOTALL):
        table, _, name = key.rpartition(".")
        choices = _fields_at(table, content)[name].choices
        return f"{key}: there is no {name} {named[1]}; expected one of {', '.join(choices)}"
    if "matching regex" in sentence:  # a block's name
        return f"{key}: a line break or control character; expected one line of text"
    return f"{key}: {sentence[:1].lower() + sentence[1:]}"


def _fields_at(key: str, content: Any) -> dict[str, Field]:
    """What the table at `key` of `content` may hold; the way there is known to be right."""
    sections = {"$": Experiment, "$.data": Data, "$.network": Network, "$.training": Training}
    if key in sections:
        return fields(sections[key])
    for name, index in re.findall(r"\.(\w+)|\[(\d+)\]", key):
        content = content[int(index)] if index else content[name]
    return fields(KINDS[content["type"]])


def _table(header: str, value: msgspec.Struct, always: tuple[str, ...]) -> str:
    lines = [f"{key} = {inline(part)}" for key, part in _entries(value, always).items()]
    return "\n".join(("", f"[{header}]", *lines, ""))


def _entries(value: msgspec.Struct, always: tuple[str, ...] = ()) -> dict[str, Any]:
    """What a file must say of `value`: its type if it is a layer, what is not the default, and `always`."""
    entries: dict[str, Any] = {}
    if isinstance(value, Layer):
        entries["type"] = type(value).__name__
    for name, field in fields(type(value)).items():
        part = getattr(value, name)
        if (part is not None or field.default is not None) and (name in always or field.required or part != field.default):
            entries[name] = part
    return entries


def inline(value: Any, indent: str = "") -> str:
    """One value in TOML. A list of layers takes a line for each."""
    match value:
        case None:
            return '"none"'  # see put_none_back
        case bool():
            return "true" if value else "false"
        case str():
            return _quoted(value)
        case Layer():
            return f"{{ {', '.join(f'{key} = {inline(part, indent)}' for key, part in _entries(value).items())} }}"
        case tuple() | list() if any(isinstance(part, Layer | tuple | list) for part in value):
            deeper = indent + "  "
            lines = (f"{deeper}{inline(part, deeper)},\n" for part in value)
            return f"[\n{''.join(lines)}{indent}]"
        case tuple() | list():
            return f"[{', '.join(inline(part) for part in value)}]"
        case _:
            return repr(value)  # an int, or a float: 1e-05, inf and nan read the same in TOML


def _quoted(text: str) -> str:
    """A TOML basic string, in which \\ " and control characters are escaped."""
    escaped = re.sub(r"[\x00-\x1f\x7f\\\"]", lambda found: f"\\u{ord(found[0]):04x}", text)
    return '"' + escaped.replace("\\u005c", "\\\\").replace("\\u0022", '\\"').replace("\\u000a", "\\n") + '"'
