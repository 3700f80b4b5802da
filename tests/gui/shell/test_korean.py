"""What every Korean sentence of the program keeps to, as far as a machine can tell; and Qt's own words in a Korean window."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest
from PySide6.QtCore import QTranslator
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QDoubleSpinBox,
    QFileDialog,
    QFileSystemModel,
    QLabel,
    QLineEdit,
    QMenu,
    QMessageBox,
    QPlainTextEdit,
    QSpinBox,
    QWidget,
)
from pytestqt.qtbot import QtBot

from engine.assets import asset
from gui.shell.language import set_language

RULES = {
    "no particle may depend on a value": r"\}(?:은|는|이|가|을|를|와|과|로|으로)(?![가-힣])",
    "both forms of a particle are no sentence": r"은\(는\)|을\(를\)|이\(가\)|와\(과\)|\(으\)로",
    "no space before %": r"\s%(?!\d)",
    "the act is 학습; 훈련 belongs to the split": r"훈련 ?(?:시작|중|끝|속도|률)|훈련(?:하|했|시키|됩|된)",
    "the split is 훈련": r"학습 (?:데이터|손실|정확도|세트)|학습 곡선(?!$)",  # alone it is the learning curve, over samples
    "changed is 수정됨": r"고침|고쳐짐",
    "a cell is 강조된, not lit": r"불이 들어|켜집니다|켜진 칸",
    "a counter stands at its number": r"[0-9}] (?:개|번|칸|배|층|글자)(?![가-힣])",
    "a key has one name": r"스페이스|엔터 키|이스케이프",
    "a double click is 더블클릭": r"두 번 (?:누르|클릭)",
    "the lab's words, not others": r"레이어|파라미터|옵티마이저|뉴럴|채워넣기|그라디언트",
    "filters stand in the 필터 모음": r"(?<!필터 )모음에서",
    "a shape is without the 배치 차원": r"배치를 뺀|배치는 뺀",
    "a unit is a 단위": r"유닛",
    "a step is a 단계, and one of time a 시각; only a walk has 걸음": r"(?<!무작위 )걸음(?!의 값)",
    "a hidden layer is a 은닉층, any layer a 층": r"은닉 층|계층",
    "a button is a 버튼": r"단추",
    "a place in a picture is clicked": r"(?:평면|꼭짓점|맵|그래프|칸|수|계단)[을를] (?:누르|눌러)|오른쪽 버튼으로",
    "people are asked in one way": r"십시오",
    "to time is 측정": r"재기|(?<![가-힣])(?:잰|재는|재면|잽니다)(?![가-힣])",
    "a sample is a 표본, a feature a 특징": r"샘플(?!링)|특성",
    "the method is 경사 하강법": r"경사 하강(?!법)",
    "a number is told what it counts": r"개의 똑같은|학습함$|크기로$|^\{\w+\} 중$",
}
SECOND_WORDS = ".also"  # there the other words stand, for the search


def sentences() -> Iterator[tuple[str, str]]:
    """(where, Korean)"""
    for path in sorted(asset("words").glob("*.toml")):
        for code, entry in tomllib.loads(path.read_text("utf-8")).items():
            if not code.endswith(SECOND_WORDS):
                yield f"{path.stem}: {code}", entry["ko"]
    for name in ("layerscope_ko.ts", "layerscope_qt_ko.ts"):
        for context in ElementTree.parse(asset("translations", name)).iter("context"):
            for message in context.iter("message"):
                yield f"{context.findtext('name')}: {message.findtext('source')}", message.findtext("translation") or ""


@pytest.mark.parametrize("rule", RULES)
def test_every_korean_sentence_keeps_to_the_rule(rule: str) -> None:
    assert [(where, text) for where, text in sentences() if re.search(RULES[rule], text)] == []


def test_the_rules_find_what_they_are_about() -> None:
    wrong = [
        "{lr}을 낮추세요",
        "파일이(가)",
        "98.3 %",
        "훈련 시작",
        "학습 손실",
        "고침",
        "불이 들어온 칸",
        "{n} 개",
        "스페이스",
        "두 번 누르기",
    ]
    wrong += ["레이어", "모음에서 고르기", "배치를 뺀 크기", "은닉 유닛", "한 걸음 뒤", "Affine 계층", "단추", "평면을 누르면"]
    wrong += ["해 보십시오", "잰 편차", "샘플마다", "경사 하강", "{count} 중"]
    assert all(re.search(rule, text) for rule, text in zip(RULES.values(), wrong, strict=True))


# --- Qt's own words

LETTERS = re.compile(r"[A-Za-z]{2,}")
HANGUL = re.compile("[가-힣]")


def texts(widget: QWidget) -> Iterator[str]:
    """All texts that a widget and those inside it show or say: buttons, labels, tooltips, menus, heads of columns."""
    for each in [widget, *widget.findChildren(QWidget)]:
        yield from (each.toolTip(), each.accessibleName(), each.windowTitle())
        match each:
            case QLabel() | QAbstractButton():
                yield each.text()
            case QAbstractItemView():
                model = each.model()
                if hasattr(each, "header") and model is not None:
                    yield from (str(model.headerData(n, each.header().orientation()) or "") for n in range(model.columnCount()))
        for action in each.actions():
            yield action.text()


def english(found: Iterator[str]) -> set[str]:
    """Those of which nothing is Korean."""
    return {text for text in found if LETTERS.search(text) and not HANGUL.search(text)}


@pytest.mark.parametrize("mode", [QFileDialog.AcceptMode.AcceptOpen, QFileDialog.AcceptMode.AcceptSave])
def test_a_file_dialog_of_qt_is_korean_in_a_korean_window(
    qtbot: QtBot, own_home: Path, tmp_path: Path, mode: QFileDialog.AcceptMode
) -> None:
    set_language("ko")
    (tmp_path / "folder").mkdir()
    dialog = QFileDialog(None, "저장", str(tmp_path), "실험과 설정 (*.toml)")
    qtbot.addWidget(dialog)
    dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
    dialog.setAcceptMode(mode)
    files = dialog.findChild(QFileSystemModel)
    assert files is not None
    qtbot.waitUntil(lambda: files.index(str(tmp_path / "folder"), 2).data() == "폴더")
    found = set(texts(dialog))
    assert english(iter(found)) == set()
    assert {"찾는 위치", "취소", "상위 폴더", "새 폴더 만들기"} <= found | {text.split("(")[0] for text in found}


def test_a_dialog_follows_the_language(qtbot: QtBot, own_home: Path, tmp_path: Path) -> None:
    dialog = QFileDialog(None, "", str(tmp_path))
    qtbot.addWidget(dialog)
    dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
    assert "&Look in:" in set(texts(dialog))
    set_language("ko")
    qtbot.waitUntil(lambda: "찾는 위치(&L):" in set(texts(dialog)))
    set_language("en")
    qtbot.waitUntil(lambda: "&Look in:" in set(texts(dialog)))


def test_translations_that_are_not_in_force_are_given_up(qtbot: QtBot, own_home: Path) -> None:
    app = QApplication.instance()
    assert app is not None
    set_language("ko")
    few = len(app.findChildren(QTranslator))
    for chosen in ("en", "ko", "en", "ko"):
        set_language(chosen)  # type: ignore[arg-type]
    assert len(app.findChildren(QTranslator)) == few
    set_language("en")


def test_message_boxes_and_menus_of_text_are_korean(qtbot: QtBot, own_home: Path) -> None:
    set_language("ko")
    box = QMessageBox()
    qtbot.addWidget(box)
    for button in QMessageBox.StandardButton:
        if button.value.bit_count() == 1 and button.value >= QMessageBox.StandardButton.Ok.value:  # no mask, no flag
            box.addButton(button)
    assert len(box.buttons()) >= 15
    box.setDetailedText("x")
    assert english(button.text() for button in box.buttons()) == set()
    line, whole, real, page = QLineEdit("1"), QSpinBox(), QDoubleSpinBox(), QPlainTextEdit("1")
    for widget in (line, whole, real, page):
        qtbot.addWidget(widget)
    for menu in (line.createStandardContextMenu(), page.createStandardContextMenu()):
        entries = [_plain(action) for action in menu.actions() if not action.isSeparator()]
        assert {"되돌리기", "다시 하기", "잘라내기", "복사", "붙여넣기", "모두 선택"} <= set(entries)
        assert english(iter(entries)) == set()
        menu.deleteLater()


def _plain(action: QAction) -> str:
    return re.sub(r"\(&\w\)|\t.*", "", action.text())


def test_a_spin_boxs_menu_is_korean(qtbot: QtBot, own_home: Path) -> None:
    """The box makes its menu itself when it is asked for one, and shows it."""
    from PySide6.QtCore import QPoint, QTimer
    from PySide6.QtGui import QContextMenuEvent
    from PySide6.QtWidgets import QApplication

    set_language("ko")
    box = QSpinBox()
    qtbot.addWidget(box)
    box.show()
    found: list[str] = []

    def read() -> None:
        menu = QApplication.activePopupWidget()
        if isinstance(menu, QMenu):
            found.extend(_plain(action) for action in menu.actions() if not action.isSeparator())
            menu.close()

    timer = QTimer()
    timer.timeout.connect(read)
    timer.start(10)
    QApplication.sendEvent(box, QContextMenuEvent(QContextMenuEvent.Reason.Mouse, QPoint(5, 5), box.mapToGlobal(QPoint(5, 5))))
    qtbot.waitUntil(lambda: bool(found))
    timer.stop()
    assert {"값 올리기", "값 내리기", "모두 선택"} <= set(found)
    assert english(iter(found)) == set()
