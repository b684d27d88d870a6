"""The commands, gathered; and the one place where an error becomes an exit status."""

from __future__ import annotations

import sys

import click

from service.cli import alignments as _alignments  # noqa: F401 (adds its command to `memory`)
from service.cli import database, documents, memory, projects, publications, release, running, schedule, sources, terms
from service.cli import evaluate as _evaluate  # noqa: F401 (adds its command to `memory`)
from service.cli import imports as _imports  # noqa: F401 (adds its commands to `memory`)
from tm.errors import PasserelleError


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="passerelle", message="%(prog)s %(version)s")
def passerelle() -> None:
    """Translate French releases into English with a translation memory."""


passerelle.add_command(running.run)
passerelle.add_command(database.db)
passerelle.add_command(database.user)
passerelle.add_command(documents.segment)
passerelle.add_command(documents.align)
passerelle.add_command(documents.check)
passerelle.add_command(memory.memory)
passerelle.add_command(projects.project)
passerelle.add_command(publications.publication)
passerelle.add_command(release.release)
passerelle.add_command(schedule.schedule)
passerelle.add_command(sources.source)
passerelle.add_command(terms.terms)


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and leave: status 0, 1 with one line on standard error for a refusal, 2 for usage."""
    try:
        passerelle.main(arguments, prog_name="passerelle", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except click.Abort:
        sys.exit(130)
    except PasserelleError as error:
        print(f"passerelle: {error}", file=sys.stderr)
        sys.exit(1)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(1)
    sys.exit(0)
