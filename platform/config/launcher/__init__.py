"""Start everything one installation needs on a bare machine, and end it cleanly."""
