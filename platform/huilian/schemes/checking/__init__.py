"""What a scheme must obey beyond its shape: rules between its parts, and the law of dues."""
