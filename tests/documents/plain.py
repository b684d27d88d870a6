"""Texts, Markdown and pages whose bytes no editor would keep: encodings, line ends, characters that are not seen."""

from __future__ import annotations

SENTENCES = (
    "Le Conseil des Vallées s’est réuni à Brévenne.",
    "Les dix-neuf membres ont approuvé le calendrier des inspections.",
    "Mme Maëlle Fontbrune a présenté le budget pour 2032.",
    "Aucune voix ne s’est élevée contre le projet.",
    "M. Idriss Kervanel a remercié les équipes de Sarmande.",
    "Les travaux reprendront en septembre, après les crues.",
)
_TEXT = """Les gares rouvrent samedi

Brévenne, le 14 mai 2031

Toutes les gares de la ligne rouvriront à midi : douze trains par jour.
Les abonnements seront prolongés d’un mois.

- Sarmande ;
- Port-Hélier.
"""
_MARKDOWN = """# Les gares rouvrent samedi

Toutes les gares de la **ligne** rouvriront à midi :
douze trains par *jour*.

> Les abonnements seront prolongés.

- Sarmande ;
- [Port-Hélier](ports.html).
"""
_PAGE = """<!DOCTYPE html>
<html lang="fr"><head><meta charset="{}"><title>Les gares rouvrent samedi</title></head>
<body><h1>Les gares rouvrent samedi</h1>
<p>Toutes les gares de la <b>ligne</b> rouvriront à midi : douze trains par <i>jour</i>.</p>
<p>Les abonnements seront prolongés.</p></body></html>
"""
_NO_BREAK = (
    "Signes et espaces\n\n«\u00a0Enfin\u00a0!\u00a0», a dit M.\u00a0Kervanel\u00a0: 12\u202f000 personnes, 5\u00a0%."
    "\n\n"
    "\u00a0Une ligne entre deux espaces insécables\u00a0\n\nporte\u2011parole, cé\u00adsure, mot\u2060collé\n"
)
_PRIVATE = "Caractères privés\n\nUn signe \ue101 dans le texte, \ue301 un autre et \ue501 à la fin \uf0b7.\n"


def long(mark: str = "", heading: str = "") -> str:
    """Sixty paragraphs."""
    parts = [f"{heading}Compte rendu intégral"]
    for at in range(60):
        first, second = SENTENCES[at % 6], SENTENCES[(at * 5 + 1) % 6]
        parts.append(f"{first} {mark}{second}{mark} Le point {at + 1} est clos.")
    return "\n\n".join(parts) + "\n"


def long_odt() -> str:
    """The same as the body of an OpenDocument text, with emphasis."""
    rows = ['<text:p text:style-name="Title">Compte rendu intégral</text:p>']
    for at in range(60):
        italic = f'<text:span text:style-name="T2">{SENTENCES[at * 5 % 6]}</text:span>'
        rows.append(f"<text:p>{SENTENCES[at % 6]} {italic} Le point {at + 1} est clos.</text:p>")
    return "".join(rows)


def texts() -> dict[str, bytes]:
    """The files by their names."""
    return {
        "txt/windows-1252.txt": _TEXT.encode("cp1252"),
        "txt/utf-16.txt": b"\xff\xfe" + _TEXT.encode("utf-16-le"),
        "txt/utf-16-be.txt": b"\xfe\xff" + _TEXT.encode("utf-16-be"),
        "txt/bom.txt": b"\xef\xbb\xbf" + _TEXT.encode(),
        "txt/crlf.txt": _TEXT.replace("\n", "\r\n").encode(),
        "txt/cr.txt": _TEXT.replace("\n", "\r").encode(),
        "txt/mixed-ends.txt": _TEXT.replace("\n\n", "\r\n\r\n").replace("samedi\r\n", "samedi\x0c\n").encode(),
        "txt/no-break-spaces.txt": _NO_BREAK.encode(),
        "txt/private-use.txt": _PRIVATE.encode(),
        "txt/long.txt": long().encode(),
        "md/windows-1252.md": _MARKDOWN.encode("cp1252"),
        "md/utf-16.md": b"\xff\xfe" + _MARKDOWN.encode("utf-16-le"),
        "md/bom.md": b"\xef\xbb\xbf" + _MARKDOWN.encode(),
        "md/crlf.md": _MARKDOWN.replace("\n", "\r\n").encode(),
        "md/no-break-spaces.md": f"# {_NO_BREAK}".encode(),
        "md/private-use.md": f"# {_PRIVATE}\nEt **en gras \ue102** aussi.\n".encode(),
        "md/long.md": long("*", "# ").encode(),
        "html/windows-1252.html": _PAGE.format("windows-1252").encode("cp1252"),
        "html/utf-16.html": b"\xff\xfe" + _PAGE.format("utf-16").encode("utf-16-le"),
        "html/bom.html": b"\xef\xbb\xbf" + _PAGE.format("utf-8").encode(),
        "html/crlf.html": _PAGE.format("utf-8").replace("\n", "\r\n").encode(),
        "html/private-use.html": "".join(
            f"<p>{line}</p>" for line in f"{_PRIVATE}\nEt <b>gras \ue102</b>, &#xE103;.".split("\n") if line
        ).encode(),
        "html/long.html": ("".join(f"<p>{line}</p>\n" for line in long().split("\n") if line)).encode(),
    }
