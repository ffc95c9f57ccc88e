"""The rules as data: their model, how they are loaded, what is wrong with them, and how they change while running."""
