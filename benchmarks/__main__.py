"""Run all benchmarks and print their tables."""

from __future__ import annotations

from benchmarks import batch, startup


def main() -> None:
    """Print start-up and batch figures."""
    startup.main()
    batch.main()


if __name__ == "__main__":
    main()
