"""What is examined of an asset's result before it is stored, one module per group.

Belongs here: checks as thin wrappers over pure functions, with the figures behind them. Does not belong here: the rules
of columns, which are in the registry of tables (`store/tables`).
"""
