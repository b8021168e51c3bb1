"""Recordings of talks: expected, told of by the network, paused, fetched into the file store, deleted in time."""
