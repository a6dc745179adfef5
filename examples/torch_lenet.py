#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Trains LeNet-5 of PyTorch on memristors, in situ, on Fashion-MNIST.

Mixed precision with Adam in front. Afterwards the arrays age, and other cells hold the weights.
"""
import argparse
import os

import torch
from torch import nn

import memqc
import memqc.data
import memqc.torch


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--data", metavar="DIR",
                        help="a folder with IDX files; else Debian's dataset-fashion-mnist, or "
                             "what else there is")
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--device", default="hfox-a", choices=memqc.Device.presets())
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--plain", action="store_true", help="digital weights, for comparison")
    parser.add_argument("--quick", action="store_true", help="1 epoch of 1000 images")
    return parser.parse_args()


def lenet():
    return nn.Sequential(
        nn.Conv2d(1, 6, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(),
        nn.Linear(400, 120), nn.ReLU(), nn.Linear(120, 84), nn.ReLU(), nn.Linear(84, 10))


def network(args):
    torch.manual_seed(args.seed)
    if args.plain:
        return lenet()
    return memqc.torch.convert(lenet(), memqc.Device(args.device), mapping="differential",
                               rule="mixed-precision", transfer_range=10, seed=args.seed)


def accuracy(model, x, y):
    model.eval()
    with torch.no_grad():
        right = [(model(part).argmax(1) == label).sum().item()
                 for part, label in zip(x.split(1000), y.split(1000))]
    return 100 * sum(right) / len(y)


def train(model, x, y, epochs):
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, epochs)
    criterion = nn.CrossEntropyLoss()
    for epoch in range(epochs):
        model.train()
        for batch in torch.randperm(len(x)).split(32):
            optimizer.zero_grad()
            criterion(model(x[batch]), y[batch]).backward()
            optimizer.step()
        schedule.step()
        yield epoch + 1


def after(model, x, y):
    """A month later, and on other cells."""
    def evaluate(instance):
        return accuracy(instance, x, y)

    results = memqc.summary(memqc.torch.monte_carlo(model, evaluate, 5))
    print(f"programmed onto other cells: {results['mean']:.2f} +- {results['sd']:.2f} %")
    memqc.torch.age(model, 30 * 86400)
    print(f"a month later: {evaluate(model):.2f} %")


def main():
    args = arguments()
    torch.set_num_threads(1)
    folder = args.data
    if folder is None and os.path.isdir(memqc.data.SYSTEM_FOLDER):
        folder = memqc.data.SYSTEM_FOLDER
    count, epochs = (1000, 1) if args.quick else (60000, args.epochs)
    images = memqc.data.load(folder, train=count, test=500 if args.quick else 10000)
    x, test_x = (torch.from_numpy(part.x).reshape(-1, 1, *images.shape)
                 for part in (images.train, images.test))
    y, test_y = (torch.from_numpy(part.labels).long() for part in (images.train, images.test))
    print(images.source)
    model = network(args)
    for epoch in train(model, x, y, epochs):
        print(f"epoch {epoch}: {accuracy(model, test_x, test_y):.2f} % of the test images",
              flush=True)
    if not args.plain:
        after(model, test_x, test_y)


if __name__ == "__main__":
    main()
