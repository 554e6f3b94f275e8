"""RabbitMQ and the name server of its language, both in this folder and on ports of their own."""

import os
from pathlib import Path

from config.launcher.programs import DATABASE, Program
from tests.stack.packages import program
from tests.stack.wishes import Addresses

SETTINGS = """listeners.tcp.1 = 127.0.0.1:{port}
default_user = {name}
default_pass = {password}
default_vhost = {name}
log.file = false
log.console = true
log.console.level = error
vm_memory_high_watermark.absolute = 512MB
disk_free_limit.absolute = 50MB
"""


def epmd(addresses: Addresses) -> Program:
    """Erlang's name server, in the foreground: RabbitMQ would leave one behind."""
    arguments = [program("epmd"), "-port", str(addresses.port("epmd")), "-address", "127.0.0.1"]
    return Program("epmd", arguments, {"PATH": os.environ.get("PATH", os.defpath)}, stop_within=3)


def rabbitmq(data: Path, addresses: Addresses) -> Program:
    """The broker of the second variant; what is queued is on the disk."""
    folder = data / "rabbitmq"
    path = folder / "rabbitmq.conf"
    path.write_text(SETTINGS.format(port=addresses.port("rabbitmq"), name=DATABASE, password=addresses.password))
    path.chmod(0o600)
    (folder / "enabled_plugins").write_text("[].\n")
    environment = {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": str(folder),  # Erlang's cookie
        "LANG": "C.UTF-8",
        "ERL_EPMD_PORT": str(addresses.port("epmd")),
        "RABBITMQ_NODENAME": f"{DATABASE}@localhost",
        "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
        "RABBITMQ_DIST_PORT": str(addresses.port("erlang")),
        "RABBITMQ_CONFIG_FILE": str(folder / "rabbitmq"),
        "RABBITMQ_ADVANCED_CONFIG_FILE": str(folder / "advanced"),
        "RABBITMQ_CONF_ENV_FILE": str(folder / "none"),
        "RABBITMQ_ENABLED_PLUGINS_FILE": str(folder / "enabled_plugins"),
        "RABBITMQ_MNESIA_BASE": str(folder / "mnesia"),
        "RABBITMQ_LOG_BASE": str(folder / "log"),
        "RABBITMQ_GENERATED_CONFIG_DIR": str(folder / "generated"),
        # Two processors serve all of the stack; idle schedulers need not spin.
        "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "+S 2:2 +sbwt none +sbwtdcpu none +sbwtdio none",
        "RABBITMQ_ALLOW_INPUT": "",
        "RUNNING_UNDER_SYSTEMD": "",
    }
    return Program("rabbitmq", [program("rabbitmq-server")], environment, stop_within=20)


def rabbitmq_url(addresses: Addresses) -> str:
    return f"amqp://{DATABASE}:{addresses.password}@127.0.0.1:{addresses.port('rabbitmq')}/{DATABASE}"
