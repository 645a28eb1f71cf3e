"""A second reader beside the rules: small linear models over words and over what the rules found."""
