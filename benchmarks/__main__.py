"""Run all benchmarks and print their tables."""

from __future__ import annotations

from benchmarks import growth, networks, startup, study


def main() -> None:
    """Print start-up, network, study and batch figures."""
    startup.main()
    networks.main()
    study.main()
    growth.main()


if __name__ == "__main__":
    main()
