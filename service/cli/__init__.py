"""The command line. A command reads, asks one verb of the desk, and answers; `main` turns errors into one line."""

from service.cli.main import main

__all__ = ["main"]
