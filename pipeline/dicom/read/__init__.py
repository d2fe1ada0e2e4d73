"""From folders to volumes: find, read and stack what scanners wrote."""
