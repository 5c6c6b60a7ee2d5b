#!/usr/bin/env python3
"""Writes nelder-mead.json, the searches that NelderMeadTests repeats: `python3 generate_nelder_mead.py`.

Needs the PyPI packages numpy and scipy; the stored file comes from numpy 2.4.6 and scipy 1.17.1.
"""
import json
import pathlib

import numpy as np
from scipy.optimize import minimize

HERE = pathlib.Path(__file__).parent


def rosenbrock(x):
    return float(sum(100 * (b - a * a) ** 2 + (1 - a) ** 2 for a, b in zip(x, x[1:])))


def bowl(x):
    return float(sum((i + 1) * (v - i) ** 2 for i, v in enumerate(x)))


def edge(x):
    """Not differentiable at its minimum."""
    return float(abs(x[0] - 1) + 2 * abs(x[1] + x[0]))


FUNCTIONS = {"rosenbrock": rosenbrock, "bowl": bowl, "edge": edge}
CASES = [
    ("rosenbrock", [-1.2, 1.0], 0.5, 1e-4),
    ("rosenbrock", [0.3, -0.7, 1.4], 1.0, 1e-6),
    ("bowl", [2.5], 1.0, 1e-4),
    ("bowl", [3.0, -1.0, 0.5, 2.0, 7.0], 0.25, 1e-5),
    ("edge", [3.1, 0.4], 0.5, 1e-4),
]


def search(name, start, step, tolerance):
    start = np.array(start)
    simplex = np.vstack([start] + [start + step * row for row in np.eye(len(start))])
    values = []

    def function(x):
        values.append(FUNCTIONS[name](x))
        return values[-1]

    found = minimize(
        function, start, method="Nelder-Mead",
        options={"initial_simplex": simplex, "xatol": tolerance, "fatol": tolerance, "maxfev": 5000, "maxiter": 5000})
    assert found.success
    return {
        "name": name, "start": start.tolist(), "step": step, "tolerance": tolerance,
        "values": values[:40], "place": found.x.tolist(), "value": float(found.fun),
        "evaluations": found.nfev}


(HERE / "nelder-mead.json").write_text(
    json.dumps({"cases": [search(*case) for case in CASES]}, indent=1) + "\n")
