"""Logistic regression over features that are there or not, in plain Python.

One head is learned at a time by AdaGrad (Duchi, Hazan and Singer 2011, JMLR 12:2121–2159) on the
log-likelihood with an L2 penalty. The penalty of a weight is spread over the messages that hold its feature,
so that a step touches nothing else. Equal messages in equal order give equal weights.
"""

from __future__ import annotations

import math
import random
from collections import Counter
from collections.abc import Sequence
from itertools import chain

from bot.matching.likeness import logistic
from bot.rulebook.model import Head

LEAST = 2
"""In how many messages a feature must stand: what stands in one tells nothing of others."""
_PENALTY = 2.0
_ROUNDS = 40
_STEP = 0.2
_SETTLED = 0.0005
"""A message that is told right to within this is passed over: its step would be next to nothing."""


class Regression:
    """Messages made ready to learn from. Penalty, rounds and step were found by cross-validation on `tune`.

    Args:
        messages: the features of each.
    """

    def __init__(self, messages: Sequence[frozenset[str]]) -> None:
        counts = Counter(chain.from_iterable(messages))
        self._names = sorted(name for name, count in counts.items() if count >= LEAST)
        self._penalties = [_PENALTY / counts[name] for name in self._names]
        place = {name: at for at, name in enumerate(self._names)}
        self._rows = [
            sorted(place[feature] for feature in features if feature in place) for features in messages
        ]

    def learn(self, wanted: Sequence[bool]) -> Head:
        """Learn one head.

        Args:
            wanted: for each message, whether the head should say yes.

        Returns:
            the bias and every weight.
        """
        weights, slopes = [0.0] * len(self._names), [1e-6] * len(self._names)
        bias, bias_slope = 0.0, 1e-6
        order = list(range(len(self._rows)))
        shuffle = random.Random(0).shuffle  # noqa: S311  # the order of messages is no secret
        for _ in range(_ROUNDS):
            shuffle(order)
            for at in order:
                row = self._rows[at]
                wrong = logistic(bias + sum(map(weights.__getitem__, row))) - wanted[at]
                if -_SETTLED < wrong < _SETTLED:
                    continue
                bias_slope += wrong * wrong
                bias -= _STEP * wrong / math.sqrt(bias_slope)
                for feature in row:
                    slope = wrong + self._penalties[feature] * weights[feature]
                    slopes[feature] += slope * slope
                    weights[feature] -= _STEP * slope / math.sqrt(slopes[feature])
        return Head(bias=bias, weights=dict(zip(self._names, weights, strict=True)))
