"""The glossary: complete in both languages, one sentence a term, the words of the screens, found by any of its names."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from engine import words
from gui.help.glossary import TABLE, glossary_rows, terms
from gui.help.help_list import sought
from gui.help.help_pages import GlossaryPage
from gui.shell import theme
from gui.shell.language import set_language

# what the screens call a thing: the table of words, its code there, the term
SAME = [
    ("fields", "stride", "stride"),
    ("fields", "padding", "padding"),
    ("fields", "padding_mode", "padding_mode"),
    ("fields", "dilation", "dilation"),
    ("fields", "groups", "groups"),
    ("fields", "kernel_size", "kernel_size"),
    ("fields", "bias", "bias"),
    ("fields", "bidirectional", "bidirectional"),
    ("fields", "shortcut", "shortcut"),
    ("quantities", "parameters", "parameters"),
    ("quantities", "macs", "macs"),
    ("quantities", "output_shape", "output_shape"),
    ("quantities", "receptive_field", "receptive_field"),
    ("quantities", "activation_memory", "activation_memory"),
    ("fields_training", "lr", "learning_rate"),
    ("fields_training", "optimizer", "optimizer"),
    ("fields_training", "momentum", "momentum"),
    ("fields_training", "weight_decay", "weight_decay"),
    ("fields_training", "clip", "clipping"),
    ("fields_training", "truncated_steps", "truncated_bptt"),
    ("fields", "forget_bias", "forget_bias"),
    ("fields_training", "label_smoothing", "label_smoothing"),
    ("fields_training", "early_stopping", "early_stopping"),
    ("fields_training", "dropout", "dropout"),
    ("fields_training", "loss", "loss"),
    ("fields_training", "seed", "seed"),
    ("fields_training", "device", "device"),
    ("fields_training", "length", "sequence_length"),
    ("choices", "cross_entropy", "cross_entropy"),
    ("choices", "mean_squared_error", "mean_squared_error"),
]


def test_there_are_the_fields_terms_each_with_one_sentence_in_both_languages() -> None:
    table = words.table(TABLE)
    assert len(terms()) >= 80
    for code in terms():
        about = table[f"{code}.about"]
        assert about["en"].endswith(".") and about["en"].count(". ") == 0, code
        assert about["ko"].endswith("니다.") and len(re.findall(r"니다\.", about["ko"])) == 1, code
        assert table[code]["en"][0].isupper() or table[code]["en"] == "im2col", code
    known = {*terms(), *(f"{code}.{part}" for code in terms() for part in ("about", "also"))}
    assert {code for code in table if not code.startswith("group.")} <= known


def test_no_term_is_listed_twice() -> None:
    table = words.table(TABLE)
    for language in ("en", "ko"):
        titles = [table[code][language].casefold() for code in terms()]
        assert sorted(titles) == sorted(set(titles))


SEQUENCE_TERMS = {  # the words of the sequence lab, as they stand on its pages
    "Recurrent network": "순환 신경망",
    "Hidden state": "은닉 상태",
    "Cell state": "셀 상태",
    "Input gate": "입력 게이트",
    "Forget gate": "망각 게이트",
    "Output gate": "출력 게이트",
    "Candidate": "후보",
    "Reset and update gate": "리셋, 업데이트 게이트",
    "Forget bias": "망각 편향",
    "Half-life of a unit": "단위의 반감기",
    "Time step": "시각 t",
    "Hidden size": "은닉 크기",
    "Sequence length": "시퀀스 길이",
    "Bidirectional": "양방향",
    "Projection": "투영",
    "Backpropagation through time": "시간 방향 역전파",
    "Truncated BPTT": "절단 BPTT",
    "Unrolled network": "펼친 순환 신경망",
    "Vanishing gradient": "기울기 소실",
    "Gradient clipping": "기울기 자르기",
    "Spectral radius": "스펙트럼 반지름",
    "Largest singular value": "최대 특잇값",
    "Recurrent Jacobian": "순환 야코비 행렬",
    "Teacher forcing": "정답 넣기",
    "Free running": "스스로 잇기",
    "Naive forecast": "직전 값 그대로",
    "Skill of a forecast": "예측력",
    "Perplexity": "혼란도",
    "Temperature": "온도",
    "Top-k sampling": "상위 k개만 고르기",
    "One-hot": "원-핫",
    "Sparse representation": "희소 표현",
    "Distributed representation": "분산 표현",
    "Embedding": "임베딩",
    "Vocabulary": "어휘",
    "Cosine similarity": "코사인 유사도",
    "Principal components (PCA)": "주성분 분석 (PCA)",
    "Causal convolution": "인과 합성곱",
}


def test_the_words_of_the_sequence_lab_are_explained() -> None:
    table = words.table(TABLE)
    listed = {table[code]["en"]: table[code]["ko"] for code in terms()}
    assert {name: listed.get(name) for name in SEQUENCE_TERMS} == SEQUENCE_TERMS


@pytest.mark.parametrize(("name", "code", "term"), SAME)
def test_a_term_is_called_as_on_the_screens(name: str, code: str, term: str) -> None:
    shown, listed = words.table(name)[code], words.table(TABLE)[term]
    assert shown["ko"] == listed["ko"]
    assert shown["en"].casefold() in {listed["en"].casefold(), "padding with"}


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("커널", "필터"),
        ("stride", "스트라이드"),
        ("보폭", "스트라이드"),
        ("배치 정규화", "배치 정규화"),
        ("BPTT", "시간 방향 역전파"),
        ("perplexity", "혼란도"),
        ("top-k", "상위 k개만 고르기"),
        ("고윳값", "스펙트럼 반지름"),
        ("손실", "손실"),
    ],
)
def test_a_term_is_found_by_any_of_its_names(query: str, title: str) -> None:
    set_language("ko")
    assert sought(glossary_rows("ko"), query)[0].title == title


def test_the_page_searches_walks_and_follows_language_and_theme(qtbot: QtBot, own_home: Path) -> None:
    owner = QWidget()
    qtbot.addWidget(owner)
    page = GlossaryPage(owner)
    page.open_page()
    assert page.windowTitle() == "Glossary"
    assert [row.title for row in page.list.shown[:2]] == ["Convolution and pooling", "Convolution"]
    assert page.list.shown[1].beside.startswith("합성곱")
    QTest.keyClicks(page.list.query, "kernel")
    assert page.list.shown[0].title == "Filter"
    QTest.keyClick(page.list.query, Qt.Key.Key_Down)
    assert page.list.current is page.list.shown[0]
    assert "weights" in page.list.query.accessibleDescription()
    index = page.list.view.model().index(0, 0)
    assert index.data(Qt.ItemDataRole.AccessibleTextRole) == page.list.shown[0].aloud
    set_language("ko")
    theme.apply("dark")
    qtbot.waitUntil(lambda: page.windowTitle() == "용어집")
    assert page.list.shown[0].title == "필터"  # the search stays
    page.close()


def test_the_page_opens_inside_of_the_screen_again_and_again(qtbot: QtBot, own_home: Path) -> None:
    room = QGuiApplication.primaryScreen().availableGeometry()
    owner = QWidget()
    qtbot.addWidget(owner)
    page = GlossaryPage(owner)
    for corner in (QPoint(40, 40), QPoint(-900, 40), QPoint(room.right() - 20, room.bottom() - 20)):
        owner.move(corner)
        page.open_page()
        assert room.contains(page.geometry())
        page.move(3_000, 3_000)  # to a second screen, which is taken away
        page.close()


def test_sentences_break_where_the_page_is_narrow(qtbot: QtBot, own_home: Path) -> None:
    owner = QWidget()
    qtbot.addWidget(owner)
    page = GlossaryPage(owner)
    page.open_page()
    wide = page.list.view.visualRect(page.list.view.model().index(1, 0)).height()
    page.resize(320, 500)
    qtbot.waitUntil(lambda: page.list.view.visualRect(page.list.view.model().index(1, 0)).height() > wide)
    page.close()
