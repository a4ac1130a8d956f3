"""The one registry of tables: columns, types, units and rules, and what is derived from them."""
