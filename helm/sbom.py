"""`python helm/sbom.py TARGET`: what Huilian consists of, as CycloneDX 1.6, read from the lock the image is made of.

The lock says what may be installed, with the hash of every file that pip would take; licences and descriptions come
from the packages where they are installed. The same lock gives the same document. Not in it: the base image.
"""

import json
import re
import sys
import tomllib
import uuid
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
PINNED = re.compile(r"^(?P<name>[a-z0-9._-]+)==(?P<version>\S+)(?: ; (?P<marker>[^\\\n]+?))?(?: \\)?$")
NAMESPACE = uuid.UUID("6f1d3c52-0c0f-5a0e-9a52-0f1f6f0a7d11")  # of this document's serial numbers, and of nothing else


def main() -> int:
    """Write the document, whole or not at all."""
    target = Path(sys.argv[1])
    text = json.dumps(document((ROOT / "requirements-image.lock").read_text()), indent=2, ensure_ascii=False)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text + "\n")
    return 0


def document(lock: str) -> dict[str, Any]:
    """The whole document for the text of a lock file."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.uuid5(NAMESPACE, project['version'] + lock)}",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": "huilian",
                "name": project["name"],
                "version": project["version"],
                "description": project["description"],
            }
        },
        "components": components(lock),
    }


def components(lock: str) -> list[dict[str, Any]]:
    """One component for each package of the lock; a marker says on which machines it is installed."""
    found: list[dict[str, Any]] = []
    for line in lock.splitlines():
        if package := PINNED.match(line):
            found.append(_component(package["name"], package["version"], package["marker"] or ""))
        elif line.lstrip().startswith("--hash=sha256:"):
            digest = line.strip().removeprefix("--hash=sha256:").removesuffix(" \\")
            found[-1]["externalReferences"][0]["hashes"].append({"alg": "SHA-256", "content": digest})
        elif line.strip():
            raise SystemExit(f"This line of the lock says nothing that is known: {line}")
    return found


def _component(name: str, version: str, marker: str) -> dict[str, Any]:
    purl = f"pkg:pypi/{name}@{version}"
    files = {"type": "distribution", "comment": "pip takes one of these files", "url": purl, "hashes": []}
    component: dict[str, Any] = {
        "type": "library",
        "bom-ref": purl,
        "name": name,
        "version": version,
        "purl": purl,
        "scope": "required",
        "externalReferences": [files],
    }
    if marker:
        component["properties"] = [{"name": "huilian:only-where", "value": marker}]
    return component | _told(name, version)


def _told(name: str, version: str) -> dict[str, Any]:
    """What the installed package says of itself; nothing if another version is installed, or none."""
    try:
        said = metadata(name)
    except PackageNotFoundError:
        return {}
    if said["Version"] != version:
        return {}
    told: dict[str, Any] = {}
    if said["Summary"]:
        told["description"] = said["Summary"]
    classified = [
        line.rpartition(" :: ")[2] for line in said.get_all("Classifier", []) if line.startswith("License ::")
    ]
    if said["License-Expression"]:
        told["licenses"] = [{"expression": said["License-Expression"]}]
    elif classified:
        told["licenses"] = [{"license": {"name": licence}} for licence in classified]
    elif said["License"] and "\n" not in said["License"]:
        told["licenses"] = [{"license": {"name": said["License"]}}]
    return told


if __name__ == "__main__":
    sys.exit(main())
