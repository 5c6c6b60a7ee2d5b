"""Writes lbfgs.json: what SciPy's L-BFGS-B does on standard functions. Needs numpy and scipy.

    python3 Tests/DeepLearningTests/Golden/generate_lbfgs.py
"""
import json
import pathlib

import numpy as np
from scipy.optimize import fmin_l_bfgs_b


def rosenbrock(x):
    a, b = x[1:] - x[:-1] ** 2, 1 - x[:-1]
    gradient = np.zeros_like(x)
    gradient[:-1] += -400 * a * x[:-1] - 2 * b
    gradient[1:] += 200 * a
    return np.sum(100 * a * a + b * b), gradient


def beale(place):
    x, y = place
    terms = [(1.5, y), (2.25, y ** 2), (2.625, y ** 3)]
    r = [c - x + x * p for c, p in terms]
    return sum(v * v for v in r), np.array([
        sum(2 * v * (p - 1) for v, (_, p) in zip(r, terms)),
        2 * x * (r[0] + 2 * r[1] * y + 3 * r[2] * y ** 2)])


def bowl(x):
    w = (np.arange(len(x)) + 1.0) ** 2
    return np.sum(w * (x - 1) ** 2), 2 * w * (x - 1)


cases = []
for name, function, start in [
        ('rosenbrock', rosenbrock, [-1.2, 1.0]), ('rosenbrock', rosenbrock, [-1.0] * 10),
        ('beale', beale, [1.0, 1.0]), ('bowl', bowl, [0.0] * 50)]:
    values = []

    def watched(x):
        value, gradient = function(x)
        values.append(float(value))
        return value, gradient
    place, value, facts = fmin_l_bfgs_b(watched, np.array(start))
    cases.append(dict(name=name, start=start, values=values[:12], place=place.tolist(),
                      evaluations=facts['funcalls'], steps=facts['nit']))
path = pathlib.Path(__file__).parent / 'lbfgs.json'
path.write_text(json.dumps(dict(cases=cases)) + '\n')
