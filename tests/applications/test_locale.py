"""Problems and consents are read in the reader's language; that all is translated, tests/language sees to."""

from django.utils import translation

from huilian.applications.refusals import Problems
from huilian.applications.rules import consents_asked
from tenants.models import Society


def test_it_is_spoken(in_zhejiang: Society) -> None:
    with translation.override("zh-hans"):
        assert str(Problems([])) == "有些内容未填或有误，请查看标出的各项。"
        assert "同意" in str(consents_asked()[0].text)
    with translation.override("en"):
        assert str(consents_asked()[0].text).startswith("I agree")
