"""The production stack on one machine: PostgreSQL, PgBouncer, Redis, RabbitMQ, S3, gunicorn, Celery, nginx."""
