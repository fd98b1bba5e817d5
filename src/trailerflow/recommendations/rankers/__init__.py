"""Rankers, a file each."""
