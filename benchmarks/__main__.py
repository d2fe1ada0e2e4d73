"""Run all benchmarks and print their tables."""

from __future__ import annotations

from benchmarks import batch, gate, scan, startup


def main() -> None:
    """Print start-up, scan, gate and batch figures."""
    startup.main()
    scan.main()
    gate.main()
    batch.main()


if __name__ == "__main__":
    main()
