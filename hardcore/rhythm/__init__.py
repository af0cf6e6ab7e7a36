"""The rhythm engine: drum patterns from a seed. Pure: a config goes in, notes come out, nothing is read or written.

Its modules need numpy and are imported on first use only.
"""
