"""Caveat bot: answers claims about kratom and headaches with short, sourced caveats."""
