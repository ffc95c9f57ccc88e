"""What reading a message gives: tokens, clauses, quotes and what was set aside."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from msgspec import Struct


class TokenKind(StrEnum):
    """What sort of thing a token is."""

    WORD = "word"
    NUMBER = "number"
    AMOUNT = "amount"
    EMOJI = "emoji"


class AsideKind(StrEnum):
    """What sort of thing was set aside: shown, but never matched."""

    CODE = "code"
    QUOTE = "quote"
    LINK = "link"
    MENTION = "mention"
    TIMESTAMP = "timestamp"


class Token(Struct, frozen=True):
    """One token of a message.

    Args:
        text: the canonical form: NFKC, lower case, look-alike letters in Latin, no marks, no apostrophes
            ("don’t" → "dont"), stretched letters shortened to two ("soooo" → "soo").
        start: where it begins in the raw message, in characters.
        end: where it ends, exclusive.
        kind: word, number, amount (a number with its unit, "5g", "2tbsp") or emoji (its name without colons).
        readings: other ways to read it, most likely first: leetspeak decoded ("kr4tom" → "kratom"), stretched
            letters shortened to one ("cuures" → "cures"). Never holds `text` itself.
        before: the punctuation between the token before and this one, spaces left out ("," "—" "(" "..." "").
    """

    text: str
    start: int
    end: int
    kind: TokenKind = TokenKind.WORD
    readings: tuple[str, ...] = ()
    before: str = ""


class Clause(Struct, frozen=True):
    """A run of tokens up to a full stop, question mark, exclamation mark, semicolon or line break.

    Args:
        first: index of its first token.
        last: index behind its last token.
        ending: the marks that ended it ("." "?" "?!" ";" "\\n" or "" at the message's end).
    """

    first: int
    last: int
    ending: str = ""


class Quotation(Struct, frozen=True):
    """Tokens between quotation marks, by index: first, and behind the last."""

    first: int
    last: int


class Aside(Struct, frozen=True):
    """A stretch of the raw message that was set aside, in characters."""

    kind: AsideKind
    start: int
    end: int


# No Struct: these cannot be made to read a message only when they are asked for it, as `Unread` does.
@dataclass(frozen=True, slots=True)
class Reading:
    """A message as it was read.

    Args:
        raw: the message as it was typed.
        tokens: all tokens outside of asides, in order.
        clauses: how the tokens fall into clauses; together they cover every token once.
        quotations: tokens in quotation marks.
        asides: code, quoted lines, links, mentions and timestamps.
    """

    raw: str
    tokens: tuple[Token, ...] = ()
    clauses: tuple[Clause, ...] = ()
    quotations: tuple[Quotation, ...] = ()
    asides: tuple[Aside, ...] = ()
