"""The topic of a few digits: accuracy over the epochs, and what decay and dropout do to the gap and to the test accuracy. No
Qt."""

from __future__ import annotations

from collections.abc import Mapping

from engine.figures import measured, percent, round_percent, typeset
from engine.foundations.boards.capacity.capacity_digits import AccuracyEpoch, FewSamplesPlan
from gui.labs.foundations.capacity.capacity_shown import TopicShown, word
from gui.labs.foundations.capacity.state import CapacityState, few_plan
from gui.plots.graphs.graph_parts import GraphLine, GraphPicture, GraphPoints, GraphText
from gui.plots.numbers.ranges import Range

FewCourses = Mapping[FewSamplesPlan, tuple[AccuracyEpoch, ...]]

MOST_SHOWN = 6  # plans, the newest


def compared_plans(state: CapacityState) -> tuple[FewSamplesPlan, ...]:
    """Plain, with decay, with dropout, as the book has them, on the samples and with the seed that are set."""
    base = FewSamplesPlan(samples=state.few, seed=state.few_seed)
    return (
        base._replace(epochs=201),
        base._replace(epochs=201, weight_decay=0.1),
        base._replace(epochs=301, dropout=0.15),
        base._replace(epochs=301, dropout=0.2),
    )


def plan_name(plan: FewSamplesPlan) -> str:
    parts = []
    if plan.weight_decay:
        parts.append(word("few.with_decay", decay=measured(plan.weight_decay)))
    if plan.dropout:
        parts.append(word("few.with_dropout", share=measured(plan.dropout)))
    return " + ".join(parts) or word("few.plain")


def shown_few(state: CapacityState, courses: FewCourses, training: FewSamplesPlan | None, waiting: int) -> TopicShown:
    """`courses` in the order in which they were begun; `training` is the plan that is under way, `waiting` how many come
    after."""
    own = few_plan(state)
    shown = [plan for plan in courses if courses[plan]][-MOST_SHOWN:]
    if own in courses and own not in shown and courses[own]:
        shown = [own, *shown[1:]]
    names = _names(shown)
    lines = []
    for number, plan in enumerate(shown):
        epochs = [each.epoch for each in courses[plan]]
        bold = plan in (own, training)
        for values, dashed in (
            ([each.train for each in courses[plan]], 0),
            ([each.test for each in courses[plan]], 1),
        ):
            lines.append(
                GraphLine(
                    "" if dashed else names[plan],
                    epochs,
                    values,
                    number,
                    dashed=dashed,
                    width=2.0 if bold else 1.2,
                    opacity=1.0 if bold or own not in courses else 0.55,
                )
            )
    longest = max([own.epochs, *(plan.epochs for plan in shown)])
    press = [] if lines or training is not None else [GraphText(word("few.press"), longest / 2, 0.5, "muted", "middle")]
    upper = GraphPicture(
        lines=lines,
        texts=press,
        x=(0, longest),
        y=(0, 1.02),
        x_name=word("stopping.epoch"),
        y_name=word("few.accuracy"),
        y_ticks=[(share / 4, percent_text(share / 4)) for share in range(5)],
        tip=lambda x, _y: _told(shown, names, courses, x),
    )
    lower = GraphPicture(
        points=[
            GraphPoints(
                names[plan],
                [courses[plan][-1].gap],
                [courses[plan][-1].test],
                number,
                "dot",
                px=6.0,
                labels=[names[plan]],
            )
            for number, plan in enumerate(shown)
        ],
        legend=False,
        x=_ends([courses[plan][-1].gap for plan in shown], 0.0, 0.32),
        y=_ends([courses[plan][-1].test for plan in shown], 0.4, 0.85),
        x_ticks=[(share / 10, percent_text(share / 10)) for share in range(-2, 11)],
        y_ticks=[(share / 10, percent_text(share / 10)) for share in range(11)],
        x_name=word("few.gap_axis"),
        y_name=word("few.test"),
        tip=lambda x, y: word("few.place", gap=percent(abs(x)), test=percent(min(max(y, 0), 1))),
    )
    return TopicShown(
        upper,
        _title(state, courses, training, waiting),
        lower,
        word("few.lower"),
        _answers(own if courses.get(own) or training is None else training, courses),
        _rows(shown, names, courses, own),
        said=_said(own, courses),
    )


def percent_text(share: float) -> str:
    """A share on an axis."""
    return round_percent(share)


def _ends(values: list[float], low: float, high: float) -> Range:
    """An axis that holds these ends and all values, with a little room."""
    return min([low, *(each - 0.03 for each in values)]), max([high, *(each + 0.03 for each in values)])


def _names(plans: list[FewSamplesPlan]) -> dict[FewSamplesPlan, str]:
    """Short names; where two are alike, samples, epochs and seed are told."""
    short = {plan: plan_name(plan) for plan in plans}
    alike = {name for name in short.values() if list(short.values()).count(name) > 1}
    return {
        plan: word("few.whole_name", name=name, samples=plan.samples, epochs=plan.epochs, seed=plan.seed)
        if name in alike
        else name
        for plan, name in short.items()
    }


def _title(state: CapacityState, courses: FewCourses, training: FewSamplesPlan | None, waiting: int) -> str:
    if training is None:
        return word("few.title", samples=state.few)
    done = courses[training][-1].epoch if courses.get(training) else 0
    text = word("few.training", name=plan_name(training), epoch=done, epochs=training.epochs)
    return f"{text} {word('few.more', count=waiting)}" if waiting else text


def _base_of(plan: FewSamplesPlan, courses: FewCourses) -> AccuracyEpoch | None:
    """Where the plain network of the same samples and seed has ended."""
    plain = [
        each
        for each in courses
        if not each.weight_decay
        and not each.dropout
        and (each.samples, each.seed) == (plan.samples, plan.seed)
        and len(courses[each]) == each.epochs + 1
    ]
    same = [each for each in plain if each.epochs == plan.epochs]
    found = (same or plain)[-1:]
    return courses[found[0]][-1] if found else None


def _points(difference: float) -> str:
    """A difference of accuracies in points of a percentage, with its sign."""
    value = round(100 * difference, 1)
    return typeset(f"{value:+.1f}") if value else "0.0"


def _rows(
    shown: list[FewSamplesPlan], names: dict[FewSamplesPlan, str], courses: FewCourses, own: FewSamplesPlan
) -> tuple[tuple[str, ...], ...]:
    if not shown:
        return ()
    head = ("", word("few.epoch_short"), word("few.train_short"), word("few.test_short"), word("few.gap_short"))
    rows = [
        (
            f"▸ {names[plan]}" if plan == own else names[plan],
            str(courses[plan][-1].epoch),
            percent(courses[plan][-1].train),
            percent(courses[plan][-1].test),
            _points(courses[plan][-1].gap),
        )
        for plan in shown
    ]
    return (head, *rows)


def _answers(own: FewSamplesPlan, courses: FewCourses) -> tuple[tuple[str, str, str, str], ...]:
    course, base = courses.get(own, ()), _base_of(own, courses)
    if not course:
        keys = ("epoch", "train", "test", "gap", "beside")
        return tuple((key, word(f"few.{key}"), "–", "") for key in keys)
    last = course[-1]
    is_plain = not own.weight_decay and not own.dropout
    beside = "–" if base is None or is_plain else _points(last.test - base.test)
    gap_beside = "" if base is None or is_plain else word("few.gap_was", gap=_points(base.gap))
    return (
        ("epoch", word("few.epoch"), str(last.epoch), word("few.of", epochs=own.epochs)),
        ("train", word("few.train"), percent(last.train), ""),
        ("test", word("few.test"), percent(last.test), ""),
        ("gap", word("few.gap"), _points(last.gap), gap_beside),
        ("beside", word("few.beside"), beside, word("few.points") if beside != "–" else ""),
    )


def _said(own: FewSamplesPlan, courses: FewCourses) -> str:
    """What the comparison with the plain network comes to."""
    course, base = courses.get(own, ()), _base_of(own, courses)
    if len(course) <= own.epochs or base is None or not (own.weight_decay or own.dropout):
        return ""
    last = course[-1]
    smaller, lower = last.gap < base.gap, last.test < base.test
    code = {(True, True): "both", (True, False): "helps", (False, True): "harms", (False, False): "wider"}[smaller, lower]
    return word(f"few.said.{code}")


def _told(shown: list[FewSamplesPlan], names: dict[FewSamplesPlan, str], courses: FewCourses, x: float) -> str:
    at = max(round(x), 0)
    rows = [f"{word('stopping.epoch')} {at}"]
    for plan in shown:
        if at < len(courses[plan]):
            each = courses[plan][at]
            rows.append(f"{names[plan]}  {percent(each.train)} / {percent(each.test)}")
    return "\n".join(rows)
