"""Settings: documented one by one, refused with their name when they cannot be used."""

from __future__ import annotations

import re
import stat
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from service.settings import ROOT, Settings, SettingsInvalid, load, table

MakeSettings = Callable[..., Settings]


def test_every_setting_has_a_help_line() -> None:
    for name, field in Settings.model_fields.items():
        assert (field.description or "").endswith("."), name


def test_readme_has_the_table_of_settings_as_the_code_has_it() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    found = re.search(r"<!-- settings -->\n(.*?)\n<!-- /settings -->", readme, re.DOTALL)
    assert found, "README.md has no <!-- settings --> … <!-- /settings -->"
    assert found[1].strip() == table(), "print it with: python -m service.settings"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "0"),
        ("PORT", "many"),
        ("DATABASE_URL", "mysql://localhost/x"),
        ("REDIS_URL", "amqp://localhost"),
        ("SECRET_KEY", "short"),
        ("PUBLIC_URL", "passerelle.example.org"),
        ("REFRESH_AT", "25:00"),
        ("MATCH_THRESHOLD", "49"),
        ("LOG_LEVEL", "LOUD"),
    ],
)
def test_bad_setting_is_refused_by_name(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsInvalid, match=f"^{name}: "):
        load(_env_file=None)


def test_data_folder_is_made_for_its_owner_only(tmp_path: Path) -> None:
    folder = load(_env_file=None, data_dir=tmp_path / "not" / "yet").data_dir
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert load(_env_file=None, data_dir=folder).data_dir == folder


def test_data_folder_that_cannot_be_made_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(SettingsInvalid, match=r"^DATA_DIR: cannot make .*file"):
        load(_env_file=None, data_dir=tmp_path / "file" / "folder")


def test_secrets_do_not_show_when_settings_are_printed(make_settings: MakeSettings) -> None:
    secret = "a-very-secret-word-that-never-shows"
    settings = make_settings(
        secret_key=secret, database_url=f"postgresql://u:{secret}@h/d", redis_url=f"redis://:{secret}@h"
    )
    assert secret not in repr(settings)
    assert secret not in str(settings)


def test_relative_data_folder_starts_at_the_checkout_wherever_one_stands(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    assert Settings(_env_file=None).data_dir == ROOT / "var"
    assert Settings(_env_file=None, data_dir=Path("elsewhere/../other")).data_dir == ROOT / "other"


def test_database_is_a_file_in_the_data_folder_unless_an_address_is_given(make_settings: MakeSettings) -> None:
    settings = make_settings()
    assert settings.database == f"sqlite:///{settings.data_dir}/passerelle.sqlite"
    for address in ("postgres://u@h/d", "postgresql://u@h/d", "postgresql+psycopg://u@h/d"):
        assert make_settings(database_url=address).database == "postgresql+psycopg://u@h/d"


def test_host_names_that_are_answered(make_settings: MakeSettings) -> None:
    settings = make_settings(host="0.0.0.0", public_url="https://tm.example.org/", trusted_hosts="a.example, b.example")
    assert settings.answered_hosts == ("localhost", "127.0.0.1", "[::1]", "tm.example.org", "a.example", "b.example")
    assert settings.address == "https://tm.example.org"


@pytest.mark.parametrize(
    ("choice", "address", "secure"),
    [("auto", "https://x.example", True), ("auto", "", False), ("on", "", True), ("off", "https://x.example", False)],
)
def test_cookies_are_secure_where_the_address_is(
    make_settings: MakeSettings, choice: str, address: str, secure: bool
) -> None:
    assert make_settings(secure_cookies=choice, public_url=address).cookies_secure is secure


def test_signing_key_is_made_once_for_its_owner_only(make_settings: MakeSettings) -> None:
    settings = make_settings()
    key = settings.signing_key
    assert len(key) >= 32
    assert settings.signing_key == key
    assert stat.S_IMODE((settings.data_dir / "secret-key").stat().st_mode) == 0o600
    assert make_settings().signing_key != key


def test_processes_that_start_together_agree_on_the_signing_key(make_settings: MakeSettings) -> None:
    settings, keys = make_settings(), []
    threads = [threading.Thread(target=lambda: keys.append(settings.signing_key)) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(keys) == 16
    assert len(set(keys)) == 1
    assert [path.name for path in settings.data_dir.iterdir()] == ["secret-key"]


def test_settings_cannot_be_changed(make_settings: MakeSettings) -> None:
    with pytest.raises(ValueError, match="frozen"):
        make_settings().port = 1  # type: ignore[misc]
