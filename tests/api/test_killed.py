"""`kill -9` between the effect and the commit: the key recovers, and the wish comes true once."""

import os
import signal
import subprocess
import sys
import time
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.conf import settings

from api.models import IdempotentRequest
from api.v1 import idempotency
from huilian.accounts.models import Role
from referrals.models import ReferralCode
from tests.api.callers import problem, staff
from tests.federation_fixture import Federation

WISH = '{"label": "Spring"}'
KILLED_MID_REQUEST = """
import os, signal, sys
sys.path[:0] = [".", "platform"]
os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
import django
django.setup()
from django.test import Client
from api.v1 import referral_codes
real = referral_codes.mint_campaign_code
def mint_and_die(**wish):
    real(**wish)
    os.kill(os.getpid(), signal.SIGKILL)
referral_codes.mint_campaign_code = mint_and_die
token, wish = sys.argv[1:]
headers = {"Host": "welding.localhost", "Authorization": "Bearer " + token, "Idempotency-Key": "k-9"}
Client().post("/api/v1/referral-codes/", wish, content_type="application/json", headers=headers)
"""


@pytest.mark.faults
def test_a_process_killed_in_the_middle(federation: Federation, monkeypatch: pytest.MonkeyPatch) -> None:
    wang = staff(federation.welding, Role.OWNER, "codes:write")
    road = settings.DATABASES["default"]
    where = urlencode({"host": road["HOST"], "port": road["PORT"]})
    child = subprocess.run(
        [sys.executable, "-c", KILLED_MID_REQUEST, wang.token, WISH],
        env={**os.environ, "DATABASE_URL": f"postgresql:///{road['NAME']}?{where}"},
        capture_output=True,
        timeout=60,
    )
    assert child.returncode == -signal.SIGKILL, child.stderr.decode()[-2000:]
    with federation.inside(federation.welding):
        assert ReferralCode.objects.count() == 0
        assert IdempotentRequest.objects.get().status is None

    assert problem(wang.post("referral-codes/", raw=WISH, key="k-9")) == (409, "idempotency_key_running")
    monkeypatch.setattr(idempotency, "RUNNING", timedelta(seconds=0.5))
    time.sleep(0.6)
    made = wang.post("referral-codes/", raw=WISH, key="k-9")
    assert made.status_code == 201
    again = wang.post("referral-codes/", raw=WISH, key="k-9")
    assert (again.content, again["Idempotency-Replayed"]) == (made.content, "true")
    with federation.inside(federation.welding):
        assert ReferralCode.objects.count() == 1
