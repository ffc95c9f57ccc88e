"""Measuring how well claims are recognised, on labelled messages."""
