from django.apps import AppConfig


class BillingConfig(AppConfig):
    name = "huilian.billing"
    label = "billing"
    default_auto_field = "django.db.models.BigAutoField"
