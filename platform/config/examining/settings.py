"""Mistakes that the environment alone shows."""

import os
from pathlib import Path

from django.conf import settings

from config.examining.examination import Answer, Fault

AT_HOME = ("localhost", "127.0.0.1")
LEAST = {"SECRET_KEY": 50, "HUILIAN_DATABASE_KEY": 32, "HUILIAN_FIELD_KEY": 32}
FEWEST_CHARACTERS = 8  # different ones: `aaaa…` is long and no key
A_KEY = "python -c 'import secrets; print(secrets.token_urlsafe(48))'"


def secret_key() -> Answer:
    return _key("SECRET_KEY", settings.SECRET_KEY, "Whoever guesses it signs in as anybody")


def database_key() -> Answer:
    return _key("HUILIAN_DATABASE_KEY", settings.DATABASE_KEY, "The password of every society's role follows from it")


def field_key() -> Answer:
    return _key("HUILIAN_FIELD_KEY", settings.FIELD_KEY, "It seals ID numbers")


def _key(name: str, value: str, why: str) -> Answer:
    """Says nothing about the value but its length."""
    make = f"Make one with {A_KEY}. {why}."
    if not value or value == "unset":
        return Answer("not set", [Fault(f"{name} is not set.", make)])
    if len(value) < LEAST[name] or len(set(value)) < FEWEST_CHARACTERS:
        told = (
            f"{name} is weak: {len(value)} characters, {len(set(value))} different ones; {LEAST[name]} are asked for."
        )
        if name != "SECRET_KEY":
            make += " What exists was made with the old one: see platform/docs/sight.md before you change it."
        return Answer("weak", [Fault(told, make)])
    return Answer(f"{len(value)} characters")


def hosts() -> Answer:
    """Only societies' own names: an open door for hosts is one for forged links in letters."""
    faults = []
    wild = [host for host in settings.ALLOWED_HOSTS if host in ("*", ".") or "*" in host]
    if wild:
        faults.append(
            Fault(
                f"Any host is taken: {', '.join(wild)}.", "Name whole hosts in HUILIAN_EXTRA_HOSTS, without wildcards."
            )
        )
    if settings.SITE_DOMAIN not in AT_HOME and "." not in settings.SITE_DOMAIN.strip("."):
        faults.append(
            Fault(
                f"The domain is {settings.SITE_DOMAIN}: everything below it would be a society's host.",
                "Set HUILIAN_DOMAIN to a domain of your own, such as members.example.org.",
            )
        )
    return Answer(", ".join(settings.ALLOWED_HOSTS), faults)


def scheme() -> Answer:
    found = f"{settings.SITE_SCHEME}://…{settings.SITE_DOMAIN}"
    if settings.HTTPS or settings.DEBUG or _at_home():
        return Answer(found)
    told = "Passwords and personal data travel unencrypted: the scheme is http."
    return Answer(
        found, [Fault(told, "Set HUILIAN_SCHEME=https, and HUILIAN_BEHIND_PROXY=1 behind a proxy.", only_warn=True)]
    )


def debugging() -> Answer:
    if settings.DEBUG and not _at_home():
        told = "HUILIAN_DEBUG is on: pages for faults show settings and personal data to everybody."
        return Answer("on", [Fault(told, "Take HUILIAN_DEBUG out of the environment.")])
    return Answer("on, at home" if settings.DEBUG else "off")


def cache() -> Answer:
    """At home there is one web process; elsewhere limits and locks have to hold for all of them."""
    memory = "locmem" in settings.CACHES["default"]["BACKEND"].lower()
    if memory and not _at_home():
        told = "Each process has a cache of its own: what one of them limits, another one lets pass."
        return Answer(
            "in each process", [Fault(told, "Set CACHE_URL to a Redis that all processes share.", only_warn=True)]
        )
    return Answer("in each process, at home" if memory else "shared")


def broker() -> Answer:
    folder = settings.BROKER_URL.startswith("filesystem")
    if folder and not _at_home():
        told = "Tasks are queued in a folder of this machine: processes on others never see them."
        return Answer("a folder", [Fault(told, "Set BROKER_URL to a Redis or RabbitMQ.", only_warn=True)])
    return Answer("a folder, at home" if folder else settings.BROKER_URL.partition(":")[0])


def media() -> Answer:
    """Uploads are read and written there; it is made when it is first needed."""
    if getattr(settings, "MEDIA_S3", {}).get("bucket"):
        return Answer("in a bucket of their own")
    folder = Path(settings.MEDIA_ROOT)
    there = folder
    while not there.exists() and there != there.parent:
        there = there.parent
    remedy = f"Give the user of these processes (id {os.geteuid()}) the right to read and write {folder}."
    if not there.is_dir() or not os.access(there, os.R_OK | os.X_OK):
        return Answer(str(folder), [Fault(f"Uploads cannot be read: {there}.", remedy)])
    if not os.access(there, os.W_OK):
        return Answer(str(folder), [Fault(f"Uploads cannot be written: {there}.", remedy, only_warn=True)])
    return Answer(str(folder))


def _at_home() -> bool:
    return settings.SITE_DOMAIN in AT_HOME or settings.SITE_DOMAIN.endswith(".localhost")
