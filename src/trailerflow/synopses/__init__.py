"""Reference synopses: what somebody else wrote of a movie's story."""
