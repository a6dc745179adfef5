#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Trains a multilayer perceptron of PyTorch whose weights are on memristors.

Mixed precision: the optimizer's steps gather in digital accumulators, and cells are programmed
where a step to the next level has come together.
"""
import argparse
import time

import torch

import memqc
import memqc.data
import memqc.torch


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--data", metavar="DIR", help="a folder with the IDX files of MNIST")
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--lr", type=float, default=0.8)
    parser.add_argument("--device", default="hfox-a", choices=memqc.Device.presets())
    parser.add_argument("--plain", action="store_true", help="digital weights, for comparison")
    parser.add_argument("--quick", action="store_true", help="1 epoch of 2000 images")
    return parser.parse_args()


def network(args):
    torch.manual_seed(1)
    model = torch.nn.Sequential(torch.nn.Linear(784, 256), torch.nn.ReLU(),
                                torch.nn.Linear(256, 10))
    if args.plain:
        return model
    # The arrays have room for weights of 20 times the root mean square of the initial ones.
    return memqc.torch.convert(model, memqc.Device(args.device), mapping="differential",
                               rule="mixed-precision", transfer_range=20, seed=1)


def accuracy(model, x, y):
    model.eval()
    with torch.no_grad():
        return 100 * (model(x).argmax(1) == y).float().mean().item()


def train(model, x, y, args, epochs):
    optimizer = torch.optim.SGD(model.parameters(), lr=args.lr)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, epochs)
    criterion = torch.nn.CrossEntropyLoss()
    for epoch in range(epochs):
        model.train()
        for batch in torch.randperm(len(x)).split(args.batch):
            optimizer.zero_grad()
            criterion(model(x[batch]), y[batch]).backward()
            optimizer.step()
        schedule.step()
        yield epoch + 1


def main():
    args = arguments()
    torch.set_num_threads(1)
    count, epochs = (2000, 1) if args.quick else (60000, args.epochs)
    images = memqc.data.load(args.data, train=count)
    x, y, test_x, test_y = (torch.from_numpy(part) for part in (*images.train, *images.test))
    y, test_y = y.long(), test_y.long()
    print(images.source)
    model, spent = network(args), 0.0
    start = time.process_time()
    for epoch in train(model, x, y, args, epochs):
        spent += time.process_time() - start
        print(f"epoch {epoch}: {accuracy(model, test_x, test_y):.2f} % of the test images, "
              f"{spent:.1f} s of training")
        start = time.process_time()
    if not args.plain:
        costs = [layer.crossbar.costs for layer in memqc.torch.layers(model).values()]
        print(f"pulses {sum(cost['set'] + cost['reset'] for cost in costs):.3g}, energy "
              f"{sum(cost['energy'] for cost in costs):.3g} J")


if __name__ == "__main__":
    main()
