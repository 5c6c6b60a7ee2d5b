"""Writes style.json: Gram matrices and total variation with their gradients, in double precision. Needs numpy.

    python3 Tests/DeepLearningTests/Golden/generate_style.py
"""
import json
import pathlib

import numpy as np

chance = np.random.RandomState(8)


def tensor(x):
    x = np.asarray(x, np.float64)
    return dict(shape=list(x.shape), values=x.ravel().tolist())


def gram(x):
    flat = x.reshape(-1, x.shape[-1])
    return flat.T @ flat


def variation(x, exponent):
    a = x[:, :-1, :-1] - x[:, 1:, :-1]
    b = x[:, :-1, :-1] - x[:, :-1, 1:]
    squares = a * a + b * b
    slope = 2 * exponent * squares ** (exponent - 1)
    gradient = np.zeros_like(x)
    gradient[:, :-1, :-1] += slope * (a + b)
    gradient[:, 1:, :-1] -= slope * a
    gradient[:, :-1, 1:] -= slope * b
    return np.sum(squares ** exponent), gradient


cases = []
for shape, exponent in [((1, 4, 5, 3), 1.25), ((1, 7, 3, 4), 1.0), ((1, 5, 13, 3), 1.5), ((2, 3, 6, 3), 1.25),
                        ((1, 3, 4, 16), 1.25)]:
    image = np.float32(chance.uniform(-3, 4, shape)).astype(np.float64)
    upstream = np.float32(chance.uniform(-1, 1.4, (shape[-1],) * 2)).astype(np.float64)
    flat = image.reshape(-1, shape[-1])
    value, gradient = variation(image, exponent)
    cases.append(dict(
        image=tensor(image), gram=tensor(gram(image)), upstream=tensor(upstream),
        gramGradient=tensor((flat @ (upstream + upstream.T)).reshape(shape)),
        exponent=exponent, variation=value, variationGradient=tensor(gradient)))
path = pathlib.Path(__file__).parent / 'style.json'
path.write_text(json.dumps(dict(cases=cases)) + '\n')
