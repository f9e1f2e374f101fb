"""The pages a person needs to try out what stands in the PSA: tickets with the panel, calendars, controls."""
