"""Discord: the client, its listeners, commands and buttons."""
