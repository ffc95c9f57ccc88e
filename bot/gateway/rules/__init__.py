"""What moderators do with rules in Discord: the commands under `/rules`, their forms and buttons."""
