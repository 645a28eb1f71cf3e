"""What is kept: tables, sessions, queries and migrations. The database is the truth; nothing here decides."""
