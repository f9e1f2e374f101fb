"""Stand-ins for the outside world, served over real protocols, for the demo and the tests."""
