"""`glomo config`: profiles, and which key and address a command would use."""

from __future__ import annotations

import getpass
import os
import sys
from dataclasses import replace
from typing import Annotated

from cyclopts import App, Parameter

from glomo.cli import profiles
from glomo.cli.failures import CommandError
from glomo.cli.options import JsonOutput
from glomo.cli.output.console import err, out, say
from glomo.cli.output.json_output import print_json
from glomo.cli.output.tables import show_fields, show_table
from glomo.settings import DEFAULT_BASE_URL, SecretKey, resolve_base_url

app = App(
    name="config",
    help="Profiles: keys and addresses by name.",
    help_epilogue="For example: glomo config --profile sandbox",
)

ProfileName = Annotated[str, Parameter(name="NAME", help="The profile's name.")]


@app.default
def show(
    *,
    profile: Annotated[
        str | None, Parameter(help="As if this profile were asked for.", env_var="GLOMO_PROFILE")
    ] = None,
    json_output: JsonOutput = False,
) -> None:
    """Show which key and address are used, where they come from, and every profile.

    Keys themselves are never shown.
    """
    configuration = profiles.load()
    selected = configuration.select(profile)
    from_environment = bool(os.environ.get("GLOMO_API_KEY"))
    key_source = "GLOMO_API_KEY" if from_environment else selected and selected.key_source
    # A key of the environment goes to a profile's address only if the profile is named.
    own = selected is not None and (profile is not None or not from_environment)
    address = os.environ.get("GLOMO_BASE_URL") or (selected.base_url if selected and own else None)
    state = {
        "file": configuration.path,
        "profile": selected and selected.name,
        "key": key_source or "none",
        "api": address or DEFAULT_BASE_URL,
    }
    if json_output:
        print_json(state | _state(configuration))
        return
    show_fields(out(), state.items())
    if configuration.profiles:
        say(out(), "")
        rows = [
            (
                one.name + (" (default)" if one.name == configuration.default else ""),
                one.key_source,
                one.base_url or DEFAULT_BASE_URL,
            )
            for one in configuration.profiles.values()
        ]
        show_table(out(), ("profile", "key", "API"), rows)
    else:
        say(out(), "no profiles yet: glomo config set NAME makes one")


@app.command(name="set", help_epilogue="For example: glomo config set production --keyring")
def set_profile(
    name: ProfileName,
    /,
    *,
    base_url: Annotated[
        str | None, Parameter(help="Its address up to /api; an empty text for the live API.")
    ] = None,
    keyring: Annotated[
        bool, Parameter(help="Keep the key in the system's keyring, not in the file.")
    ] = False,
    default: Annotated[bool, Parameter(help="Use it where no profile is named.")] = False,
    json_output: JsonOutput = False,
) -> None:
    """Make or change a profile. The key is asked for, or read from standard input.

    With --base-url or --default alone, a profile that exists keeps its key.
    """
    if not name.isprintable() or not name.strip() or name.startswith("-"):
        raise CommandError(f"{name!r} cannot be a profile's name", hint="letters, digits and -")
    configuration = profiles.load()
    before = configuration.profiles.get(name)
    profile = before or profiles.Profile(name)
    if base_url:
        profile = replace(profile, base_url=resolve_base_url(base_url))
    elif base_url is not None:
        profile = replace(profile, base_url=None)
    if before is None or keyring or not (base_url is not None or default):
        if keyring:
            profiles.keyring_backend()  # before anybody types a key in vain
        key = _read_key(name)
        SecretKey(key)  # refuses one that cannot work
        if keyring:
            profiles.keyring_backend().set_password(profiles.SERVICE, name, key)
        profile = replace(profile, api_key=None if keyring else key, keyring=keyring)
    configuration = configuration.with_profile(profile, default=default)
    profiles.save(configuration)
    if json_output:
        print_json(_state(configuration))
        return
    say(out(), f"profile {name} is in {configuration.path} (key: {profile.key_source})")


@app.command(help_epilogue="For example: glomo config use sandbox")
def use(name: ProfileName, /, *, json_output: JsonOutput = False) -> None:
    """Use a profile where none is named."""
    configuration = profiles.load()
    configuration.select(name)
    configuration = replace(configuration, default=name)
    profiles.save(configuration)
    if json_output:
        print_json(_state(configuration))
        return
    say(out(), f"{name} is the default profile")


@app.command(help_epilogue="For example: glomo config remove sandbox")
def remove(name: ProfileName, /, *, json_output: JsonOutput = False) -> None:
    """Delete a profile and its key."""
    configuration = profiles.load()
    profile = configuration.select(name)
    if profile is not None and profile.keyring:
        backend = profiles.keyring_backend()
        if backend.get_password(profiles.SERVICE, name):
            backend.delete_password(profiles.SERVICE, name)
    configuration = configuration.without(name)
    profiles.save(configuration)
    if json_output:
        print_json(_state(configuration))
        return
    say(out(), f"profile {name} is gone")


def _state(configuration: profiles.Configuration) -> dict[str, object]:
    """The file, the default profile and all profiles, for programs."""
    return {
        "file": configuration.path,
        "default": configuration.default,
        "profiles": [
            {"name": one.name, "key": one.key_source, "api": one.base_url or DEFAULT_BASE_URL}
            for one in configuration.profiles.values()
        ],
    }


def _read_key(name: str) -> str:
    """The key, never from the arguments: those are seen by every user of the machine."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().strip()
    try:
        return getpass.getpass(f"Secret key of {name} (not shown): ").strip()
    except EOFError:
        say(err(), "")
        raise CommandError(
            "no key was given, so nothing was changed", hint="paste the key, or pipe it in"
        ) from None
