"""How work is spread over a machine: cores, the fork server and what it loads, pools of processes, claims on systems.

Belongs here: what any step needs to run beside others and to end in one sentence. Does not belong here: what is
computed, and what asks for it.
"""
