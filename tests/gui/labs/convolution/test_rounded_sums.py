"""The printed sum of a cell is an equation of its printed numbers, in every width: rounded terms add up with what rounding
leaves out, and where there is no room for all terms, the line says how many more there are."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from engine.cells.arithmetic import cell_of
from engine.cells.filters import Filters
from engine.layers.catalog import AvgPool2d, Conv2d, MaxPool2d
from engine.layers.kinds.pooling import Pooling
from gui.labs.convolution.backward.backward_view import BackwardView
from gui.labs.convolution.cell.account import Account
from gui.labs.convolution.cell.cell_arithmetic import CellArithmetic
from gui.labs.convolution.cell.sum_lines import KEPT
from gui.labs.convolution.state import Pin, SceneState
from gui.labs.convolution.subject import Subject
from gui.shell import language
from gui.widgets.figures.written_numbers import number_text, product
from tests.gui.labs.convolution.subjects import subject_of
from tests.gui.layouts import lay_out

WIDTHS = (260, 330, 400, 470, 540, 640, 760, 900, 1200, 2400, 5200)
LAYERS = (
    Conv2d(out_channels=1, kernel_size=3),
    Conv2d(out_channels=1, kernel_size=5, bias=False),
    MaxPool2d(kernel_size=3),
    AvgPool2d(kernel_size=3),
)


def fractions(layer: Any, channels: int, seed: int) -> Subject:
    """Numbers with all the digits of a float32."""
    chance = np.random.default_rng(seed)
    values = chance.random((channels, 9, 9), np.float32)
    if isinstance(layer, Pooling):
        return subject_of(layer, values, None)
    weight = chance.standard_normal((1, channels, *layer.kernel)).astype(np.float32) / 3
    return subject_of(layer, values, Filters(weight, chance.standard_normal(1).astype(np.float32) * layer.bias))


def account(subject: Subject, source: int = 0) -> Account:
    layer, filters = subject.layer, subject.filters
    has_bias = not isinstance(layer, Pooling) and layer.bias
    weight = None if filters is None else filters.weight
    cell = cell_of(layer, subject.values_CHW, weight, filters.bias_O if filters and has_bias else None, 0, (1, 1))
    return Account(subject, cell, 1, 1, source, has_bias, None)


def come_to(text: str) -> Decimal:
    """What a printed sum comes to, by its digits alone: products, numbers with a name, a mean, a maximum."""
    text = text.lstrip("≈= ").replace("−", "-")
    if text.startswith("max("):
        return max(map(Decimal, text[4:].rstrip(")").split(", ")))
    divisor = Decimal(1)
    if found := re.fullmatch(r"\((.*)\) / (\d+)(.*)", text):
        inner, divisor = found[1], Decimal(found[2])
        return come_to(inner) / divisor + (come_to(found[3].removeprefix(" + ")) if found[3] else 0)
    total = Decimal(0)
    for term in text.split(" + "):
        product = Decimal(1)
        for factor in term.split("×"):
            product *= Decimal(re.findall(r"-?\d+(?:\.\d+)?", factor)[-1])
        total += product
    return total


def shown_total(text: str) -> Decimal:
    return Decimal(text.replace("−", "-"))


@pytest.fixture
def lines(qtbot: QtBot) -> CellArithmetic:
    made = CellArithmetic()
    qtbot.addWidget(made)
    made.show()
    return made


@pytest.mark.parametrize("chosen", ["en", "ko"])
@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("layer", LAYERS, ids=lambda layer: f"{type(layer).__name__}{layer.kernel_size}")
def test_what_is_printed_adds_up_in_every_width(
    lines: CellArithmetic, layer: Any, channels: int, chosen: language.Language
) -> None:
    language.set_language(chosen)
    whole = elided = 0
    for seed in range(6):
        subject = fractions(layer, channels, seed)
        for width in WIDTHS:
            lines.resize(width, 60)
            lines.show_account(account(subject))
            lay_out()
            checked = [(lines.total, lines.line)]
            if channels > 1 and not isinstance(layer, Pooling):
                second = re.fullmatch(r"\w+ \((.*?)\) (.*)", lines.second_line)
                assert second is not None
                checked.append((second[1], second[2]))
            for total, text in checked:
                if re.match(r"= (the |곱|값)", text):
                    continue  # in words
                if "…" in text:
                    elided += 1
                    assert ("more)" if chosen == "en" else "외") in text, text
                elif re.search(r"\d\.\d", text):
                    assert round(come_to(text), 4) == shown_total(total), (width, total, text)
                    whole += 1
    assert whole >= 6 and (elided > 10 or channels == 3)


def test_no_term_has_fewer_than_three_decimals_for_want_of_room(lines: CellArithmetic) -> None:
    """In the window at a scale of 1.5 the terms had one digit: 0.4×0.2 + 0.1×(−0.3) + ... = 0.7, printed beside 0.4138."""
    subject = fractions(LAYERS[0], 1, 3)
    for width in range(240, 1300, 20):
        lines.resize(width, 60)
        lines.show_account(account(subject))
        lay_out()
        decimals = [len(each) for each in re.findall(r"\.(\d+)", lines.line)]
        assert all(count >= 3 for count in decimals), lines.line


def test_the_line_says_how_many_terms_it_leaves_out(lines: CellArithmetic) -> None:
    subject = fractions(LAYERS[0], 1, 3)
    seen = set()
    for width in range(240, 1300, 10):
        lines.resize(width, 60)
        lines.show_account(account(subject))
        lay_out()
        if found := re.search(r"(.*) \+ … \((\d+) more\)", lines.line):
            assert found[1].count("×") + int(found[2]) == 9
            seen.add(int(found[2]))
    assert len(seen) > 3


def test_the_gradients_products_add_up_too(qtbot: QtBot) -> None:
    view = BackwardView()
    qtbot.addWidget(view, before_close_func=lambda widget: widget.close_view())
    subject = fractions(LAYERS[0], 1, 5)
    for width in (900, 1500, 3000):
        view.resize(width, 420)
        view.show()
        for pin in (Pin("input", 4, 4), Pin("filter", 1, 1)):
            view.show_view(subject, SceneState(view="backward", pin=pin, upstream="output"))
            qtbot.waitUntil(lambda: not view.busy() and view.gradient is not None)
            lay_out()
            text = view.sum_lines.second_line
            if "…" in text:
                left = int(re.findall(r"\((\d+) more\)", text)[0])
                assert text.count("×") + left == len(view.gradient.terms) and text.count("×") in KEPT  # type: ignore[union-attr]
            else:
                assert round(come_to(text), 4) == shown_total(view.sum_lines.total)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"),
        (-2.0, "−2"),
        (0.5019608, "0.5020"),
        (-123456.7890625, "−123456.7891"),
        (0.0003, "0.0003"),
        (-1.234e-5, "−1.234×10⁻⁵"),
        (float("nan"), ""),
        (float("inf"), "∞"),
    ],
)
def test_one_number_in_a_sentence_is_written_as_the_sums_write_it(value: float, text: str) -> None:
    assert number_text(value) == text


@pytest.mark.parametrize(
    ("first", "second", "decimals", "text"),
    [
        ("0.000023", "2", 4, "(2.3×10⁻⁵)×2"),
        ("-0.00031", "0.5", 3, "(−0.00031)×0.5"),
        ("2", "1e-300", 4, "2×(1×10⁻³⁰⁰)"),
        ("0", "-0.25", 2, "0×(−0.25)"),
        ("0.004", "1", 2, "0.004×1"),
    ],
)
def test_only_a_factor_that_is_zero_is_written_as_zero(first: str, second: str, decimals: int, text: str) -> None:
    found = product(Decimal(first), Decimal(second), decimals)
    assert found.text == text
    assert float(found.value) == pytest.approx(float(Decimal(first) * Decimal(second)), rel=0.05)
