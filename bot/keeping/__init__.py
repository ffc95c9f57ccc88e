"""Keeping a proved rulebook in a file, so that the next start need not read, compile and prove it again."""
