"""The website of a press office: twenty-one pairs of pages, each tied together in its own way, and much trouble.

`Newsroom` fills a `Website`. `expected` are the pairs that a visit must find, as (French, English, by what evidence).
"""

from __future__ import annotations

from tests.parts import website
from tests.parts.website import Answer, Listener, Website, page, story, text

XHTML = 'xmlns:xhtml="http://www.w3.org/1999/xhtml"'


class Newsroom:
    """Pages by number: `story(number)` is the text of both. What the sitemap lists stands in `listed`."""

    def __init__(self, site: Website, inside: Listener) -> None:
        self.site, self.inside = site, inside
        self.listed: dict[str, str] = {}  # address and further XML of its entry
        self.expected: set[tuple[str, str, str]] = set()
        self.texts: list[int] = []  # the stories of the expected pairs
        self.codes: dict[str, str] = {}  # what goes wrong at an address
        self._declared()
        self._linked()
        self._by_address()
        self._by_figures()
        self._odd()
        self._broken()
        self.publish()

    def url(self, path: str) -> str:
        """The address of a path."""
        return self.site.url + path

    def publish(self) -> None:
        """Write the sitemap, and robots.txt."""
        entries = "".join(f"<url><loc>{_xml(self.url(path))}</loc>{more}</url>" for path, more in self.listed.items())
        entries += f"<url><loc>{self.inside.url}/listed</loc></url>"
        body = f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" {XHTML}>{entries}</urlset>'
        self.site.pages["/sitemap.xml"] = Answer(body.encode(), media="application/xml")
        robots = "User-agent: *\nDisallow: /private/*.html$\n"
        self.site.pages["/robots.txt"] = Answer(robots.encode(), media="text/plain")

    def put(self, path: str, number: int, language: str, *, cost: int | None = None, **parts: str) -> None:
        """Serve a story at a path."""
        declared = parts.pop("declared", language)
        self.site.pages[path] = text(page(story(number, language, cost=cost), declared, **parts))

    def _pair(self, number: int, french: str, english: str, how: str, *, listed: str = "fr en") -> None:
        for path, language in ((french, "fr"), (english, "en")):
            if path not in self.site.pages:
                self.put(path, number, language)
            if language in listed:
                self.listed.setdefault(path, "")
        self.expected.add((self.url(french), self.url(english), how))
        self.texts.append(number)

    def _alternates(self, french: str, english: str) -> str:
        return "".join(
            f'<link rel="alternate" hreflang="{code}" href="{self.url(path)}">'
            for code, path in (("fr-FR", french), ("en", english))
        )

    def _declared(self) -> None:
        for number in (0, 1):
            french, english = f"/n/{100 + number}", f"/n/{200 + number}"
            for path, language in ((french, "fr"), (english, "en")):
                self.put(path, number, language, head=self._alternates(french, english))
            # the second English page is not listed: the French one leads to it
            self._pair(number, french, english, "hreflang", listed="fr en" if number == 0 else "fr")
        self._pair(2, "/n/102", "/n/202", "hreflang")
        self.listed["/n/102"] = f'<xhtml:link rel="alternate" hreflang="en" href="{self.url("/n/202")}"/>'
        self.put("/n/103", 3, "fr")
        self.site.pages["/n/103"].headers["Link"] = '</n/203>; rel="alternate"; hreflang="en"'
        self._pair(3, "/n/103", "/n/203", "hreflang", listed="fr")
        self.put("/n/104", 4, "fr", links='<li><a hreflang="en" href="204#top">Read this elsewhere</a></li>')
        self._pair(4, "/n/104", "/n/204", "hreflang", listed="fr")
        # the French page is listed under an address that is not its own; the English one knows its own one
        canonical = f'<link rel="canonical" href="{self.url("/n/105")}">'
        self.put("/n/105?from=rss", 5, "fr", head=canonical)
        self.put("/n/205", 5, "en", head=self._alternates("/n/105", "/n/205"))
        self._pair(5, "/n/105?from=rss", "/n/205", "hreflang")
        self.put("/n/105", 5, "fr", head=canonical)
        self.expected = {(self.url("/n/105") if "from=rss" in french else french, english, how)
                         for french, english, how in self.expected}  # fmt: skip
        # moved: the address that is listed leads on
        self.site.pages["/n/118"] = website.moved("/n/118-new", 301)
        self.put("/n/118-new", 18, "fr", head=self._alternates("/n/118-new", "/n/218"))
        self._pair(18, "/n/118", "/n/218", "hreflang", listed="fr")
        # the English page says that it is French
        self.put("/n/219", 19, "en", head=self._alternates("/n/119", "/n/219"), declared="fr")
        self._pair(19, "/n/119", "/n/219", "hreflang")

    def _linked(self) -> None:
        self.put("/n/106", 6, "fr", links='<li><a href="/n/206">English</a></li>')
        self._pair(6, "/n/106", "/n/206", "link", listed="fr")
        self.put("/n/207", 7, "en", links='<li><a href="/n/107"> Français </a></li>')
        self._pair(7, "/n/107", "/n/207", "link", listed="en")

    def _by_address(self) -> None:
        detail = "/detail?id={0}&selectedLocale={1}"
        self._pair(8, detail.format(8, "fr"), detail.format(8, "en"), "address")
        self._pair(9, detail.format(9, "fr"), detail.format(9, "en"), "address", listed="fr")
        self._pair(10, "/fr/10", "/en/10", "address")
        self._pair(11, "/fr/11", "/en/11", "address", listed="en")
        self._pair(12, "/docs/release_12_FR.html", "/docs/release_12_EN.html", "address")
        self._pair(13, "/fr/actualites/13", "/actualites/13", "address")
        self._pair(14, "/Francais/14.html", "/English/14.html", "address", listed="fr")

    def _by_figures(self) -> None:
        for number in (15, 16, 17):
            self._pair(number, f"/a/{number * 7}", f"/b/{number * 3}", "figures")

    def _odd(self) -> None:
        # Windows-1252 that says it is UTF-8, and is told apart by itself
        self._pair(20, "/fr/20", "/en/20", "address")
        self.site.pages["/fr/20"] = Answer(page(story(20, "fr"), "fr").encode("cp1252", "replace"))
        # says that its English version is inside
        self.put(
            "/odd/inside", 30, "fr", head=f'<link rel="alternate" hreflang="en" href="{self.inside.url}/hreflang">'
        )
        # says that its English version is a page about something else
        self.put("/odd/lying", 31, "fr", head=f'<link rel="alternate" hreflang="en" href="{self.url("/odd/other")}">')
        self.site.pages["/odd/other"] = text(page(RECIPE, "en"))
        # says that the English page of another is its own
        self.put("/odd/thief", 32, "fr", head=f'<link rel="alternate" hreflang="en" href="{self.url("/n/200")}">')
        self.put(
            "/odd/elsewhere", 33, "fr", head='<link rel="alternate" hreflang="en" href="https://other.example/en">'
        )
        self.site.pages["/odd/german"] = text(page(GERMAN, "de"))
        self.codes |= {
            f"{self.inside.url}/listed": "URL_PORT",
            f"{self.inside.url}/hreflang": "URL_PORT",
            self.url("/odd/lying"): "ALIGNMENT_POOR",
            "https://other.example/en": "OTHER_SITE",
        }
        for path in ("/odd/inside", "/odd/lying", "/odd/thief", "/odd/elsewhere", "/odd/german"):
            self.listed[path] = ""

    def _broken(self) -> None:
        half = page(story(40, "fr"), "fr").encode()
        broken: dict[str, tuple[Answer, str]] = {
            "/bad/500": (Answer(b"", 500), "HTTP_500"),
            "/bad/endless": (Answer(act=website.endless), "URL_TOO_LARGE"),
            "/bad/dripping": (Answer(act=website.dripping), "URL_TIMEOUT"),
            "/bad/headers": (Answer(act=website.slow_headers), "URL_TIMEOUT"),
            "/bad/loop": (website.moved("/bad/loop"), "URL_REDIRECT"),
            "/bad/inside": (website.moved(f"{self.inside.url}/moved"), "URL_REDIRECT"),
            "/bad/inside-other-port": (website.moved(f"http://{self.inside.host}:{self.site.port}/"), "URL_REDIRECT"),
            "/bad/file": (website.moved("file:///etc/passwd"), "URL_REDIRECT"),
            "/bad/half": (Answer(half[: len(half) // 2], length=len(half)), "URL_INCOMPLETE"),
            "/bad/chunk": (Answer(act=website.broken_chunk), "URL_INCOMPLETE"),
            "/bad/bomb": (website.bomb(), "URL_TOO_LARGE"),
            "/bad/reset": (Answer(act=website.hanging_up), "URL_UNREACHABLE"),
            "/bad/smtp": (Answer(act=website.babbling), "URL_UNREACHABLE"),
            "/bad/pdf": (Answer(b"%PDF-1.7 and so on"), "TYPE_MISMATCH"),
            "/bad/picture": (Answer(b"\x89PNG", media="image/png"), "URL_TYPE"),
            "/bad/empty": (text("<html lang='fr'><body><main></main></body></html>"), "NO_TEXT"),
            "/bad/mixed": (Answer(half + "Français à côté".encode("cp1252")), "ENCODING_UNCLEAR"),
            "/bad/gone": (Answer(b"", 404), "HTTP_404"),
            "/private/41.html": (text(page(story(41, "fr"), "fr")), "ROBOTS_REFUSED"),
        }
        for path, (answer, code) in broken.items():
            self.site.pages[path], self.listed[path] = answer, ""
            self.codes[self.url(path)] = code


RECIPE = [
    ("h1", "A soup for winter evenings"),
    ("p", "Peel the onions and cut them finely; keep the peel for the broth."),
    ("p", "Melt the butter in a large pot and stir until the onions are golden."),
    ("p", "Add 2 litres of water, 350 grams of barley and a little thyme, then wait for 95 minutes."),
    ("p", "Serve the soup hot, with slices of dark bread and some grated cheese."),
]
GERMAN = [
    ("h1", "Die Brücke ist wieder offen"),
    ("p", "Seit heute Morgen können Fußgänger und Radfahrer die Brücke wieder benutzen, sagte die Bürgermeisterin."),
    ("p", "Die Arbeiten haben länger gedauert als geplant, weil im Winter das Wasser des Flusses sehr hoch stand."),
]


def _xml(url: str) -> str:
    return url.replace("&", "&amp;")
