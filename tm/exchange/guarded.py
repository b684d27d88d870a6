"""XML from elsewhere, read so that it can neither fetch, nor grow, nor name files."""

from __future__ import annotations

from collections.abc import Callable

from lxml import etree

from tm.errors import InputError


def parsed(data: bytes, invalid: Callable[[str], InputError]) -> etree._Element:
    """The root of an XML document that declares no entities of its own; `invalid` makes the refusal for one that is
    not well-formed, from where that is. Raises InputError XML_ENTITY_FORBIDDEN, XML_TOO_LARGE too."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_pis=True, huge_tree=False)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        types = [entry.type_name for entry in parser.error_log]
        if any("ENTITY" in name for name in types):
            raise entities() from None
        if "ERR_RESOURCE_LIMIT" in types:
            raise InputError("The XML is too deep or one text in it too long.", code="XML_TOO_LARGE") from None
        raise invalid(f"line {error.lineno}" if error.lineno else "") from None
    declared = getattr(root.getroottree().docinfo.internalDTD, "iterentities", None)
    if declared is not None and any(True for _ in declared()):
        raise entities()
    return root


def entities() -> InputError:
    """The refusal of a document with entities of its own."""
    return InputError(
        "The file declares or uses XML entities of its own.",
        code="XML_ENTITY_FORBIDDEN",
        todo="Export it again without them.",
    )


def name_of(element: etree._Element) -> str:
    """The name of an element without its namespace; "" for a comment."""
    tag: object = element.tag  # of a comment, a function
    return etree.QName(tag).localname if isinstance(tag, str) else ""
