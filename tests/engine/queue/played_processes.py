"""Worker processes of a queue that do what a test says, and a clock that it sets."""

from __future__ import annotations

from engine.queue.run_state import RunState, ValidationAnswers


class Played:
    """A process that does what the test says."""

    def __init__(self, stage, heard):
        self.stage, self.heard = stage, heard
        self.runs, self.is_ready, self.is_warm, self.device = (), False, False, ""
        self.orders, self.dismissed = [], False
        stage.processes.append(self)

    def order(self, order):
        self.orders.append(order)
        if order.do == "stop" and self.stage.obedient:
            for number in self.runs:
                self.say(number, condition="stopped", step=self.stage.step)

    def say(self, number=None, **state):
        number = number or self.orders[-1].number
        counts = {"steps": 100, "epochs": 4} if state.get("step") or state["condition"] != "running" else {}
        self.heard(self, RunState(number=number, **(counts | state)))

    def complete(self, seconds=1.0, accuracy=0.5, number=None):
        self.say(
            number,
            condition="completed",
            step=100,
            seconds=seconds,
            validation_accuracy=accuracy,
            answers=ValidationAnswers(10, 5),
        )

    def ready(self, device=""):
        self.heard(self, RunState(number=0, device=device))

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
