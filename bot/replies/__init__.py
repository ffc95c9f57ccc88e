"""Whether to speak, and what to say. Knows no surface and no Discord."""
