"""Summaries of movies from their transcripts, and how good they are."""
