"""Transcripts in another language than that of the prompts."""
