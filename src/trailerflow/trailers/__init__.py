"""Trailers: from a movie's own files to the words that are spoken in its trailer."""
