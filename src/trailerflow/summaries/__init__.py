"""Summaries of movies from their transcripts, reference synopses, and how close the two are."""
