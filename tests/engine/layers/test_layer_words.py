"""Whatever the layers can say has its words, in both languages and with the same blanks to fill."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

import engine
from engine.fields import fields
from engine.layers.catalog import KINDS
from engine.words import LANGUAGES, table

ENGINE = Path(engine.__file__).parent
SOURCES = [*sorted((ENGINE / "layers").rglob("*.py")), ENGINE / "networks" / "trace.py"]
BLANK = re.compile(r"\{(\w+)\}")


@cache
def raised() -> dict[str, set[str]]:
    """Every code that `Refusal(code, name=value, ...)` or `_RefusedError(where, code, {name: value})` is written with -> the
    names of its values ("**" where they are handed over as a dictionary)."""
    codes: dict[str, set[str]] = {}
    for source in SOURCES:
        for node in ast.walk(ast.parse(source.read_text("utf-8"))):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
                continue
            if node.func.id == "Refusal":
                (code,) = node.args
                assert isinstance(code, ast.Constant), f"{source.name}: a code must stand where it is raised"
                codes.setdefault(code.value, set()).update(keyword.arg or "**" for keyword in node.keywords)
            elif node.func.id == "_RefusedError" and isinstance(node.args[1], ast.Constant):
                values = node.args[2]
                assert isinstance(values, ast.Dict)
                codes.setdefault(node.args[1].value, set()).update(ast.literal_eval(key) for key in values.keys if key)
    return codes


def test_every_code_has_its_sentence_and_every_sentence_its_code() -> None:
    assert len(raised()) > 20
    assert raised().keys() == table("problems").keys()


@pytest.mark.parametrize("code", sorted(raised()))
def test_a_sentence_asks_only_for_values_that_come(code: str) -> None:
    blanks, values = set(BLANK.findall(table("problems")[code]["en"])), raised()[code]
    assert "**" in values or blanks <= values
    assert "**" in values or values - {"field"} <= blanks, "a value that no sentence says"


@pytest.mark.parametrize("name", ["problems", "symbols", "quantities", "layers", "fields"])
def test_both_languages_say_the_same(name: str) -> None:
    for code, entry in table(name).items():
        assert entry.keys() == set(LANGUAGES), code
        assert all(entry.values()), code
        assert set(BLANK.findall(entry["en"])) == set(BLANK.findall(entry["ko"])), code
        assert re.search("[가-힣]", entry["ko"]) or code == "k", f"{code} is not in Korean"


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_and_its_fields_have_words(kind: str) -> None:
    assert kind in table("layers")
    for field in fields(KINDS[kind]):
        assert {field, f"{field}.help"} <= table("fields").keys()


def test_no_words_for_nothing() -> None:
    assert table("layers").keys() == KINDS.keys()
    known = {field for kind in KINDS.values() for field in fields(kind)}
    assert {key.removesuffix(".help") for key in table("fields")} == known


@pytest.mark.parametrize("kind", KINDS)
def test_integers_have_a_slider_within_their_range(kind: str) -> None:
    for field in fields(KINDS[kind]).values():
        if field.kind in ("integer", "number"):
            assert field.slider is not None, field.name
            assert field.low is not None, field.name
            assert field.high is not None, field.name
            assert field.low <= field.slider[0] < field.slider[1] <= field.high, field.name
