"""Back-testing: what rules would have found, and said, in messages that were written long ago."""
