#!/usr/bin/env python3
"""Writes selu.json, what Keras says about self-normalizing networks: `python3 generate_selu.py`.

Needs the PyPI packages jax, keras and numpy; the stored file comes from keras 3.12.0 on jax 0.10.2.
"""
import json
import os
import pathlib

os.environ["KERAS_BACKEND"] = "jax"

import keras
import numpy as np

HERE = pathlib.Path(__file__).parent


def dropout(rate):
    """For a few inputs what AlphaDropout makes of them when it keeps and when it drops them."""
    x = np.array([-1.7, -0.25, 0.5, 3.0], np.float32)
    y = np.array(keras.layers.AlphaDropout(rate, seed=1)(np.tile(x, (400, 1)), training=True))
    columns = [sorted(set(column.tolist())) for column in y.T]
    assert all(len(column) == 2 for column in columns)
    (dropped,) = set.intersection(*(set(column) for column in columns))
    kept = [next(v for v in column if v != dropped) for column in columns]
    return {"rate": rate, "x": x.tolist(), "kept": kept, "dropped": dropped}


def initializer(shape):
    """The standard deviation of Keras' draws, and the bound that none exceeds."""
    draws = np.array(keras.initializers.LecunNormal(seed=3)(shape), np.float64)
    return {"shape": list(shape), "deviation": draws.std(), "largest": abs(draws).max()}


x = np.array([-30, -2, -0.5, 0, 0.25, 4], np.float32)
content = {
    "activation": {"x": x.tolist(), "y": np.array(keras.activations.selu(x)).tolist()},
    "dropout": [dropout(rate) for rate in (0.1, 0.3, 0.5, 0.8)],
    "initializer": [initializer(shape) for shape in ((300, 400), (3, 3, 64, 128), (20, 5000))],
}
(HERE / "selu.json").write_text(json.dumps(content, indent=1) + "\n")
