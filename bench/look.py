"""How fast a message is read and matched, beside the plain way: partial_ratio against every example.

Both are measured in the same run, in turns, on the messages that the shipped rules carry as examples. What
counts is their ratio, since a machine's speed is its own. The plain way finds no stance and no concepts, and
gives high marks to the opposite of a claim; it is only a yardstick for the time.

    python bench/look.py [ROUNDS]
"""

from __future__ import annotations

import statistics
import sys
from collections.abc import Callable, Sequence
from itertools import chain
from time import perf_counter

from rapidfuzz import fuzz, process

from bot.matching.compile import compile_rulebook
from bot.matching.engine import find
from bot.rulebook.load import load_rulebook
from bot.rulebook.model import Rulebook
from bot.shipped import rules_folder
from bot.text.reader import read

ROUNDS = 7
UNMARKED = str.maketrans("", "", "«»")


def main() -> None:
    """Measure and print."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS
    rulebook = load_rulebook(rules_folder(None))
    started = perf_counter()
    compiled = compile_rulebook(rulebook)
    compiling = perf_counter() - started
    claims, messages = _claims(rulebook), _messages(rulebook)

    def look(message: str) -> None:
        find(read(message), compiled)

    def compare(message: str) -> None:
        process.extractOne(message.casefold(), claims, scorer=fuzz.partial_ratio)

    ours, plain = _in_turns((look, compare), messages, rounds)
    rate = 1 / statistics.fmean(ours)
    print(f"{len(rulebook.rules)} rules compiled in {compiling * 1e3:.0f} ms")
    print(f"{len(messages)} messages, {rounds} rounds, the median of each message's rounds counts")
    for name, times in (("read and find", ours), ("partial_ratio", plain)):
        middle, late = statistics.median(times), statistics.quantiles(times, n=100)[98]
        print(f"  {name:14} median {middle * 1e6:7.0f} µs   99th percentile {late * 1e6:7.0f} µs")
    print(f"  {rate:.0f} messages a second on one core")
    print(f"ratio of the sums, read and find to partial_ratio: {sum(ours) / sum(plain):.2f}")


def _claims(rulebook: Rulebook) -> list[str]:
    """What the plain way compares with: every message on which a rule fires."""
    return [example.text.casefold() for rule in rulebook.rules for example in rule.examples.fires]


def _messages(rulebook: Rulebook) -> list[str]:
    firing = (example.text for rule in rulebook.rules for example in rule.examples.fires)
    silent = (example.text for rule in rulebook.rules for example in rule.examples.silent)
    return list(dict.fromkeys(text.translate(UNMARKED) for text in chain(firing, silent)))


def _in_turns(
    ways: Sequence[Callable[[str], None]], messages: Sequence[str], rounds: int
) -> list[list[float]]:
    """Time each way on each message, one after the other, so that a slow moment of the machine hits both."""
    times: list[list[list[float]]] = [[[] for _ in messages] for _ in ways]
    for _ in range(rounds):
        for place, message in enumerate(messages):
            for way, taken in zip(ways, times, strict=True):
                started = perf_counter()
                way(message)
                taken[place].append(perf_counter() - started)
    return [[statistics.median(each) for each in taken] for taken in times]


if __name__ == "__main__":
    main()
