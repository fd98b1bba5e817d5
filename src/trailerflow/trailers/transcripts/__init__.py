"""Transcripts as language models get them, and the tables of all of them."""
