"""A preset's note stays in view, and the control that it names is scrolled to."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QRect
from pytestqt.qtbot import QtBot

from engine.words import LANGUAGES, table
from gui.lab.base import Services
from gui.labs.convolution.lab import ConvolutionLab
from gui.labs.convolution.presets import NAMED, TABLE, names, note_of
from gui.shell import language
from tests.gui.layouts import lay_out
from tests.patience import GIVE_UP_S

ASKS = {"en": r"\b(Try|Set|Drag)\b(?! (Sobel|another|the two))", "ko": r"(바꾸면|바꾸어|끄면)"}
OWN_WORDS = {  # of controls that are not called by their field's name
    "library": ("library", "필터 모음"),
    "shift": ("Move sliders", "이동 슬라이더"),
    "depth": ("plane", "평면"),
    "count_include_pad": ("switch", "스위치"),
    "causal": ("left and right", "왼쪽과 오른쪽"),
}


@pytest.fixture
def lab(qtbot: QtBot, tmp_path: Path) -> ConvolutionLab:
    made = ConvolutionLab(Services(runs_folder=tmp_path / "runs"))
    qtbot.addWidget(made, before_close_func=lambda widget: widget.close_lab(GIVE_UP_S))
    made.resize(840, 560)  # in a window of 1024 × 700
    made.show()
    made.panel._fill_menu()
    return made


def inside(lab: ConvolutionLab, widget: object) -> bool:
    """Whether a widget of the left column is wholly in view."""
    viewport = lab.panel._scroll.viewport()
    return viewport.rect().contains(QRect(widget.mapTo(viewport, QPoint(0, 0)), widget.size()))  # type: ignore[attr-defined]


@pytest.mark.parametrize("chosen", LANGUAGES)
def test_the_control_that_a_note_names_is_in_view_below_it(
    qtbot: QtBot, lab: ConvolutionLab, chosen: language.Language
) -> None:
    language.set_language(chosen)
    lay_out()
    for action in lab.panel._preset_actions.actions():
        name = action.data()
        lab.panel._scroll.verticalScrollBar().setValue(10_000)
        action.trigger()
        qtbot.waitUntil(lambda name=name: not lab.picker.busy() and note_of(lab.state()) == name)  # type: ignore[misc]
        lay_out()
        panel = lab.panel
        assert panel.note.isVisible() and panel.rect().contains(panel.note.geometry())
        if name in NAMED:
            control = panel.control(NAMED[name])
            assert control is not None and control.isVisible(), name
            assert inside(lab, control) or control.height() > panel._scroll.viewport().height(), name
        else:
            assert panel._scroll.verticalScrollBar().value() == 0


def opened(qtbot: QtBot, lab: ConvolutionLab, name: str) -> None:
    next(action for action in lab.panel._preset_actions.actions() if action.data() == name).trigger()
    qtbot.waitUntil(lambda: not lab.picker.busy() and note_of(lab.state()) == name)
    lay_out()


def test_a_title_has_its_whole_line_until_a_button_stands_beside_it(qtbot: QtBot, lab: ConvolutionLab) -> None:
    language.set_language("ko")
    opened(qtbot, lab, "worked-example")
    note = lab.panel.note
    title, height = note._title, note.height()
    assert title.text() == "5×5에 3×3 필터, 손으로 계산" and title.height() < 2 * title.fontMetrics().height()
    note.show_preset("worked-example", changed=True)
    lay_out()
    assert note.restore_button.isVisible() and note.height() == height
    assert title.text().startswith("5×5") and title.text().endswith("…")
    assert title.toolTip() == "5×5에 3×3 필터, 손으로 계산"


@pytest.mark.parametrize("chosen", LANGUAGES)
def test_the_note_about_flipping_names_the_button_that_flips(
    qtbot: QtBot, lab: ConvolutionLab, chosen: language.Language
) -> None:
    language.set_language(chosen)
    opened(qtbot, lab, "impulse")
    assert f"'{lab.scene_card.flip.text()}'" in table(TABLE)["impulse.about"][chosen]


def test_a_note_names_the_control_that_is_scrolled_to() -> None:
    for name, control in NAMED.items():
        for number, chosen in enumerate(LANGUAGES):
            own = OWN_WORDS.get(name) or OWN_WORDS.get(control)
            word = own[number] if own else table("fields")[control][chosen]
            assert word.lower() in table(TABLE)[f"{name}.about"][chosen].lower(), (name, chosen)


def test_every_note_that_asks_for_something_is_scrolled_for() -> None:
    for name in names():
        note = table(TABLE)[f"{name}.about"]
        if re.search(ASKS["en"], note["en"]):
            assert name in NAMED, name
