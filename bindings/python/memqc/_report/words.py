# SPDX-License-Identifier: BSD-3-Clause
"""Numbers and verdicts in words."""

from __future__ import annotations

import math
from typing import Optional

from .results import Candidate, Fit, Limit, Mean, Measured, Predicted, Prediction, Report

PREFIXES = {-15: "f", -12: "p", -9: "n", -6: "µ", -3: "m", 0: "", 3: "k", 6: "M", 9: "G", 12: "T"}
PREFIXED = ("S", "V", "s", "J", "ohm", "A")
CERTAIN = 3.0  # standard errors; no drift within them is taken out
LEVEL = 0.01  # of the tests, as in the verdict of the library
ALIKE = 2.0  # BIC: less does not tell two models apart (Kass and Raftery 1995)
TIMES = ((31557600.0, "year"), (86400.0, "day"), (3600.0, "hour"), (60.0, "minute"),
         (1.0, "second"))


def plain(value: float, digits: int = 3) -> str:
    """A number without needless exponents."""
    text = f"{value:.{digits}g}"
    if "e" in text and 1e-5 <= abs(value) < 1e7:
        text = f"{value:.0f}" if abs(value) >= 1 else f"{value:.8f}".rstrip("0")
    return text.replace("-", "−")


def power_of(value: float) -> int:
    """The power of ten of the prefix that suits a value other than 0."""
    power = 3 * math.floor(math.log10(abs(value) * (1 + 1e-9)) / 3)
    return max(min(PREFIXES), min(max(PREFIXES), power))


def amount(value: Optional[float], unit: str, digits: int = 3) -> str:
    """A value with its unit: 1.2e-5 and "S" give "12 µS". A fraction in % is scaled."""
    if value is None or math.isnan(value):
        return "–"
    if math.isinf(value):
        return "any"
    if unit.startswith("%"):
        return f"{plain(100 * value, digits)} {unit}"
    if unit in PREFIXED and value:
        power = power_of(float(f"{value:.{digits}g}"))
        return f"{plain(value / 10.0**power, digits)} {PREFIXES[power]}{unit}"
    return f"{plain(value, digits)} {unit}".strip()


def plus_minus(value: float, error: Optional[float], unit: str) -> str:
    """A value with its standard error, of which two digits are told."""
    if not error or not math.isfinite(error):
        return amount(value, unit, 4)
    power = 0
    if unit in PREFIXED and value:
        power = power_of(value)
    scaled, spread = value / 10.0**power, error / 10.0**power
    places = max(0, 1 - math.floor(math.log10(spread)))
    text = f"{scaled:.{places}f} ± {spread:.{places}f}".replace("-", "−")
    return f"{text} {PREFIXES[power] if unit in PREFIXED else ''}{unit}".strip()


def banded(value: Optional[float], low: Optional[float], high: Optional[float],
           unit: str) -> str:
    """A value with its interval, in one unit."""
    if value is None or low is None or high is None or not math.isfinite(value) or not value:
        return amount(value, unit)
    number, _, name = amount(value, unit).partition(" ")
    factor = 100.0 if unit.startswith("%") else 1.0
    if unit in PREFIXED:
        factor = 10.0**-next(power for power, prefix in PREFIXES.items() if prefix + unit == name)
    ends = [plain(factor * end) if math.isfinite(end) else "any" for end in (low, high)]
    return f"{number} ({ends[0]} to {ends[1]}) {name}".strip()


def present(value: Optional[float], unit: str) -> str:
    """The amount of a property that a device has."""
    return "none" if value == 0 else amount(value, unit)


def points(value: Optional[float]) -> str:
    """A difference of accuracies in percentage points."""
    if value is None:
        return "–"
    text = f"{100 * value:.2f}"
    return "0.00" if text == "-0.00" else text.replace("-", "−")


def percent(value: float, places: int = 2) -> str:
    return f"{100 * value:.{places}f} %".replace("-", "−")


def interval(mean: Mean, places: int = 2) -> str:
    """A mean with its interval."""
    if mean.low is None or mean.high is None:
        return f"{percent(mean.mean, places)} (one value: no interval)"
    low, high = (f"{100 * value:.{places}f}".replace("-", "−") for value in (mean.low, mean.high))
    return f"{percent(mean.mean, places)} ({low} to {high})"


def duration(seconds: float) -> str:
    """A time after programming, in the largest unit of which it is a whole number."""
    for size, name in TIMES:
        count = seconds / size
        if count >= 0.99 and (abs(count - round(count)) < 0.02 or size == 1.0):
            number = f"{count:.0f}" if abs(count - round(count)) < 0.02 else plain(count)
            return f"{number} {name}{'' if number == '1' else 's'}"
    return amount(seconds, "s")


def count(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}".replace(",", "\u202f")


def listed(names: list[str], last: str = "and") -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} {last} {names[-1]}"


def taken_of(fit: Fit) -> Optional[Candidate]:
    return next((one for one in fit.candidates if one.taken), None)


def probability(p: float) -> str:
    return f"p = {p:.3f}" if p >= 0.001 else "p < 0.001"


def test_of(taken: Candidate) -> str:
    passes = "pass" if taken.ks_p >= LEVEL else "fail"
    return f"its residuals {passes}, {probability(taken.ks_p)}"


def residuals_verdict(fit: Fit, taken: Candidate) -> str:
    """Whether the residuals are what the model says they are."""
    passing = [one.name for one in fit.candidates if one.ks_p >= LEVEL]
    if not passing:
        return (f"{taken.name} is only the least bad of the candidates, and all that follows is no "
                "better than it.")
    if taken.ks_p < LEVEL:
        verb = "explains" if len(passing) == 1 else "explain"
        return (f"So the noise is described only roughly. {listed(passing)} {verb} the curves less "
                "well by BIC.")
    return (f"The residuals agree with {taken.name} (Kolmogorov-Smirnov distance {taken.ks:.3f}, "
            f"{probability(taken.ks_p)}).")


def choice_verdict(fit: Fit, taken: Candidate) -> str:
    """What the taken model can be told apart from."""
    others = [one for one in fit.candidates if not one.taken]
    if not others:
        return "No other model was tried."
    alike = [one for one in others if one.bic - taken.bic < ALIKE
             and (one.ks_p >= LEVEL or taken.ks_p < LEVEL)]
    nearest = min(others, key=lambda one: one.bic)
    if not alike:
        return (f"Every other candidate is worse: the next one, {nearest.name}, by "
                f"{plain(nearest.bic - taken.bic)} in BIC, where {ALIKE:g} counts as evidence.")
    ahead = [one for one in alike if one.bic < taken.bic]
    lower = [f"the BIC of {one.name} is lower by {plain(taken.bic - one.bic)}, too little to "
             "prefer a special case" for one in ahead]
    if len(ahead) < len(alike):
        lower.insert(0, f"BICs that differ by less than {ALIKE:g} are no evidence")
    names = listed([one.name for one in alike], "or")
    return f"These curves cannot tell {taken.name} from {names}: {'; '.join(lower)}."


def left_out(fit: Fit) -> list[str]:
    """The rows that were left out, by reason, with what they held."""
    lines = []
    for reason in dict.fromkeys(one.reason for one in fit.left_out):
        rows = [f"{one.row} ({plain(one.value)} S)" for one in fit.left_out if one.reason == reason]
        shown = rows if len(rows) <= 12 else rows[:10] + [f"{len(rows) - 10} more"]
        lines.append(f"{count(len(rows), 'row')} left out, {reason}: "
                     f"{'row' if len(rows) == 1 else 'rows'} {listed(shown)}.")
    return lines + ["Rows are counted from 0, without the header."] if lines else []


def drift(fit: Fit) -> list[str]:
    """The change of all conductances over the cycles, if it was estimated."""
    if not fit.drift_error > 0:
        return []
    change = plus_minus(100 * fit.drift, 100 * fit.drift_error, "%")
    if abs(fit.drift) < CERTAIN * fit.drift_error:
        most = plain(100 * (abs(fit.drift) + 2 * fit.drift_error), 2)
        return [f"No drift from cycle to cycle can be told from nothing: all conductances change "
                f"by less than {most} % a cycle."]
    return [f"All conductances drift by {change} a cycle. A drift of p < 0.0001 is taken out, so "
            "that the device is that of the middle cycle."]


def amounts_verdict(measured: Measured, fit: Fit) -> list[str]:
    """Warnings about how much was measured."""
    found = []
    weak = [one.name for one in fit.estimates if one.error and one.value
            and one.error > 0.25 * abs(one.value)]
    parameters = max((one.parameters for one in fit.candidates if one.taken), default=1)
    if fit.points < 12 * parameters:
        found.append(f"Few points: {fit.points} for {parameters} parameters. More cycles would "
                     "make the choice of the model, and its noise, far more certain.")
    if weak:
        found.append(f"Poorly known, to no better than 25 %: {listed(weak)}.")
    if measured.cycles == measured.devices and fit.taken.startswith("quantized"):
        found.append("Only one cycle of each device: what repeats and what is noise cannot be "
                     "told apart.")
    if measured.devices == 1:
        found.append("One device was measured, so the spread from device to device is unknown. "
                     "All cells are taken to be alike.")
    elif measured.devices < 5:
        found.append(f"The spread from device to device is a guess from {measured.devices} "
                     "devices.")
    if not measured.set_pulses or not measured.reset_pulses:
        way, other = ("RESET", "SET") if measured.reset_pulses else ("SET", "RESET")
        found.append(f"Only {way} pulses were measured. What {other} pulses do is the model's.")
    if fit.outliers:
        share = fit.outliers / max(fit.points, 1)
        found.append(f"{count(fit.outliers, 'point')} of {fit.points} ({percent(share, 1)}) lie so "
                     "far out that they were left out of the estimates.")
    return found


def fit_verdict(measured: Measured, fit: Fit) -> list[str]:
    """The verdict of the fit, sentence by sentence; the first is that of the library."""
    taken = taken_of(fit)
    if taken is None:
        return [fit.verdict, f"The model {fit.taken} was asked for; no other was judged.",
                fit.noise, *amounts_verdict(measured, fit)]
    return [fit.verdict, residuals_verdict(fit, taken), choice_verdict(fit, taken), fit.noise,
            *amounts_verdict(measured, fit)]


def worst_limit(limits: list[Limit]) -> Optional[Limit]:
    """The property whose absence certainly gains most; None where none certainly gains anything."""
    single = [one for one in limits if one.name != "all" and (one.gain.low or 0) > 0
              and one.gain.mean >= 0.0005]
    return max(single, key=lambda one: one.gain.mean) if single else None


def difference(mean: Mean) -> str:
    return f"{points(mean.mean)} points ({points(mean.low)} to {points(mean.high)})"


def best_rule(report: Report, transferred: bool) -> Optional[str]:
    rules = [one for one in report.rules if one.on_device and one.transferred == transferred]
    best = max(rules, key=lambda one: one.accuracy.mean, default=None)
    return best.name if best else None


def largest_part(one: Predicted) -> str:
    """Where most of an interval comes from, and what would narrow it."""
    parts = {"the fit: measure more": one.by_fit,
             "the training: --draws or --seeds": one.by_training,
             "the test pictures: more of them": one.by_pictures}
    return max(parts, key=parts.__getitem__)


def drawn(prediction: Prediction) -> str:
    """How the devices were drawn."""
    how = {"posterior": "drawn from the errors of the fit",
           "bootstrap": "fitted anew to cycles drawn with replacement (bootstrap)",
           "unknown": "all alike: neither the fit nor so few cycles tell how wrong it may be, so "
                      "the interval is without that"}[prediction.way]
    half = f", half of them as {prediction.other}" if prediction.other else ""
    return (f"{count(prediction.networks, 'network')} on each of "
            f"{count(prediction.devices, 'device')}, {how}{half}")


def prediction_verdict(prediction: Prediction) -> str:
    """What to expect, and how sure that is."""
    best = max(prediction.rules, key=lambda one: one.accuracy.mean)
    return (f"Trained on this device under the rule {best.name}, a network is expected to reach "
            f"{interval(best.accuracy, 1)}. Most of that interval comes from "
            f"{largest_part(best).partition(':')[0]}.")


def limits_verdict(report: Report) -> str:
    """What limits the network, and whether the target is met."""
    studies = report.studies
    assert studies is not None
    target, reached = percent(studies.target, 1), interval(studies.accuracy, 1)
    if studies.target >= studies.ideal:
        return (f"The network itself reaches {percent(studies.ideal, 1)} without a device, so no "
                f"device can give it {target}. Ask for more hidden units, pictures or epochs "
                "(--hidden, --images, --epochs) or for less (--target).")
    low, high = studies.accuracy.low, studies.accuracy.high
    network = (f"one transferred network, with {percent(studies.ideal, 1)} in floats on "
               f"{studies.pictures} pictures, reaches")
    if low is not None and low >= studies.target:
        first = f"The device meets the target of {target}: {network} {reached}."
    elif high is not None and high < studies.target:
        first = f"The device misses the target of {target}: {network} {reached}."
    else:
        first = (f"Whether the device meets the target of {target} is not certain: {network} "
                 f"{reached}.")
    worst = worst_limit(studies.limits)
    if worst is None:
        return first + (" No property of the device is certain to cost anything: every gain may "
                        "be chance, by these arrays and pictures.")
    sentence = f" What to improve first is {worst.text}: ideal, it would gain " \
               f"{difference(worst.gain)}."
    if worst.allowed is not None and math.isfinite(worst.allowed):
        least = "at least " if worst.name == "levels" else "at most "
        sentence += (f" With all else ideal, it would have to be {least}"
                     f"{amount(worst.allowed, worst.unit)} for the target; it is "
                     f"{amount(worst.value, worst.unit)}.")
    return first + sentence


def fit_table(measured: Measured, fit: Fit) -> list[str]:
    """The fit as lines of text."""
    width = max(14, *(len(one.name) for one in fit.estimates)) + 2
    lines = [f"{measured.rows} rows: {count(measured.devices, 'device')}, "
             f"{count(measured.cycles, 'cycle')}; {fit.points} points fitted, {fit.outliers} of "
             f"them outliers, {fit.at_bounds} on a bound", "",
             f"{'parameter':{width}}value"]
    lines += [f"{one.name:{width}}{plus_minus(one.value, one.error, one.unit)}"
              for one in fit.estimates]
    lines += ["", *drift(fit), *left_out(fit)]
    lines += ["", f"{'model':24}{'parameters':>10}{'BIC':>11}{'AIC':>11}{'KS':>8}{'p':>8}"
              f"{'outliers':>10}"]
    lines += [f"{one.name:24}{one.parameters:10}{one.bic:11.1f}{one.aic:11.1f}{one.ks:8.3f}"
              f"{one.ks_p:8.3f}{one.outliers:10}{'  <- taken' if one.taken else ''}"
              for one in fit.candidates]
    return lines
