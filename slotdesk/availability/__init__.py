"""
The availability engine: plain values in, plain values out.

No Django, no clock, no I/O. Every instant is an integer of epoch seconds (UTC) and every interval is half-open
`[start, end)`; only wall_clock.py asks a time zone. What offers, books, moves or explains a time goes through here.
"""
