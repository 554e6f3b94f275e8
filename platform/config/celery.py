"""The Celery application: the outbox is the truth, the broker only makes it quick."""

import os

from celery import Celery, signals

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

from config.queueing import configure
from config.sight.awakening import open_eyes

signals.import_modules.connect(open_eyes, weak=False)  # before Celery's own receiver, which loads Django's models
app = configure(Celery("huilian"))
app.autodiscover_tasks()
