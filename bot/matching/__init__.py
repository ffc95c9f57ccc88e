"""Finding claims in a reading: concepts, phrases, scores and who stands behind what.

Nothing here knows of Discord or of a store, and nothing reads a clock: equal messages give equal findings.
"""
