"""From a Reading to Indicators: tables, prose, values, names. Pure."""
