"""Profiles: where key and address come from, and that keys stay where they are."""

from __future__ import annotations

import io
import json
import os
import stat
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from glomo.cli import profiles
from glomo.cli.connection import credentials
from glomo.cli.options import Access
from glomo.sandbox import sandbox_key

KEY = "sk-of-a-profile-0123456789"


@pytest.fixture
def config() -> Path:
    return Path(os.environ["GLOMO_CONFIG"])


def put(cli: Any, monkeypatch: pytest.MonkeyPatch, *arguments: str, key: str = KEY) -> Any:
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{key}\n"))
    return cli("config", "set", *arguments)


def test_a_profile_is_used_where_the_environment_has_no_key(
    cli: Any, service: Any, monkeypatch: pytest.MonkeyPatch, config: Path
) -> None:
    monkeypatch.delenv("GLOMO_API_KEY")
    monkeypatch.delenv("GLOMO_BASE_URL")
    ended = put(cli, monkeypatch, "here", "--base-url", service.base_url, key=service.key)
    assert ended.status == 0, ended.text
    assert service.key not in ended.text
    assert stat.S_IMODE(config.stat().st_mode) == 0o600
    whoami = cli("whoami")
    assert whoami.status == 0, whoami.text
    assert service.base_url in whoami.out


def test_the_environment_comes_first(
    cli: Any, service: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(cli, monkeypatch, "other", "--base-url", "https://other.example/api")
    shown = json.loads(cli("config", "--json").out)
    assert (shown["profile"], shown["key"]) == ("other", "GLOMO_API_KEY")
    assert shown["api"] == service.base_url
    ended = cli("balances", "--profile", "other")
    assert ended.status == 0
    assert "the key of GLOMO_API_KEY is used, not that of the profile other" in ended.err


def test_a_profile_that_nobody_named_does_not_get_the_key_of_the_environment(
    cli: Any, monkeypatch: pytest.MonkeyPatch, config: Path
) -> None:
    put(cli, monkeypatch, "local", "--base-url", "http://127.0.0.1:1/api")
    monkeypatch.setenv("GLOMO_API_KEY", sandbox_key(env="production"))
    assert credentials(Access()) == (sandbox_key(env="production"), None)
    assert json.loads(cli("config", "--json").out)["api"] == "https://api.glomopay.com/api"
    named = credentials(Access(profile="local"))
    assert named == (sandbox_key(env="production"), "http://127.0.0.1:1/api")
    config.write_text("not TOML")
    assert credentials(Access())[0] == sandbox_key(env="production")


def test_profiles_are_chosen_by_option_variable_and_default(
    cli: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("one", "two", "three"):
        put(cli, monkeypatch, name, "--base-url", f"https://{name}.example/api")

    def api(*arguments: str) -> str:
        return str(json.loads(cli("config", "--json", *arguments).out)["api"])

    assert api() == "https://one.example/api", "the first one is the default"
    assert cli("config", "use", "two").status == 0
    assert api() == "https://two.example/api"
    monkeypatch.setenv("GLOMO_PROFILE", "three")
    assert api() == "https://three.example/api"
    assert api("--profile", "one") == "https://one.example/api"


def test_a_profile_keeps_its_key_when_its_address_changes(
    cli: Any, monkeypatch: pytest.MonkeyPatch, config: Path
) -> None:
    put(cli, monkeypatch, "live")
    put(cli, monkeypatch, "live", "--base-url", "https://api.example/api", key="")
    assert profiles.load().profiles["live"].api_key == KEY
    assert profiles.load().profiles["live"].base_url == "https://api.example/api"
    put(cli, monkeypatch, "live", "--base-url", "", key="")
    assert profiles.load().profiles["live"].base_url is None
    assert cli("config", "remove", "live").status == 0
    assert KEY not in config.read_text()


@pytest.mark.parametrize("key", ["", "live_0123456789", "with space"])
def test_a_key_that_cannot_work_is_not_kept(
    cli: Any, monkeypatch: pytest.MonkeyPatch, config: Path, key: str
) -> None:
    ended = put(cli, monkeypatch, "live", key=key)
    assert ended.status == 2
    assert not config.exists()
    assert not key or key not in ended.text


def test_a_key_in_the_keyring_is_not_in_the_file(
    cli: Any, monkeypatch: pytest.MonkeyPatch, config: Path, service: Any
) -> None:
    ring: dict[tuple[str, str], str] = {}
    module = SimpleNamespace(
        get_password=lambda service, name: ring.get((service, name)),
        set_password=lambda service, name, key: ring.__setitem__((service, name), key),
        delete_password=lambda service, name: ring.pop((service, name)),
    )
    monkeypatch.setitem(sys.modules, "keyring", module)
    monkeypatch.delenv("GLOMO_API_KEY")
    assert put(cli, monkeypatch, "live", "--keyring", key=service.key).status == 0
    assert service.key not in config.read_text()
    assert cli("balances", "--profile", "live").status == 0
    assert cli("config", "remove", "live").status == 0
    assert ring == {}


def test_without_the_keyring_package_one_line_says_what_to_install(
    cli: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "keyring", None)
    ended = put(cli, monkeypatch, "live", "--keyring")
    assert ended.status == 2
    assert "pip install 'glomo[keyring]'" in ended.err


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("default = ", "is not TOML"),
        ("default = 3", "default as a name"),
        ("profiles = 3", "[profiles.NAME]"),
        ("[profiles]\nlive = 3", "[profiles.live]"),
        ("[profiles.live]\napi_kye = 'x'", "no setting 'api_kye'"),
        ("[profiles.live]\nkeyring = 'yes'", "true or false"),
        ("default = 'nowhere'", "no profile 'nowhere'"),
    ],
)
def test_a_file_that_cannot_work_is_explained(cli: Any, config: Path, text: str, says: str) -> None:
    config.parent.mkdir()
    config.write_text(text)
    config.chmod(0o600)
    ended = cli("balances")
    assert ended.status == 2
    assert says in ended.err


def test_keys_that_others_may_read_are_refused(cli: Any, config: Path) -> None:
    config.parent.mkdir()
    config.write_text(f"[profiles.live]\napi_key = '{KEY}'")
    config.chmod(0o644)
    ended = cli("balances", "--profile", "live")
    assert ended.status == 2
    assert "chmod 600" in ended.err
    assert KEY not in ended.text


def test_names_and_addresses_of_any_text_survive_the_file(config: Path) -> None:
    odd = profiles.Profile('a "quoted" \\ näme', "sk-\\\"'€", "https://x.example/api")
    before = profiles.Configuration(config, {odd.name: odd}, odd.name)
    profiles.save(before)
    assert profiles.load() == before
    assert "sk-" not in repr(odd)


def test_the_sandbox_key_never_reaches_a_rehearsal_by_profile(
    cli: Any, payout_file: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(cli, monkeypatch, "live", key=sandbox_key(env="production"))
    ended = cli("payouts", "run", payout_file(3), "--sandbox", "--profile", "live")
    assert ended.status == 2
    assert "--sandbox brings its own key" in ended.err
