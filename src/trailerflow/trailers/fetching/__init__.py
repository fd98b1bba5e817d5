"""A trailer's captions and sound, from the movie's own files or from YouTube."""
