"""A share and how far it can be trusted, by the score interval of Wilson (1927).

E. B. Wilson, Probable inference, the law of succession, and statistical inference, Journal of the American
Statistical Association 22 (158), 209–212, doi 10.1080/01621459.1927.10502953. It stays between 0 and 1 and
is sensible for few cases as well, where the usual ± is not.
"""

from __future__ import annotations

from math import sqrt
from statistics import NormalDist

from msgspec import Struct

CONFIDENCE = 0.95
_Z = NormalDist().inv_cdf((1 + CONFIDENCE) / 2)


class Share(Struct, frozen=True):
    """So many of so many.

    Args:
        part: how many.
        whole: of how many, at least as many as `part`.

    Raises:
        ValueError: these cannot be counts of a part and its whole.
    """

    part: int
    whole: int

    def __post_init__(self) -> None:
        """Refuse what is no share."""
        if not 0 <= self.part <= self.whole:
            raise ValueError(f"{self.part} of {self.whole} is no share")

    @property
    def value(self) -> float | None:
        """The share, 0 to 1; None of nothing."""
        return self.part / self.whole if self.whole else None

    @property
    def interval(self) -> tuple[float, float]:
        """From where to where the true share may lie, with 95 % confidence; all of 0 to 1 for nothing."""
        if not self.whole:
            return 0.0, 1.0
        square, share = _Z * _Z / self.whole, self.part / self.whole
        middle = share + square / 2
        reach = _Z * sqrt(share * (1 - share) / self.whole + square / (4 * self.whole))
        low, high = (middle - reach) / (1 + square), (middle + reach) / (1 + square)
        # Exact at the ends, where the sums above are off in the last digits.
        return (0.0 if self.part == 0 else low), (1.0 if self.part == self.whole else high)
