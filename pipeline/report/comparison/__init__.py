"""Two versions side by side: tables for terminal and pull request, a page with charts."""
