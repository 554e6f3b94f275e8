"""A federation to look at: societies of a preset, staff, people at every step, members and fees.

Everything is done through the same services as on the pages, so that the demonstration cannot show what the product
does not do. Names and numbers are made up; telephone numbers and identity numbers only have the right form.
"""
