"""The training lab's own entries in the menu. What each does is the lab's; called by it."""

from __future__ import annotations

from gui.running.lab.run_actions import RunActions


class TrainingActions(RunActions):
    def titles(self) -> dict[str, str]:
        return super().titles() | {
            "sequence": self.tr("Open in the sequence lab"),
            "moved": self.tr("MLP against CNN..."),
            "own_pictures": self.tr("Own pictures..."),
            "own_table": self.tr("Own table..."),
            "own_text": self.tr("Own text..."),
            "draw": self.tr("Draw a data set..."),
        }
