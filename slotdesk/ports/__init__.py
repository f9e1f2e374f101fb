"""What Slotdesk asks of a vendor: protocols and plain values. Nothing here knows a vendor's name."""
