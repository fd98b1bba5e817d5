"""One module for each section of the report: from the tables to what the template prints."""
