"""`passerelle run`: everything that one machine needs, under one supervisor."""

from __future__ import annotations

import sys

import click

from service.cli.common import house
from service.desk import samples
from service.settings import load
from service.supervisor import serve


@click.command()
@click.option("--no-samples", is_flag=True, help="Start a new installation empty: no people, no memory, no release.")
def run(no_samples: bool) -> None:
    """Serve: web, worker and scheduler; makes and migrates the database, and fills a new one with samples."""
    settings = load()
    if not no_samples:
        _settle_in()
    sys.exit(serve(settings, ready=_greet))


def _settle_in() -> None:
    with house() as place, place.sessions.write() as session:
        if samples.is_new(session):
            click.echo("A new installation: making people, a sample memory and a sample release …")
            samples.settle_in(session, place.settings)
            session.commit()


def _greet(address: str) -> None:
    click.echo(f"\nPasserelle is ready at {address}/")
    kept = samples.sign_in_file(load())
    if kept.exists():
        click.echo("Sign in as:")
        for line in kept.read_text().splitlines():
            click.echo(f"  {line}")
        click.echo(f"(kept in {kept}; delete that file once you have your own people)")
    click.echo("Stop with Ctrl+C; everything is kept.\n")
