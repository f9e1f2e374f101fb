"""What the commands in bin/ do. Only the standard library is used until the environment is there."""
