"""Two versions of a module side by side, case by case."""
