"""
A stand-in for the world's mailboxes: a real SMTP server with a web inbox and a JSON API.

Every address exists; nothing that arrives here is sent on. Run it with `python -m sandbox.mail`; tests use
`sandbox.mail.server.running`.
"""
