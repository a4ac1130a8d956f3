"""Several machines, played on this one: its servers, its users' processes, and what must hold of them together."""
