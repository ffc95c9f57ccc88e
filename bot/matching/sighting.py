"""What is seen in a message, each thing when it is first asked for: mostly little is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property

from bot.matching.carry import Conversation
from bot.matching.compile import CompiledRulebook
from bot.matching.hits import Hits, InSight
from bot.matching.lexicon import CUE
from bot.matching.naming import named_in
from bot.matching.promise import Promise, promise_of
from bot.matching.segments import Segment, clauses_of, segments_of
from bot.matching.stance import SeenCue, cues_seen
from bot.text.model import Reading


class Sighting:
    """What is seen in one message.

    Args:
        reading: the message.
        rulebook: the rules, made ready.
        context: what was said before, oldest first.
    """

    def __init__(self, reading: Reading, rulebook: CompiledRulebook, context: Sequence[Reading]) -> None:
        self.reading = reading
        self.rulebook = rulebook
        self.context = context
        self.conversation = Conversation(concepts=named_in(context, rulebook))
        """What was spoken of before."""
        self._in_sight = InSight(reading, rulebook.lexicon)

    @cached_property
    def prospect(self) -> Promise:
        """What could come of the message, told at little cost."""
        return promise_of(self._in_sight.possible.union(self.conversation.concepts), self.rulebook)

    @cached_property
    def promise(self) -> Promise:
        """What is left of that once the concepts are seen to the end."""
        seen = {name for name, listed in self.hits.items() if listed}
        return self.prospect.narrowed(seen.union(self.conversation.concepts), self.rulebook)

    @cached_property
    def hits(self) -> Hits:
        """The concepts and cues, with the places where they stand."""
        return self._in_sight.hits(clauses_of(self.reading))

    @cached_property
    def segments(self) -> tuple[Segment, ...]:
        """The segments into which the message falls."""
        turns = (hit for name in self.rulebook.turns for hit in self.hits.get(CUE + name, ()))
        return segments_of(self.reading, turns)

    @cached_property
    def cues(self) -> tuple[SeenCue, ...]:
        """The cues that stand where they count."""
        return cues_seen(self.reading, self.rulebook.cues, self.hits, self.segments)

    def names(self, concepts: Iterable[str]) -> bool:
        """Tell whether the message itself names one of these concepts."""
        return any(self.hits.get(name) for name in concepts)

    def speaks_of(self, topics: Sequence[str]) -> bool:
        """Tell whether one of these topics is named in the message or was before."""
        return self.names(topics) or any(name in topics for name in self.conversation.concepts)
