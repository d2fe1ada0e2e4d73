"""From a bundle folder to a module that can be run."""
