"""What captions and recognisers write that nobody says."""
