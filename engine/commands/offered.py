"""`python -m engine list WHAT`: what there is to choose from."""

from __future__ import annotations

import argparse
import json
from typing import Any

from engine.commands.exits import DONE
from engine.data.sources import names as data_names
from engine.experiments import famous
from engine.experiments.experiment import preset_names
from engine.layers.catalog import KINDS
from engine.networks.summary import aligned
from engine.words import say, table


def add_to(commands: Any) -> None:
    """Add the command to the parsers of `commands`."""
    command = commands.add_parser("list", help="what there is to choose from")
    command.add_argument("what", choices=("presets", "networks", "datasets", "layers"))
    command.add_argument("--json", action="store_true", help="an array of names")
    command.set_defaults(run=_list)


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
        print(*aligned(lines), sep="\n")
    else:
        lines = [(name, _first_sentence(say(arguments.what, f"{name}.about"))) for name in names]
        print(*aligned(lines), sep="\n")
    return DONE


def _first_sentence(text: str) -> str:
    return text.partition(". ")[0].removesuffix(".") + "."
