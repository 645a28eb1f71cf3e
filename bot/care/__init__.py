"""When each line of the care sheet is texted: pure functions of (timeline, appointment, flags, history, now)."""
