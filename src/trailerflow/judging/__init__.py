"""Pairs of summaries, rated by a language model and by people, and how far raters agree."""
