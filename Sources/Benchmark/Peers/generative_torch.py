"""The loops of sections 8.2 to 8.5 in PyTorch; peers.py times them.

Each function is named as its workload and returns the function that takes one step. All keep the
channels last, which is the faster format for these networks.
"""

import numpy as np
import torch
from torch import nn
from torch.nn import functional

FORMAT = torch.channels_last


def frozen(model, is_compiled):
    """The model with random weights after He, with which activations stay finite."""
    for part in model.modules():
        if isinstance(part, nn.Conv2d):
            nn.init.kaiming_uniform_(part.weight)
            if part.bias is not None:
                nn.init.zeros_(part.bias)
    model = model.eval().requires_grad_(False).to(memory_format=FORMAT)
    return torch.compile(model) if is_compiled else model


def turned(pictures):
    """Channels before rows and columns in the shape, but last in memory."""
    return pictures.permute(0, 3, 1, 2)


def convolutions(channels, *specifications):
    """Filters, rows and columns of a kernel each; behind it batch normalisation and ReLU."""
    parts = []
    for filters, rows, columns, *options in specifications:
        options = options[0] if options else dict(padding=(rows // 2, columns // 2))
        parts += [
            nn.Conv2d(channels, filters, (rows, columns), bias=False, **options),
            nn.BatchNorm2d(filters, eps=1e-3), nn.ReLU(inplace=True)]
        channels = filters
    return nn.Sequential(*parts)


class Mixed(nn.ModuleList):
    """Branches side by side."""

    def forward(self, x):
        return torch.cat([branch(x) for branch in self], 1)


class InceptionV3(nn.Module):
    """Up to mixed5, with the activations of mixed2 to mixed5."""

    def __init__(self):
        super().__init__()
        halved, inner = dict(stride=2), dict(padding=0)
        self.mixed2 = nn.Sequential(
            convolutions(3, (32, 3, 3, halved), (32, 3, 3, inner), (64, 3, 3)), nn.MaxPool2d(3, 2),
            convolutions(64, (80, 1, 1), (192, 3, 3, inner)), nn.MaxPool2d(3, 2),
            *(self.square(*channels) for channels in ((192, 32), (256, 64), (288, 64))))
        self.mixed3 = Mixed([
            convolutions(288, (384, 3, 3, halved)),
            convolutions(288, (64, 1, 1), (96, 3, 3), (96, 3, 3, halved)), nn.MaxPool2d(3, 2)])
        self.mixed4, self.mixed5 = self.crossed(128), self.crossed(160)

    @staticmethod
    def pooled(channels, filters):
        return nn.Sequential(
            nn.AvgPool2d(3, 1, 1, count_include_pad=False),
            convolutions(channels, (filters, 1, 1)))

    def square(self, channels, pooled):
        return Mixed([
            convolutions(channels, (64, 1, 1)), convolutions(channels, (48, 1, 1), (64, 5, 5)),
            convolutions(channels, (64, 1, 1), (96, 3, 3), (96, 3, 3)),
            self.pooled(channels, pooled)])

    def crossed(self, n):
        return Mixed([
            convolutions(768, (192, 1, 1)),
            convolutions(768, (n, 1, 1), (n, 1, 7), (192, 7, 1)),
            convolutions(768, (n, 1, 1), (n, 7, 1), (n, 1, 7), (n, 7, 1), (192, 1, 7)),
            self.pooled(768, 192)])

    def forward(self, x):
        activations = []
        for part in (self.mixed2, self.mixed3, self.mixed4, self.mixed5):
            x = part(x)
            activations.append(x)
        return activations


def deepdream(is_compiled):
    model = frozen(InceptionV3(), is_compiled)
    picture = turned(torch.rand(1, 350, 350, 3) * 2 - 1)

    def step():
        nonlocal picture
        picture.requires_grad_(True)
        loss = sum(
            weight * x[:, :, 2:-2, 2:-2].square().mean()
            for weight, x in zip((0.2, 3, 2, 1.5), model(picture)))
        gradient, = torch.autograd.grad(loss, picture)
        picture = picture.detach() + 0.01 * gradient / gradient.abs().mean().clamp_min(1e-7)
        return loss.item()

    return step


class VGG19(nn.Module):
    """Up to block5_conv2, with the activations of each block's first convolution and the last."""

    def __init__(self):
        super().__init__()
        self.blocks, channels = nn.ModuleList(), 3
        for count, filters in (2, 64), (2, 128), (4, 256), (4, 512), (2, 512):
            sizes = [channels] + [filters] * count
            self.blocks.append(nn.ModuleList(
                nn.Conv2d(a, b, 3, padding=1) for a, b in zip(sizes, sizes[1:])))
            channels = filters

    def forward(self, x):
        activations = []
        for i, block in enumerate(self.blocks):
            if i > 0:
                x = functional.max_pool2d(x, 2)
            for j, convolution in enumerate(block):
                x = functional.relu(convolution(x), inplace=True)
                if j == 0:
                    activations.append(x)
        return activations + [x]


def style_transfer(is_compiled):
    model = frozen(VGG19(), is_compiled)

    def gram(x):
        x = x.permute(0, 2, 3, 1).reshape(-1, x.shape[1])
        return x.T @ x

    content, style, start = (50 * torch.randn(1, 400, 400, 3) for _ in range(3))
    with torch.no_grad():
        content = model(turned(content))[-1]
        grams = [gram(x) for x in model(turned(style))[:-1]]
    flat = start.numpy().ravel().astype("float64")  # what SciPy's L-BFGS hands over, and wants back

    def step():
        picture = turned(torch.from_numpy(flat.astype("float32").reshape(start.shape)))
        picture.requires_grad_(True)
        activations = model(picture)
        loss = 0.025 * (activations[-1] - content).square().sum()
        for x, wanted in zip(activations, grams):
            loss = loss + (gram(x) - wanted).square().sum() / 5 / (4 * 9 * (400.0 * 400) ** 2)
        down = picture[:, :, 1:, :-1] - picture[:, :, :-1, :-1]
        right = picture[:, :, :-1, 1:] - picture[:, :, :-1, :-1]
        loss = loss + 1e-4 * (down.square() + right.square()).pow(1.25).sum()
        gradient, = torch.autograd.grad(loss, picture)
        gradient = gradient.permute(0, 2, 3, 1).numpy()
        return loss.item(), gradient.ravel().astype("float64")

    return step


class Autoencoder(nn.Module):
    """The network of section 8.4; the activation of the output is left to the loss."""

    def __init__(self):
        super().__init__()
        relu = nn.ReLU(inplace=True)
        self.encoder = nn.Sequential(
            nn.Conv2d(1, 32, 3, padding=1), relu, nn.Conv2d(32, 64, 3, stride=2, padding=1), relu,
            nn.Conv2d(64, 64, 3, padding=1), relu, nn.Conv2d(64, 64, 3, padding=1), relu,
            nn.Flatten(), nn.Linear(14 * 14 * 64, 32), relu)
        self.mean, self.log_variance = nn.Linear(32, 2), nn.Linear(32, 2)
        self.decoder = nn.Sequential(
            nn.Linear(2, 14 * 14 * 64), relu, nn.Unflatten(1, (64, 14, 14)),
            nn.ConvTranspose2d(64, 32, 3, stride=2, padding=1, output_padding=1), relu,
            nn.Conv2d(32, 1, 3, padding=1))

    def forward(self, x):
        x = self.encoder(x)
        mean, log_variance = self.mean(x), self.log_variance(x)
        # As printed: the deviation should be exp(log_variance / 2).
        draw = mean + log_variance.exp() * torch.randn_like(mean)
        return self.decoder(draw), mean, log_variance


def autoencoder():
    return Autoencoder().to(memory_format=FORMAT)


def autoencoder_loss(outputs, pictures):
    logits, mean, log_variance = outputs
    divergence = 1 + log_variance - mean.square() - log_variance.exp()
    return (
        functional.binary_cross_entropy_with_logits(logits, pictures) - 5e-4 * divergence.mean())


def gan_cifar(is_compiled):
    def leaky(*stack):
        return [part for layer in stack for part in (layer, nn.LeakyReLU(0.3, inplace=True))]

    generator = nn.Sequential(
        *leaky(nn.Linear(32, 128 * 16 * 16)), nn.Unflatten(1, (128, 16, 16)),
        *leaky(
            nn.Conv2d(128, 256, 5, padding=2),
            nn.ConvTranspose2d(256, 256, 4, stride=2, padding=1),
            nn.Conv2d(256, 256, 5, padding=2), nn.Conv2d(256, 256, 5, padding=2)),
        nn.Conv2d(256, 3, 7, padding=3), nn.Tanh()).to(memory_format=FORMAT)
    discriminator = nn.Sequential(
        *leaky(nn.Conv2d(3, 128, 3), *(nn.Conv2d(128, 128, 4, stride=2) for _ in range(3))),
        nn.Flatten(), nn.Dropout(0.4), nn.Linear(512, 1)).to(memory_format=FORMAT)
    make, judge = generator, discriminator
    if is_compiled:
        make, judge = torch.compile(generator), torch.compile(discriminator)
    # The printed decay of 1e-8 would change nothing.
    optimizers = {
        model: torch.optim.RMSprop(model.parameters(), lr=rate, alpha=0.9, eps=1e-7)
        for model, rate in ((generator, 4e-4), (discriminator, 8e-4))}
    real = turned(torch.randn(20, 32, 32, 3))

    def learn(model, pictures, labels):
        loss = functional.binary_cross_entropy_with_logits(judge(pictures), labels)
        optimizers[model].zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_value_(model.parameters(), 1.0)
        optimizers[model].step()
        return loss

    def step():
        with torch.no_grad():
            fake = make(torch.randn(20, 32))
        labels = torch.cat([torch.ones(20, 1), torch.zeros(20, 1)]) + 0.05 * torch.rand(40, 1)
        discriminator.requires_grad_(True)
        loss = learn(discriminator, torch.cat([fake, real]), labels)
        discriminator.requires_grad_(False)
        deceit = learn(generator, make(torch.randn(20, 32)), torch.zeros(20, 1))
        return loss.item(), deceit.item()

    return step
