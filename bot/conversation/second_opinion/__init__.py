"""The ear, a second reader beside the rules, and small linear models that weigh what all readers found."""
