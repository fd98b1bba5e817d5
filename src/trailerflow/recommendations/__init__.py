"""Who would like which film: the split of the ratings, the rankers, and how good their orders are."""

LIKED_RATING = 4.0
"""Rating from which a film counts as liked: so a language model is told, and so MAP and MRR see it."""
