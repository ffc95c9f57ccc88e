"""Tests of the gateway, with the real client on the loopback Discord."""
