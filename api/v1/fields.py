"""The small fields that several resources share."""

from typing import Any

from rest_framework import serializers

from tenants.models import Society


class Names(serializers.Serializer[Any]):
    """The same name in Chinese and in English."""

    zh = serializers.CharField()
    en = serializers.CharField()


def society_number(**options: Any) -> serializers.RegexField:
    """The number of a society: three digits."""
    return serializers.RegexField(r"^[0-9]{3}$", max_length=3, **options)


def word(most: int = 40, **options: Any) -> serializers.CharField:
    """A short text; an empty one is as good as none."""
    return serializers.CharField(max_length=most, **{"required": False, "allow_blank": True, **options})


def names_of(society: Society | None) -> dict[str, str]:
    """Both names, or none for a society that is not on the map (any more)."""
    return {"zh": society.name_zh, "en": society.name_en} if society else {"zh": "", "en": ""}
