"""The two sides of the border inside one society: what it sends and what it received."""

import uuid
from typing import ClassVar

from django.db import models


class OutboxMessage(models.Model):
    """A message to another society, written in the transaction of the change it tells of.

    `id` gives the order of writing; only the relay sets `sequence` (per sender, receiver) and `delivered_at`.
    """

    message_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    receiver = models.CharField(max_length=3)  # society number
    type = models.CharField(max_length=60)
    version = models.PositiveSmallIntegerField(default=1)
    subject = models.CharField(max_length=64)  # later ones on the same subject wait for earlier ones
    payload = models.JSONField()
    occurred_at = models.DateTimeField()
    sequence = models.BigIntegerField(null=True)
    delivered_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["receiver", "id"],
                condition=models.Q(delivered_at=None),
                name="federation_undelivered",
            ),
        ]


class OutboxHead(models.Model):
    """Per receiver, the last sequence given; the row that one relay locks at a time."""

    receiver = models.CharField(max_length=3, unique=True)
    sequence = models.BigIntegerField(default=0)


class InboxMessage(models.Model):
    """A message received once. Handled in its own transaction, or parked with the reason."""

    class State(models.TextChoices):
        WAITING = "waiting"
        HANDLED = "handled"
        PARKED = "parked"

    message_id = models.UUIDField(unique=True)
    sender = models.CharField(max_length=3)
    sequence = models.BigIntegerField()
    type = models.CharField(max_length=60)
    version = models.PositiveSmallIntegerField()
    subject = models.CharField(max_length=64)
    payload = models.JSONField()
    occurred_at = models.DateTimeField()
    received_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    handled_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["sender", "sequence"], name="federation_in_order_per_sender")
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["id"], condition=models.Q(state="waiting"), name="federation_waiting"),
            models.Index(fields=["sender", "subject"], condition=models.Q(state="parked"), name="federation_parked"),
        ]


class InboxHead(models.Model):
    """One row, locked by the one handler at work in this society."""

    taken_at = models.DateTimeField(null=True)


class UsedTicket(models.Model):
    """The nonce of a ticket that may be used once."""

    nonce = models.CharField(max_length=64, unique=True)
    used_at = models.DateTimeField()
