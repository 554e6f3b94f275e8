"""`python -m tests.browser.pictures [<data>/demo.json]`: the twelve main pages, on a telephone and at a desk.

Without a demonstration that runs, one is started and ended.
"""

import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

import django

import tests.environment  # noqa: F401 - the environment that settings are read from

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from PIL import Image  # noqa: E402

from config.launcher.plan import ROOT  # noqa: E402
from tests.browser.applicant import Applicant  # noqa: E402
from tests.browser.chromium import running_chromium  # noqa: E402
from tests.browser.console import go_to  # noqa: E402
from tests.browser.entrance import DESK, PHONE, Entrance  # noqa: E402
from tests.browser.visitor import Visitor  # noqa: E402
from tests.browser.words import Language  # noqa: E402
from tests.journeys.demo import Demo, read_demo  # noqa: E402
from tests.journeys.installation import Installation  # noqa: E402
from tests.journeys.office import await_worker  # noqa: E402
from tests.journeys.people import Newcomer, newcomer  # noqa: E402

FOLDER = ROOT / "platform" / "docs" / "pictures"
MOST_BYTES = 150_000
QUALITIES = (86, 76, 66, 56)
SCREENS: list[tuple[str, Language, int]] = [("phone", "zh", PHONE), ("desk", "en", DESK)]

Take = Callable[[str, Visitor], None]


def main(arguments: list[str]) -> int:
    """Take all pictures anew."""
    FOLDER.mkdir(exist_ok=True)
    with _demonstration(arguments) as demo, running_chromium() as chromium:
        entrance = Entrance(chromium, demo)
        for screen, language, width in SCREENS:

            def take(name: str, visitor: Visitor, screen: str = screen) -> None:
                path = FOLDER / f"{name}-{screen}.webp"
                path.write_bytes(small(visitor.page.screenshot(animations="disabled")))
                print(f"{path.relative_to(ROOT)}: {path.stat().st_size / 1024:.0f} KB", flush=True)

            _public(entrance, language, width, take)
            _society(entrance, language, width, take)
            _headquarters(entrance, language, width, take)
            entrance.close_all()
    return 0


def small(screenshot: bytes) -> bytes:
    """The picture as WebP, as good as its bound allows."""
    image = Image.open(BytesIO(screenshot)).convert("RGB")
    for quality in QUALITIES:
        target = BytesIO()
        image.save(target, "WEBP", quality=quality, method=6)
        if target.tell() <= MOST_BYTES:
            return target.getvalue()
    raise ValueError(f"{len(screenshot)} bytes do not become {MOST_BYTES}")


def _public(entrance: Entrance, language: Language, width: int, take: Take) -> None:
    """A visitor, an applicant who pays, and a member."""
    li = Applicant(entrance, entrance.visitor(language, width, device_scale_factor=2), _somebody())
    li.visitor.open(entrance.demo.hosts["hq"])
    take("01-front-door", li.visitor)
    li.choose_category("ordinary")
    li.visitor.page.locator("details#branch summary").click()
    take("02-channel", li.visitor)
    li.choose_headquarters()
    take("03-form", li.visitor)
    li.fill_in("ordinary")
    li.prove_contact("ordinary")
    li.submit()
    take("04-timeline", li.visitor)
    li.set_password()
    li.go_to_cashier()
    take("05-cashier", li.visitor)

    wang = Applicant(entrance, entrance.visitor(language, width, device_scale_factor=2), _somebody())
    wang.choose_category("student")
    wang.choose_headquarters()
    wang.fill_in("student")
    wang.prove_contact("student")
    wang.submit()
    wang.set_password()
    wang.visitor.open(f"{entrance.demo.hosts['hq']}my/")
    take("06-member", wang.visitor)


def _society(entrance: Entrance, language: Language, width: int, take: Take) -> None:
    registrar = entrance.staff("welding", "registrar", language, width, device_scale_factor=2)
    take("07-society", registrar)
    go_to(registrar, "Members")
    take("08-members", registrar)
    go_to(registrar, "Referral codes")
    registrar.follow_named("年会展台")  # the campaign by which people came
    take("09-referral-code", registrar)


def _headquarters(entrance: Entrance, language: Language, width: int, take: Take) -> None:
    owner = entrance.staff("hq", "owner", language, width, device_scale_factor=2)
    go_to(owner, "Overview of the federation")
    take("10-federation", owner)
    go_to(owner, "Approvals")
    owner.go(owner.page.get_by_role("rowheader").get_by_role("link").first)
    take("11-approval", owner)
    go_to(owner, "Payments to confirm")
    owner.go(owner.page.get_by_role("rowheader").get_by_role("link").first)
    take("12-payment", owner)


def _somebody() -> Newcomer:
    return Newcomer(newcomer().serial, "李明远")


@contextmanager
def _demonstration(arguments: list[str]) -> Iterator[Demo]:
    if arguments:
        yield read_demo(Path(arguments[0]))
        return
    with tempfile.TemporaryDirectory(prefix="huilian-pictures-") as folder:
        installation = Installation(Path(folder) / "data")
        try:
            installation.start()
            await_worker(installation.demo)
            yield installation.demo
        finally:
            installation.stop()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
