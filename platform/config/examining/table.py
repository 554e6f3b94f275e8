"""All examinations, in the order in which doctor goes through them. A number is never given twice."""

from config.examining import database, running, settings
from config.examining.database import told_when_away
from config.examining.examination import Examination, Stage

ALONE = (
    Examination(1, "key that signs sessions and tickets", settings.secret_key, Stage.SETTINGS),
    Examination(2, "key of the database roles", settings.database_key, Stage.SETTINGS),
    Examination(3, "key that seals fields", settings.field_key, Stage.SETTINGS),
    Examination(4, "hosts that are answered", settings.hosts, Stage.SETTINGS),
    Examination(5, "scheme of addresses", settings.scheme, Stage.SETTINGS),
    Examination(6, "cache", settings.cache, Stage.SETTINGS),
    Examination(7, "folder of uploads", settings.media, Stage.SETTINGS),
    Examination(8, "pages for developers", settings.debugging, Stage.SETTINGS),
    Examination(9, "where tasks are queued", settings.broker, Stage.SETTINGS),
)
REACHABLE = Examination(20, "database", database.reachable, Stage.DATABASE)
DATABASE = (
    REACHABLE,
    Examination(21, "version of PostgreSQL", told_when_away(database.version), Stage.DATABASE),
    Examination(22, "powers of the roles", told_when_away(database.mighty_roles), Stage.DATABASE),
    Examination(23, "schemas of the societies", told_when_away(database.schemas), Stage.DATABASE),
    Examination(24, "grants of the roles", told_when_away(database.grants), Stage.DATABASE),
    Examination(25, "sessions of the societies", told_when_away(database.sessions), Stage.DATABASE),
    Examination(26, "transactions through the pooler", told_when_away(database.pooling), Stage.DATABASE),
    Examination(27, "clocks here and in the database", told_when_away(database.clock_skew), Stage.DATABASE),
    Examination(28, "provisioner", told_when_away(database.provisioner), Stage.DATABASE),
)
TOGETHER = (
    Examination(40, "migrations of the societies", told_when_away(running.migrations), Stage.RUNNING),
    Examination(41, "broker", running.broker, Stage.RUNNING),
    Examination(42, "workers", running.workers, Stage.RUNNING),
    Examination(43, "beat", running.beat, Stage.RUNNING),
    Examination(44, "messages between societies", told_when_away(running.border), Stage.RUNNING),
    Examination(45, "comparison with headquarters", told_when_away(running.reconciliation), Stage.RUNNING),
    Examination(46, "backups", told_when_away(running.backup), Stage.RUNNING),
    Examination(47, "disk of the uploads", running.disk, Stage.RUNNING),
)
EXAMINATIONS = (*ALONE, *DATABASE, *TOGETHER)
WITHOUT_DATABASE = frozenset({41, 42, 43, 47})
# With these no process begins to serve: nothing that it did could be trusted.
FATAL = frozenset({1, 2, 3, 4, 8})
