"""What `bmg` can do, a module for each kind of work; cli.py puts them together."""
