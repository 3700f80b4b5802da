"""The rules, one row a code: a pure function of what has been seen so far to the numbers of a diagnosis, or None.

A new diagnosis is a row here, its words in `assets/words/diagnoses.toml`, and a remedy in `engine.doctor.remedies` where an
edit of the experiment mends it. The rows are in causal order, and each names the codes that are its symptoms: what has been
named keeps them from being named too. A learning rate that is too high kills ReLUs; then the rate is the diagnosis.

The limits and where they come from:

| code               | limit                                                                                                |
|--------------------|------------------------------------------------------------------------------------------------------|
| nan_in_data        | one number that is not finite: every sum over it is none either                                      |
| inputs_not_scaled  | root mean square above 4 or below 0.01; standardised inputs have 1, 0..1 pictures about 0.3 to 0.5   |
|                    | (LeCun                                                                                               |
| class_imbalance    | the most frequent class has 5 times the samples of the others' mean: of 10 classes, more than 36 in  |
|                    | 100                                                                                                  |
| duplicates         | 1 % of the validation samples, and at least 2, are training samples too                              |
| validation_differs | means moved by more than a tenth of the spread and 10 times chance, or the spread by more than 1.5   |
|                    | times                                                                                                |
| zero_start         | all weights of a layer before the last are one number: all units are, and stay, the same             |
| small_start        | signals shrink 7 times or more in the middle layer (gain 0.15); torch begins with 0.58, Xavier with  |
|                    | 1                                                                                                    |
| saturated          | more than 0.6 of a layer's outputs beyond 0.03 of the range, where the slope is below 0.06 (Glorot & |
|                    | Bengio,                                                                                              |
| dead_units         | more than 0.6 of a layer's units are zero for the whole validation set                               |
| not_shuffled       | the batches differ by more than 12 standard deviations of chance (Pearson's X²)                      |
| exploding_gradient | a gradient 100 times as long as what the loss hands to the outputs: at most √2 for the cross-        |
|                    | entropy, twice                                                                                       |
| vanishing_gradient | the first layer's gradient (root mean square) is a 1,000th of the last layer's: sigmoids leave at    |
|                    | most a                                                                                               |
| learning_rate_high | the loss rises over 1.5 times its first value; or no learning while a step changes weights by 15 %   |
|                    | and more:                                                                                            |
| learning_rate_low  | the loss has come down by less than 5 % while a step changes weights by less than 0.03 %             |
| labels_unlearnable | neither the network nor the nearest neighbour is better than the most frequent class, beyond 3       |
|                    | standard                                                                                             |
| overfitting        | the validation loss is 1.3 times its least for 3 epochs, the training loss has halved since, and the |
| underfitting       | 15 points below what the nearest neighbour reaches, on the training data, and 2 points gained in 5   |
|                    | epochs                                                                                               |
"""

from __future__ import annotations

from collections.abc import Callable
from math import e, isfinite, log, sqrt
from typing import NamedTuple, TypeAlias

from engine.data.info import DatasetError
from engine.data.sources import describe
from engine.doctor.diagnoses import CODES, Diagnosis, DiagnosisCode
from engine.doctor.evidence import ActivationLook, Epoch, Evidence
from engine.experiments.check import batch_of_one
from engine.figures import percent
from engine.networks.hints import double_softmax

SeenValues: TypeAlias = dict[str, int | float | str]

LARGE_INPUT, SMALL_INPUT = 4.0, 0.01
IMBALANCE = 5.0
DUPLICATES = 0.01
MOVED, MOVED_SHARE, SPREAD = 10.0, 0.1, 1.5
LEAST_COMPARED = 10  # samples of the validation set
SMALL_GAIN = 0.15
SATURATED = 0.6
DEAD = 0.6
UNSHUFFLED = 12.0
EXPLODED = 100.0
VANISHED = 1e-3
RISEN, RISEN_EARLY = 1.5, 3.0
SETTLED = 8  # steps, before which only RISEN_EARLY counts
LARGE_UPDATE = 0.15
SMALL_UPDATE = 3e-4
FEW_STEPS = 20  # before which an accuracy says nothing of the labels
PATIENCE = 40  # steps after which a loss that stays is one that does not learn
STAYED = 0.95
NO_BETTER = 0.1
OVERFIT, OVERFIT_EPOCHS, GAP = 1.3, 3, 0.05
UNDERFIT, PLATEAU, PLATEAU_EPOCHS = 0.15, 0.02, 5


class Rule(NamedTuple):
    """`symptoms`: what is not named any more once this has been."""

    code: DiagnosisCode
    seen: Callable[[Evidence], SeenValues | None]
    symptoms: frozenset[DiagnosisCode] = frozenset()


def diagnose(evidence: Evidence, known: tuple[Diagnosis, ...]) -> tuple[Diagnosis, ...]:
    """What is new in `evidence`, in causal order; each code once a run, and no symptom of what is known."""
    explained = {found.code for found in known}
    for rule in RULES:
        if rule.code in {found.code for found in known}:
            explained |= rule.symptoms
    new = []
    for rule in RULES:
        if rule.code not in explained and (values := rule.seen(evidence)) is not None:
            new.append(Diagnosis(rule.code, evidence.step, values))
            explained |= {rule.code} | rule.symptoms
    return tuple(new)


# known before the data are loaded


def _batch_norm_single(evidence: Evidence) -> SeenValues | None:
    if evidence.begun or evidence.step:
        return None
    lone = batch_of_one(evidence.experiment)
    if lone is None:
        return None
    samples = lone.problem.values.get("train", lone.problem.values.get("validation"))
    size = evidence.experiment.training.batch_size if "train" in lone.problem.values else 256
    return {"samples": int(samples or 0), "batch_size": size}


def _double_softmax(evidence: Evidence) -> SeenValues | None:
    experiment = evidence.experiment
    if evidence.step > evidence.begun:
        return None
    try:
        info = describe(experiment.data)
    except DatasetError:
        return None
    if info.task == "regression" or (experiment.training.loss or info.loss) != "cross_entropy":
        return None
    hint = double_softmax(experiment.network.layers, "cross_entropy")
    if hint is None:
        return None
    return {"layer": int(hint.where[0]) + 1, "classes": info.outputs, "floor": softmax_floor(info.outputs)}


def softmax_floor(classes: int) -> float:
    """The least cross-entropy of a softmax of a softmax: outputs are 1 for the right class and 0 for the others at best, so the
    loss is -ln(e / (e + K - 1)) = ln(1 + (K - 1) / e)."""
    return log(1 + (classes - 1) / e)


# known of the data


def _nan_in_data(evidence: Evidence) -> SeenValues | None:
    bad = None if evidence.facts is None else evidence.facts.bad
    return {"part": bad.part, "sample": bad.number, "count": bad.count} if bad else None


def _inputs_not_scaled(evidence: Evidence) -> SeenValues | None:
    size = None if evidence.facts is None else evidence.facts.size
    return {"size": size} if size is not None and not SMALL_INPUT <= size <= LARGE_INPUT else None


def _class_imbalance(evidence: Evidence) -> SeenValues | None:
    facts = evidence.facts
    if facts is None or len(facts.counts) < 2 or not facts.counts.any():
        return None
    largest = int(facts.counts.max())
    others = (int(facts.counts.sum()) - largest) / (len(facts.counts) - 1)
    if largest < IMBALANCE * others:
        return None
    return {
        "number": int(facts.counts.argmax()),
        "count": largest,
        "share": percent(facts.largest_share),
        "others": round(others, 1),
    }


def _duplicates(evidence: Evidence) -> SeenValues | None:
    facts = evidence.facts
    if facts is None or facts.duplicates < max(2, DUPLICATES * facts.validation):
        return None
    return {"count": facts.duplicates, "validation": facts.validation, "share": percent(facts.duplicates / facts.validation)}


def _validation_differs(evidence: Evidence) -> SeenValues | None:
    facts = evidence.facts
    if facts is None or min(facts.train, facts.validation) < LEAST_COMPARED:
        return None
    moved = facts.moved > MOVED and facts.moved_share > MOVED_SHARE
    spread = not 1 / SPREAD <= facts.spread_ratio <= SPREAD
    return {"moved": facts.moved, "spread": facts.spread_ratio} if moved or spread else None


# known of the network before its first step


def _zero_start(evidence: Evidence) -> SeenValues | None:
    constant = [look.name for look in evidence.weights[:-1] if look.is_constant]
    if not constant and len(evidence.weights) == 1 and evidence.start:  # one layer: nothing hidden that could be alike
        return None
    return {"layer": constant[0], "count": len(constant)} if constant else None


def _small_start(evidence: Evidence) -> SeenValues | None:
    gains = sorted((look.gain, look.name) for look in evidence.weights)
    if not gains:
        return None
    gain, _ = gains[len(gains) // 2]
    return {"gain": gain, "layer": gains[0][1]} if gain < SMALL_GAIN else None


def _saturated(evidence: Evidence) -> SeenValues | None:
    return _worst(evidence, lambda look: look.saturated or 0.0, SATURATED, last_counts=False)


def _dead_units(evidence: Evidence) -> SeenValues | None:
    return _worst(evidence, lambda look: look.dead, DEAD, last_counts=True)


def _worst(
    evidence: Evidence, share: Callable[[ActivationLook], float], limit: float, *, last_counts: bool
) -> SeenValues | None:
    """The first layer whose share is above the limit: before the first step, or now that the network does not learn. An output
    may well be at an end of its range; what lies there must be inside of the network."""
    if evidence.learns:
        return None
    for looks in (evidence.start, evidence.now):
        inner = looks if last_counts or len(looks) < 2 else looks[:-1]
        for look in inner:
            if share(look) > limit:
                return {"layer": look.name, "share": percent(share(look)), "samples": look.samples}
    return None


# known of the steps


def _not_shuffled(evidence: Evidence) -> SeenValues | None:
    return {"deviations": evidence.order} if evidence.order is not None and evidence.order > UNSHUFFLED else None


def _exploding_gradient(evidence: Evidence) -> SeenValues | None:
    """From the first step on; later where a recurrent network that is not clipped makes it, or its loss has diverged."""
    look, loss = evidence.first_step, evidence.first_loss
    if look is not None and loss is not None and evidence.step <= evidence.begun + SETTLED:
        longest = EXPLODED * (sqrt(2.0) if _is_cross_entropy(evidence) else 2.0 * sqrt(max(loss, 1e-12)))
        if not isfinite(look.gradient) or look.gradient > longest:
            return {"length": _finite(look.gradient), "usual": longest / EXPLODED}
    if _explodes_through_time(evidence):
        newest = evidence.newest_step
        return {"length": _finite(newest.gradient if newest else 0.0), "usual": 1.0}
    return None


def _explodes_through_time(evidence: Evidence) -> bool:
    clipped = evidence.experiment.training.clip is not None
    return evidence.diverged and evidence.has_recurrence and not clipped and evidence.largest_update < LARGE_UPDATE


def _vanishing_gradient(evidence: Evidence) -> SeenValues | None:
    look = evidence.first_step
    if look is None or len(look.by_layer) < 3 or evidence.learns:
        return None
    (first, near), (last, far) = look.by_layer[0], look.by_layer[-1]
    if not isfinite(far) or not 0.0 < near <= VANISHED * far:  # exactly 0: of weights that read zeros, or of dead units
        return None
    return {"layer": first, "last": last, "ratio": near / far}


def _learning_rate_high(evidence: Evidence) -> SeenValues | None:
    first, last, recent = evidence.first_loss, evidence.last_losses, evidence.recent_loss
    if evidence.diverged:
        at_once = evidence.step <= evidence.begun + 1
        return None if at_once or _explodes_through_time(evidence) else _rate_values(evidence)
    if first is None or last is None or recent is None:
        return None
    floor = max(first, evidence.guess or 0.0)
    risen = last > RISEN_EARLY * floor or (evidence.steps >= SETTLED and recent > RISEN * floor)
    stuck = (
        evidence.steps >= PATIENCE
        and evidence.guess is not None
        and recent > STAYED * evidence.guess
        and evidence.largest_update > LARGE_UPDATE
    )
    killed = evidence.largest_update > LARGE_UPDATE and not evidence.learns and _has_died(evidence)
    return _rate_values(evidence) if risen or stuck or killed else None


def _rate_values(evidence: Evidence) -> SeenValues:
    """`at`: the iteration of the first loss, which is not the run's first one where the rate was set in mid-run."""
    return {
        "lr": evidence.lr,
        "update": percent(min(evidence.largest_update, 1e4), fine=True),
        "loss": evidence.recent_loss or 0.0,
        "first": evidence.first_loss or 0.0,
        "at": evidence.since + 1,
    }


def _has_died(evidence: Evidence) -> bool:
    """Whether a layer's units have died, or its outputs have come to an end of their range, since the first step."""
    before = {look.name: look for look in evidence.start}
    for look in evidence.now:
        began = before.get(look.name)
        if began is None:
            continue
        if look.dead > DEAD >= began.dead or (look.saturated or 0.0) > SATURATED >= (began.saturated or 0.0):
            return True
    return False


def _learning_rate_low(evidence: Evidence) -> SeenValues | None:
    first, recent = evidence.first_loss, evidence.recent_loss
    if first is None or recent is None or evidence.learns or evidence.steps < PATIENCE or evidence.newest_step is None:
        return None
    if recent < STAYED * first or evidence.largest_update > SMALL_UPDATE:
        return None
    return _rate_values(evidence)


# known of the epochs


def _labels_unlearnable(evidence: Evidence) -> SeenValues | None:
    facts = evidence.facts
    if facts is None or facts.task != "classification" or not evidence.epochs or evidence.steps < FEW_STEPS:
        return None
    accuracy, chance = evidence.epochs[-1].validation_accuracy, facts.largest_share
    noise = 3 * sqrt(chance * (1 - chance) / facts.validation)
    if not accuracy < chance + max(NO_BETTER, noise):
        return None
    neighbours = facts.neighbours_agree
    if neighbours is None or neighbours > chance + NO_BETTER:
        return None
    return {"accuracy": percent(accuracy), "chance": percent(chance), "neighbours": percent(neighbours)}


def _evaluation_mode(evidence: Evidence) -> SeenValues | None:
    layers = evidence.not_evaluating
    return {"layer": layers[0], "count": len(layers)} if layers else None


def _overfitting(evidence: Evidence) -> SeenValues | None:
    epochs = evidence.epochs
    if len(epochs) <= OVERFIT_EPOCHS:
        return None
    best = min(epochs, key=lambda epoch: epoch.validation_loss)
    later = epochs[-OVERFIT_EPOCHS:]
    risen = all(epoch.step > best.step and epoch.validation_loss > OVERFIT * best.validation_loss for epoch in later)
    now = epochs[-1]
    if not risen or now.train_loss > 0.5 * best.train_loss or not _gap_and_error(now):
        return None
    return {
        "gap": _gap_said(now),
        "best": best.validation_loss,
        "now": now.validation_loss,
        "train": now.train_loss,
        "at": best.step,
    }


def _gap_and_error(epoch: Epoch) -> bool:
    """Whether the validation set is answered clearly worse, by accuracy where there is one."""
    if isfinite(epoch.train_accuracy):
        return epoch.train_accuracy - epoch.validation_accuracy > GAP
    return epoch.validation_loss > 3 * epoch.train_loss


def _gap_said(epoch: Epoch) -> str:
    if isfinite(epoch.train_accuracy):
        return f"{percent(epoch.train_accuracy)} / {percent(epoch.validation_accuracy)}"
    return f"{epoch.train_loss:.3g} / {epoch.validation_loss:.3g}"


def _underfitting(evidence: Evidence) -> SeenValues | None:
    facts, epochs = evidence.facts, evidence.epochs
    if facts is None or facts.task != "classification" or len(epochs) <= PLATEAU_EPOCHS or evidence.step < 100:
        return None
    now, before = epochs[-1], epochs[-1 - PLATEAU_EPOCHS]
    if now.train_accuracy > before.train_accuracy + PLATEAU or now.train_accuracy > 1 - UNDERFIT:
        return None
    neighbours = facts.neighbours_agree
    if neighbours is None or now.train_accuracy > neighbours - UNDERFIT:
        return None
    return {
        "train": percent(now.train_accuracy),
        "validation": percent(now.validation_accuracy),
        "neighbours": percent(neighbours),
    }


def _is_cross_entropy(evidence: Evidence) -> bool:
    loss = evidence.experiment.training.loss
    return loss == "cross_entropy" or (loss is None and evidence.facts is not None and evidence.facts.task != "regression")


def _finite(value: float) -> float:
    return value if isfinite(value) else 3.4e38  # the largest float32


_ALL = frozenset(CODES)
_NO_LEARNING = frozenset[DiagnosisCode](
    {"vanishing_gradient", "learning_rate_low", "labels_unlearnable", "underfitting", "saturated", "dead_units"}
)
_TOO_LARGE = _NO_LEARNING | frozenset[DiagnosisCode]({"exploding_gradient", "learning_rate_high"})
_LATE = frozenset[DiagnosisCode]({"labels_unlearnable", "overfitting", "underfitting"})

RULES: tuple[Rule, ...] = (
    Rule("nan_in_data", _nan_in_data, _ALL),
    Rule("batch_norm_single", _batch_norm_single),
    Rule("double_softmax", _double_softmax, _NO_LEARNING | {"learning_rate_high"}),
    Rule("inputs_not_scaled", _inputs_not_scaled, _TOO_LARGE | {"small_start"}),
    Rule("class_imbalance", _class_imbalance, _LATE | {"validation_differs"}),
    Rule("duplicates", _duplicates),
    Rule("validation_differs", _validation_differs, _LATE),
    Rule("zero_start", _zero_start, _TOO_LARGE | {"small_start"}),
    Rule("small_start", _small_start, _TOO_LARGE),
    Rule("not_shuffled", _not_shuffled, _TOO_LARGE | _LATE),
    Rule("learning_rate_high", _learning_rate_high, _TOO_LARGE),
    Rule("saturated", _saturated, _TOO_LARGE),
    Rule("exploding_gradient", _exploding_gradient, _TOO_LARGE),
    Rule("dead_units", _dead_units, _TOO_LARGE),
    Rule("vanishing_gradient", _vanishing_gradient, _NO_LEARNING),
    Rule("learning_rate_low", _learning_rate_low, _NO_LEARNING),
    Rule("labels_unlearnable", _labels_unlearnable, _LATE),
    Rule("evaluation_mode", _evaluation_mode),
    Rule("overfitting", _overfitting, frozenset({"labels_unlearnable"})),
    Rule("underfitting", _underfitting),
)
