"""Pictures of a synthesis: what they show as plain data, and how it is drawn."""
