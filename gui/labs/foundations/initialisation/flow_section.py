"""A part of a page with a title and tools above it, without a frame of its own. Called by the board of first weights."""

from __future__ import annotations

from gui.widgets.card import Card


class FlowSection(Card):
    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "page")
        layout = self.layout()
        assert layout is not None
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
