"""The loops of sections 8.2 to 8.5 in Keras; peers.py times them.

Each function is named as its workload and returns the function that takes one step. Losses are
written once for both backends; how a backend takes gradients and compiles is its own.
"""

import keras
import numpy as np
from keras import layers, ops

IS_JAX = keras.backend.backend() == "jax"
if IS_JAX:
    import jax
else:
    import tensorflow as tf


def frozen(base, names):
    """The activations of the named layers, finite as the random weights are drawn after He."""
    model = keras.Model(base.input, [base.get_layer(name).output for name in names])
    for layer in model.layers:
        if isinstance(layer, layers.Conv2D):
            layer.kernel.assign(keras.initializers.HeUniform()(layer.kernel.shape))
    model.trainable = False
    return model


def values(*lists):
    return [[variable.value for variable in variables] for variables in lists]


def evaluation(model, loss_of, result, is_compiled):
    """Compiles `result`, a function of a picture, of its loss, and of the loss's gradient."""
    if IS_JAX:
        def loss(picture, weights):
            activations, _ = model.stateless_call(*weights, picture, training=False)
            return loss_of(picture, activations)

        @jax.jit
        def evaluate(picture, weights):
            return result(picture, *jax.value_and_grad(loss)(picture, weights))

        # Handed over each time: what a compiled function closes over is compiled into it.
        weights = values(model.trainable_variables, model.non_trainable_variables)
        return lambda picture: evaluate(picture, weights)

    @tf.function(jit_compile=is_compiled or None)
    def evaluate(picture):
        with tf.GradientTape() as tape:
            tape.watch(picture)
            loss = loss_of(picture, model(picture, training=False))
        return result(picture, loss, tape.gradient(loss, picture))

    return evaluate


def deepdream(is_compiled):
    weights = dict(mixed2=0.2, mixed3=3.0, mixed4=2.0, mixed5=1.5)
    size = (350, 350, 3)
    model = frozen(
        keras.applications.InceptionV3(weights=None, include_top=False, input_shape=size), weights)

    def loss_of(picture, activations):
        return sum(
            weight * ops.mean(ops.square(x[:, 2:-2, 2:-2]))
            for weight, x in zip(weights.values(), activations))

    def ascend(picture, loss, gradient):
        strength = ops.maximum(ops.mean(ops.abs(gradient)), 1e-7)
        return loss, picture + 0.01 * gradient / strength

    evaluate = evaluation(model, loss_of, ascend, is_compiled)
    random = np.random.default_rng(1234)
    picture = ops.convert_to_tensor(random.uniform(-1, 1, (1, *size)).astype("float32"))

    def step():
        nonlocal picture
        loss, picture = evaluate(picture)
        return float(loss)

    return step


def style_transfer(is_compiled):
    size = (400, 400, 3)
    blocks = [f"block{block}_conv1" for block in range(1, 6)]
    model = frozen(
        keras.applications.VGG19(weights=None, include_top=False, input_shape=size),
        blocks + ["block5_conv2"])

    def gram(x):
        x = ops.reshape(x, (-1, x.shape[-1]))
        return x.T @ x if IS_JAX else tf.matmul(x, x, transpose_a=True)

    random = np.random.default_rng(1234)
    content, style, start = (
        50 * random.standard_normal((1, *size), dtype="float32") for _ in range(3))
    content = model(content, training=False)[-1]
    grams = [gram(x) for x in model(style, training=False)[:-1]]

    def loss_of(picture, activations):
        loss = 0.025 * ops.sum(ops.square(activations[-1] - content))
        for x, wanted in zip(activations, grams):
            loss += ops.sum(ops.square(gram(x) - wanted)) / 5 / (4 * 9 * (400.0 * 400) ** 2)
        down = picture[:, 1:, :-1] - picture[:, :-1, :-1]
        right = picture[:, :-1, 1:] - picture[:, :-1, :-1]
        return loss + 1e-4 * ops.sum(ops.power(ops.square(down) + ops.square(right), 1.25))

    evaluate = evaluation(
        model, loss_of, lambda picture, loss, gradient: (loss, gradient), is_compiled)
    flat = start.ravel().astype("float64")  # what SciPy's L-BFGS hands over, and wants back

    def step():
        loss, gradient = evaluate(
            ops.convert_to_tensor(flat.reshape(1, *size).astype("float32")))
        return float(loss), np.asarray(gradient).ravel().astype("float64")

    return step


class Sampling(layers.Layer):
    """A draw with the deviation as printed, exp(log_variance); adds the divergence to the loss."""

    def __init__(self):
        super().__init__()
        self.seeds = keras.random.SeedGenerator(1)

    def call(self, mean, log_variance):
        divergence = 1 + log_variance - ops.square(mean) - ops.exp(log_variance)
        self.add_loss(-5e-4 * ops.mean(divergence))
        return mean + ops.exp(log_variance) * keras.random.normal(ops.shape(mean), seed=self.seeds)


def autoencoder():
    """The network of section 8.4, for binary cross-entropy against its own input."""
    options = dict(padding="same", activation="relu")
    picture = keras.Input((28, 28, 1))
    x = layers.Conv2D(32, 3, **options)(picture)
    x = layers.Conv2D(64, 3, strides=2, **options)(x)
    x = layers.Conv2D(64, 3, **options)(x)
    x = layers.Conv2D(64, 3, **options)(x)
    x = layers.Dense(32, activation="relu")(layers.Flatten()(x))
    x = Sampling()(layers.Dense(2)(x), layers.Dense(2)(x))
    x = layers.Dense(14 * 14 * 64, activation="relu")(x)
    x = layers.Reshape((14, 14, 64))(x)
    x = layers.Conv2DTranspose(32, 3, strides=2, **options)(x)
    x = layers.Conv2D(1, 3, padding="same", activation="sigmoid")(x)
    return keras.Model(picture, x)


def gan_cifar(is_compiled):
    def leaky(*stack):
        return [part for layer in stack for part in (layer, layers.LeakyReLU(negative_slope=0.3))]

    generator = keras.Sequential([
        keras.Input((32,)), *leaky(layers.Dense(128 * 16 * 16)), layers.Reshape((16, 16, 128)),
        *leaky(
            layers.Conv2D(256, 5, padding="same"),
            layers.Conv2DTranspose(256, 4, strides=2, padding="same"),
            layers.Conv2D(256, 5, padding="same"), layers.Conv2D(256, 5, padding="same")),
        layers.Conv2D(3, 7, padding="same", activation="tanh")])
    discriminator = keras.Sequential([
        keras.Input((32, 32, 3)),
        *leaky(layers.Conv2D(128, 3), *(layers.Conv2D(128, 4, strides=2) for _ in range(3))),
        layers.Flatten(), layers.Dropout(0.4), layers.Dense(1, activation="sigmoid")])
    # The printed decay of 1e-8 is not among today's options, and would change nothing.
    optimizers = []
    for model, rate in (generator, 4e-4), (discriminator, 8e-4):
        optimizers.append(keras.optimizers.RMSprop(rate, clipvalue=1.0))
        optimizers[-1].build(model.trainable_variables)
    real = np.random.default_rng(1234).standard_normal((20, 32, 32, 3), dtype="float32")
    make = gan_on_jax if IS_JAX else gan_on_tensorflow
    return make(generator, discriminator, *optimizers, ops.convert_to_tensor(real), is_compiled)


def cross_entropy(wanted, output):
    return ops.mean(keras.losses.binary_crossentropy(wanted, output))


def gan_on_tensorflow(
        generator, discriminator, generator_optimizer, discriminator_optimizer, real, is_compiled):
    def learn(optimizer, model, loss_of):
        with tf.GradientTape() as tape:
            loss = loss_of()
        optimizer.apply(
            tape.gradient(loss, model.trainable_variables), model.trainable_variables)
        return loss

    @tf.function(jit_compile=is_compiled or None)
    def update(real):
        def noise():
            return tf.random.normal((20, 32))

        both = tf.concat([generator(noise(), training=False), real], 0)
        labels = tf.concat([tf.ones((20, 1)), tf.zeros((20, 1))], 0)
        labels += 0.05 * tf.random.uniform((40, 1))
        return learn(
            discriminator_optimizer, discriminator,
            lambda: cross_entropy(labels, discriminator(both, training=True))
        ), learn(
            generator_optimizer, generator,
            lambda: cross_entropy(
                tf.zeros((20, 1)), discriminator(generator(noise(), training=True), training=True)))

    return lambda: [float(loss) for loss in update(real)]


def gan_on_jax(
        generator, discriminator, generator_optimizer, discriminator_optimizer, real, is_compiled):
    del is_compiled  # always
    jnp = jax.numpy

    def learn(optimizer, moments, weights, loss_of):
        (loss, seeds), gradient = jax.value_and_grad(loss_of, has_aux=True)(weights)
        weights, moments = optimizer.stateless_apply(moments, gradient, weights)
        return loss, weights, moments, seeds

    @jax.jit
    def update(state, real, key):
        making, judging, seeds, making_moments, judging_moments = state
        first, second, third = jax.random.split(key, 3)

        def made(making, key):
            return generator.stateless_call(making, [], jax.random.normal(key, (20, 32)))[0]

        def judged(judging, seeds, pictures, labels):
            output, seeds = discriminator.stateless_call(judging, seeds, pictures, training=True)
            return cross_entropy(labels, output), seeds

        both = jnp.concatenate([made(making, first), real])
        labels = jnp.repeat(jnp.array([[1.0], [0.0]]), 20, axis=0)
        labels += 0.05 * jax.random.uniform(second, (40, 1))
        loss, judging, judging_moments, seeds = learn(
            discriminator_optimizer, judging_moments, judging,
            lambda weights: judged(weights, seeds, both, labels))
        deceit, making, making_moments, seeds = learn(
            generator_optimizer, making_moments, making,
            lambda weights: judged(judging, seeds, made(weights, third), jnp.zeros((20, 1))))
        return (making, judging, seeds, making_moments, judging_moments), loss, deceit

    state = values(
        generator.trainable_variables, discriminator.trainable_variables,
        discriminator.non_trainable_variables, generator_optimizer.variables,
        discriminator_optimizer.variables)
    key = jax.random.key(1)

    def step():
        nonlocal state, key
        key, now = jax.random.split(key)
        state, *losses = update(state, real, now)
        return [float(loss) for loss in losses]

    return step
