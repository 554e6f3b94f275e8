"""The Celery application: the outbox is the truth, the broker only makes it quick."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

from config.queueing import configure

app = configure(Celery("huilian"))
app.autodiscover_tasks()
