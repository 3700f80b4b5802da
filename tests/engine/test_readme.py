"""The README's tree is true: every module of the program has its line, and every line its module."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]


def _in_the_tree() -> list[str]:
    tree = ROOT.joinpath("README.md").read_text("utf-8").split("## The tree")[1].split("```")[1]
    folders: list[str] = []
    found = []
    for line in filter(None, tree.splitlines()):
        depth, name = (len(line) - len(line.lstrip())) // 2, line.split()[0]
        assert re.search(r"\S  +\S", line.strip()) or name == "widgets/" or name == "labs/", f"no words: {line}"
        folders[depth:] = [name]
        if name.endswith(".py"):
            found.append("".join(folders[:depth]) + name)
    return found


def test_the_tree_names_every_module_and_no_other() -> None:
    modules = {"app.py"}
    for floor in ("engine", "gui"):
        modules |= {path.relative_to(ROOT).as_posix() for path in (ROOT / floor).rglob("*.py") if path.name != "__init__.py"}
    assert sorted(_in_the_tree()) == sorted(modules)
