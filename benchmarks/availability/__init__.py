"""How fast the availability engine is: `python -m benchmarks.availability`."""
