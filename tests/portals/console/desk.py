"""A member of staff at the console of one society: signs in once, opens pages, presses buttons."""

import re
from html import unescape
from typing import Any

from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import set_urlconf

from huilian.accounts.models import Role, User
from tenants.context import inside
from tests.applications.forms import staff

_TRANSACTIONS = re.compile(r"(BEGIN|COMMIT|SAVEPOINT|RELEASE|ROLLBACK)\b")


class Desk:
    """Pages of one society's console as one user sees them; `page` is what is shown now."""

    def __init__(self, society: Any, user: User | None = None, *, language: str = "en") -> None:
        self.society = society
        self.user = user
        host = f"{society.slug}.localhost:8000"
        self.client = Client(HTTP_HOST=host, headers={"Accept-Language": language})
        self.page = HttpResponse()
        if user is not None:
            with inside(society):
                self.client.force_login(user, backend="huilian.accounts.backends.ContactBackend")

    def get(self, path: str, data: dict[str, Any] | None = None, *, follow: bool = False) -> HttpResponse:
        return self._go("get", path, data, follow=follow)

    def post(self, path: str, data: dict[str, Any] | None = None, *, follow: bool = False) -> HttpResponse:
        return self._go("post", path, data, follow=follow)

    @property
    def text(self) -> str:
        return self.page.content.decode()

    @property
    def words(self) -> str:
        """What a reader sees of the page."""
        return " ".join(unescape(re.sub(r"<[^>]+>", " ", self.text.split("<main")[-1])).split())

    @property
    def menu(self) -> str:
        """What a reader sees of the side navigation."""
        side = self.text.split('<nav class="side"')[-1].split("</nav>")[0]
        return " ".join(unescape(re.sub(r"<[^>]+>", " ", side)).split())

    @property
    def errors(self) -> dict[str, str]:
        form = self.page.context["form"]  # type: ignore[attr-defined]
        return {name: " ".join(map(str, errors)) for name, errors in form.errors.items()}

    def statements(self, path: str) -> list[str]:
        """What a page asks of the database, without the marks of transactions; asked twice, counted once."""
        self.get(path)
        with CaptureQueriesContext(connection) as captured:
            self.get(path)
        assert self.page.status_code == 200, self.words
        return [q["sql"] for q in captured.captured_queries if not _TRANSACTIONS.match(q["sql"])]

    def _go(self, method: str, path: str, data: dict[str, Any] | None, *, follow: bool) -> HttpResponse:
        connection.set_schema_to_public()  # type: ignore[attr-defined]
        self.page = getattr(self.client, method)(path, data or {}, follow=follow)
        set_urlconf(None)
        return self.page


def at_desk(society: Any, role: Role | None = Role.OWNER, name: str = "王伟", **options: Any) -> Desk:
    """Somebody with an office (or an account only) in a society, signed in."""
    with inside(society):
        user = User.objects.create_user(name=name) if role is None else staff(name, role)
    return Desk(society, user, **options)
