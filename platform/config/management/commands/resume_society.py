"""`manage.py resume_society`: the same order as on headquarters' page, carried out at once."""

from config.management.ordering import OrderCommand


class Command(OrderCommand):
    help = "Resume a society; the reason is journalled."
    verb = "resume"
