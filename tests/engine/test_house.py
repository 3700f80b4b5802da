"""The house is as ARCHITECTURE.md says: a name has one meaning, no folder is a hall, the recipes name every place.

Reads the sources as text; imports neither floor.
"""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MODULES = sorted(path for floor in ("engine", "gui") for path in (ROOT / floor).rglob("*.py"))
MOST_MODULES = 15
ROLES = {"__init__.py", "__main__.py", "base.py", "lab.py", "state.py"}  # what a file is to its folder: named by the folder


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


def test_a_test_gives_up_when_all_do() -> None:
    """A wait with a limit of its own fails on a busy machine: `GIVE_UP_S` of `tests.patience` is the one limit."""
    own = re.compile(
        r"\.(?:result|close|close_lab|join|wait)\((?:[2-9]|\d\d+)[\d.]*\)|\bwait(?:Until|Signal)\(.*timeout=(?!timeout)"
        r"|\bassert .*\.close\(\)"
    )
    found = {
        f"{path.relative_to(ROOT).as_posix()}:{number}": line.strip()
        for path in sorted((ROOT / "tests").rglob("*.py"))
        if path.relative_to(ROOT).parts[1] not in ("bench", "demo.py") and path != Path(__file__)
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if own.search(line)
    }
    assert found == {}


def test_packages_hand_nothing_on() -> None:
    assert [path for path in MODULES if path.name == "__init__.py" and path.read_text("utf-8").strip()] == []


@cache
def texts() -> dict[Path, str]:
    """The program's files, read once for all recipes."""
    return {path: path.read_text("utf-8") for path in [*ROOT.joinpath("assets").rglob("*.toml"), *MODULES]}


def places(example: str) -> set[str]:
    """Every file of the program that names `example`: code, data and words. What only mentions it in a sentence of a preset's
    or a network's description is left out by the word's bounds."""
    word = re.compile(rf"(?<![\w-]){re.escape(example)}(?![\w-])")
    return {
        path.relative_to(ROOT).as_posix()
        for path, text in texts().items()
        if path.stem == example or (example in text and word.search(text))
    }


def recipes() -> dict[str, str]:
    """ARCHITECTURE.md, "How to add": the example of each recipe -> the recipe."""
    text = ROOT.joinpath("ARCHITECTURE.md").read_text("utf-8").split("## How to add")[1].split("\n## ")[0]
    found = re.findall(r"^\*\*[^*]+\*\* \(as `([^`]+)`\)(.*?)(?=^\*\*|\Z)", text, re.MULTILINE | re.DOTALL)
    return dict(found)


@pytest.mark.parametrize("example", sorted(recipes()))
def test_a_recipe_names_every_place(example: str) -> None:
    """What stands behind the example of a recipe is in the files that the recipe names, and in no other."""
    named = set(re.findall(r"`((?:engine|gui|assets)/[\w/.-]+\.(?:py|toml))`", recipes()[example].replace("NAME", example)))
    assert places(example) == named


def test_there_is_a_recipe_for_whatever_is_added() -> None:
    assert len(recipes()) >= 9
