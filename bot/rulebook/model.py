"""The model of everything in `rules/`. Unknown keys are refused; every value is frozen.

The descriptions are what moderators see in their editor, through the JSON Schema, and in `rules/README.md`.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Literal

from msgspec import Meta, field
from msgspec.structs import force_setattr

from bot.rulebook.encoder_file import EncoderFile
from bot.rulebook.language import Language
from bot.rulebook.part import Identifier, RulebookPart, Text
from bot.rulebook.rows import Finite, Rows
from bot.rulebook.word_classes import WordClasses

WEIGHTS = "learned.json"
"""The file of what was learned from examples; the program writes it."""

Digest = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}$")]
StatementPlace = Annotated[str, Meta(pattern=r"^[A-Z]:[1-9][0-9]*:[1-9][0-9]*$")]


class Status(StrEnum):
    """Whether a rule speaks."""

    LIVE = "live"
    SHADOW = "shadow"
    OFF = "off"


LOUDNESS = {Status.OFF: 0, Status.SHADOW: 1, Status.LIVE: 2}
"""Which of two statuses speaks more."""


class Role(StrEnum):
    """What a concept is in a conversation."""

    TOPIC = "topic"
    RIVAL = "rival"
    THEME = "theme"
    PLAIN = "plain"


class Concept(RulebookPart, frozen=True):
    """One idea of the lexicon and all the ways in which people write it."""

    words: tuple[Text, ...] = ()
    """Words and fixed phrases. Plural, possessive and misspellings are seen by themselves. `...` leaves room
    for up to four words."""
    verbs: tuple[Text, ...] = ()
    """Verbs in their plain form: "cure" also finds cures, cured, curing. In a phrase the first word is bent:
    "knock ... out"."""
    exactly: tuple[Text, ...] = ()
    """Words taken letter by letter: no ending and no misspelling is allowed. For short or ambiguous words."""
    phrases: tuple[Text, ...] = ()
    """Built from other concepts, in the same way as a rule's phrases: "<no> <side-effects>"."""
    kinds: tuple[Literal["amount", "number", "emoji"], ...] = ()
    """Whole kinds of tokens: `amount` is a number with its unit ("5g", "2 tbsp")."""
    unless: tuple[Text, ...] = ()
    """Other meanings: where one of these phrases stands, its words are not this concept ("bali trip")."""
    role: Role = Role.PLAIN
    """`topic`: what the bot watches for; once named, "it" and what follows may mean it. `theme`: may be
    carried over from the message before (a headache). `rival`: another remedy; what stands beside it is not
    said of the topic. `plain`: neither."""
    note: str = ""
    """For moderators: why it is so."""


class CueCategory(StrEnum):
    """What a cue does to the claims in its reach."""

    DENIES = "denies"
    REJECTS = "rejects"
    ASKS = "asks"
    REPORTS = "reports"
    WARNS = "warns"
    QUOTES = "quotes"
    SUPPOSES = "supposes"
    ASSERTS = "asserts"
    TURNS = "turns"
    STOPS = "stops"
    COMPARES = "compares"


class Direction(StrEnum):
    """Which way a cue reaches from where it stands."""

    FORWARD = "forward"
    BACKWARD = "backward"
    BOTH = "both"
    CLAUSE = "clause"
    MESSAGE = "message"


class Position(StrEnum):
    """Where in its clause a cue must stand to count."""

    ANYWHERE = "anywhere"
    START = "start"
    END = "end"


class Cue(RulebookPart, frozen=True, kw_only=True):
    """Words that tell who stands behind a claim, after ConText: literal, category, direction, scope,
    pseudo-cues."""

    id: Identifier
    """The cue's name; never reused."""
    category: CueCategory
    """What it does: denies (not, never), rejects (doubt, nobody proved; a denial behind it turns back:
    "I doubt it doesn't"), asks, reports, warns, quotes (a joke or somebody's words), supposes (if,
    wish), asserts (takes a question or doubt back: "who needs …"), turns (parts a sentence: but,
    although), stops (ends the reach of other cues and parts nothing), compares (another remedy right
    behind it is compared with, not spoken of: than, instead of)."""
    words: tuple[Text, ...]
    """The literals. May hold <concepts> and `...` as a rule's phrases do. A lone "?" or "!" stands for how
    the clause ends."""
    direction: Direction = Direction.FORWARD
    """Which way it reaches: forward, backward, both, the whole clause, or the whole message."""
    within: Annotated[int, Meta(ge=1, le=60)] = 8
    """How many tokens it reaches. A `turns` cue or the end of the clause stops it earlier."""
    at: Position = Position.ANYWHERE
    """Whether it counts anywhere or only at the start or the end of its clause."""
    echoes: bool = False
    """Whether it only repeats a denial ("not addictive at all", "no, it isn't"): then it does not count
    against a claim that is a denial itself."""
    unless: tuple[Text, ...] = ()
    """What only looks like this cue: "no doubt", "not only"."""
    note: str = ""
    """For moderators: why it is so."""


class Unless(RulebookPart, frozen=True):
    """Another meaning: this phrase's words are taken away from the rule, the rest of the message is not."""

    phrase: Text
    """The phrase, written like a rule's phrases."""
    because: Text
    """Why, for the moderator who comes after."""


class FiringExample(RulebookPart, frozen=True):
    """A message on which the rule must fire."""

    text: Text
    """The message. «…» may mark the exact words that must match."""
    stance: Literal["asserts", "asks", "reports"] = "asserts"
    """Who stands behind the claim."""
    context: tuple[Text, ...] = ()
    """What was said just before, oldest first."""


class SilentExample(RulebookPart, frozen=True):
    """A message that must get no reply from this rule."""

    text: Text
    """The message."""
    because: Text
    """Why not: denied, warned, another meaning …"""
    context: tuple[Text, ...] = ()
    """What was said just before, oldest first."""


class TodoExample(RulebookPart, frozen=True):
    """A known miss: kept visible, never deleted, and told when it begins to hold."""

    text: Text
    """The message."""
    want: Literal["fires", "silent"]
    """What the rule should do and does not do yet."""
    context: tuple[Text, ...] = ()
    """What was said just before, oldest first."""


class Examples(RulebookPart, frozen=True):
    """The examples that prove a rule. They run at every load."""

    fires: Annotated[tuple[FiringExample, ...], Meta(min_length=1)]
    """Messages on which the rule must fire."""
    silent: Annotated[tuple[SilentExample, ...], Meta(min_length=1)]
    """Messages on which it must not speak."""
    todo: tuple[TodoExample, ...] = ()
    """Known misses."""


class Rule(RulebookPart, frozen=True, kw_only=True):
    """One way in which a claim is made."""

    id: Identifier
    """The rule's name; never reused."""
    family: Identifier
    """The claim family it belongs to, from families.yaml."""
    status: Status = Status.LIVE
    """`live`, `shadow` (recorded, never sent) or `off`."""
    phrases: Annotated[tuple[Text, ...], Meta(min_length=1, max_length=200)]
    """What members write. <concepts> come from the lexicon, other words are matched fuzzily. Items stand in
    this order with room between them; with `&` between them they may stand in any order; `a|b` means
    either."""
    within: Annotated[int, Meta(ge=2, le=60)] = 12
    """From the first to the last matched word there may be at most this many tokens."""
    cutoff: Annotated[int, Meta(ge=60, le=100)] = 86
    """The score, 0–100, from which the rule fires."""
    unless: tuple[Unless, ...] = ()
    """Other meanings. Each takes away its own words, never the whole message."""
    gives_way_to: tuple[Identifier, ...] = ()
    """Families that say the same more exactly: where one of them is found in the message, this rule keeps
    quiet."""
    only: Literal["asks"] | None = None
    """`asks`: the rule counts only as a question. "is kratom addictive" asks; "kratom is addictive" claims
    nothing."""
    caveats: tuple[Identifier, ...] = ()
    """Caveats for this rule, in order of weight; without them the family's are used."""
    evidence: tuple[Identifier, ...] = ()
    """Lines from evidence.yaml for this rule; without them the family's are used."""
    asks: Literal["short", "silent"] = "short"
    """What a question gets: the short, softer answer, or nothing."""
    note: str = ""
    """For moderators: why it is so."""
    examples: Examples
    """The messages that prove it."""


class Family(RulebookPart, frozen=True):
    """A claim family: what is said, and what it is answered with."""

    id: Identifier
    """Its fixed id."""
    title: Text
    """What a member says, in a few words; shown in statistics and to moderators."""
    opening: Annotated[tuple[Text, ...], Meta(min_length=2)]
    """First lines of a reply, of which one is chosen."""
    asked: Annotated[tuple[Text, ...], Meta(min_length=1)]
    """First lines of the short reply to a question."""
    caveats: Annotated[tuple[Identifier, ...], Meta(min_length=1)]
    """The caveats, in order of weight; a reply holds at most three."""
    evidence: tuple[Identifier, ...] = ()
    """Lines from evidence.yaml that may be added, in order of weight; a reply holds at most one."""


class Statement(RulebookPart, frozen=True):
    """A place in a document that a caveat rests on."""

    at: StatementPlace
    """Document, line and sentence, each from 1: "A:7:4"."""
    sha256: Digest
    """SHA-256 of that sentence (UTF-8, stripped)."""


class Caveat(RulebookPart, frozen=True):
    """A caveat in our own words, with the statements it rests on."""

    id: Identifier
    """Its fixed id."""
    says: Annotated[tuple[Text, ...], Meta(min_length=2)]
    """The caveat in one sentence; several wordings, of which one is chosen."""
    short: Text
    """The same in a few words, for the answer to a question."""
    statements: Annotated[tuple[Statement, ...], Meta(min_length=1)]
    """What it rests on. A caveat without a source is refused."""


class Section(RulebookPart, frozen=True):
    """A section of a document, named in our own words."""

    line: Annotated[int, Meta(ge=1)]
    """The line of the file at which it begins."""
    title: Text
    """Its name in a citation."""


class Document(RulebookPart, frozen=True):
    """One of the documents that the caveats are drawn from."""

    id: Annotated[str, Meta(pattern=r"^[A-Z]$")]
    """Its letter in citations."""
    title: Text
    """Its title in citations."""
    file: Text
    """The name of its file, for `rules verify-sources`."""
    sections: Annotated[tuple[Section, ...], Meta(min_length=1)]
    """Its sections, in order."""


class Evidence(RulebookPart, frozen=True, kw_only=True):
    """One line from elsewhere, for where the documents say more than they show."""

    id: Identifier
    """Its id, such as "e-human-trials"."""
    says: Text
    """The fact in one sentence of our own, no stronger than its source."""
    title: Text
    """The source's title."""
    publisher: Text
    """Who published it."""
    year: Annotated[int, Meta(ge=1990, le=2100)] | None = None
    """The year, where the source gives one."""
    link: Annotated[str, Meta(pattern=r"^https?://[^\s<>]+$", max_length=300)]
    """Its address."""


class Emergency(RulebookPart, frozen=True, kw_only=True):
    """Signs that somebody needs help now. They are answered first and alone."""

    phrases: Annotated[tuple[Text, ...], Meta(min_length=1)]
    """Signs, written like a rule's phrases."""
    unless: tuple[Unless, ...] = ()
    """What only looks like one: "dying of laughter"."""
    lines: Annotated[tuple[Text, ...], Meta(min_length=1)]
    """What the bot says where a server has set no lines of its own."""
    examples: Examples
    """The messages that prove it."""


class Learned(RulebookPart, frozen=True):
    """How far the bot trusts likeness: what labelled examples say of a message that the rules have judged."""

    status: Status = Status.SHADOW
    """`live`: it holds back what rules found where messages like it claim nothing, and adds families that
    messages like it claim. `shadow`: what it would add is recorded, never sent, and nothing is held back.
    `off`: it is not asked."""
    due: Annotated[int, Meta(ge=30, le=100)] = 70
    """How likely it must be, 0–100, that the message should be answered at all."""
    carried: Annotated[int, Meta(ge=30, le=100)] = 90
    """The same for a message that stands behind talk of a topic and names neither topic nor theme; and for
    adding a family to one that names only a theme."""
    family: Annotated[int, Meta(ge=10, le=100)] = 30
    """How likely it must be, 0–100, that a family is claimed; the likeliest one is taken in any case."""
    encoder: Annotated[int, Meta(ge=0, le=100)] = 70
    """How much the encoder counts, 0–100; the rest are the weights. At 0 it is not asked."""
    topics: tuple[Identifier, ...] = ()
    """Of which topics or themes a message must speak for a family to be added; without them any topic."""
    note: str = ""
    """For moderators: why it is so."""


class Weights(RulebookPart, frozen=True, kw_only=True):
    """What `caveat-bot learn` found out from labelled messages; written by it, not by hand."""

    corpus: Digest
    """SHA-256 of the messages it was learned from."""
    messages: Annotated[int, Meta(ge=1)]
    """How many messages these were."""
    rules: dict[Identifier, Annotated[str, Meta(pattern=r"^[0-9a-f]{16}$")]]
    """For each rule that it was learned with, a digest of what the rule looks for. A rule that is new or has
    changed since is never doubted."""
    words: tuple[str, ...] = ()
    """The words that the rules knew then. What rests on a word that came later is never doubted either."""
    heads: Annotated[tuple[Identifier, ...], Meta(min_length=4)]
    """What is told: whether an answer is due, asked, reported, and each family."""
    biases: tuple[Finite, ...]
    """For each head, where its sum of weights begins."""
    features: Mapping[str, tuple[Finite, ...]]
    """For each feature its scale (how rare it is), then pairs: a head's place, and the weight for it."""

    def __post_init__(self) -> None:
        """Pack the rows; raise ValueError where heads, biases and features do not fit each other."""
        if self.heads[:3] != ("due", "asks", "reports"):
            raise ValueError("the first heads are due, asks and reports")
        if len(self.biases) != len(self.heads):
            raise ValueError("each head has one bias")
        if isinstance(self.features, Rows):
            return
        places = {float(place) for place in range(len(self.heads))}
        for row in self.features.values():
            if len(row) % 2 == 0 or not places.issuperset(row[1::2]):
                raise ValueError("a feature has a scale, then pairs of a head's place and a weight")
        force_setattr(self, "features", Rows.of(self.features))


class Rulebook(RulebookPart, frozen=True, kw_only=True):
    """Everything in `rules/`, checked as a whole."""

    concepts: dict[Identifier, Concept]
    cues: tuple[Cue, ...]
    pronouns: tuple[str, ...]
    openers: tuple[str, ...] = ()
    families: tuple[Family, ...]
    rules: tuple[Rule, ...]
    caveats: tuple[Caveat, ...]
    evidence: tuple[Evidence, ...]
    documents: tuple[Document, ...]
    emergency: Emergency | None = None
    languages: dict[str, Language] = field(default_factory=dict)
    """By their code, what members see in other languages than English."""
    learned: Learned | None = None
    weights: Weights | None = None
    classes: WordClasses | None = None
    """Which words are alike; where there are none, likeness goes by the words alone."""
    encoder: EncoderFile | None = None
    """The small language model of likeness; where there is none, the weights alone judge."""
    digest: str
    """SHA-256 of the content, so that equal rulebooks are compiled once."""
