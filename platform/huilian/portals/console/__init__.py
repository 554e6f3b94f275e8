"""What only the consoles show: their words, their pages' content, their files."""
