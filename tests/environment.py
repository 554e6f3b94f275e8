"""The environment of the suite, set before Django's settings are read (`-p tests.environment`)."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

# Whoever names a server by DATABASE_URL (a superuser's address) gets the suite run there, in a database of its own.
GIVEN_SERVER = os.environ.get("DATABASE_URL", "")
FOLDER = Path(tempfile.mkdtemp(prefix="huilian-suite-"))
DATABASE = f"test_huilian_{os.getpid()}" if GIVEN_SERVER else "test_huilian"

os.environ.update(
    DATABASE_URL=f"postgresql://localhost/{DATABASE}",
    PROVISIONER_DATABASE_URL=f"postgresql://{DATABASE[:20]}_provisioner:provisioner@localhost/{DATABASE}",
    SECRET_KEY="the-suite-signs-with-this-and-nothing-else-does-0123456789",
    HUILIAN_DATABASE_KEY="the-suite-derives-passwords-from-this",
    HUILIAN_FIELD_KEY="the-suite-hashes-and-seals-with-this",
    HUILIAN_DATA_DIR=str(FOLDER),
    HUILIAN_PORT="8000",
    HUILIAN_STREET_MAP_SECONDS="3600",
    HUILIAN_PRESET="cmes",
    BROKER_URL="memory://localhost/",
)
(FOLDER / "static").mkdir(parents=True)  # WhiteNoise looks for it
atexit.register(shutil.rmtree, FOLDER, ignore_errors=True)
os.environ.pop("ADMIN_DATABASE_URL", None)
