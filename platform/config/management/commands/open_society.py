"""`manage.py open_society`: the same order as on headquarters' page, carried out at once."""

from config.management.ordering import OrderCommand


class Command(OrderCommand):
    help = "Open a society: schema, role, host, scheme, and the invitation of its first administrator."
    verb = "open"
    wishes = ("kind", "slug", "name-zh", "name-en", "time-zone", "owner-name", "owner-email", "owner-phone")
