"""Profiles: named keys and addresses in the user's configuration file.

    default = "sandbox"

    [profiles.production]
    keyring = true                          # or: api_key = "..."
    base_url = "https://api.glomopay.com/api"

The file is `config.toml` in the platform's configuration folder, or what `GLOMO_CONFIG` names. A
key in the environment (`GLOMO_API_KEY`) always comes first; a profile's own is used without one.
"""

from __future__ import annotations

import json
import os
import stat
import tomllib
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path
from typing import Any, cast

from .failures import CommandError

SERVICE = "glomo"
"""What keys are filed under in the keyring."""

_SETTINGS = {"api_key": str, "base_url": str, "keyring": bool}
_REPAIR = "correct it, or delete it and make the profiles anew with glomo config set NAME"
_HEAD = "# Written by `glomo config`. Comments are not kept.\n"


@dataclass(frozen=True, slots=True)
class Profile:
    """A named key and address. The key itself is never shown."""

    name: str
    api_key: str | None = None
    base_url: str | None = None
    keyring: bool = False

    def __repr__(self) -> str:
        return f"Profile({self.name!r}, base_url={self.base_url!r}, keyring={self.keyring})"

    @property
    def key_source(self) -> str:
        """Where its key is, in words."""
        if self.keyring:
            return "keyring"
        return "configuration file" if self.api_key else "none"


@dataclass(frozen=True, slots=True)
class Configuration:
    """What the configuration file says."""

    path: Path
    profiles: dict[str, Profile]
    default: str | None = None

    def select(self, name: str | None) -> Profile | None:
        """The profile of this name, or else the default one, or else none.

        Raises:
            CommandError: there is no profile of this name.
        """
        wanted = name or self.default
        if wanted is None:
            return None
        if wanted not in self.profiles:
            names = ", ".join(sorted(self.profiles)) or "none yet"
            raise CommandError(
                f"there is no profile {wanted!r} in {self.path} (there: {names})",
                hint=f"make it with glomo config set {wanted}",
            )
        return self.profiles[wanted]

    def with_profile(self, profile: Profile, *, default: bool) -> Configuration:
        """The same with this profile in it, made the default if asked or if it is the first."""
        profiles = {**self.profiles, profile.name: profile}
        first = default or not self.profiles
        return replace(self, profiles=profiles, default=profile.name if first else self.default)

    def without(self, name: str) -> Configuration:
        """The same without a profile."""
        profiles = {other: one for other, one in self.profiles.items() if other != name}
        return replace(
            self, profiles=profiles, default=None if name == self.default else self.default
        )


def configuration_path() -> Path:
    """Where the configuration file is, or would be."""
    named = os.environ.get("GLOMO_CONFIG")
    if named:
        return Path(named)
    import platformdirs  # noqa: PLC0415 - only where no file is named

    return platformdirs.user_config_path("glomo", appauthor=False) / "config.toml"


def load() -> Configuration:
    """Read the configuration file; without one there are no profiles.

    Raises:
        CommandError: the file cannot be read, or others may read the keys in it.
    """
    path = configuration_path()
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return Configuration(path, {})
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(
            f"the configuration file {path} cannot be read: {error}",
            hint="it must be a text file that you may read: GLOMO_CONFIG names another",
        ) from None
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise CommandError(
            f"the configuration file {path} is not TOML: {error}",
            hint=_REPAIR,
        ) from None
    configuration = _configuration(path, document)
    if any(profile.api_key for profile in configuration.profiles.values()):
        _refuse_shared(path)
    return configuration


def _configuration(path: Path, document: dict[str, Any]) -> Configuration:
    default, tables = document.get("default"), document.get("profiles", {})
    if not isinstance(tables, dict) or not isinstance(default, (str, type(None))):
        raise CommandError(
            f"{path}: write profiles as [profiles.NAME] and default as a name", hint=_REPAIR
        )
    profiles: dict[str, Profile] = {}
    for name, table in cast("dict[str, Any]", tables).items():
        if not isinstance(table, dict):
            raise CommandError(
                f"{path}: write the profile {name} as [profiles.{name}]", hint=_REPAIR
            )
        settings = cast("dict[str, Any]", table)
        for key, value in settings.items():
            kind = _SETTINGS.get(key)
            if kind is None:
                names = ", ".join(_SETTINGS)
                raise CommandError(
                    f"{path}: profile {name} has no setting {key!r} (known: {names})",
                    hint=_REPAIR,
                )
            if not isinstance(value, kind):
                words = "true or false" if kind is bool else "text in quotation marks"
                raise CommandError(f"{path}: profile {name}: {key} must be {words}", hint=_REPAIR)
        profiles[name] = Profile(name, **settings)
    return Configuration(path, profiles, default)


def _refuse_shared(path: Path) -> None:
    if os.name == "posix" and stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise CommandError(
            f"other users of this machine may read the keys in {path}",
            hint=f"take that right away: chmod 600 {path}",
        )


def save(configuration: Configuration) -> None:
    """Write the configuration file whole, for its owner alone."""
    lines = [_HEAD]
    if configuration.default is not None:
        lines.append(f"default = {_quoted(configuration.default)}\n")
    for name, profile in sorted(configuration.profiles.items()):
        lines.append(f"\n[profiles.{_quoted(name)}]\n")
        if profile.keyring:
            lines.append("keyring = true\n")
        elif profile.api_key:
            lines.append(f"api_key = {_quoted(profile.api_key)}\n")
        if profile.base_url:
            lines.append(f"base_url = {_quoted(profile.base_url)}\n")
    path = configuration.path
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    draft.unlink(missing_ok=True)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with open(descriptor, "w", encoding="utf-8") as file:  # noqa: PTH123 - a descriptor
        file.write("".join(lines))
    draft.replace(path)


def _quoted(text: str) -> str:
    # A JSON string without escaped characters beyond ASCII is a TOML basic string.
    return json.dumps(text, ensure_ascii=False)


def key_of(profile: Profile) -> str | None:
    """The profile's key, from where it is kept.

    Raises:
        CommandError: it is in the keyring, which cannot be read.
    """
    if not profile.keyring:
        return profile.api_key
    key = keyring_backend().get_password(SERVICE, profile.name)
    if not key:
        raise CommandError(
            f"the keyring has no key for the profile {profile.name}",
            hint=f"store one with glomo config set {profile.name} --keyring",
        )
    return str(key)


def keyring_backend() -> Any:
    """The `keyring` package.

    Raises:
        CommandError: it is not installed.
    """
    try:
        return import_module("keyring")
    except ImportError:
        raise CommandError(
            "keys in the keyring need the package 'keyring'", hint="pip install 'glomo[keyring]'"
        ) from None
