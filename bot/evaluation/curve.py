"""Precision over recall: what comes of every cut-off on the score."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from bot.evaluation.scoring import share


class Scored(Struct, frozen=True):
    """A message's highest score, 0–100, None where nothing was found; and whether a reply is due."""

    score: float | None
    due: bool


class Point(Struct, frozen=True):
    """What comes of replying from a score on.

    Args:
        cutoff: the score from which there is a reply, 0–100.
        precision: the share of replies that are due.
        recall: the share of what is due that gets a reply.
        f1: their harmonic mean.
    """

    cutoff: float
    precision: float
    recall: float
    f1: float


def curve(scored: Iterable[Scored]) -> tuple[Point, ...]:
    """Give one point for each score that occurs, from the highest cut-off to the lowest.

    Args:
        scored: the messages.

    Returns:
        the points; none where no message is due or none has a score.
    """
    messages = list(scored)
    due = sum(message.due for message in messages)
    by_score: dict[float, list[bool]] = {}
    for message in messages:
        if message.score is not None:
            by_score.setdefault(message.score, []).append(message.due)
    points: list[Point] = []
    replies = right = 0
    for score in sorted(by_score, reverse=True):
        replies += len(by_score[score])
        right += sum(by_score[score])
        f1 = share(2 * right, replies + due)
        if due and f1 is not None:
            points.append(Point(score, right / replies, right / due, f1))
    return tuple(points)


def best(points: Iterable[Point]) -> Point | None:
    """Give the point with the highest F1, of equals the one with the highest cut-off; None of none."""
    return max(points, key=lambda point: (point.f1, point.cutoff), default=None)
