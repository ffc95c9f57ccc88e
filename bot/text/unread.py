"""A message that is read only when it has to be: most messages of a chat never are."""

from __future__ import annotations

from collections.abc import Callable

from bot.text.model import Aside, Clause, Quotation, Reading, Token
from bot.text.reader import read

_MOST_NOTED = 4


class Unread(Reading):
    """What `read` gives, but the message is read when more of it is asked for than its raw text.

    Args:
        raw: the message as it was typed.
    """

    __slots__ = ("_noted", "_read")

    _read: Reading | None
    _noted: dict[str, tuple[str, ...]]

    def __init__(self, raw: str) -> None:
        object.__setattr__(self, "raw", raw)
        object.__setattr__(self, "_read", None)
        object.__setattr__(self, "_noted", {})

    @property
    def is_read(self) -> bool:
        """Whether it was read already."""
        return self._read is not None

    def noted(self, of: str, make: Callable[[], tuple[str, ...]]) -> tuple[str, ...]:
        """Give what was found out about this message before, or find it out and keep it with the message.

        Args:
            of: what it is and what it depends on beside the message; only the last few are kept.
            make: finds it out.
        """
        noted = self._noted.get(of)
        if noted is None:
            noted = make()
            if len(self._noted) >= _MOST_NOTED:
                self._noted.clear()
            self._noted[of] = noted
        return noted

    @property
    def tokens(self) -> tuple[Token, ...]:
        """See `Reading`."""
        return self._reading().tokens

    @property
    def clauses(self) -> tuple[Clause, ...]:
        """See `Reading`."""
        return self._reading().clauses

    @property
    def quotations(self) -> tuple[Quotation, ...]:
        """See `Reading`."""
        return self._reading().quotations

    @property
    def asides(self) -> tuple[Aside, ...]:
        """See `Reading`."""
        return self._reading().asides

    def __eq__(self, other: object) -> bool:
        return self._reading() == (other._reading() if isinstance(other, Unread) else other)

    def __hash__(self) -> int:
        return hash(self._reading())

    def _reading(self) -> Reading:
        if self._read is None:
            object.__setattr__(self, "_read", read(self.raw))
        return self._read or read(self.raw)
