"""What people look at: tables and HTML pages."""
