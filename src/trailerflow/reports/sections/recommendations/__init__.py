"""The section on rankings: `section` is the section, the others are its tables, drawings and sentences."""
