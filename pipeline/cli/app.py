"""The `tessera` command: one subcommand a verb, errors as one sentence and a remedy."""

from __future__ import annotations

import os
import signal
import sys
from io import TextIOWrapper
from typing import Any

import typer

from pipeline.cli import (
    audit,
    batch,
    comparison,
    lock,
    module,
    promotion,
    training,
    validation,
    workspace,
)
from pipeline.errors import TesseraError

INTERRUPTED = 130

app = typer.Typer(
    name="tessera",
    help=(
        "Batch-process brain-MRI DICOM through separately versioned MONAI modules.\n\n"
        "Research software, not a medical device."
    ),
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
for verb in (
    workspace.init,
    batch.plan,
    batch.run,
    module.modules,
    module.show,
    module.register,
    lock.lock,
    validation.validate,
    validation.quantise,
    comparison.compare,
    comparison.upgrade,
    promotion.promote,
    promotion.rollback,
    audit.history,
    audit.verify,
    audit.explain,
    workspace.ui,
    training.train,
    training.crossvalidate,
    workspace.demo,
):
    app.command()(verb)


@app.callback(invoke_without_command=True)
def options(
    version: bool = typer.Option(False, "--version", help="Print the version and exit."),
) -> None:
    """Hold the options that come before the verb."""
    if version:
        import pipeline

        typer.echo(f"tessera {pipeline.__version__}")
        raise typer.Exit


def main() -> None:
    """Run the console script and exit.

    0 done, 1 error, 2 usage or lock, 3 refused by a policy, 4 undecided, 5 some cases failed.
    """
    # Nothing leaves this machine: neither MONAI nor MLflow nor a hub may call home.
    os.environ.update(
        {"HF_HUB_OFFLINE": "1", "MLFLOW_DISABLE_TELEMETRY": "true", "DO_NOT_TRACK": "true"}
    )
    # A file name in another encoding must not end the plan that names it.
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
    # A scheduler's or a container's end is an interruption like the keyboard's: results are kept.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        status: Any = app(standalone_mode=False)
        if status == INTERRUPTED:  # what typer makes of an interruption
            sys.exit(_interrupted())
        sys.exit(status if isinstance(status, int) else 0)
    except (typer.Abort, KeyboardInterrupt):
        sys.exit(_interrupted())
    except typer.TyperException as error:
        said: Any = error
        said.show()
        sys.exit(2)
    except TesseraError as error:
        if "--debug" in sys.argv:
            raise
        sys.exit(_stop(f"{error.message}\n{error.remedy}", error.exit_status))
    except Exception as error:
        if "--debug" in sys.argv:
            raise
        kind = type(error).__name__
        sys.exit(
            _stop(f"Unexpected {kind}.\nRun again with --debug to see where, and report it.", 1)
        )


def _interrupted() -> int:
    again = "Interrupted; run the same command again to go on where it stopped."
    typer.echo(again, err=True)
    return INTERRUPTED


def _stop(text: str, status: int) -> int:
    typer.echo(f"error: {text}", err=True)
    return status
