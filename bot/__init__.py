"""Caveat bot: answers claims about kratom and headaches with short, sourced caveats."""

__version__ = "0.1.0"
