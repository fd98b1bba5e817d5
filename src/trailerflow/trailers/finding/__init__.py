"""Where a movie's trailer can be read or heard: its own files, tables of trailers, searches."""
