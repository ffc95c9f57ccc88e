"""The bank of ordinary chat: messages that claim nothing, to measure how far a rule reaches."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from weakref import WeakKeyDictionary

from bot.errors import Fault, RulebookError
from bot.matching.compile import CompiledRulebook
from bot.matching.engine import find
from bot.matching.model import SPEAKING
from bot.moderation.model import Share
from bot.text.reader import read

BANK_FILE = "ordinary-chat.txt"
"""Its name in the folder of rules."""

CHAT = "ordinary chat"
KRATOM = "merely mentions kratom"
HEADACHE = "merely mentions a headache"

MOST: Mapping[str, float] = {CHAT: 0.01, KRATOM: 0.05, HEADACHE: 0.05}
"""For each section the share of its messages, 0–1, from which a rule that fires on more is refused."""

_SAMPLES = 3

Hits = Mapping[str, Mapping[str, Sequence[tuple[str, str]]]]
"""For each rule and section the messages on which it fires, each with the phrase that matched."""


@dataclass(frozen=True)
class OrdinaryChat:
    """Messages that claim nothing, by section.

    Args:
        sections: the messages of each section of `MOST`.
    """

    sections: Mapping[str, Sequence[str]]
    _known: WeakKeyDictionary[CompiledRulebook, Hits] = field(
        default_factory=WeakKeyDictionary, repr=False, compare=False
    )

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
            claims = find(read(message), rulebook).found
            speaking = {claim.rule: claim.phrase for claim in claims if claim.stance in SPEAKING}
            for rule, phrase in speaking.items():
                found[rule][section].append((message, phrase))
    return {rule: dict(by_section) for rule, by_section in found.items()}


def load_ordinary_chat(path: Path) -> OrdinaryChat:
    """Read the bank of ordinary chat.

    Args:
        path: a text file: one message a line, under the heads of sections in square brackets. Lines that
            begin with `#` and empty ones are left out.

    Returns:
        the messages by section.

    Raises:
        RulebookError: it cannot be read, or has no such sections; the place is told.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        problem = "the bank of ordinary chat cannot be read."
        raise RulebookError([Fault(path, 1, 1, problem, "Copy it from the shipped rules.")]) from error
    sections: dict[str, list[str]] = {name: [] for name in MOST}
    current: list[str] | None = None
    for number, line in enumerate(lines, 1):
        text = line.strip()
        if text.startswith("[") and text.endswith("]"):
            if text[1:-1] not in sections:
                names = ", ".join(f"[{name}]" for name in sections)
                raise RulebookError(
                    [Fault(path, number, 1, "there is no such section.", f"Write one of {names}.")]
                )
            current = sections[text[1:-1]]
        elif text and not text.startswith("#"):
            if current is None:
                problem = "this message stands in no section."
                raise RulebookError([Fault(path, number, 1, problem, f"Write [{CHAT}] before it.")])
            current.append(text)
    empty = [name for name, messages in sections.items() if not messages]
    if empty:
        raise RulebookError(
            [Fault(path, 1, 1, f"the section [{empty[0]}] is empty.", "Copy the shipped file.")]
        )
    return OrdinaryChat({name: tuple(messages) for name, messages in sections.items()})
