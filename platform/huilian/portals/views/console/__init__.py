"""The console: what staff see and do in their society, and at headquarters for the federation."""
