"""The pages beside the curves. A new one is a class that derives from `ResultPage`, and its name here.

Called by `run_results`.
"""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QWidget

from gui.labs.training.inside.feature_maps_page import FeatureMapsPage
from gui.labs.training.inside.layers_page import LayersPage
from gui.labs.training.judged.confusion_page import ConfusionPage
from gui.labs.training.judged.mistakes_page import MistakesPage
from gui.labs.training.pages.plane_page import PlanePage
from gui.labs.training.pages.prediction_card import PredictionCard
from gui.labs.training.trying.try_page import TryPage
from gui.running.page_groups import PageGroups


class SidePages(PageGroups):
    """Two groups: what the model answers to single samples, and what it does with all of them."""

    taken = Signal(object)  # a TakenSample, for another lab

    def __init__(self, parent: QWidget | None = None) -> None:
        self.prediction, self.feature_maps, self.try_page = PredictionCard(), FeatureMapsPage(), TryPage()
        self.plane = PlanePage()
        self.confusion, self.mistakes, self.layers = ConfusionPage(), MistakesPage(), LayersPage()
        samples = {"plane": self.plane, "prediction": self.prediction, "feature_maps": self.feature_maps, "try": self.try_page}
        all_of_them = {"confusion": self.confusion, "mistakes": self.mistakes, "layers": self.layers}
        super().__init__((samples, all_of_them), parent)
        for judged in (self.confusion, self.mistakes):
            judged.tried.connect(self._try)
            judged.taken.connect(self.taken)

    @Slot(int)
    def _try(self, number: int) -> None:
        """Show the validation sample of this number on the page "try it"."""
        self.try_page.show_sample(number)
        self.chosen.emit("try")
