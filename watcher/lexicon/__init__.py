"""What the words of the field mean: units, indicator names, places, titles, dates. Pure, with data files beside the code."""
