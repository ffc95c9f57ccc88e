"""The bank of ordinary chat: messages that claim nothing, to measure how far a rule reaches."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from weakref import WeakKeyDictionary

from msgspec import Struct, field

from bot.errors import Fault, RulebookError
from bot.matching.compile import CompiledRulebook
from bot.matching.engine import find
from bot.matching.model import SPEAKING
from bot.moderation.share import Share
from bot.text.unread import Unread

BANK_FILE = "ordinary-chat.txt"
"""Its name in the folder of rules."""

_HEAD = re.compile(r"\[(?P<name>[^\[\]]+), at most (?P<most>[0-9]{1,2}(?:\.[0-9]+)?) %\]")
_INSTEAD = "Write a head such as `[ordinary chat, at most 1 %]`, and messages below it."
_SAMPLES = 3

Hits = Mapping[str, Mapping[str, Sequence[tuple[str, str]]]]
"""For each rule and section the messages on which it fires, each with the phrase that matched."""


class OrdinaryChat(Struct, frozen=True, eq=False):
    """Messages that claim nothing, by section.

    Args:
        sections: the messages of each section.
        most: for each section the share of its messages, 0–1, on which a rule may fire at most.
    """

    sections: Mapping[str, Sequence[str]]
    most: Mapping[str, float]
    _known: WeakKeyDictionary[CompiledRulebook, Hits] = field(default_factory=WeakKeyDictionary)

    def hits(self, rulebook: CompiledRulebook) -> Hits:
        """Find out on which messages each rule would fire; each rulebook is asked once.

        Args:
            rulebook: the rules, made ready.

        Returns:
            for each rule that fires at all, and each section, the messages with the phrase that matched.
        """
        known = self._known.get(rulebook)
        if known is None:
            known = self._known[rulebook] = _hits(self.sections, rulebook)
        return known

    def shares(self, hits: Mapping[str, Sequence[tuple[str, str]]]) -> dict[str, Share]:
        """Put one rule's hits in proportion to each section."""
        return {
            name: Share(
                len(found := hits.get(name, ())), len(messages), tuple(text for text, _ in found[:_SAMPLES])
            )
            for name, messages in self.sections.items()
        }


def _hits(sections: Mapping[str, Sequence[str]], rulebook: CompiledRulebook) -> Hits:
    found: dict[str, dict[str, list[tuple[str, str]]]] = defaultdict(lambda: defaultdict(list))
    for section, messages in sections.items():
        for message in messages:
            claims = find(Unread(message), rulebook).found
            speaking = {claim.rule: claim.phrase for claim in claims if claim.stance in SPEAKING}
            for rule, phrase in speaking.items():
                found[rule][section].append((message, phrase))
    return {rule: dict(by_section) for rule, by_section in found.items()}


def load_ordinary_chat(path: Path) -> OrdinaryChat:
    """Read the bank of ordinary chat.

    Args:
        path: a text file: one message a line, in sections with heads such as `[ordinary chat, at most 1 %]`.
            Lines that begin with `#` and empty ones are left out.

    Returns:
        the messages by section.

    Raises:
        RulebookError: it cannot be read, or is not made of such sections; the place is told.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        problem = "the bank of ordinary chat cannot be read."
        raise RulebookError([Fault(path, 1, 1, problem, "Copy it from the shipped rules.")]) from error
    sections: dict[str, list[str]] = {}
    most: dict[str, float] = {}
    name = ""
    for number, line in enumerate(lines, 1):
        text = line.strip()
        head = _HEAD.fullmatch(text)
        if head is not None:
            name = head["name"]
            most[name] = float(head["most"]) / 100
            sections.setdefault(name, [])
        elif text and not text.startswith("#"):
            if not name:
                problem = "this message stands in no section."
                raise RulebookError([Fault(path, number, 1, problem, _INSTEAD)])
            sections[name].append(text)
    if not sections or not all(sections.values()):
        raise RulebookError([Fault(path, 1, 1, "there is no section, or one without messages.", _INSTEAD)])
    return OrdinaryChat({name: tuple(messages) for name, messages in sections.items()}, most)
