"""The rules as data: their model, how they are loaded, what is wrong with them, how they change live."""
