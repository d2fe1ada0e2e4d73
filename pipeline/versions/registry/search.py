"""Find modules, their aliases and their versions in MLflow."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from pipeline.errors import RegistryError
from pipeline.versions.bundles.describe import MODULE_NAME
from pipeline.versions.bundles.metadata import sort_key
from pipeline.versions.choose import nobody
from pipeline.versions.ledger.entry import ALIASES
from pipeline.versions.registry.asking import asking
from pipeline.versions.registry.version import TRUSTED_TAG, Version, identified

if TYPE_CHECKING:
    from mlflow import MlflowClient
    from mlflow.entities.model_registry import ModelVersion, RegisteredModel
    from mlflow.store.entities import PagedList

PREFIX = "tessera."


def model_of(name: str) -> str:
    """Return the registered model of module `name`; raises RegistryError where none can be."""
    if not MODULE_NAME.fullmatch(name):
        raise RegistryError(f"{name!r} cannot be a module's name.", "See `tessera modules`.")
    return PREFIX + name


def find_names(client: MlflowClient) -> tuple[str, ...]:
    """Find the modules that have a version, sorted."""
    with asking():
        found = _all_pages(client.search_registered_models, f"name LIKE '{PREFIX}%'")
    return tuple(sorted(model.name.removeprefix(PREFIX) for model in found))


def find_versions(client: MlflowClient, name: str) -> tuple[Version, ...]:
    """Find all versions of module `name`, oldest number first.

    A request whose answer was lost is sent again, and MLflow then keeps a version twice: it is the
    one of the lower number, with the aliases of both.
    """
    aliases = find_aliases(client, name)
    found: dict[tuple[str, str], Version] = {}
    for row in find_rows(client, name):
        version = _version(row, aliases)
        if version is not None:
            key = version.module.version, version.module.digest
            first = found.get(key, version)
            both = sorted({*first.aliases, *version.aliases})
            found[key] = replace(first, aliases=tuple(both))
    return tuple(sorted(found.values(), key=lambda version: sort_key(version.module.version)))


def find_rows(client: MlflowClient, name: str) -> tuple[ModelVersion, ...]:
    """Find MLflow's own record of every version of module `name`, whatever its tags say."""
    with asking():
        rows = _all_pages(client.search_model_versions, f"name = '{model_of(name)}'")
    return tuple(sorted(rows, key=lambda row: int(row.version)))


def find_version(client: MlflowClient, name: str, which: str) -> Version:
    """Find one version of module `name` by number or alias; raises RegistryError without one."""
    known = find_versions(client, name)
    for version in known:
        if which == version.module.version or which in version.aliases:
            return version
    there = ", ".join(version.module.version for version in known) or "none"
    if known and which in ALIASES:
        raise nobody(name, which, there)
    raise RegistryError(
        f"{name}@{which} is not registered; versions there are: {there}.",
        "Register it with `tessera register`, or name one of these.",
    )


def find_aliases(client: MlflowClient, name: str) -> Mapping[str, int]:
    """Find the MLflow version number behind each alias of module `name`, sorted."""
    model = find_model(client, name)
    found = model.aliases if model else {}
    return {alias: int(number) for alias, number in sorted(found.items())}


def find_model(client: MlflowClient, name: str) -> RegisteredModel | None:
    """Find the registered model of module `name`, None where it has no version."""
    with asking():
        query = f"name = '{model_of(name)}'"
        models = client.search_registered_models(query, max_results=1)
        # Only this second question is answered with aliases.
        return client.get_registered_model(model_of(name)) if models else None


def find_scores(client: MlflowClient, version: Version) -> Mapping[str, float]:
    """Find the last figure recorded of each name, sorted."""
    with asking():
        found = client.get_run(version.run_id).data.metrics
    return dict(sorted(found.items()))


def _version(row: ModelVersion, aliases: Mapping[str, int]) -> Version | None:
    number = int(row.version)
    module = identified(row.name.removeprefix(PREFIX), number, row.tags)
    if module is None or not row.run_id:
        return None
    return Version(
        module=module,
        aliases=tuple(alias for alias, target in aliases.items() if target == number),
        tags=dict(sorted(row.tags.items())),
        trusted=row.tags.get(TRUSTED_TAG) == "true",
        created=datetime.fromtimestamp(row.creation_timestamp / 1000, UTC),
        run_id=row.run_id,
    )


def _all_pages(search: Callable[..., PagedList[Any]], query: str) -> list[Any]:
    page = search(query)
    rows = list(page)
    while page.token:
        page = search(query, page_token=page.token)
        rows += page
    return rows
