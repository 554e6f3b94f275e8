"""A role is called by its name in the reader's language; that all is translated, tests/language sees to."""

from django.utils import translation

from huilian.accounts.models import Role


def test_a_role_is_called_by_its_chinese_name() -> None:
    with translation.override("zh-hans"):
        assert str(Role.OWNER.label) == "负责人"
    with translation.override("en"):
        assert str(Role.OWNER.label) == "Owner"
