"""Models: the list of what can be had, and fetching by hash."""

from trailerflow.models.store import model_file, model_folder, model_hash

__all__ = ["model_file", "model_folder", "model_hash"]
