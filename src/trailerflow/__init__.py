"""trailerflow: from a movie's trailer to what it is about, its genres and who would like it."""

__version__ = "0.2.0"
