"""Is this installation as it should be? Of one table of examinations are made system checks and `manage.py doctor`."""
