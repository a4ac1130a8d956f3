"""What a person can do, by command or in the browser."""
