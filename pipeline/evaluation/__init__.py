"""What validation, comparison and promotion hand over."""
