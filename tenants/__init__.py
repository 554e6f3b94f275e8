"""Societies: opening, upgrading, suspending them, and acting in exactly one of them."""
