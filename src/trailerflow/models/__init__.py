"""Models: the list of what can be had, fetching by hash, and servers that keep them warm."""

from trailerflow.models.store import model_file, model_folder, model_hash

__all__ = ["model_file", "model_folder", "model_hash"]
