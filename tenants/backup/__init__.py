"""Keeping a society: a copy of its schema and its uploads that says what it holds, and its return from it."""
