"""The clock that queues tasks by name: it needs neither models nor tasks, and so a third of a worker's memory."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

from config.queueing import configure

app = configure(Celery("huilian", fixups=[]))
