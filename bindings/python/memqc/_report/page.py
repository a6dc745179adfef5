# SPDX-License-Identifier: BSD-3-Clause
"""The page of a report."""

from __future__ import annotations

import os
from typing import Any, Optional

from . import words
from .drawing import Picture
from .html import Markup, figure, items, page, paragraph, section, table, tag, tile
from .results import Report, Rule

Section = tuple[str, str, Markup]
Pictures = dict[str, Optional[Picture]]
UNKNOWN = ("{what}, stuck cells and wires cannot be seen in these curves. They are taken as absent "
           "unless they were given with --set.")
ENERGY = ("Energies assume pulses of {time} and the voltages {volts}, which the file does not "
          "hold: --set pulse_time=..., set_voltage=... and reset_voltage=... give others.")


def named(name: str, text: str) -> list[Any]:
    return [name, tag("small", text)]


def summary(report: Report) -> Section:
    """What a reader takes away."""
    fit, studies = report.fit, report.studies
    taken = words.taken_of(fit)
    tiles = [tile("taken by the fit", fit.taken,
                  words.test_of(taken) if taken else "as asked for")]
    by_name = {rule.name: rule for rule in report.rules}
    for transferred, label in ((False, "best training on the device"),
                               (True, "best after a transfer")):
        name = words.best_rule(report, transferred)
        if name:
            mean = by_name[name].accuracy
            tiles.append(tile(label, words.percent(mean.mean), f"{name}, {spread(mean)}"))
    if report.prediction is not None:
        best = max(report.prediction.rules, key=lambda one: one.accuracy.mean)
        tiles[1:2] = [tile("to be expected of training", words.percent(best.accuracy.mean),
                           f"{best.name}, {spread(best.accuracy)}")]
    if studies is not None:
        worst = words.worst_limit(studies.limits)
        tiles.append(tile("limited by", worst.text if worst else "no single property",
                          f"{words.points(worst.gain.mean)} points to gain" if worst else ""))
    sentences = [paragraph(" ".join(report.verdict[:2]), class_="verdict")]
    sentences += [paragraph("Note: ", text, ".") for text in fit.warnings]
    if report.prediction is not None:
        sentences.append(paragraph(words.prediction_verdict(report.prediction)))
    if studies is not None:
        sentences.append(paragraph(words.limits_verdict(report)))
    return section("summary", "In short", tag("dl", tiles, class_="tiles"), sentences)


def spread(mean: Any) -> str:
    if mean.low is None:
        return "one seed, so no interval"
    return f"95 % interval {100 * mean.low:.2f} to {100 * mean.high:.2f}"


def measured(report: Report) -> Section:
    """What was measured, and what was left out."""
    found, fit = report.measured, report.fit
    first = found.rows - fit.points
    used = [
        f"{words.count(found.rows, 'row')}: {words.count(found.devices, 'device')}, "
        f"{words.count(found.cycles, 'cycle')}, {words.count(found.set_pulses, 'SET pulse')} and "
        f"{words.count(found.reset_pulses, 'RESET pulse')}.",
        f"Conductances from {words.amount(found.g_low, 'S')} to "
        f"{words.amount(found.g_high, 'S')}, measured as {found.quantity}.",
        f"{words.count(fit.points, 'point')} were judged: those that follow another one of their "
        f"cycle."]
    left = [f"{words.count(first, 'row')} without a predecessor in the cycle."]
    left += words.left_out(fit) or ["No row was left out as a flaw or an outlier."]
    if fit.at_bounds:
        left.append(f"{words.count(fit.at_bounds, 'row')} exactly on a bound: all that is known is "
                    "that the cell went at least so far.")
    used += words.drift(fit)
    if found.passed_over:
        left.append(f"Columns that mean nothing to the fit: {', '.join(found.passed_over)}.")
    left.append(UNKNOWN.format(what="Ageing" if fit.noise_known else "Read noise, ageing"))
    given = [paragraph("Given with --set: ", tag("code", ", ".join(
        f"{name}={value}" for name, value in fit.given.items())), ".")] if fit.given else []
    return section("measured", "What was measured", items(used), tag("h3", "Left out, or unknown"),
                   items(left), given)


def fitted(report: Report, pictures: Pictures) -> Section:
    """Model, parameters and residuals."""
    fit = report.fit
    rows = [[named(one.name, one.text), words.plus_minus(one.value, one.error, one.unit)]
            for one in fit.estimates]
    models = [[one.name, f"{one.parameters}", words.plain(round(one.bic, 1), 6),
               words.plain(round(one.aic, 1), 6), f"{one.ks:.3f}", f"{one.ks_p:.3f}",
               f"{one.outliers}"] for one in fit.candidates]
    marked = next((number for number, one in enumerate(fit.candidates) if one.taken), None)
    return section(
        "fit", "The device", [paragraph(text) for text in report.verdict],
        [paragraph("Note: ", text, ".") for text in fit.warnings],
        tag("div", figure(pictures["staircase"], "Measured cycles over what the fitted device "
                          "does: median, and the band that holds 90 % of its draws."),
            figure(pictures["residuals"], "Residuals against the normal distribution. On the line, "
                   "the noise is what the model says."),
            class_="figures"),
        figure(pictures["choice"], "Models by BIC; longer bars are worse.", "wide"),
        table("Parameters with their standard errors", ["parameter", "value"], rows),
        table(f"Models that were tried. BIC and AIC are differences from {fit.taken}, which was "
              "taken; KS and p are those of the test of the residuals.",
              ["model", "parameters", "BIC", "AIC", "KS", "p", "outliers"], models, marked))


def how_trained(report: Report) -> str:
    shape = "-".join(map(str, report.network))
    return (f"A network of {shape} units, {words.count(report.train_images, 'picture')}, "
            f"{words.count(report.epochs, 'epoch')}, {words.count(report.seeds, 'seed')}, tested "
            f"on {words.count(report.test_images, 'other')}.")


def costs(rule: Rule) -> list[str]:
    if not rule.on_device:
        return ["–", "–"]
    return [words.plain(rule.pulses / 1e6) + " M", words.amount(rule.energy, "J")]


def rules(report: Report, pictures: Pictures, energy: str) -> Section:
    """What each update rule reaches, and what it costs."""
    rows = [[named(rule.name, rule.text), words.percent(rule.accuracy.mean),
             "–" if rule.accuracy.low is None or rule.accuracy.high is None else
             f"{100 * rule.accuracy.low:.2f} to {100 * rule.accuracy.high:.2f}", *costs(rule)]
            for rule in report.rules]
    reasons: dict[str, list[str]] = {}
    for name, why in report.left_out.items():
        reasons.setdefault(why, []).append(name)
    left = [f"{words.listed(names)}: {why}." for why, names in reasons.items()]
    return section(
        "rules", "What each update rule reaches",
        paragraph(how_trained(report), f" Data: {report.data}."),
        table("Accuracy after the last epoch on the fitted device, as if it were known exactly, "
              "with its 95 % interval over the seeds (Student's t, cut at 0 and 100 %). Pulses and "
              "energy are those of the whole training, first programming included.",
              ["rule", "accuracy", "95 % interval, %", "pulses", "energy"], rows),
        figure(pictures["epochs"], "Accuracy on the test pictures while the network learns on the "
               "device: mean and one standard deviation of the seeds.", "wide"),
        tag("h3", "Energy and pulses"), paragraph(energy),
        figure(pictures["costs"], "What learning on the device costs. Left and high is good; "
               "the table has the transferred networks too.", "wide"),
        [tag("h3", "Not tried"), items(left)] if left else None)


def expected(report: Report) -> Section:
    """What networks reach, with all that is uncertain about it."""
    prediction = report.prediction
    assert prediction is not None
    rows = [[named(one.name, one.text), words.percent(one.accuracy.mean),
             f"{100 * (one.accuracy.low or 0):.2f} to {100 * (one.accuracy.high or 0):.2f}",
             *(words.points(part) for part in (one.by_fit, one.by_training, one.by_pictures)),
             words.largest_part(one)] for one in prediction.rules]
    return section(
        "expected", "What accuracy to expect",
        paragraph("The fitted device is only the most likely one, and other trainings and other "
                  "test pictures would give other accuracies. The interval holds all three. It is "
                  f"of {words.drawn(prediction)}."),
        paragraph(words.prediction_verdict(prediction)),
        table("Accuracy to expect with its 95 % interval, and the parts of the interval as "
              "standard deviations in points",
              ["rule", "accuracy", "95 % interval, %", "fit", "training", "pictures",
               "most comes from"], rows))


def limits(report: Report, pictures: Pictures) -> Section:
    """What limits it, and what it must become."""
    studies = report.studies
    assert studies is not None
    some = any(one.allowed is not None for one in studies.limits)
    rows = []
    for one in studies.limits:
        row = [one.text, *(text for mean in (one.gain, one.loss) for text in (
            words.points(mean.mean), f"{words.points(mean.low)} to {words.points(mean.high)}")),
               words.present(one.value, one.unit)]
        if some:
            row.append(words.banded(one.allowed, one.allowed_low, one.allowed_high, one.unit))
        rows.append(row)
    heads = ["property", "gain, points", "95 % interval", "alone costs, points", "95 % interval",
             "is"] + (["may be, all else ideal (levels: must be)"] if some else [])
    text = (f"One network, trained in floats, reaches {words.percent(studies.ideal, 1)} of the "
            f"first {words.count(studies.pictures, 'test picture')}. Its weights are programmed "
            "onto "
            f"{words.count(len(studies.instances), 'array')} and read "
            f"{words.duration(studies.seconds)} later. The gain is what would be won if a property "
            "alone became ideal: what to improve first. Alone, a property costs what is lost to it "
            "when all others are ideal, which can be more where another one damps the damage. "
            "Intervals are for other arrays and other pictures.")
    why = None if some else paragraph(
        "How much of each property the target allows was not looked for: it takes minutes for "
        "this model (leave --quick out)." if studies.target < studies.ideal else
        "How much of each property the target allows cannot be said: it is out of reach.",
        class_="note")
    return section(
        "limits", "What limits it", paragraph(text), paragraph(words.limits_verdict(report)),
        figure(pictures["tornado"], "What is gained if a property becomes ideal and all others "
               "stay (bars), and what it costs alone (diamonds).", "wide"),
        table(f"Gains and losses of accuracy, and the room for a target of "
              f"{words.percent(studies.target, 1)}", heads, rows), why,
        figure(pictures["arrays"], "Accuracies of arrays onto which the same weights were "
               "programmed.", "narrow"))


def ageing(report: Report, pictures: Pictures) -> Section:
    """What time does."""
    studies = report.studies
    assert studies is not None
    courses = studies.ageing
    rows = [[words.duration(seconds)] + [words.interval(course.accuracies[number], 1)
                                         for course in courses]
            for number, seconds in enumerate(courses[0].seconds)]
    if courses[0].assumed:
        text = ("Measured curves hold no waiting times, so how this device ages is unknown. These "
                "drifts are assumptions: every conductance falls as (t / 1 s) to the power of −ν, "
                "which differs from cell to cell. With --set drift_nu=..., drift_nu_spread=... or "
                "relaxation=... the page shows the device's own.")
    else:
        text = "The device ages as it was given with --set."
    return section("ageing", "How it ages", paragraph(text),
                   figure(pictures["ageing"], "Mean accuracy over time with its 95 % interval over "
                          "these arrays; that of the table is for other pictures too.", "wide"),
                   table("Accuracy over time, with 95 % intervals, %",
                         ["after", *[course.text for course in courses]], rows))


def render(report: Report, pictures: Pictures, energy: str) -> str:
    """The whole page."""
    name = os.path.basename(report.measured.file)
    lead = paragraph("What the memristor in ", tag("code", name), " does to a neural network that "
                     "is trained or run on it.", class_="lead")
    parts = [summary(report), measured(report), fitted(report, pictures)]
    if report.rules:
        parts.append(rules(report, pictures, energy))
    if report.prediction is not None:
        parts.append(expected(report))
    if report.studies is not None:
        parts += [limits(report, pictures), ageing(report, pictures)]
    quick = " It was made with --quick: few pictures and seeds." if report.quick else ""
    foot = paragraph(f"Made by memqc {report.version} (libmemqc) in {report.seconds:.0f} s.{quick} "
                     "Equal commands give equal numbers.")
    return page(f"Device report: {name}", lead, parts, foot)
