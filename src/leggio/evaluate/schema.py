"""Is it MusicXML 4.0? In: the bytes of a `.musicxml` file. Out: what the official schema finds wrong with them.

The schema is W3C's `musicxml.xsd`, version 4.0, as the package `musicxml` ships it. It imports two small schemas for
the attributes of XLink and of XML itself; what MusicXML uses of them is below, so that nothing is ever fetched.
"""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from lxml import etree

from leggio.errors import MissingExtra

_SCHEMA = Path("generate_classes", "musicxml_4_0.xsd")
_IMPORTED = {
    "http://www.musicxml.org/xsd/xml.xsd": """
<xs:schema targetNamespace="http://www.w3.org/XML/1998/namespace" xmlns:xs="http://www.w3.org/2001/XMLSchema">
  <xs:attribute name="lang" type="xs:language"/>
  <xs:attribute name="space">
    <xs:simpleType>
      <xs:restriction base="xs:NCName">
        <xs:enumeration value="default"/>
        <xs:enumeration value="preserve"/>
      </xs:restriction>
    </xs:simpleType>
  </xs:attribute>
</xs:schema>""",
    "http://www.musicxml.org/xsd/xlink.xsd": """
<xs:schema targetNamespace="http://www.w3.org/1999/xlink" xmlns:xs="http://www.w3.org/2001/XMLSchema">
  <xs:attribute name="href" type="xs:anyURI"/>
  <xs:attribute name="type" type="xs:NMTOKEN"/>
  <xs:attribute name="role" type="xs:token"/>
  <xs:attribute name="title" type="xs:token"/>
  <xs:attribute name="show" type="xs:NMTOKEN"/>
  <xs:attribute name="actuate" type="xs:NMTOKEN"/>
</xs:schema>""",
}


def schema_errors(data: bytes) -> list[str]:
    """What keeps `data` from being valid MusicXML 4.0, a line each; empty where it is valid.

    Raises `MissingExtra` where the package with the schema is not installed.
    """
    schema = _load_schema()
    try:
        document = etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError as error:
        return [f"not XML: {error}"]
    schema.validate(document)
    log: Any = schema.error_log  # lxml's stubs do not say what it holds
    return [f"line {entry.line}: {entry.message}" for entry in log]


@cache
def _load_schema() -> etree.XMLSchema:
    package = find_spec("musicxml")  # found, not imported: its import takes a second
    if package is None or package.origin is None:
        raise MissingExtra("The MusicXML schema is not installed: pip install 'leggio[eval]'.")
    parser = etree.XMLParser(no_network=True)
    parser.resolvers.add(_Imported())
    return etree.XMLSchema(etree.parse(Path(package.origin).parent / _SCHEMA, parser))


class _Imported(etree.Resolver):
    """Answers the schema's two imports from `_IMPORTED`."""

    def resolve(self, system_url: str, public_id: str, context: Any = None) -> Any:
        if system_url in _IMPORTED:
            return self.resolve_string(_IMPORTED[system_url], context, base_url=system_url)
        return None
