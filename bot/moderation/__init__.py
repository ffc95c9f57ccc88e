"""Changing rules without fear: every change is shown before it counts, passes one gate, and can be undone."""
