"""Korean is complete: every word of the window's code is translated, and the compiled file is the one of the text file."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from string import Formatter
from xml.etree import ElementTree

import pytest

from engine.assets import asset

ROOT = Path(__file__).parents[3]
TS = asset("translations", "layerscope_ko.ts")


def _tool(name: str) -> str:
    return str(Path(sys.executable).parent / name)


def _messages(path: Path) -> dict[tuple[str, str], tuple[str, str]]:
    """(class, English) -> (Korean, state)"""
    found = {}
    for context in ElementTree.parse(path).iter("context"):
        for message in context.iter("message"):
            translation = message.find("translation")
            assert translation is not None
            key = (context.findtext("name", ""), message.findtext("source", ""))
            found[key] = (translation.text or "", translation.get("type", "finished"))
    return found


def test_every_word_of_the_window_is_in_the_file(tmp_path: Path) -> None:
    fresh = tmp_path / "fresh.ts"
    sources = ["app.py", *sorted(str(p.relative_to(ROOT)) for p in (ROOT / "gui").rglob("*.py"))]
    subprocess.run([_tool("pyside6-lupdate"), *sources, "-ts", str(fresh)], cwd=ROOT, check=True, capture_output=True)
    assert set(_messages(fresh)) == set(_messages(TS)), "run `make translations`, then translate what is new"


def test_no_word_is_where_the_tool_does_not_look() -> None:
    """lupdate passes over what stands inside an f-string."""
    inside = [
        f"{path.relative_to(ROOT)}:{call.lineno}"
        for path in (ROOT / "gui").rglob("*.py")
        for text in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(text, ast.JoinedStr)
        for call in ast.walk(text)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr == "tr"
    ]
    assert inside == []


def test_no_word_is_left_untranslated() -> None:
    unfinished = [key for key, (korean, state) in _messages(TS).items() if state != "finished" or not korean.strip()]
    assert unfinished == []


def test_placeholders_are_the_same_in_both_languages() -> None:
    for (_, english), (korean, _) in _messages(TS).items():
        assert _placeholders(english) == _placeholders(korean), english


def _placeholders(text: str) -> set[str]:
    return {field for _, field, _, _ in Formatter().parse(text) if field is not None}


def test_the_compiled_file_is_of_today(tmp_path: Path) -> None:
    compiled = tmp_path / "fresh.qm"
    subprocess.run([_tool("pyside6-lrelease"), str(TS), "-qm", str(compiled)], check=True, capture_output=True)
    assert compiled.read_bytes() == asset("translations", "layerscope_ko.qm").read_bytes(), "run `make translations`"


@pytest.mark.parametrize("path", sorted(asset("words").glob("*.toml")), ids=lambda path: path.stem)
def test_words_of_data_are_there_in_both_languages(path: Path) -> None:
    for code, entry in tomllib.loads(path.read_text("utf-8")).items():
        assert set(entry) == {"en", "ko"}, code
        assert entry["en"].strip() and entry["ko"].strip(), code
        english, korean = (set(re.findall(r"{(\w+)", entry[language])) for language in ("en", "ko"))
        assert english == korean, code
