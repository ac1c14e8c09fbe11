"""The gap map to look at: as a picture, and as a page that filters, counts and leads to findings without a network."""
