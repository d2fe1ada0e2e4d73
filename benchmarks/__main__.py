"""Run all benchmarks and print their tables."""

from __future__ import annotations

from benchmarks import gate, growth, networks, scan, startup, study, upgrade


def main() -> None:
    """Print start-up, scan, gate, network, study, batch and upgrade figures."""
    startup.main()
    scan.main()
    gate.main()
    networks.main()
    study.main()
    growth.main()
    upgrade.main()


if __name__ == "__main__":
    main()
