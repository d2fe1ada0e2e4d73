"""From a template to a page that stands alone: no address outside the file is ever fetched."""

from __future__ import annotations

import re
from base64 import b64encode
from functools import cache
from hashlib import sha256
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from pipeline.report import words
from pipeline.report.naming import spoken

TEMPLATES = Path(__file__).parent / "templates"
SCRIPT = "sort.js"
FROM_WORDS = (
    *("figure", "measured", "share", "unit"),
    *("position", "directions", "duration", "short"),
)


def render(template: str, **parts: object) -> str:
    """Fill a template of templates/; every value is escaped, a missing one is an error."""
    return _environment().get_template(template).render(**parts)


def script_source() -> str:
    """The one script a page may run, by its digest, as a Content-Security-Policy source."""
    content = (TEMPLATES / SCRIPT).read_text(encoding="utf-8")
    digest = b64encode(sha256(content.encode("utf-8")).digest()).decode("ascii")
    return f"'sha256-{digest}'"


def marked(sentence: str) -> Markup:
    """Escape a sentence and set what stands between backticks as code."""
    return Markup(re.sub(r"`([^`]+)`", r"<code>\1</code>", str(escape(sentence))))  # noqa: S704


@cache
def _environment() -> Environment:
    """Shared, so that a template is compiled once and not for every page."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    for name in FROM_WORDS:
        environment.filters[name] = getattr(words, name)
    environment.filters.update(marked=marked, spoken=spoken)
    return environment
