"""Ways of splitting the ratings, a file each."""
