"""The sequence lab's own entries in the menu. What each does is the lab's; called by it."""

from __future__ import annotations

from gui.running.lab.run_actions import RunActions


class SequenceActions(RunActions):
    def titles(self) -> dict[str, str]:
        return super().titles() | {"train": self.tr("Open in the training lab")}
