"""The page: a room to try the bot in, and health and metrics."""
