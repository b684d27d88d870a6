"""Everything that can be set, from the environment or from `.env` in the checkout, in one frozen object.

The name of a setting in the environment is the name of its field in capitals. `python -m service.settings` prints the
table that stands in README.
"""

from __future__ import annotations

import os
import re
import secrets
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from tm.errors import InputError

if TYPE_CHECKING:
    from tm.match.house import HouseStyle

ROOT = Path(__file__).resolve().parent.parent


class SettingsInvalid(InputError):
    """A setting cannot be used; the message names it."""

    code = "SETTINGS_INVALID"


class Settings(BaseSettings):
    """How this installation runs. Paths are absolute once loaded; times are seconds where the name says so."""

    model_config = SettingsConfigDict(frozen=True, env_file=ROOT / ".env", extra="ignore")

    # where things are kept
    data_dir: Path = Field(
        Path("var"), description="Folder for everything that is kept. A relative path starts at the checkout."
    )
    database_url: str = Field(
        "", repr=False, description="PostgreSQL address (`postgresql://…`). Empty: an SQLite file in `DATA_DIR`."
    )
    redis_url: str = Field(
        "", repr=False, description="Redis address (`redis://…`). Empty: the embedded broker, files in `DATA_DIR`."
    )
    secret_key: str = Field(
        "",
        repr=False,
        description="Signs sessions, 32 characters or more. Empty: made once and kept in `DATA_DIR/secret-key`.",
    )

    # where it is reached
    host: str = Field("127.0.0.1", description="Address to listen on.")
    port: int = Field(8000, ge=1, le=65535, description="Port to listen on.")
    public_url: str = Field("", description="Address people use, when it is not `http://HOST:PORT`.")
    trusted_hosts: Annotated[tuple[str, ...], NoDecode] = Field(
        (),
        description="Further host names to answer to, with commas between, besides those of HOST and PUBLIC_URL.",
    )
    secure_cookies: Literal["auto", "on", "off"] = Field(
        "auto", description="Send cookies over HTTPS only; `auto`: when PUBLIC_URL is `https://…`."
    )

    # people
    session_idle_minutes: int = Field(60, ge=5, le=24 * 60, description="Minutes without a request that end a session.")
    session_hours: int = Field(12, ge=1, le=24 * 7, description="Hours after which a session ends in any case.")
    password_cost: int = Field(
        3, ge=1, le=10, description="Rounds of argon2id for a password: more is slower and safer."
    )

    # work
    upload_limit_mb: int = Field(20, ge=1, le=500, description="Largest file or paste, in megabytes.")
    match_threshold: int = Field(70, ge=50, le=100, description="Lowest match rate that is proposed.")
    pretranslate_from: int = Field(100, ge=75, le=102, description="Lowest match rate that is filled in by itself.")
    align_accept_from: int = Field(
        80, ge=1, le=100, description="Lowest confidence, in per cent, of beads that enter the memory by themselves."
    )
    align_hold_below: int = Field(
        30, ge=0, le=100, description="Beads of less confidence, in per cent, are held back and not shown for review."
    )
    proposals_per_segment: int = Field(5, ge=1, le=50, description="Most proposals kept for one segment.")
    propose_batch: int = Field(20, ge=1, le=1000, description="Segments proposed for in one transaction.")
    propose_pause_ms: int = Field(
        0,
        ge=0,
        le=10_000,
        description="Pause between two batches, so that one large release leaves the machine to people in the editor.",
    )
    english_thousands: Literal[",", " ", "\u00a0", ""] = Field(
        ",", description="What parts thousands in English where the memory does not show it."
    )
    english_percent: Literal["%", " %", " per cent", " percent"] = Field(
        "%", description="How per cent is written in English, after the figure."
    )
    english_clock: Literal["24", "12"] = Field(
        "24", description="Times of day in English: `24` is `15:30`, `12` is `3.30 p.m.` in its place."
    )
    english_money: Literal["code", "symbol"] = Field(
        "code", description="Amounts in English: `code` is `EUR 1.5 billion`, `symbol` is `€1.5 billion`."
    )
    refresh_at: str = Field(
        "02:30",
        pattern=r"^([01]\d|2[0-3]):[0-5]\d$",
        description="Time of the nightly refresh, UTC.",
    )
    refresh_seconds: int = Field(
        86_400, ge=1, le=604_800, description="Seconds between two refreshes, counted from REFRESH_AT."
    )
    evaluate_days: int = Field(
        7, ge=0, le=365, description="Days between two measurements of a memory that changed. 0: only when asked for."
    )
    keep_days: int = Field(
        90, ge=7, le=3650, description="Days after which records of background work, and files without use, may go."
    )

    # sources of pairs
    fetch_allow: Annotated[tuple[str, ...], NoDecode] = Field(
        (),
        description="Inner hosts that may be fetched from in spite of the rule: `HOST:PORT` or `NETWORK:PORT`, with "
        "commas between.",
    )
    fetch_ports: Annotated[tuple[int, ...], NoDecode] = Field(
        (80, 443), description="Ports that are fetched from on the open internet, with commas between."
    )
    fetch_seconds: int = Field(15, ge=1, le=120, description="Seconds that one fetch may take, redirects included.")
    fetch_limit_mb: int = Field(20, ge=1, le=100, description="Largest answer to a fetch, unpacked, in megabytes.")
    fetch_contact: str = Field(
        "", description="Page or e-mail address that servers are told in the User-Agent, so that they can write to you."
    )
    sources_folder: str = Field(
        "", description="Folder on this machine in which watched folders may lie. Empty: folders are not watched."
    )
    source_delay_ms: int = Field(
        1000, ge=0, le=60_000, description="Least pause between two requests to one host, in milliseconds."
    )
    source_pages: int = Field(500, ge=1, le=100_000, description="Most pages of one source.")

    # background processes
    lease_seconds: int = Field(20, ge=2, le=600, description="Silence after which a worker is taken for dead.")
    max_attempts: int = Field(25, ge=1, le=100, description="Attempts in a row without progress before a run fails.")
    sweep_seconds: int = Field(5, ge=1, le=300, description="How often runs that lost their worker are looked for.")
    schedule_seconds: int = Field(60, ge=1, le=300, description="How often the schedule is looked at.")
    worker_concurrency: int = Field(2, ge=1, le=64, description="Processes that work in the background.")
    web_threads: int = Field(32, ge=2, le=256, description="Requests answered at the same time.")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field("INFO", description="Least severe line to log.")

    @field_validator("data_dir")
    @classmethod
    def _absolute(cls, path: Path) -> Path:
        return Path(os.path.normpath(ROOT / path.expanduser()))

    @field_validator("trusted_hosts", mode="before")
    @classmethod
    def _listed(cls, value: object) -> object:
        return tuple(name.strip() for name in value.split(",") if name.strip()) if isinstance(value, str) else value

    @field_validator("fetch_allow", mode="before")
    @classmethod
    def _entries(cls, value: object) -> object:
        entries = cls._listed(value)
        for entry in entries if isinstance(entries, tuple) else ():
            if not re.fullmatch(r"([\w.-]+(/\d+)?|\[[0-9a-fA-F:.]+(/\d+)?\]):\d{1,5}", entry):
                raise ValueError(f"“{entry}” should be HOST:PORT or NETWORK:PORT, such as press.intra:8080")
        return entries

    @field_validator("fetch_ports", mode="before")
    @classmethod
    def _ports(cls, value: object) -> object:
        return cls._listed(value)

    @field_validator("fetch_contact")
    @classmethod
    def _one_line(cls, text: str) -> str:
        if not text.isascii() or not text.isprintable() or len(text) > 200:
            raise ValueError("should be one line of ASCII")
        return text

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, url: str) -> str:
        if url and url.split(":", 1)[0].split("+")[0] not in ("postgresql", "postgres", "sqlite"):
            raise ValueError("should start with postgresql:// or sqlite:///")
        return url

    @field_validator("redis_url")
    @classmethod
    def _known_broker(cls, url: str) -> str:
        if url and url.split(":", 1)[0] not in ("redis", "rediss"):
            raise ValueError("should start with redis:// or rediss://")
        return url

    @field_validator("public_url")
    @classmethod
    def _web_address(cls, url: str) -> str:
        if url and (urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).hostname):
            raise ValueError("should be an address such as https://passerelle.example.org")
        return url.rstrip("/")

    @field_validator("secret_key")
    @classmethod
    def _long_enough(cls, key: str) -> str:
        if key and len(key) < 32:
            raise ValueError("should have 32 characters or more")
        return key

    @property
    def database(self) -> str:
        """The database's address as SQLAlchemy takes it, with its driver."""
        if not self.database_url:
            return f"sqlite:///{self.data_dir / 'passerelle.sqlite'}"
        scheme, rest = self.database_url.split(":", 1)
        return f"postgresql+psycopg:{rest}" if scheme in ("postgres", "postgresql") else self.database_url

    @property
    def embedded(self) -> bool:
        """Whether messages go through files in the data folder, on this machine only."""
        return not self.redis_url

    @property
    def blob_folder(self) -> Path:
        """Where originals and published files lie."""
        return self.data_dir / "blobs"

    @property
    def index_folder(self) -> Path:
        """Where generations of the memory's index lie."""
        return self.data_dir / "index"

    @property
    def house_style(self) -> HouseStyle:
        """How placeables are written in English."""
        from tm.match.house import HouseStyle

        return HouseStyle(self.english_thousands, self.english_percent, self.english_clock, self.english_money)

    @property
    def broker_folder(self) -> Path:
        """Where the embedded broker keeps its messages."""
        return self.data_dir / "broker"

    @property
    def log_folder(self) -> Path:
        """Where the processes of `passerelle run` write their logs."""
        return self.data_dir / "log"

    @property
    def address(self) -> str:
        """Where people reach the service, without a slash at the end."""
        if self.public_url:
            return self.public_url
        host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(self.host, self.host)
        return f"http://{host}:{self.port}"

    @property
    def answered_hosts(self) -> tuple[str, ...]:
        """Every host name that a request may carry, without ports."""
        own = [self.host] if self.host not in ("0.0.0.0", "::") else []
        public = [name] if (name := urlsplit(self.address).hostname) else []
        return tuple(dict.fromkeys(["localhost", "127.0.0.1", "[::1]", *own, *public, *self.trusted_hosts]))

    @property
    def cookies_secure(self) -> bool:
        """Whether cookies carry the Secure mark."""
        return self.secure_cookies == "on" or (self.secure_cookies == "auto" and self.public_url.startswith("https:"))

    @property
    def upload_limit(self) -> int:
        """Largest upload in bytes."""
        return self.upload_limit_mb * 1_000_000

    @property
    def signing_key(self) -> str:
        """SECRET_KEY, or the key kept in the data folder, which is made if need be, readable by its owner only."""
        return self.secret_key or _kept_key(self.data_dir / "secret-key")

    def environment(self) -> dict[str, str]:
        """These settings as environment variables, for a child process to load the same."""
        values = self.model_dump()
        return {
            name.upper(): ",".join(map(str, value)) if isinstance(value, tuple) else str(value)
            for name, value in values.items()
        }


def _kept_key(path: Path) -> str:
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_hex(32))
        # a link fails where a rename would replace: of two processes that start together, both use the first one's key
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text().strip()


def load(**overrides: Any) -> Settings:
    """The settings of the environment, with `overrides` by field name on top; the data folder is made if need be.

    Raises SettingsInvalid.
    """
    try:
        settings = Settings(**overrides)
        # embargoed texts lie in it: for its owner only
        settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        return settings
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        name = str(first["loc"][0]).upper() if first["loc"] else "settings"
        raise SettingsInvalid(f"{name}: {first['msg'].removeprefix('Value error, ')}.") from None
    except OSError as error:
        raise SettingsInvalid(f"DATA_DIR: cannot make {error.filename}: {error.strerror}.") from None


def table() -> str:
    """The settings as a Markdown table: name, default, help line."""
    lines = ["| Setting | Default | What it does |", "|---|---|---|"]
    for name, field in Settings.model_fields.items():
        value = ",".join(map(str, field.default)) if isinstance(field.default, tuple) else field.default
        default = f"`{value}`" if value != "" else ""
        lines.append(f"| `{name.upper()}` | {default} | {field.description} |")
    return "\n".join(lines)


if __name__ == "__main__":
    print(table())
