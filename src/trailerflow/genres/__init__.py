"""Genres: the split of the films, predictions by language models and a tuned encoder, and their scores."""
