"""Subtitle files: their encoding, their times, their text without markup."""
