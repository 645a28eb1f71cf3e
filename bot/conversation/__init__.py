"""What a patient means and what to answer: pure functions of (text, context, content)."""
