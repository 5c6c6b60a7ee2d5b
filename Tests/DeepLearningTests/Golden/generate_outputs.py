#!/usr/bin/env python3
"""Writes the golden values of a network with two inputs and three outputs: `python3 generate_outputs.py`.

Needs the PyPI packages tensorflow-cpu (or tensorflow), keras and numpy. The stored file comes from Python 3.11,
keras 3.12.0 on tensorflow 2.21.

A dense model is used as a layer on both inputs; what it makes is joined and read by three outputs, each with a loss
of its own kind. For several weights of the losses the file holds what Keras reports before training and in each of five
epochs of one batch, by the names that Keras gives, and the weights and predictions afterwards.
"""
import json
import os
import pathlib
import re

os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import keras
import numpy as np

HERE = pathlib.Path(__file__).parent
LAYERS = keras.layers


def numbers(array):
    array = np.asarray(array, np.float32)
    return {"shape": list(array.shape), "values": [float(str(v)) for v in array.ravel()]}


def weights(model):
    """The weights by layer, which Keras orders in its own way."""
    layers = [("encoder", model.get_layer("encoder").layers[0])]
    layers += [(name, model.get_layer(name)) for name in ["age", "income", "gender"]]
    return {name: [numbers(value) for value in layer.get_weights()] for name, layer in layers}


def network(random):
    encoder = keras.Sequential(
        [keras.Input((4,)), LAYERS.Dense(5, activation="tanh")], name="encoder")
    left, right = keras.Input((4,), name="left"), keras.Input((4,), name="right")
    joined = LAYERS.Concatenate()([encoder(left), encoder(right)])
    model = keras.Model([left, right], [
        LAYERS.Dense(1, name="age")(joined),
        LAYERS.Dense(3, activation="softmax", name="income")(joined),
        LAYERS.Dense(1, activation="sigmoid", name="gender")(joined),
    ])
    model.set_weights([random.normal(0, 0.5, w.shape).astype(np.float32) for w in model.weights])
    return model


def case(name, loss_weights):
    random = np.random.default_rng(7)
    model = network(random)
    x = {side: random.normal(size=(8, 4)).astype(np.float32) for side in ["left", "right"]}
    y = {
        "age": random.normal(2, 1, (8, 1)).astype(np.float32),
        "income": np.eye(3, dtype=np.float32)[random.integers(0, 3, 8)],
        "gender": random.integers(0, 2, (8, 1)).astype(np.float32),
    }
    before = weights(model)
    model.compile(
        optimizer=keras.optimizers.SGD(0.05), loss_weights=loss_weights,
        loss={"age": "mse", "income": "categorical_crossentropy", "gender": "binary_crossentropy"},
        metrics={"age": ["mae"], "income": ["acc"], "gender": ["acc"]})
    evaluated = model.evaluate(x, y, verbose=0, return_dict=True)
    history = model.fit(
        x, y, epochs=5, batch_size=8, shuffle=False, verbose=0, validation_data=(x, y)).history
    return {
        "name": name,
        "lossWeights": loss_weights or {},
        "inputs": {key: numbers(value) for key, value in x.items()},
        "targets": {key: numbers(value) for key, value in y.items()},
        "weights": before,
        "evaluated": evaluated,
        "history": history,
        "weightsAfter": weights(model),
        "predictionsAfter": [numbers(value) for value in model.predict(x, verbose=0)],
    }


CASES = [
    case("no weights", None),
    case("the book's weights", {"age": 0.25, "income": 1.0, "gender": 10.0}),
    case("one output does not count", {"age": 0.5, "income": 0.0, "gender": 2.0}),
]
text = json.dumps({"cases": CASES}, indent=1)
# One line per list of numbers.
text = re.sub(r"\[[^\[\]{}]*\]", lambda found: re.sub(r"\s+", " ", found[0]), text)
(HERE / "outputs.json").write_text(text + "\n")
