"""Finding claims in a reading: concepts, phrases, scores and who stands behind what. Knows no Discord, no store."""
