"""A believable MSP, made up from a seed and a date: the same seed and date give the same data."""
