"""Run all benchmarks and print their tables."""

from __future__ import annotations

from benchmarks import batch, scan, startup


def main() -> None:
    """Print start-up, scan and batch figures."""
    startup.main()
    scan.main()
    batch.main()


if __name__ == "__main__":
    main()
