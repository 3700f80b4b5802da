"""The field's terms, each in both languages with one plain sentence. The words stand in `assets/words/glossary.toml`."""

from __future__ import annotations

from engine import words
from gui.help.help_list import HelpRow
from gui.shell.language import Language, say

TABLE = "glossary"


def terms() -> tuple[str, ...]:
    """All terms in the order of the glossary."""
    return tuple(code for code in words.table(TABLE) if "." not in code)


def glossary_rows(language: Language) -> list[HelpRow]:
    """The glossary in `language`: a term, then the other language's term and the second words, then the sentence."""
    table, other = words.table(TABLE), "en" if language == "ko" else "ko"
    rows = []
    for code, entry in table.items():
        if code.startswith("group."):
            rows.append(HelpRow(entry[language], heading=True))
        elif "." not in code:
            also = table.get(f"{code}.also", {})
            names = dict.fromkeys(name for name in (entry[other], also.get(language, "")) if name and name != entry[language])
            about = say(TABLE, f"{code}.about")
            rows.append(HelpRow(entry[language], " · ".join(names), about, found_by=" ".join(also.values())))
    return rows
