"""`passerelle memory evaluate`: how good the memory's proposals are for documents that it has not seen."""

from __future__ import annotations

from typing import Any

import click

from service.cli.common import answer, as_json, as_person, house
from service.cli.memory import memory
from service.desk import evaluate_memory as desk
from service.storage.evaluations import MemoryEvaluation

_STEPS = ("raw", "localised", "repaired")
_EFFECTS = ("localisation", "repair")


@memory.command()
@click.option("--since", metavar="DATE", help="Hold out documents of this date or later (2024, 2024-03, 2024-03-12).")
@click.option(
    "--share",
    type=click.FloatRange(0, 100, min_open=True, max_open=True),
    default=desk.SHARE,
    show_default=True,
    help="Hold out the newest documents, so many per cent of them; not with --since.",
)
@click.option(
    "--limit",
    type=click.IntRange(1),
    default=desk.LIMIT,
    show_default=True,
    help="Segments to look at, drawn from those that are held out.",
)
@as_person
@as_json
def evaluate(since: str | None, share: float, limit: int, email: str | None, wants_json: bool) -> None:
    """Hold documents out by date, propose for them from the rest, and compare with their real translation.

    By band of match rates: BLEU, chrF and TER of the proposals as the memory has them, localised and repaired. The
    memory is not changed; what was found is kept and plotted on its page.
    """
    wanted = desk.Wanted(since, share, limit)
    with house() as place:
        with place.write(email) as (session, actor):
            desk.begin(session, actor, wanted)
        with place.sessions.read() as session:
            found = desk.look(session, wanted)
        with place.write(email) as (session, _):
            data = _data(desk.keep(session, found))
    answer(data, wants_json, _told(data))


def _data(row: MemoryEvaluation) -> dict[str, Any]:
    names = "id since documents segments units tick milliseconds bands note"
    return {name: getattr(row, name) for name in names.split()} | {"at": row.at.isoformat()}


def _told(data: dict[str, Any]) -> str:
    lines = [
        f"Held out: {data['documents']:,} documents since {data['since']}; looked at {data['segments']:,} segments, "
        f"proposed from {data['units']:,} units. {data['note']}".rstrip(),
        f"It took {data['milliseconds'] / 1000:.1f} s.",
        "",
        f"{'':17}{'segments':>9}{'':>8}{'words':>9}{'':>8}  "
        + "  ".join(f"{f'{step}: BLEU chrF  TER':>22}" for step in _STEPS),
    ]
    for band in data["bands"]:
        figures = "  ".join(_scores(band[step]) for step in _STEPS) if band["raw"] else ""
        lines.append(
            f"{band['band']:17}{band['segments']:9,}{band['share_of_segments']:6.1f} %"
            f"{band['words']:9,}{band['share_of_words']:6.1f} %  {figures}".rstrip()
        )
    lines += ["", *_effects(data["bands"])]
    leaked = sum(band["leaked"] for band in data["bands"] if band["band"] in ("100+", "95–99"))
    if leaked:
        lines.append(f"{leaked:,} of these pairs stand in the memory from another document too.")
    return "\n".join(lines).rstrip()


def _scores(scores: dict[str, float]) -> str:
    return f"{scores['bleu']:10.1f} {scores['chrf']:5.1f} {scores['ter']:5.1f}"


def _effects(bands: list[dict[str, Any]]) -> list[str]:
    """What each step did to the segments that it changed."""
    return [
        f"{name} in {band['band']}: {effect['segments']:,} segments changed, "
        f"TER {effect['before']['ter']:.1f} → {effect['after']['ter']:.1f}, "
        f"chrF {effect['before']['chrf']:.1f} → {effect['after']['chrf']:.1f}; "
        f"{effect['better']:,} better, {effect['worse']:,} worse"
        for name in _EFFECTS
        for band in bands
        if (effect := band[name])
    ]
