"""Rankers that know films by their content alone, so that new ones can be ranked."""
