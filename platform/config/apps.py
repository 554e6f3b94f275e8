"""The roof hands down what the rooms below may not look up: the tables of messages and of aggregates."""

from django.apps import AppConfig


class RoofConfig(AppConfig):
    name = "config"
    verbose_name = "Huilian"

    def ready(self) -> None:
        from config import celery, handlers
        from config.examining import checks as checks  # registered by being imported
        from federation import inbox, statements

        inbox.bind(handlers.HANDLERS)
        statements.bind(handlers.AGGREGATES)
        celery.app.set_current()  # tasks queued by the web go to our broker too
