"""Pages used by a real browser, as a person would; a package, so that its fixtures end with its last test.

Playwright runs an event loop for as long as it is open, and beside one Django refuses to touch a database.
"""
