"""The rows of the labs are true: each names its class and has a title, and a text is read as what it is only once."""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest

from engine import words
from engine.experiments import experiment
from gui.lab import names
from gui.lab.base import Lab


@pytest.mark.parametrize("name", names.LABS)
def test_a_row_names_the_labs_class_and_the_words_its_title(name: str) -> None:
    row = names.LABS[name]
    found = getattr(importlib.import_module(row.module), row.kind)
    assert issubclass(found, Lab) and found.name == name
    assert set(words.table(names.TITLES)) == set(names.LABS)


def test_an_experiment_is_parsed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    parse = names.parse
    monkeypatch.setattr(names, "parse", lambda text, source: asked.append(source) or parse(text, source))
    mine = experiment.preset("lenet-5")
    found = names.recognised(experiment.to_toml(mine), "mine.toml")
    assert (found.lab, found.is_setting) == (names.TRAINING, False) and asked == []
    assert found.experiment == found.experiment == mine and asked == ["mine.toml"]


def test_an_own_file_is_looked_for_beside_the_experiments(tmp_path: Path) -> None:
    file = tmp_path / "own.toml"
    file.write_text('[data]\nname = "text"\npath = "own.txt"\n', "utf-8")
    assert names.read_file(file).experiment.data.path == str(tmp_path / "own.txt")
    assert names.recognised(file.read_text("utf-8"), "pasted").experiment.data.path == "own.txt"  # refused where it is read
