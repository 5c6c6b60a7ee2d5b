#!/usr/bin/env python3
"""Writes the golden values of recurrent layers: `python3 generate_recurrent.py`.

Needs the PyPI packages tensorflow-cpu (or tensorflow), torch, keras and numpy. The stored files come
from Python 3.11, numpy 2, torch 2.13.0+cpu, keras 3.15.1 on tensorflow 2.21.

Everything is seeded, so a second run writes the same bytes. Expected values are computed twice in
double precision, by Keras' layers on TensorFlow and by the formulas of Keras 2.0.8 written out below
in PyTorch, from inputs that a Float holds exactly; the script stops where the two disagree, and
stores the result rounded to six digits.

Conventions: sequences are [batch, time, features]; the gates of LSTM are in the order i, f, c, o, those
of GRU in the order z, r, h. A sequence with a mask has zeros where steps are left out.
"""
import generate_convolution  # first: it sets up Keras on TensorFlow, and how tensors are written

import keras
import numpy as np
import tensorflow as tf
import torch

from generate import check, uniform, write
from generate_convolution import six_digits

GATES = {"LSTM": 4, "GRU": 3, "SimpleRNN": 1}
TORCH = {"tanh": torch.tanh, "relu": torch.relu, "sigmoid": torch.sigmoid,
         "linear": lambda z: z, "hard_sigmoid": lambda z: torch.clamp(0.2 * z + 0.5, 0, 1)}
KINKS = {"relu": [0], "hard_sigmoid": [-2.5, 2.5]}


@keras.saving.register_keras_serializable()
def hard_sigmoid(z):
    """That of Keras 2; today's has another slope."""
    return keras.ops.clip(0.2 * z + 0.5, 0, 1)


# --- The formulas, one step at a time ------------------------------------------------------------


class Formulas:
    """A recurrent layer; remembers how close any sum came to a kink."""

    def __init__(self, settings, weights):
        self.settings, self.nearest = settings, np.inf
        self.kernel, self.recurrent = weights[:2]
        self.bias = weights[2] if len(weights) > 2 else torch.zeros(())

    def activated(self, z, name):
        for kink in KINKS.get(name, []):
            distances = (z.detach() - kink).abs()
            # Exactly 0 are cells of LSTM that a ReLU has kept empty, and those stay so.
            distances[distances == 0] = np.inf
            self.nearest = min(self.nearest, distances.min().item())
        return TORCH[name](z)

    def step(self, x, states):
        """The new states; the first of them is the output."""
        s, h = self.settings, states[0]
        inner = lambda z: self.activated(z, s.get("activation", "tanh"))
        gate = lambda z: self.activated(z, s.get("gates", "hard_sigmoid"))
        sums = x @ self.kernel
        if s["layer"] == "SimpleRNN":
            return [inner(sums + self.bias + h @ self.recurrent)]
        if s["layer"] == "LSTM":
            i, f, c, o = (sums + self.bias + h @ self.recurrent).chunk(4, -1)
            c = gate(f) * states[1] + gate(i) * inner(c)
            return [gate(o) * inner(c), c]
        if s.get("resetsAfter"):
            bias = self.bias if self.bias.dim() else torch.zeros(2, 1)
            z, r, c = (sums + bias[0]).chunk(3, -1)
            uz, ur, uc = (h @ self.recurrent + bias[1]).chunk(3, -1)
            z, r = gate(z + uz), gate(r + ur)
            return [z * h + (1 - z) * inner(c + r * uc)]
        z, r, c = (sums + self.bias).chunk(3, -1)
        uz, ur, uc = self.recurrent.chunk(3, -1)
        z, r = gate(z + h @ uz), gate(r + h @ ur)
        return [z * h + (1 - z) * inner(c + (r * h) @ uc)]

    def run(self, x, states, mask):
        """The outputs of all steps in the order in which they were taken, and the last states."""
        outputs = []
        steps = range(x.shape[1])
        for t in reversed(steps) if self.settings.get("goesBackwards") else steps:
            new = self.step(x[:, t], states)
            if mask is not None:
                new = [torch.where(mask[:, t, None], a, b) for a, b in zip(new, states)]
            states = new
            outputs.append(states[0])
        return torch.stack(outputs, 1), states


def formulas(layers, weights, x, states, mask):
    """A stack of layers; returns the output, the last layer's states and the distance to kinks."""
    weights, nearest = list(weights), np.inf
    for s in layers:
        count = 3 if s.get("usesBias", True) else 2
        zeros = [torch.zeros(x.shape[0], s["units"], dtype=x.dtype)] * 2
        directions = [s]
        if s.get("isBidirectional"):
            directions = [s, {**s, "goesBackwards": True}]
        parts = []
        for direction in directions:
            layer = Formulas(direction, [weights.pop(0) for _ in range(count)])
            outputs, last = layer.run(x, states or zeros[:2 if s["layer"] == "LSTM" else 1], mask)
            nearest = min(nearest, layer.nearest)
            if not s.get("returnsSequences"):
                outputs = outputs[:, -1]
            elif len(parts) == 1:
                outputs = outputs.flip(1)
            parts.append(outputs)
        x = torch.cat(parts, -1)
    return x, last, nearest


# --- Keras ---------------------------------------------------------------------------------------


def keras_layer(s):
    options = dict(
        activation=s.get("activation", "tanh"), use_bias=s.get("usesBias", True),
        return_sequences=s.get("returnsSequences", False),
        go_backwards=s.get("goesBackwards", False), dtype="float64")
    if s["layer"] != "SimpleRNN":
        gates = s.get("gates", "hard_sigmoid")
        options["recurrent_activation"] = hard_sigmoid if gates == "hard_sigmoid" else gates
    if s["layer"] == "GRU":
        options["reset_after"] = s.get("resetsAfter", False)
    layer = getattr(keras.layers, s["layer"])(s["units"], **options)
    return keras.layers.Bidirectional(layer, dtype="float64") if s.get("isBidirectional") else layer


def in_keras(layers, weights, x, states, mask):
    """The output of the stack, for variables; the layers' own weights are put in `variables`."""
    weights, variables = list(weights), []
    for s in layers:
        layer = keras_layer(s)
        layer.build(tuple(x.shape))
        layer.set_weights([weights.pop(0) for _ in layer.weights])
        variables += [w.value for w in layer.weights]
        options = dict(initial_state=list(states)) if states else {}
        if mask is not None:
            options["mask"] = tf.constant(mask)
        x = layer(x, **options)
    return x, variables


# --- A case: a stack of layers, its output and all gradients -------------------------------------


def shapes(layers, features):
    for s in layers:
        gates, units = GATES[s["layer"]], s["units"]
        for _ in range(2 if s.get("isBidirectional") else 1):
            yield "kernel", (features, gates * units)
            yield "recurrent", (units, gates * units)
            if s.get("usesBias", True):
                yield "bias", (2, gates * units) if s.get("resetsAfter") else (gates * units,)
        features = units * (2 if s.get("isBidirectional") else 1)


def draw(random, kind, shape):
    """Numbers that neither fade nor explode over some steps, unlike for every gate and direction."""
    if kind == "bias":
        return uniform(random, shape, -0.5, 0.8)
    scale = (3 if kind == "kernel" else 1.8) / max(shape[0], 3) ** 0.5
    return uniform(random, shape, -0.4 * scale, 0.5 * scale)


def recurrent_case(name, layers, features=3, batch=3, time=7, mask=None, states=False, seed=1):
    """`mask` tells which steps count, a text of 1 and 0 for each sample."""
    layers = [layers] if isinstance(layers, dict) else layers
    if mask is not None:
        mask = np.array([[c == "1" for c in row] for row in mask])
        batch, time = mask.shape
    # Where a layer goes both ways, today's Keras gives zeros for the steps that the mask leaves out;
    # Keras 2.0.8 gave the last output again, as either still does where a layer goes one way.
    last = layers[-1]
    leaves_steps_empty = (mask is not None and "isBidirectional" in last
                          and "returnsSequences" in last)
    while True:
        random = np.random.default_rng(seed)
        x = uniform(random, (batch, time, features), -1.2, 1.6)
        if mask is not None:
            x = np.where(x == 0, np.float32(0.001), x) * mask[..., None]
        state_count = (2 if layers[0]["layer"] == "LSTM" else 1) if states else 0
        inputs = [x] + [uniform(random, (batch, layers[0]["units"]), -0.8, 1.0)
                        for _ in range(state_count)]
        weights = [draw(random, *shape) for shape in shapes(layers, features)]

        def run(dtype):
            leaves = [torch.tensor(a, dtype=dtype, requires_grad=True) for a in inputs + weights]
            first, *rest = leaves[:len(inputs)]
            output, _, nearest = formulas(
                layers, leaves[len(inputs):], first, rest,
                None if mask is None else torch.tensor(mask))
            up = uniform(np.random.default_rng(seed + 77), tuple(output.shape), -1.0, 1.3)
            if leaves_steps_empty:
                up *= mask[..., None]
            gradients = torch.autograd.grad(output, leaves, torch.tensor(up, dtype=dtype))
            return [output, *gradients], up, nearest

        expected, upstream, nearest = run(torch.float64)
        if nearest > 3e-5:
            break
        assert seed < 200_000, name
        seed += 1000  # until no sum lies so close to a kink that rounding could cross it

    for mine, exact in zip(run(torch.float32)[0], expected):
        check(mine, exact, name, 2e-5, 1e-5 * max(1, exact.abs().max().item()))

    xs = [tf.Variable(a.astype(np.float64)) for a in inputs]
    with tf.GradientTape() as tape:
        y, variables = in_keras(layers, weights, xs[0], xs[1:], mask)
    theirs = tape.gradient(y, xs + variables, output_gradients=tf.constant(upstream, tf.float64))
    theirs = [y, *theirs]
    if leaves_steps_empty:
        theirs[0] = tf.where(mask[..., None], y, expected[0].detach().numpy())
    for mine, other, number in zip(expected, theirs, range(99)):
        check(other.numpy(), mine, f"{name}, value {number} in Keras", 1e-9, 1e-9)
    output, *gradients = map(six_digits, expected)
    return {
        "name": f"{name}, {batch}x{time}x{features}", "layers": layers,
        "isMasked": mask is not None, "inputs": inputs, "weights": weights, "upstream": upstream,
        "output": output, "gradInputs": gradients[:len(inputs)],
        "gradWeights": gradients[len(inputs):],
    }


# --- Files ---------------------------------------------------------------------------------------

#        units, features, batch, time, sequences
SIZES = [(5, 1, 1, 1, False), (16, 3, 8, 2, True), (32, 14, 3, 7, False), (5, 33, 1, 2, True),
         (5, 14, 33, 7, False), (6, 3, 8, 20, False), (37, 1, 3, 7, True)]

#        in front (as padding leaves it), in the middle, at the end, everything, nothing
MASK = ["0011111", "1100011", "1111100", "0000000", "1111111", "0101010"]


def options_text(s):
    gates = "" if s["layer"] == "SimpleRNN" else f", {s.get('gates', 'hard_sigmoid')} gates"
    flags = [text for flag, text in [
        ("resetsAfter", "reset after"), ("returnsSequences", "sequences"),
        ("goesBackwards", "backwards"), ("isBidirectional", "both ways")] if s.get(flag)]
    return (f"{s['layer']} {s['units']} {s.get('activation', 'tanh')}{gates}"
            + "".join(", " + flag for flag in flags) + (", no bias" if "usesBias" in s else ""))


class Cases(list):
    """Cases whose names tell their settings."""

    def add(self, *layers, tag="", **settings):
        name = "; ".join(map(options_text, layers)) + (", " + tag if tag else "")
        case = recurrent_case(name, list(layers), seed=7000 + 17 * len(self), **settings)
        assert case["name"] not in [c["name"] for c in self], name
        self.append(case)


def layer(kind, units=5, **options):
    return {"layer": kind, "units": units, **options}


def write_kind(kind, variants):
    """`variants` are the settings that only this kind of layer has."""
    cases = Cases()
    for number, (units, features, batch, time, sequences) in enumerate(SIZES):
        variant = variants[number % len(variants)]
        options = {"returnsSequences": True} if sequences else {}
        cases.add(layer(kind, units, **variant, **options), features=features, batch=batch,
                  time=time)
    for number, variant in enumerate(variants):
        cases.add(layer(kind, **variant), tag="last")
        cases.add(layer(kind, **variant, returnsSequences=True), tag="all")
        cases.add(layer(kind, **variant, usesBias=False, returnsSequences=number % 2 == 0))
        cases.add(layer(kind, **variant, goesBackwards=True))
        cases.add(layer(kind, **variant, goesBackwards=True, returnsSequences=True))
        cases.add(layer(kind, **variant), states=True, tag="initial state")
        cases.add(layer(kind, **variant, returnsSequences=True, goesBackwards=True), states=True,
                  tag="initial state")
        cases.add(layer(kind, **variant, returnsSequences=number % 2 == 1, isBidirectional=True))
    write(f"recurrent-{kind.lower()}", ABOUT, cases=cases)


def write_company():
    """Masks, both directions and stacks, which all kinds share."""
    cases = Cases()
    for kind, variant in [
            ("SimpleRNN", {}), ("LSTM", {}), ("GRU", {}), ("GRU", {"resetsAfter": True})]:
        for options in [
                {}, {"returnsSequences": True}, {"goesBackwards": True},
                {"goesBackwards": True, "returnsSequences": True}, {"isBidirectional": True},
                {"isBidirectional": True, "returnsSequences": True}]:
            cases.add(layer(kind, **variant, **options), mask=MASK, tag="masked")
        for options in [{}, {"isBidirectional": True}]:
            cases.add(layer(kind, **variant, **options, returnsSequences=True),
                      layer(kind, 6, **variant, **options))
            cases.add(layer(kind, **variant, **options, returnsSequences=True),
                      layer(kind, 4, **variant), mask=MASK, tag="masked")
    cases.add(layer("LSTM", 16, isBidirectional=True), features=14, batch=8)
    cases.add(layer("GRU", 16, isBidirectional=True, returnsSequences=True), layer("GRU", 3))
    cases.add(layer("LSTM", returnsSequences=True), layer("SimpleRNN", returnsSequences=True),
              layer("GRU", 3), tag="mixed")
    cases.add(layer("GRU", 16, returnsSequences=True, activation="relu"),
              layer("GRU", 32, activation="relu"), features=14, batch=8, tag="as in chapter 6.3")
    write("recurrent-company", ABOUT, cases=cases)


def write_stateful():
    """Two batches, the second of which starts where the first ended."""
    cases = []
    for number, s in enumerate([
            layer("SimpleRNN"), layer("LSTM", 17, returnsSequences=True), layer("GRU", 16),
            layer("GRU", resetsAfter=True, returnsSequences=True)]):
        random = np.random.default_rng(7900 + number)
        batches = [uniform(random, (3, time, 4), -1.2, 1.6) for time in (5, 3)]
        weights = [draw(random, *shape) for shape in shapes([s], 4)]
        leaves = [torch.tensor(w, dtype=torch.float64, requires_grad=True) for w in weights]
        first, second = [torch.tensor(b, dtype=torch.float64) for b in batches]
        before, states, near = formulas([s], leaves, first, [], None)
        states = [state.detach() for state in states]
        after, _, nearer = formulas([s], leaves, second, states, None)
        assert min(near, nearer) > 3e-5
        upstream = uniform(random, tuple(after.shape), -1.0, 1.3)
        gradients = torch.autograd.grad(after, leaves, torch.tensor(upstream, dtype=torch.float64))

        theirs = keras_layer(s)
        theirs.stateful = True
        theirs.build((3, None, 4))
        theirs.set_weights(weights)
        name = f"{options_text(s)}, stateful"
        check(theirs(batches[0].astype(np.float64)).numpy(), before, name, 1e-9, 1e-9)
        with tf.GradientTape() as tape:
            y = theirs(batches[1].astype(np.float64))
        check(y.numpy(), after, name + ", second batch", 1e-9, 1e-9)
        their_gradients = tape.gradient(
            y, [w.value for w in theirs.trainable_weights],
            output_gradients=tf.constant(upstream, tf.float64))
        for mine, other in zip(gradients, their_gradients):
            check(other.numpy(), mine, name + ", gradients", 1e-9, 1e-9)
        cases.append({
            "name": name, "layers": [s], "batches": batches, "weights": weights,
            "outputs": [six_digits(before), six_digits(after)], "upstream": upstream,
            "gradWeights": list(map(six_digits, gradients)),
        })
    write("recurrent-stateful", "upstream is the gradient of the second output, gradWeights are the"
          " gradients it causes in the second batch alone.", cases=cases)


IDS = [[0, 0, 3, 1, 5], [2, 0, 4, 0, 1], [0, 5, 1, 0, 0], [0, 0, 0, 0, 0], [1, 4, 2, 3, 5]]
OTHER_IDS = [[0, 2, 3, 0, 5], [0, 0, 1, 0, 0], [3, 5, 1, 2, 0], [0, 0, 0, 0, 0], [5, 1, 0, 4, 2]]


def joined_case(number, join, second, masks_second):
    """Words, a GRU over them, a join with what `second` names, and a layer that skips what the join says.

    By Keras' layers alone, which pass the mask on by rules of their own.
    """
    ids = [np.array(IDS, np.int32)] + ([np.array(OTHER_IDS, np.int32)] if second == "others" else [])
    random = np.random.default_rng(7950 + number)
    words = [keras.layers.Embedding(6, 3, mask_zero=True, dtype="float64")]
    if second == "others":
        words.append(keras.layers.Embedding(6, 3, mask_zero=masks_second, dtype="float64"))
    first = keras_layer(layer("GRU", 3, returnsSequences=True))
    last = keras_layer(layer("SimpleRNN", 2))
    starts = [keras.Input((5,), dtype="int32") for _ in ids]
    vectors = [w(start) for w, start in zip(words, starts)]
    sequences = first(vectors[0])
    operands = [sequences, {"words": vectors[0], "others": vectors[-1], "itself": sequences}[second]]
    model = keras.Model(starts, last(getattr(keras.layers, join)(dtype="float64")(operands)))
    layers = [*words, first, last]
    weights = []
    for part in layers:
        drawn = [draw(random, "bias" if len(w.shape) == 1 else "kernel", tuple(w.shape))
                 for w in part.weights]
        part.set_weights(drawn)
        weights += drawn
    upstream = uniform(random, (len(IDS), 2), -1.0, 1.3)
    variables = [w.value for part in layers for w in part.weights]
    with tf.GradientTape() as tape:
        output = model([tf.constant(i) for i in ids])
    gradients = tape.gradient(
        output, variables, output_gradients=tf.constant(upstream, tf.float64))
    dense = [tf.convert_to_tensor(g).numpy() for g in gradients]
    return {
        "name": f"{join} with {second}" + ("" if masks_second else ", not masked"), "join": join,
        "second": second, "masksSecond": masks_second,
        "ids": [{"shape": list(i.shape), "values": i.flatten().tolist()} for i in ids],
        "weights": weights, "upstream": upstream,
        "output": six_digits(torch.tensor(output.numpy())),
        "gradWeights": [six_digits(torch.tensor(g)) for g in dense],
    }


def write_joined():
    """Masks that pass through a join."""
    cases = [joined_case(i, *settings) for i, settings in enumerate(
        (join, second, masks) for join in ["Add", "Concatenate"]
        for second, masks in [("words", True), ("itself", True), ("others", True), ("others", False)])]
    write("recurrent-joined", "Embedding(6, 3), GRU(3, sequences), a join with the words, with"
          " itself or with other words' vectors, SimpleRNN(2). Weights are those of the embeddings,"
          " of the GRU and of the last layer.", cases=cases)


ABOUT = ("upstream is the gradient of the output, gradInputs and gradWeights are the gradients it"
         " causes. Inputs are the sequences, then initial states if any; of layers that go both ways"
         " the forward weights come first.")

if __name__ == "__main__":
    write_kind("SimpleRNN", [{}, {"activation": "relu"}])
    write_kind("LSTM", [{}, {"gates": "sigmoid"}, {"activation": "relu"}])
    write_kind("GRU", [
        {}, {"resetsAfter": True, "gates": "sigmoid"}, {"activation": "relu", "gates": "sigmoid"},
        {"resetsAfter": True, "activation": "relu"}])
    write_company()
    write_stateful()
    write_joined()
