"""Every diagnosis and every remedy has its sentences, in both languages, with the same blanks."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from engine.doctor import remedies, rules
from engine.doctor.diagnoses import CODES, TABLE
from engine.words import LANGUAGES, table

BLANK = re.compile(r"\{(\w+)\}")
PARTS = ("seen", "why", "try")


def codes_of_remedies() -> set[str]:
    tree = ast.parse(Path(remedies.__file__).read_text("utf-8"))
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Remedy"]
    return {call.args[0].value for call in calls}


def test_the_table_has_these_entries_and_no_others():
    expected = {*CODES, *(f"{code}.{part}" for code in CODES for part in PARTS), "part.training", "part.validation"}
    assert table(TABLE).keys() == expected | {f"remedy.{code}" for code in codes_of_remedies()}


@pytest.mark.parametrize("entry", sorted(table(TABLE)))
def test_both_languages_have_the_same_blanks(entry):
    blanks = {language: set(BLANK.findall(table(TABLE)[entry][language])) for language in LANGUAGES}
    assert blanks["en"] == blanks["ko"]


def test_blanks_are_what_the_rules_give():
    keys = set(re.findall(r'"(\w+)": ', Path(rules.__file__).read_text("utf-8")))
    used = {blank for code in CODES for part in PARTS for blank in BLANK.findall(table(TABLE)[f"{code}.{part}"]["en"])}
    assert used <= keys | {"step"}  # the iteration of the diagnosis itself


def test_korean_sentences_are_polite_and_end():
    for code in CODES:
        for part in PARTS:
            assert table(TABLE)[f"{code}.{part}"]["ko"].endswith((".", "세요."))
