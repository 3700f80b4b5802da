"""Korean and English, switched live.

Texts in the window's code are English, in `tr()`, and translated by `assets/translations/layerscope_ko.qm`; Qt's own (file
dialogs, menus of text boxes) by Qt's `qtbase_ko.qm` and by `layerscope_qt_ko.qm`. Texts of data come from `engine.words`.
Installing a translator sends each widget a LanguageChange event, at which it writes its texts again.

Qt is imported when the system is asked or the language is switched: states and presets are made, and what is wrong with them is
said, without it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

from engine import words
from engine.assets import asset

if TYPE_CHECKING:
    from PySide6.QtCore import QCoreApplication, QTranslator

Language = Literal["ko", "en"]
LANGUAGES: tuple[Language, ...] = ("ko", "en")
NAMES: dict[Language, str] = {"ko": "한국어", "en": "English"}

DATA_FIELD = re.compile(r"^data\.[a-z_]+: ")

_language: Language = "en"
_installed: list[QTranslator] = []


def language() -> Language:
    """The current language."""
    return _language


def system_language() -> Language:
    """Korean where the system's first language is Korean, English elsewhere."""
    from PySide6.QtCore import QLocale

    return "ko" if QLocale.system().uiLanguages()[:1] and QLocale.system().uiLanguages()[0].startswith("ko") else "en"


def set_language(chosen: Language) -> None:
    """Switch the whole program, live."""
    from PySide6.QtCore import QCoreApplication, QLibraryInfo
    from shiboken6 import delete

    global _language
    _language = chosen
    app = QCoreApplication.instance()
    assert app is not None
    for translator in _installed:
        app.removeTranslator(translator)
        delete(translator)  # the program owns it, and would keep it
    _installed.clear()
    if chosen == "ko":
        qt_folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
        _install(app, "qtbase_ko", qt_folder)
        _install(app, "layerscope_qt_ko", str(asset("translations")))  # what Qt lacks or says otherwise: found before Qt's own
        _install(app, "layerscope_ko", str(asset("translations")))


def _install(app: QCoreApplication, name: str, folder: str) -> None:
    from PySide6.QtCore import QTranslator

    translator = QTranslator(app)
    if translator.load(name, folder):
        _installed.append(translator)
        app.installTranslator(translator)


def told(error: Exception) -> str:
    """What is wrong, in the language now in force; an error without a code has its own text."""
    return error.message(_language) if isinstance(error, words.CodedError) else str(error)


def of_the_data(sentence: str) -> str:
    """`sentence` without the field of `[data]` that it begins with, data.path say: who chooses a file in the window has never
    seen the names that an experiment's file has."""
    return DATA_FIELD.sub("", sentence)


def say(table: str, code: str, /, **values: object) -> str:
    """`engine.words.say` in the current language."""
    return words.say(table, code, _language, **values)
