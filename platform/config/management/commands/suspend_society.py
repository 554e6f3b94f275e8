"""`manage.py suspend_society`: the same order as on headquarters' page, carried out at once."""

from config.management.ordering import OrderCommand


class Command(OrderCommand):
    help = "Suspend a society; the reason is journalled."
    verb = "suspend"
