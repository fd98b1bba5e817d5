"""Rankers that read what others say: a blend, and what is learnt from blocks of ratings before the test."""
