"""Pairs of documents that are aligned for real, for the tests of the alignment desk's pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import select

from service.desk import alignments
from service.desk.alignments import File
from service.desk.apart import Apart
from service.settings import Settings
from service.storage.alignments import beads_of
from service.storage.session import Sessions
from tests.desk.aligned import align
from tests.service.conftest import Place
from tm.store.units import Occurrence, Unit

# twenty sentences and their translations, each a paragraph
SENTENCES = (
    ("Le port de Morlaix rouvre ses quais", "The port of Morlaix reopens its quays"),
    ("Les travaux ont duré trois hivers.", "The works took three winters."),
    ("La mairie a payé 12 millions d’euros.", "The town hall paid EUR 12 million."),
    ("Les pêcheurs reviennent dès lundi.", "Fishermen return from Monday."),
    ("Quarante bateaux attendent au large.", "Forty boats are waiting offshore."),
    ("La nouvelle criée occupe un ancien entrepôt.", "The new fish market occupies a former warehouse."),
    ("Elle ouvrira le 4 avril 2021.", "It will open on 4 April 2021."),
    ("Un phare neuf éclaire la passe.", "A new lighthouse lights the channel."),
    ("Il porte à vingt milles.", "It carries for twenty miles."),
    ("Les écoles ont visité le chantier.", "Schools visited the site."),
    ("Les élèves ont dessiné des bateaux.", "The pupils drew boats."),
    ("Leurs dessins ornent la capitainerie.", "Their drawings adorn the harbour office."),
    ("Le maire a remercié les ouvriers.", "The mayor thanked the workers."),
    ("Deux grues viennent de Gdansk.", "Two cranes come from Gdansk."),
    ("Chacune lève 80 tonnes.", "Each lifts 80 tonnes."),
    ("Le trafic devrait doubler avant 2030.", "Traffic should double before 2030."),
    ("Les riverains craignent le bruit.", "Residents fear the noise."),
    ("Une réunion publique se tiendra en mai.", "A public meeting will be held in May."),
    ("Le plan complet est affiché en ville.", "The full plan is displayed in town."),
    ("La fête commence samedi à midi.", "The celebration begins on Saturday at noon."),
)
Make = Callable[..., str]


@pytest.fixture(scope="session")
def apart() -> Iterator[Apart]:
    """The process apart that reads and aligns."""
    with Apart(60) as apart:
        yield apart


@pytest.fixture
def doubting(settings: Settings) -> Settings:
    """Settings under which whatever the aligner finds waits for somebody."""
    return settings.model_copy(update={"align_accept_from": 100})


@pytest.fixture
def make_pair(sessions: Sessions, settings: Settings, doubting: Settings, apart: Apart, place: Place) -> Make:
    """Hand two texts in as the editor, and align them; returns the id of the pair. `sure`: the beads enter by
    themselves."""

    def make(french: str, english: str, *, name: str = "port", sure: bool = False, project: str = "") -> str:
        with sessions.write() as session:
            files = File(f"{name}.fr.txt", french.encode()), File(f"{name}.en.txt", english.encode())
            editor = place.actors["editor"]
            pair = alignments.submit_pair(session, editor, *files, settings=settings, project=project)
            align(session, pair, settings if sure else doubting, apart)
            session.commit()
            return pair.id

    return make


@pytest.fixture
def port(make_pair: Make) -> str:
    """The pair of all sentences: twenty beads, all of them doubtful."""
    return make_pair(*("\n\n".join(side) for side in zip(*SENTENCES, strict=True)))


def standing(sessions: Sessions, pair_id: str) -> list[tuple[str, str]]:
    """What the memory holds of a pair, in the order of its document."""
    with sessions.read() as session:
        rows = session.execute(
            select(Unit.source, Unit.target)
            .join(Occurrence, Occurrence.unit_id == Unit.id)
            .where(Unit.status == "active", Occurrence.withdrawn.is_(False))
            .where(Occurrence.document_key == alignments.storage.get_pair(session, pair_id).document_key)
            .order_by(Occurrence.position)
        )
        return [(row.source, row.target) for row in rows]


def states(sessions: Sessions, pair_id: str) -> list[str]:
    """The states of its beads, in their order."""
    with sessions.read() as session:
        return [bead.state for bead in beads_of(session, pair_id)]
