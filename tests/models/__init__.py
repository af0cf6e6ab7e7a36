"""Tests of models that make sound; `tiny.py` builds small ones with random weights, in the models' environment."""
