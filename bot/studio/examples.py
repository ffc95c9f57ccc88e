"""What an empty room offers: who is in it, and messages to try."""

from __future__ import annotations

from bot.studio.events import ExampleShown

FIRST_MEMBERS = ("Mira", "Jonas", "Sade", "Tomoko")
"""The members that a new room begins with."""

EXAMPLES = (
    ExampleShown(label="A claim", text="kratom totally cured my migraines, no side effects"),
    ExampleShown(label="A question", text="does kratom help with headaches?"),
    ExampleShown(label="No claim at all", text="kratom never did anything for my migraines"),
    ExampleShown(label="Typos and look-alikes", text="kr4tum isnt addictiv, i can st0p anytime"),
    ExampleShown(label="Somebody else says so", text="my neighbour swears kratom is legal everywhere"),
    ExampleShown(label="An emergency", text="my friend took kratom and cant breathe"),
)
"""Messages to try, from plain to difficult."""
