"""Fills the maps' card: asks the preview thread for what the card shows, and hands in what comes back.

The card shows a new state with the next turn of the loop, once for all edits until then. Maps are asked for at the same time,
and the gradient of a unit once the maps are there. An answer for another network than the one that is shown is left out. A
hidden card is told nothing, and asks for nothing. Called by the network lab.
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Slot

from engine.passes.activations import PassError, PassRequest, Seeded, Trained
from engine.pictures import Picture
from engine.runs.folder import WEIGHTS
from gui.bridge import Latest
from gui.labs.network.maps.maps_card import THUMB_PX, MapsCard
from gui.labs.network.maps.network_preview import NetworkAnswer, NetworkRequest, Preview
from gui.labs.network.reading import Reading
from gui.labs.network.state import RANDOM, NetworkState
from gui.shell.language import say
from gui.widgets.labels import shortened


class MapsFeed(QObject):
    """`show_state` says what the card is to show. `preview` computes in a thread of its own, which `close` ends."""

    def __init__(self, card: MapsCard, state: NetworkState, reading: Reading, picture: Picture) -> None:
        super().__init__(card)
        self._card = card
        self._state, self._reading, self._picture = state, reading, picture
        self._torch = False
        self._asked: PassRequest | None = None  # the newest maps that were asked for
        self._work = Preview(lambda: self.preview.superseded())
        self.preview: Latest[NetworkRequest, NetworkAnswer] = Latest(self._work, self)
        self.preview.answered.connect(self._answered)
        self.preview.failed.connect(self._failed)
        self._soon = QTimer(self, singleShot=True)
        self._soon.timeout.connect(self.show_now)
        card.rearranged.connect(self.ask)

    def show_state(self, state: NetworkState, reading: Reading, picture: Picture) -> None:
        """Show a state in the card with the next turn of the loop."""
        self._state, self._reading, self._picture = state, reading, picture
        self.refresh()

    def refresh(self) -> None:
        """Show the state anew, and ask anew, with the next turn of the loop: the card has another size, say."""
        self._soon.start(0)

    @Slot()
    def show_now(self) -> None:
        """Show the state in the card at once, if the card is seen, and ask for its maps."""
        self._soon.stop()
        if self._card.isVisible():
            self._card.show_state(self._state, self._reading, self._picture)
            self.ask()

    def torch_ready(self) -> None:
        """torch can be imported without delay: from now on maps are computed."""
        self._torch = True
        self._say_waiting()
        self.ask()

    @Slot()
    def ask(self) -> None:
        """Have the maps computed, if the card is seen and torch is there."""
        if self._torch and self._card.isVisible():
            self._say_waiting()
            self._asked = self._wanted()
            self.preview.ask(NetworkRequest(self._asked))

    def busy(self) -> bool:
        """Whether maps are still to come."""
        return self.preview.busy() or self._soon.isActive()

    def close(self, deadline_s: float) -> None:
        """End the thread, within `deadline_s` seconds."""
        self.preview.close(deadline_s)

    # --- what is asked

    def _wanted(self) -> PassRequest:
        state, reading = self._state, self._reading
        chosen = reading.places.get(state.chosen) if state.chosen else ()
        return PassRequest(
            layers=reading.enabled.layers,
            input=reading.input,
            picture=self._picture,
            weights=self._weights(),
            chosen=chosen if state.chosen in reading.rows or not state.chosen else None,
            tiles=self._card.tiles(),
            thumb=(THUMB_PX, THUMB_PX),
        )

    def _weights(self) -> Seeded | Trained:
        if self._state.weights == RANDOM:
            return Seeded(self._state.seed)
        try:
            stamp = (Path(self._state.weights) / WEIGHTS).stat().st_mtime_ns
        except (OSError, ValueError):
            stamp = 0
        return Trained(self._state.weights, stamp)

    def _say_waiting(self) -> None:
        self._card.say(self.tr("The maps are being computed.") if self._torch else self.tr("torch is being loaded."))

    # --- what comes back

    @Slot(object)
    def _answered(self, answer: NetworkAnswer) -> None:
        if not self._card.isVisible():  # it asks anew when it is seen
            return
        if self._soon.isActive():
            self.show_now()  # an answer is of the network that the card shows, so the card must be told of it before
        wanted = answer.request.wanted
        if wanted.layers != self._reading.enabled.layers or wanted.input != self._reading.input:
            return
        if answer.request.unit is not None:
            if wanted is self._asked:  # otherwise another unit is looked at by now
                self._card.show_effective(answer.effective, answer.refused)
        elif answer.seen is not None:
            self._card.show_seen(answer.seen)
            self._ask_gradient(wanted)
        else:
            self._card.refuse(_in_words(answer.refused))

    def _ask_gradient(self, wanted: PassRequest) -> None:
        """Have the gradient of the card's unit computed, where nothing newer than `wanted` is waited for."""
        found = self._card.sight
        if found is not None and wanted is self._asked:
            place = self._reading.places.get(found.path, found.path)
            self.preview.ask(NetworkRequest(wanted, place, found.at))

    @Slot(object)
    def _failed(self, error: Exception) -> None:
        if not isinstance(error, MemoryError):
            raise error
        self._card.refuse(self.tr("There is not enough memory for these maps."))


def _in_words(refused: PassError | None) -> str:
    """Why there are no maps. Names of runs are shortened: they have no place to break a line at."""
    if refused is None:
        return ""
    values = {key: shortened(value) if isinstance(value, str) else value for key, value in refused.values.items()}
    return say("activations", refused.code, **values)
