"""The demo: the real bot in one process, with a page that shows two phones, a timeline and a clock to move.

Only the clock and the carrier are stood in for; nothing here may decide what a patient is told.
"""
