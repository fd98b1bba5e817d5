"""What to watch, and why: a saved ranker learns of one user, and every claim of an explanation is checked."""
