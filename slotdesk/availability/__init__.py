"""
The availability engine: plain values in, plain values out.

No Django, no clock, no I/O. Every instant is an integer of epoch seconds (UTC) and every interval is half-open
`[start, end)`; wall clocks exist in hours.py only. What offers, books, moves or explains a time goes through here.
"""
