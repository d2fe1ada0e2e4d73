"""What one new module version makes necessary, and what it changes further down."""
