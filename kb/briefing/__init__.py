"""Briefings: what the collection holds on one policy, in two to four pages, each sentence tied to its findings."""
