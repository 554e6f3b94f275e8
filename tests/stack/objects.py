"""A local S3 for uploads: it keeps objects in memory, so a stack that starts anew begins without them."""

import sys
from collections.abc import Callable, Mapping
from typing import Any

from config.launcher.programs import Program
from tests.stack.wishes import Addresses

BUCKET = "huilian-uploads"
KEYS = {"HUILIAN_S3_KEY_ID": "stack", "HUILIAN_S3_KEY_SECRET": "only-on-this-machine"}
SERVE = """
import logging, sys
logging.getLogger("werkzeug").setLevel(logging.ERROR)
from moto.server import main
main(["-H", "127.0.0.1", "-p", sys.argv[1]])
"""


def objects(addresses: Addresses, *, environ: Mapping[str, str]) -> Program:
    """moto's server, which speaks S3."""
    arguments = [sys.executable, "-c", SERVE, str(addresses.port("s3"))]
    return Program("s3", arguments, {**environ, **client_environment(addresses)}, stop_within=3)


def client_environment(addresses: Addresses) -> dict[str, str]:
    """What tells Huilian that uploads lie there."""
    return {
        "HUILIAN_S3_BUCKET": BUCKET,
        "HUILIAN_S3_ENDPOINT": f"http://127.0.0.1:{addresses.port('s3')}",
        "HUILIAN_S3_REGION": "us-east-1",
        **KEYS,
    }


def make_bucket(addresses: Addresses) -> None:
    """A private bucket, as an operator makes it beforehand."""
    client(addresses).create_bucket(Bucket=BUCKET, ACL="private")


def client(addresses: Addresses) -> Any:
    import boto3

    told = client_environment(addresses)
    return boto3.client(
        "s3",
        endpoint_url=told["HUILIAN_S3_ENDPOINT"],
        region_name=told["HUILIAN_S3_REGION"],
        aws_access_key_id=told["HUILIAN_S3_KEY_ID"],
        aws_secret_access_key=told["HUILIAN_S3_KEY_SECRET"],
    )


def has_object(addresses: Addresses) -> Callable[[str], bool]:
    """Asks whether an upload lies there, by schema and path."""
    asked = client(addresses)

    def has(path: str) -> bool:
        return any(
            each["Key"] == path for each in asked.list_objects_v2(Bucket=BUCKET, Prefix=path).get("Contents", ())
        )

    return has
