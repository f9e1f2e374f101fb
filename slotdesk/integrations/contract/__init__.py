"""What every adapter of a port must do, as tests that its own tests inherit and run against the vendor's stand-in."""
