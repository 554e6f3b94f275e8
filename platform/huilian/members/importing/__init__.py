"""Existing members, taken over from a list: its columns, what is right in it, and the file to begin with."""
