"""
A stand-in for ConnectWise PSA: its REST API with state, its callbacks, its ticket screens.

Start it with `python -m sandbox.connectwise`, or in a test with `sandbox.connectwise.server.running()`.
"""
