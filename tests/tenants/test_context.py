from typing import Any

import pytest
from django.db import ProgrammingError, connection, transaction

from huilian.accounts.models import User
from tenants.context import inside
from tenants.postgresql.base import CrossedBorder, NoSociety


def test_each_society_sees_its_own(in_welding: Any, zhejiang: Any) -> None:
    User.objects.create_user(name="李焊", phone="+8613800000001")
    assert list(User.objects.values_list("name", flat=True)) == ["李焊"]
    with pytest.raises(CrossedBorder), inside(zhejiang):
        pass


def test_no_society_no_connection(cast: Any) -> None:
    with pytest.raises(NoSociety):
        User.objects.count()


def test_public_is_closed(in_welding: Any) -> None:
    with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("select * from public.tenants_society")
