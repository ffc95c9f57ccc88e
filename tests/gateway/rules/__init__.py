"""Tests of moderators' commands."""
