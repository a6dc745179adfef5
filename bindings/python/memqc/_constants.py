# SPDX-License-Identifier: BSD-3-Clause
"""Names of the numbers that are no parameters: counters, costs, reports, histories, studies.

Parameters and their choices are not here: the library names them. A test compares each table with
the enumeration of the headers that starts with its prefix.
"""

from __future__ import annotations

from typing import Final

G0: Final = 77.5e-6  #: S, the conductance quantum as the paper rounds it

KEY: Final = {"name": 101, "unit": 102, "group": 103, "text": 104, "kind": 111, "min": 112,
              "max": 113, "initial": 114, "by_layer": 115, "settled": 116}
KIND: Final = {"real": 201, "whole": 202, "flag": 203, "choice": 204}
SUMMARY: Final = {"mean": 301, "sd": 302, "low": 303, "high": 304, "min": 305, "q05": 306,
                  "q25": 307, "median": 308, "q75": 309, "q95": 310, "max": 311}
PHASE: Final = {"training": 401, "monte_carlo": 402, "sensitivity": 403, "programming": 404,
                "fit": 405}

DEVICE_FAULT: Final = {"none": 1131, "on": 1132, "off": 1133, "anywhere": 1134}
DEVICE_FIT: Final = {
    "best": 1151, "quantized_constant": 1152, "quantized_linear": 1153,
    "quantized_proportional": 1154, "quantized_levels": 1155, "standard_error": 1161,
    "candidate": 1162,
    "log_likelihood": 1163, "parameters": 1164, "aic": 1165, "bic": 1166, "ks": 1167,
    "ks_p": 1168, "outliers": 1169, "at_bounds": 1170, "points": 1171, "cycles": 1172,
    "devices": 1173, "drift": 1174, "drift_error": 1175, "noise": 1176,
    "cycle_correlation": 1177, "verdict": 1178, "runner_up": 1179, "set_reset_correlation": 1180,
    "verdict_described": 1181, "verdict_ambiguous": 1182, "verdict_table": 1183,
    "verdict_nothing": 1184, "noise_reads": 1186, "noise_course": 1187, "noise_unknown": 1188}
DEVICE_WARNING: Final = {"below_quanta": 1211, "above_quanta": 1212}
DEVICE_LEFT_OUT: Final = {
    "not_finite": 1191, "overflow": 1192, "negative": 1193, "zero": 1194, "scale": 1195,
    "isolated": 1196, "cycle": 1197, "outlier": 1198}

CROSSBAR_COUNT: Final = {
    "programmed": 2301, "negative": 2302, "clipped": 2303, "refreshed": 2304, "samples": 2305,
    "reads": 2306, "dac": 2307, "adc": 2308, "input_clipped": 2309, "saturated": 2310,
    "saturated_last": 2311}
CROSSBAR_COST: Final = {
    "set": 2401, "reset": 2402, "time": 2403, "energy": 2404, "latency": 2405, "area": 2406,
    "read_cells": 2407, "read_dac": 2408, "read_adc": 2409, "read_time": 2410}
CROSSBAR_REPORT: Final = {
    "cells": 2501, "set": 2502, "reset": 2503, "time": 2504, "energy": 2505, "reads": 2506,
    "failed": 2507, "error_mean": 2508, "error_sd": 2509, "error_max": 2510, "error_q01": 2511,
    "error_q05": 2512, "error_q25": 2513, "error_q50": 2514, "error_q75": 2515,
    "error_q95": 2516, "error_q99": 2517, "moved": 2518, "unreached": 2519}

MLP_HISTORY: Final = {
    "loss": 3201, "accuracy": 3202, "validation_loss": 3203, "validation_accuracy": 3204,
    "learning_rate": 3205, "pulses": 3206, "energy": 3207, "saturated": 3208}
MLP_PROPERTY: Final = {
    "all": 3301, "levels": 3302, "c2c": 3303, "d2d": 3304, "asymmetry": 3305,
    "read_noise": 3306, "wires": 3307, "faults": 3308, "drift": 3309}

# Indexes into arrays, in their order.
PROGRESS: Final = ("phase", "done", "total", "epoch", "loss", "accuracy")
DEVICE_COLUMN: Final = ("device", "cycle", "pulse", "direction", "read")
DEVICE_COST: Final = ("set", "reset", "time", "energy")
CROSSED: Final = (
    "mean", "low", "high", "by_rows", "by_columns", "by_both", "freedom", "rows_to_halve",
    "columns_to_halve")
NESTED: Final = ("mean", "low", "high", "by_groups", "by_rows", "by_columns")
MLP_SHARE: Final = (
    "loss", "low", "high", "by_instances", "by_samples", "by_both", "by_orders")
MLP_LIMIT: Final = (
    "ideal", "accuracy", "loss", "loss_low", "loss_high", "value", "factor", "factor_low",
    "factor_high", "required", "required_low", "required_high", "device", "gain", "gain_low",
    "gain_high", "loss_by_instances", "loss_by_samples", "loss_by_both", "loss_instances",
    "loss_samples", "gain_by_instances", "gain_by_samples", "gain_by_both", "gain_instances",
    "gain_samples")
MLP_ALL: Final = (1 << 64) - 1
