"""Tests of events, messages and decisions about them."""
