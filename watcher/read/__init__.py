"""From bytes to a Reading: boilerplate, metadata, blocks, table grids."""
