"""The house is as ARCHITECTURE.md says: one meaning for each name, no hall among the folders, and recipes that name every place.

Reads the sources as text; imports neither floor.
"""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).parents[2]
MODULES = sorted(path for floor in ("engine", "gui") for path in (ROOT / floor).rglob("*.py"))
MOST_MODULES = 15
ROLES = {"__init__.py", "__main__.py", "base.py", "lab.py", "state.py"}  # what a file is to its folder: named by the folder
RECIPES = ("GELU", "MaxPool3d", "waves", "RMSprop", "digits-mlp", "vgg-13", "two-3x3", "max-pooling", "training")


def named(path: Path) -> set[str]:
    """The public classes and type aliases that a module defines."""
    found = set()
    for node in ast.parse(path.read_text("utf-8")).body:
        match node:
            case ast.ClassDef():
                found.add(node.name)
            case ast.AnnAssign(target=ast.Name(id=name), annotation=ast.Name(id="TypeAlias")):
                found.add(name)
            case ast.Assign(targets=[ast.Name(id=name)]) if re.fullmatch("(?:[A-Z][a-z0-9]+)+", name):
                found.add(name)  # an alias without the word; constants are in capitals throughout
    return {name for name in found if not name.startswith("_")}


def test_a_name_has_one_meaning_in_the_whole_house() -> None:
    homes = defaultdict(list)
    for path in MODULES:
        for name in named(path):
            homes[name].append(path.relative_to(ROOT).as_posix())
    assert len(homes) > 300
    assert {name: where for name, where in homes.items() if len(where) > 1} == {}


def test_a_file_name_is_used_once() -> None:
    homes = defaultdict(list)
    for path in MODULES:
        if path.name not in ROLES:
            homes[path.name].append(path.relative_to(ROOT).as_posix())
    assert {name: where for name, where in homes.items() if len(where) > 1} == {}


def test_no_folder_is_a_hall() -> None:
    folders = defaultdict(list)
    for path in MODULES:
        if path.name != "__init__.py":
            folders[path.parent.relative_to(ROOT).as_posix()].append(path.name)
    assert {folder: len(files) for folder, files in folders.items() if len(files) > MOST_MODULES} == {}


def test_packages_hand_nothing_on() -> None:
    assert [path for path in MODULES if path.name == "__init__.py" and path.read_text("utf-8").strip()] == []


def places(example: str) -> set[str]:
    """Every file of the program that says `example`: its code, its data and its words, without what is only about it."""
    word = re.compile(rf"(?<![\w-]){re.escape(example)}(?![\w-])")
    files = [path for path in ROOT.joinpath("assets").rglob("*.toml")] + MODULES
    return {path.relative_to(ROOT).as_posix() for path in files if path.stem == example or word.search(path.read_text("utf-8"))}
