"""No key of the program is missing in the list of shortcuts, and the list names none that nobody listens to."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence, QShortcut
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from engine import words
from gui.help.help_list import HelpRow
from gui.help.shortcuts import LISTENING, native
from gui.lab.names import LABS, TITLES
from gui.main_window import MainWindow
from gui.shell.language import set_language

ROOT = Path(__file__).parents[3]
# Whose keys are all keys of actions, which the list reads from the actions themselves.
OF_ACTIONS = {
    "gui.main_window",
    "gui.help.help_menu",
    "gui.labs.convolution.lab",
    "gui.labs.network.actions",
    "gui.running.focus_keys",
    "gui.running.lab.run_actions",
    "gui.widgets.stack.stack_menu",
}
ALSO = {"Return": "Enter", "+": "="}  # keys that are the same to the user
SPELLED = {
    "Escape": "Esc",
    "Insert": "Ins",
    "Delete": "Del",
    "PageUp": "PgUp",
    "PageDown": "PgDown",
    "Plus": "+",
    "Minus": "-",
    "Equal": "=",
}


def last(keys: str) -> str:
    """A key without what is held down with it: Up of Alt+Up."""
    return keys[-1] if keys.endswith("+") else keys.split("+")[-1]


def listened_to(path: Path) -> set[str]:
    """The keys that a module's text names."""
    found: set[str] = set()
    text = path.read_text("utf-8")
    if not any(name in text for name in ("Key_", "QKeySequence", "StandardKey")):
        return found  # nearly all of them: to parse them would take a second
    for node in ast.walk(ast.parse(text)):
        match node:
            case ast.Attribute(attr=name) if name.startswith("Key_"):
                found.add(SPELLED.get(name.removeprefix("Key_"), name.removeprefix("Key_")))
            case ast.Call(func=ast.Name(id="QKeySequence"), args=[ast.Constant(value=str(keys))]):
                found.add(SPELLED.get(last(keys), last(keys)))
            case ast.Attribute(value=ast.Attribute(attr="StandardKey"), attr=name):
                found.add(last(QKeySequence(getattr(QKeySequence.StandardKey, name)).toString()))
    return found


def test_the_table_names_every_key_that_is_listened_to_and_no_other() -> None:
    declared: dict[str, set[str]] = {}
    for each in LISTENING:
        declared.setdefault(each.module, set()).update(map(last, each.keys))
    for path in sorted((ROOT / "gui").rglob("*.py")):
        module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        if module in OF_ACTIONS or module == "gui.help.shortcuts":
            continue
        told = declared.pop(module, set())
        found = {next((key for key, same in ALSO.items() if name == same), name) for name in listened_to(path)}
        assert found == told, f"{module}: give each key a row in gui/help/shortcuts.py and a sentence in assets/words/keys.toml"
    assert declared == {}, "modules that are not there"


def test_every_sentence_is_used() -> None:
    codes = {code for code in words.table("keys") if not code.startswith("group.")}
    assert codes == {each.code for each in LISTENING}


@pytest.fixture
def window(qtbot: QtBot, own_home: Path) -> Iterator[MainWindow]:
    made = MainWindow(own_home / "settings.json", chosen_language="en")
    qtbot.addWidget(made)
    with qtbot.waitSignal(made.torch_is_ready):
        made.show()
    yield made
    made.close()


def listed(window: MainWindow) -> dict[str, list[HelpRow]]:
    """The rows of the open page, by their heading."""
    found: dict[str, list[HelpRow]] = {}
    for row in window.help.shortcuts.list.shown:
        if row.heading:
            group = found.setdefault(row.title, [])
        else:
            group.append(row)
    return found


def shown_keys(rows: list[HelpRow]) -> set[str]:
    return {keys for row in rows for keys in row.beside.split("   ")}


def test_every_shortcut_of_every_lab_and_of_the_window_is_listed(window: MainWindow) -> None:
    window.help.show_shortcuts()
    groups = listed(window)
    lab_of = {}
    for name in LABS:
        lab = window.lab(name)
        for holder in (lab, *lab.findChildren(QAction), *lab.findChildren(QShortcut)):
            lab_of[id(holder)] = words.say(TITLES, name)
    missing = []
    for holder in [*window.findChildren(QAction), *window.findChildren(QShortcut)]:
        keys = holder.shortcuts() if isinstance(holder, QAction) else [holder.key()]
        title = lab_of.get(id(holder), "Everywhere")
        there = shown_keys(groups[title]) | shown_keys(groups["Plots"]) | shown_keys(groups["Grids and tables of numbers"])
        there |= shown_keys(groups["Drawing a picture"])
        missing += [(title, each.toString()) for each in keys if each.toString() and native(each.toString()) not in there]
    assert missing == []
    assert {"Ctrl+Z", "F1", "Ctrl+/", "Ctrl+2"} <= shown_keys(groups["Everywhere"])
    assert {"Space", "→", "Backspace"} <= shown_keys(groups["Training"])
    assert all(row.title and row.beside for rows in groups.values() for row in rows)


def test_both_keys_open_the_page_which_searches_and_closes_with_escape(qtbot: QtBot, window: MainWindow) -> None:
    QTest.keyClick(window, Qt.Key.Key_F1)
    page = window.help.shortcuts
    qtbot.waitUntil(page.isVisible)
    page.list.query.setText("undo")
    assert page.list.shown[0].beside == "Ctrl+Z"
    page.list.query.setText("ctrl+shift+c")
    assert [row.title for row in page.list.shown] == ["Edit: Copy setting as text"]
    page.list.query.setText("no such thing")
    assert page.list.shown == () and not page.list.view.isVisible()
    QTest.keyClick(page, Qt.Key.Key_Escape)
    assert not page.isVisible()
    QTest.keyClick(window, Qt.Key.Key_Slash, Qt.KeyboardModifier.ControlModifier)
    assert page.isVisible() and page.list.query.text() == ""
    page.close()


def test_the_page_follows_the_language(qtbot: QtBot, window: MainWindow) -> None:
    window.help.show_shortcuts()
    set_language("ko")
    qtbot.waitUntil(lambda: "어디서나" in listed(window))
    groups = listed(window)
    assert window.help.shortcuts.windowTitle() == "단축키"
    assert ("편집: 되돌리기", "Ctrl+Z") in {(row.title, row.beside) for row in groups["어디서나"]}
    assert ("반복 한 번", "→") in {(row.title, row.beside) for row in groups["학습"]}
    window.help.shortcuts.close()
