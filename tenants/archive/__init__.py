"""A society as an archive that people can read: rows as JSON lines, uploads, and what they are; and back from it."""
