"""Worker processes of a queue that do what a test says, and a clock that it sets."""

from __future__ import annotations

from engine.queue.run_state import RunState, ValidationAnswers


class Played:
    """A process that does what the test says."""

    def __init__(self, stage, heard):
        self.stage, self.heard = stage, heard
        self.number, self.is_ready, self.is_warm = None, False, False
        self.orders, self.dismissed = [], False
        stage.processes.append(self)

    def order(self, order):
        self.orders.append(order)
        if order.do == "stop" and self.stage.obedient:
            self.say(condition="stopped", step=self.stage.step)

    def say(self, **state):
        number = self.orders[-1].number
        counts = {"steps": 100, "epochs": 4} if state.get("step") or state["condition"] != "running" else {}
        self.heard(self, RunState(number=number, **(counts | state)))

    def complete(self, seconds=1.0, accuracy=0.5):
        self.say(
            condition="completed", step=100, seconds=seconds, validation_accuracy=accuracy, answers=ValidationAnswers(10, 5)
        )

    def ready(self):
        self.heard(self, RunState(number=0))

    def die(self):
        self.heard(self, None)

    def ending(self):
        return "-9"

    def dismiss(self):
        self.dismissed = True


class Stage:
    """The processes of one queue, and its clock."""

    def __init__(self):
        self.processes, self.now, self.step, self.obedient = [], 0.0, 40, True

    def __call__(self, heard):
        return Played(self, heard)

    def clock(self):
        return self.now
