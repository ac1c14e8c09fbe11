"""Tests of stores elsewhere."""
