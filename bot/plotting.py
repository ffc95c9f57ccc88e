"""Whether a plot can be drawn. Plots are extra: a bot that runs need not have matplotlib."""

from __future__ import annotations

from importlib.util import find_spec

from bot.errors import CaveatBotError


class PlotError(CaveatBotError):
    """A plot cannot be drawn or written."""

    exit_code = 69


def can_plot() -> bool:
    """Tell whether matplotlib is installed, without importing it."""
    try:
        return find_spec("matplotlib") is not None
    except ValueError:
        # That is how a module tells that was taken out of `sys.modules`.
        return False


def require_plotting() -> None:
    """Make sure, before the work begins, that a plot can be drawn.

    Raises:
        PlotError: matplotlib is not installed.
    """
    if not can_plot():
        raise PlotError("a plot needs matplotlib, which is not installed: pip install 'caveat-bot[evaluate]'")
