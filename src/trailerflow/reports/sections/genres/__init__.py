"""The section on genres: `section` is the section, the others are its tables, drawings and sentences."""
