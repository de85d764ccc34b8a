"""Measures rounds over real HTTP: a simulated portal, this project and its peers. Run by ``make bench``, not by pytest."""
