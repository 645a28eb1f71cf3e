"""The outbox: planned texts as rows, handed over once each. Never lost, never twice."""
